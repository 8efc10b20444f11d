"""The notifications service: who is told what, in which language, through which channel."""

from functools import partial
from typing import Any

from nameko.timer import timer
from pymongo.database import Database

from services.foundation.broker import events_topic
from services.foundation.consumer import Batch
from services.foundation.database import Document
from services.foundation.dependencies import Journal, Process, Repeating, Views
from services.foundation.entrypoints import commands, events
from services.foundation.faults import until_next_time
from services.foundation.messages import now
from services.foundation.reaction import React
from services.foundation.settings import settings
from services.matching.contract import SERVICE as MATCHING
from services.notifications.address_book import (
    ContactSides,
    PreferencesView,
    RecipientDocument,
    Recipients,
    heads_of,
    parties_of,
)
from services.notifications.contract import SERVICE
from services.notifications.dependencies import Late, Postman
from services.notifications.lookups import KNOWN, DatabaseLookups
from services.notifications.outbox import OutboxDocument, OutboxView
from services.notifications.process_managers import collect, forget, notify, reach_otherwise, receipts, settle_receipts
from services.notifications.routes import ROUTES
from services.profiles.contract import SERVICE as PROFILES

TIDY_SECONDS = 60.0


def notices(database: Database[Document]) -> tuple[React, ...]:
    """Who is told of what happened, and what follows where somebody cannot be told."""
    known = DatabaseLookups(database, partial(parties_of, database), partial(heads_of, database))
    return notify(known), reach_otherwise(known)


class Notifications:
    name = SERVICE

    journal: Any = Journal(ROUTES)
    views: Any = Views(
        Recipients(),
        PreferencesView(),
        ContactSides(),
        OutboxView(),
        *KNOWN,
        documents=(RecipientDocument, OutboxDocument),
    )
    notices: Any = Process("notices", notices)
    erasures: Any = Repeating(lambda _: (forget(now), receipts, settle_receipts, collect))
    outbox: Any = Postman()
    late: Any = Late()

    @commands
    def carry_out(self, batch: Batch) -> None:
        self.journal.handle(batch)

    @events(events_topic(PROFILES), events_topic(MATCHING), events_topic(SERVICE))
    def follow(self, batch: Batch) -> None:
        self.views.handle(batch)
        self.notices.handle(batch)
        self.erasures.handle(batch)

    @timer(interval=settings().delivery_seconds)
    def deliver(self) -> None:
        with until_next_time("delivery"):
            self.outbox.deliver_mails()

    @timer(interval=settings().delivery_seconds)
    def tell_webhooks(self) -> None:
        with until_next_time("webhooks"):
            self.outbox.tell_webhooks()

    @timer(interval=TIDY_SECONDS)
    def tidy(self) -> None:
        with until_next_time("tidying"):
            self.outbox.forget_claims()
            self.late.try_again()
