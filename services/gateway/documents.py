"""The gateway's collections and their indexes. Views are written and read below mongoengine; here they are declared."""

from typing import Any, ClassVar

import mongoengine

IDEMPOTENCY_SECONDS = 24 * 60 * 60
COMMAND_SECONDS = 8 * 24 * 60 * 60
CHANGE_SECONDS = 60 * 60

INTERNAL = ("duplicate_keys", "not_duplicates", "merged_needs", "merge_rejected", "registrations", "waiting_line")
"""What documents of profiles hold for the gateway itself: spellings by which duplicates are found, and other profiles' ids; of
workshops, who takes part and who waits, which is read at its own place."""


class _View(mongoengine.DynamicDocument):
    """A view's document: its id, the version of its stream that it has seen, and what its projection sets."""

    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField()
    meta: ClassVar[dict[str, Any]] = {"abstract": True, "auto_create_index": False}


class PersonDocument(_View):
    """See views/person.py."""

    meta = {"collection": "people", "indexes": ["duplicate_keys"]}  # noqa: RUF012


class CompanyDocument(_View):
    """See views/company.py."""

    meta = {"collection": "companies", "indexes": ["duplicate_keys"]}  # noqa: RUF012


class NeedDocument(_View):
    """See views/company.py."""

    meta = {"collection": "needs", "indexes": [("company_id", "id")]}  # noqa: RUF012


class PartnerDocument(_View):
    """See views/partner.py."""

    meta = {"collection": "partners"}  # noqa: RUF012


class ReferralDocument(_View):
    """See views/referral.py."""

    meta = {"collection": "referrals", "indexes": [("partner_id", "id"), ("person_id",)]}  # noqa: RUF012


class ErasureDocument(_View):
    """See views/erasure.py."""

    meta = {"collection": "erasures", "indexes": [("owner", "id")]}  # noqa: RUF012


class ProspectDocument(_View):
    """See views/prospect.py."""

    meta = {  # noqa: RUF012
        "collection": "prospects",
        "indexes": [("profile_id",), ("next_step.due", "id"), ("coordinator", "id"), ("sector", "region", "id")],
    }


class DeclinedMarkDocument(_View):
    """See views/prospect.py."""

    meta = {"collection": "declined_marks"}  # noqa: RUF012


class ContactDocument(_View):
    """See views/contact.py."""

    meta = {"collection": "contacts", "indexes": [("person_id", "id"), ("company_id", "id")]}  # noqa: RUF012


class WorkshopTimesDocument(_View):
    """See views/workshop_times.py."""

    meta = {"collection": "workshop_times", "indexes": ["participants"]}  # noqa: RUF012


class ContactEventDocument(_View):
    """See views/contact.py."""

    meta = {"collection": "contact_events"}  # noqa: RUF012


class WorkshopDocument(_View):
    """See views/workshop.py."""

    meta = {"collection": "workshops", "indexes": [("starts_at", "id")]}  # noqa: RUF012


class RegistrationDocument(_View):
    """See views/workshop.py."""

    meta = {  # noqa: RUF012
        "collection": "registrations",
        "indexes": [("workshop_id", "participant_id"), ("participant_id",), ("partner_id",)],
    }


class RegistrationWordsDocument(_View):
    """See views/workshop.py."""

    meta = {"collection": "registration_words"}  # noqa: RUF012


class WorkshopEventDocument(_View):
    """See views/workshop.py."""

    meta = {"collection": "workshop_events", "indexes": [("workshop_id", "data.participant_id")]}  # noqa: RUF012


class ProfileEventDocument(_View):
    """See views/profile_events.py."""

    meta = {"collection": "profile_events"}  # noqa: RUF012


class NoticeDocument(_View):
    """See views/notice.py."""

    meta = {  # noqa: RUF012
        "collection": "notices",
        "indexes": [("state", "-posted_at", "-id"), ("author",), ("answers.author",), ("reports.by",)],
    }


class MailDocument(_View):
    """See views/mail.py."""

    meta = {"collection": "mails", "indexes": [("recipient",)]}  # noqa: RUF012


class InboxDocument(_View):
    """See views/inbox.py."""

    meta = {"collection": "inbox", "indexes": [("recipient", "-at", "-id")]}  # noqa: RUF012


class PreferencesDocument(_View):
    """See views/preferences.py."""

    meta = {"collection": "preferences"}  # noqa: RUF012


