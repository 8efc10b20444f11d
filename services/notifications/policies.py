"""Who is told what: one table from the type of an event to its recipients, the template, what fills it, and how it travels.

An event may have several rows. Whoever would be told twice of one event is told once, by the first row that names them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.foundation.messages import Event
from services.matching.contract import (
    ContactAccepted,
    ContactArranged,
    ContactAssigned,
    ContactClosed,
    ContactDeclined,
    ContactDormant,
    ContactProposed,
    ContactReopened,
    CooperationAgreed,
    DateChosen,
    DatesDeclined,
    DatesProposed,
    FollowUpEscalated,
    FollowUpOverdue,
    FollowUpReminded,
    MeetingCancelled,
    MeetingMissed,
    MeetingMoved,
    MeetingScheduled,
    MessagePosted,
    MessageReported,
    NoticeAnswered,
    NoticeHidden,
    ParticipantPromoted,
    ParticipantRegistered,
    ParticipantWaitlisted,
    RegistrationCancelled,
    WorkshopCancelled,
    WorkshopChanged,
)
from services.notifications.contract import AddressBounced, Channel, NotificationGivenUp, Template, Urgency
from services.notifications.filling import (
    agreement,
    bounced_address,
    cancelled_talk,
    chosen_date,
    cleaned_stores,
    contact,
    due_step,
    found_hits,
    given_up,
    hidden_notice,
    invited_workshop,
    kind_of_profile,
    left_workshop,
    moved_talk,
    notice,
    offered_dates,
    reported_message,
    scheduled_talk,
    thread,
    withdrawn_purpose,
    workshop,
)
from services.notifications.occasion import Occasion
from services.notifications.recipients import (
    all_registered,
    all_registered_if_rescheduled,
    all_waiting,
    all_waiting_if_rescheduled,
    both_proposed,
    both_sides,
    the_author_of_the_notice,
    the_coordinator,
    the_other_side,
    the_others_of_the_dates,
    the_others_of_the_thread,
    the_owner,
    the_participant,
    the_searcher,
    to_whom_it_is_escalated,
    who_looks_after_it_now,
    who_looks_after_them,
    who_moderates,
    whom_it_has_erased,
    whose_profile_it_is,
    whose_words_were_hidden,
)
from services.profiles.contract import ConsentWithdrawn, ErasureCompleted, ProfileCreated, SearchDigestDue

ALL: tuple[Channel, ...] = ("email", "inbox", "webhook")
LETTER: tuple[Channel, ...] = ("email", "inbox")
"""To staff, and what the law demands: no other system need hear of it."""
INBOX: tuple[Channel, ...] = ("inbox",)
AT_ONCE: Urgency = "at_once"
MAY_WAIT: Urgency = "may_wait"
BY_LAW, BY_CONSENT = True, False


@dataclass(frozen=True, slots=True)
class Policy:
    """One row of the table. ``demanded_by_law``: sent also to who has not agreed to be written to, or wants no e-mail."""

    template: Template
    recipients: Callable[[Occasion], tuple[str, ...]]
    parameters: Callable[[Occasion], dict[str, str]]
    channels: tuple[Channel, ...]
    urgency: Urgency
    demanded_by_law: bool


# fmt: off
TABLE: tuple[tuple[type[Event], Policy], ...] = (
    # what happened, message, to whom, filled by, channels, urgency, sent
    # profiles; by law: Art. 13 and 14, Art. 7, Art. 12 and 17 GDPR
    (ProfileCreated, Policy("welcome", whose_profile_it_is, kind_of_profile, LETTER, AT_ONCE, BY_LAW)),
    (ConsentWithdrawn, Policy("consent_withdrawn", whose_profile_it_is, withdrawn_purpose, LETTER, AT_ONCE, BY_LAW)),
    (ErasureCompleted, Policy("erasure_receipt", whom_it_has_erased, cleaned_stores, ("email",), AT_ONCE, BY_LAW)),
    (SearchDigestDue, Policy("search_hits", the_searcher, found_hits, ALL, MAY_WAIT, BY_CONSENT)),
    # contacts
    (ContactProposed, Policy("contact_proposed", both_proposed, contact, ALL, AT_ONCE, BY_CONSENT)),
    (ContactAccepted, Policy("contact_accepted", the_other_side, agreement, ALL, MAY_WAIT, BY_CONSENT)),
    (ContactAccepted, Policy("contact_accepted", the_coordinator, agreement, ALL, MAY_WAIT, BY_CONSENT)),
    (ContactDeclined, Policy("contact_declined", the_other_side, contact, ALL, MAY_WAIT, BY_CONSENT)),
    (ContactDeclined, Policy("contact_declined", the_coordinator, contact, ALL, MAY_WAIT, BY_CONSENT)),
    (ContactArranged, Policy("contact_arranged", both_sides, contact, ALL, AT_ONCE, BY_CONSENT)),
    (ContactDormant, Policy("contact_dormant", both_sides, contact, ALL, MAY_WAIT, BY_CONSENT)),
    (ContactDormant, Policy("contact_dormant", the_coordinator, contact, ALL, MAY_WAIT, BY_CONSENT)),
    (ContactClosed, Policy("contact_closed", both_sides, contact, ALL, MAY_WAIT, BY_CONSENT)),
    (ContactReopened, Policy("contact_reopened", both_sides, contact, ALL, AT_ONCE, BY_CONSENT)),
    (ContactAssigned, Policy("contact_assigned", who_looks_after_it_now, contact, LETTER, MAY_WAIT, BY_CONSENT)),
    (CooperationAgreed, Policy("cooperation_agreed", both_sides, contact, ALL, MAY_WAIT, BY_CONSENT)),
    (CooperationAgreed, Policy("cooperation_agreed", the_coordinator, contact, ALL, MAY_WAIT, BY_CONSENT)),
    # dates and talks; both sides get the invitation for a chosen date with the talk that is scheduled by it
    (DatesProposed, Policy("dates_proposed", the_others_of_the_dates, offered_dates, ALL, AT_ONCE, BY_CONSENT)),
    (DateChosen, Policy("date_chosen", the_coordinator, chosen_date, INBOX, MAY_WAIT, BY_CONSENT)),
    (DatesDeclined, Policy("dates_declined", the_others_of_the_dates, contact, ALL, AT_ONCE, BY_CONSENT)),
    (DatesDeclined, Policy("dates_declined", the_coordinator, contact, ALL, AT_ONCE, BY_CONSENT)),
    (MeetingScheduled, Policy("meeting_scheduled", both_sides, scheduled_talk, ALL, AT_ONCE, BY_CONSENT)),
    (MeetingMoved, Policy("meeting_moved", both_sides, moved_talk, ALL, AT_ONCE, BY_CONSENT)),
    (MeetingCancelled, Policy("meeting_cancelled", both_sides, cancelled_talk, ALL, AT_ONCE, BY_CONSENT)),
    (MeetingMissed, Policy("meeting_missed", both_sides, contact, ALL, AT_ONCE, BY_CONSENT)),
    (MeetingMissed, Policy("meeting_missed", the_coordinator, contact, ALL, AT_ONCE, BY_CONSENT)),
    # the promise that no talk dies unnoticed
    (FollowUpReminded, Policy("step_reminder", the_owner, due_step, ALL, MAY_WAIT, BY_CONSENT)),
    (FollowUpOverdue, Policy("step_overdue", the_owner, due_step, ALL, AT_ONCE, BY_CONSENT)),
    (FollowUpOverdue, Policy("step_watched", the_coordinator, due_step, LETTER, MAY_WAIT, BY_CONSENT)),
    (FollowUpEscalated, Policy("step_escalated", to_whom_it_is_escalated, contact, LETTER, AT_ONCE, BY_CONSENT)),
    # messages that do not arrive
    (AddressBounced, Policy("address_bounced", who_looks_after_them, bounced_address, LETTER, AT_ONCE, BY_CONSENT)),
    (NotificationGivenUp, Policy("notification_given_up", who_looks_after_them, given_up, INBOX, AT_ONCE, BY_CONSENT)),
    # workshops
    (ParticipantRegistered, Policy("workshop_registered", the_participant, invited_workshop, ALL, AT_ONCE, BY_CONSENT)),
    (ParticipantWaitlisted, Policy("workshop_waitlisted", the_participant, workshop, ALL, AT_ONCE, BY_CONSENT)),
    (ParticipantPromoted, Policy("workshop_promoted", the_participant, invited_workshop, ALL, AT_ONCE, BY_CONSENT)),
    (RegistrationCancelled, Policy("workshop_left", the_participant, left_workshop, ALL, AT_ONCE, BY_CONSENT)),
    (WorkshopChanged, Policy("workshop_changed", all_registered_if_rescheduled, invited_workshop, ALL, AT_ONCE, BY_CONSENT)),
    (WorkshopChanged, Policy("workshop_changed", all_waiting_if_rescheduled, workshop, ALL, AT_ONCE, BY_CONSENT)),
    (WorkshopCancelled, Policy("workshop_cancelled", all_registered, invited_workshop, ALL, AT_ONCE, BY_CONSENT)),
    (WorkshopCancelled, Policy("workshop_cancelled", all_waiting, workshop, ALL, AT_ONCE, BY_CONSENT)),
    # exchange
    (MessagePosted, Policy("message_posted", the_others_of_the_thread, thread, ALL, MAY_WAIT, BY_CONSENT)),
    (MessageReported, Policy("message_reported", who_moderates, reported_message, LETTER, AT_ONCE, BY_CONSENT)),
    (NoticeAnswered, Policy("notice_answered", the_author_of_the_notice, notice, ALL, MAY_WAIT, BY_CONSENT)),
    (NoticeHidden, Policy("notice_hidden", whose_words_were_hidden, hidden_notice, ALL, MAY_WAIT, BY_CONSENT)),
)
# fmt: on


def _by_event() -> Mapping[type[Event], tuple[Policy, ...]]:
    """The rows of each event, in the order of the table."""
    rows: dict[type[Event], tuple[Policy, ...]] = {}
    for event, policy in TABLE:
        rows[event] = (*rows.get(event, ()), policy)
    return rows


POLICIES: Mapping[type[Event], tuple[Policy, ...]] = _by_event()

DEMANDED_BY_LAW = frozenset(policy.template for _, policy in TABLE if policy.demanded_by_law)
"""The messages that are sent whatever their recipient has agreed to."""
CHANNELS: Mapping[str, tuple[Channel, ...]] = {policy.template: policy.channels for _, policy in TABLE}
URGENCY: Mapping[str, Urgency] = {policy.template: policy.urgency for _, policy in TABLE}
"""How the messages of a template travel; the rows of one template say the same."""
