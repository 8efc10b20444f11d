"""What notifications can be asked to do, and who decides it."""

from services.foundation.aggregate import Route, Routes
from services.notifications.contract import (
    ChangePreferences,
    EnrolStaff,
    ForgetBounce,
    MarkRead,
    QueueNotification,
    RecordBounce,
    RecordCollected,
    RecordFailed,
    RecordSent,
    RemoveStaff,
    RemoveWebhook,
    ResendNotification,
    SetWebhook,
)
from services.notifications.notification import Notification
from services.notifications.preferences import Preferences
from services.notifications.staff import Staff

ROUTES: Routes = {
    QueueNotification: Route(Notification, Notification.queue, creates=True),
    RecordSent: Route(Notification, Notification.record_sent),
    RecordFailed: Route(Notification, Notification.record_failed),
    RecordCollected: Route(Notification, Notification.record_collected),
    ResendNotification: Route(Notification, Notification.resend),
    MarkRead: Route(Notification, Notification.mark_read),
    ChangePreferences: Route(Preferences, Preferences.change, creates=True),
    SetWebhook: Route(Preferences, Preferences.set_webhook, creates=True),
    RemoveWebhook: Route(Preferences, Preferences.remove_webhook, creates=True),
    RecordBounce: Route(Preferences, Preferences.record_bounce, creates=True),
    ForgetBounce: Route(Preferences, Preferences.forget_bounce, creates=True),
    EnrolStaff: Route(Staff, Staff.enrol, creates=True),
    RemoveStaff: Route(Staff, Staff.remove),
}
