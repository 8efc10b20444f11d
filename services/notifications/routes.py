"""What notifications can be asked to do, and who decides it."""

from services.foundation.aggregate import Route, Routes
from services.notifications.contract import ChangePreferences, QueueNotification, RecordFailed, RecordSent
from services.notifications.notification import Notification
from services.notifications.preferences import Preferences

ROUTES: Routes = {
    QueueNotification: Route(Notification, Notification.queue, creates=True),
    RecordSent: Route(Notification, Notification.record_sent),
    RecordFailed: Route(Notification, Notification.record_failed),
    ChangePreferences: Route(Preferences, Preferences.change, creates=True),
}