class StaffDocument(_View):
    """See views/staff.py."""

    meta = {"collection": "staff"}  # noqa: RUF012


class RankingDocument(_View):
    """See views/ranking.py."""

    meta = {"collection": "rankings"}  # noqa: RUF012


class RankingWeightsDocument(_View):
    """See views/ranking_weights.py."""

    meta = {"collection": "ranking_weights"}  # noqa: RUF012


class WeightTrialDocument(_View):
    """See views/ranking_weights.py."""

    meta = {"collection": "weight_trials"}  # noqa: RUF012


class ExplanationDocument(_View):
    """See views/ranking_weights.py."""

    meta = {"collection": "explanations"}  # noqa: RUF012


class PersonRankingDocument(_View):
    """See views/ranking.py."""

    meta = {"collection": "person_rankings"}  # noqa: RUF012


class FeedEntryDocument(_View):
    """See views/feed.py."""

    meta = {"collection": "feed", "indexes": [("source", "partition", "position", "index")]}  # noqa: RUF012


class FeedSubjectDocument(_View):
    """See views/feed.py."""

    meta = {"collection": "feed_subjects"}  # noqa: RUF012


class SavedSearchDocument(_View):
    """See views/saved_search.py."""

    meta = {"collection": "searches", "indexes": [("keeper", "id")]}  # noqa: RUF012


class MembersDocument(_View):
    """See views/members.py."""

    meta = {"collection": "members"}  # noqa: RUF012


class ThreadDocument(_View):
    """See views/thread.py."""

    meta = {"collection": "threads", "indexes": [("subject", "id")]}  # noqa: RUF012


class MessageDocument(_View):
    """See views/thread.py."""

    meta = {  # noqa: RUF012
        "collection": "messages",
        "indexes": [("message_id",), ("author", "id"), ("attachment_ids",)],
    }


class ReportedMessageDocument(_View):
    """See views/thread.py."""

    meta = {"collection": "reported_messages", "indexes": [("state", "reported_at", "id")]}  # noqa: RUF012


class ViewChangeDocument(mongoengine.DynamicDocument):
    """See search/changes.py."""

    id = mongoengine.StringField(primary_key=True)
    at = mongoengine.DateTimeField(required=True)
    meta = {  # noqa: RUF012
        "collection": "view_changes",
        "auto_create_index": False,
        "indexes": [{"fields": ("at",), "expireAfterSeconds": CHANGE_SECONDS}],
    }


class RequestDocument(mongoengine.DynamicDocument):
    """See idempotency.py."""

    id = mongoengine.StringField(primary_key=True)
    created_at = mongoengine.DateTimeField(required=True)
    meta = {  # noqa: RUF012
        "collection": "requests",
        "auto_create_index": False,
        "indexes": [{"fields": ("created_at",), "expireAfterSeconds": IDEMPOTENCY_SECONDS}],
    }


class CommandDocument(mongoengine.DynamicDocument):
    """See command_log.py."""

    id = mongoengine.StringField(primary_key=True)
    created_at = mongoengine.DateTimeField(required=True)
    meta = {  # noqa: RUF012
        "collection": "commands",
        "auto_create_index": False,
        "indexes": [{"fields": ("created_at",), "expireAfterSeconds": COMMAND_SECONDS}],
    }


DOCUMENTS = (
    PersonDocument,
    CompanyDocument,
    NeedDocument,
    PartnerDocument,
    ReferralDocument,
    ProspectDocument,
    DeclinedMarkDocument,
    ErasureDocument,
    ContactDocument,
    ContactEventDocument,
    NoticeDocument,
    WorkshopDocument,
    RegistrationDocument,
    RegistrationWordsDocument,
    WorkshopEventDocument,
    WorkshopTimesDocument,
    ProfileEventDocument,
    MailDocument,
    InboxDocument,
    PreferencesDocument,
    StaffDocument,
    RankingDocument,
    RankingWeightsDocument,
    WeightTrialDocument,
    ExplanationDocument,
    PersonRankingDocument,
    FeedEntryDocument,
    FeedSubjectDocument,
    SavedSearchDocument,
    MembersDocument,
    ThreadDocument,
    MessageDocument,
    ReportedMessageDocument,
    ViewChangeDocument,
    RequestDocument,
    CommandDocument,
)
