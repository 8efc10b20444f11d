"""All wiring of the gateway: which parts there are, what consumes which topics, and in which order they start and stop."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.database import Database

from services.foundation.broker import Broker, events_topic, outcomes_topic
from services.foundation.command_sender import CommandSender
from services.foundation.consumer import Batch, BatchConsumer
from services.foundation.database import DURABLE, Document, open_database
from services.foundation.dead_letters import DeadLetterDocument, DeadLetters
from services.foundation.key_store import open_key_store
from services.foundation.outcomes import Outcome
from services.foundation.privacy import KeyVault, open_vault
from services.foundation.projection import Projection, Projector
from services.foundation.rebuilding import Rebuilding
from services.foundation.settings import Settings
from services.foundation.status import ConsumerStatus, ProcessStatus
from services.gateway import attachments, documents
from services.gateway.attachments import AttachmentKeeper, AttachmentStore
from services.gateway.command_log import CommandLog
from services.gateway.commander import Commander
from services.gateway.duplicates.finder import COMPANIES, PEOPLE, Finder
from services.gateway.erasing import ErasureProcess
from services.gateway.house import Gateway
from services.gateway.idempotency import IDEMPOTENCY_OWNER, Idempotency
from services.gateway.outcome_tail import OutcomeTail
from services.gateway.search import concepts
from services.gateway.search.changes import ViewChanges
from services.gateway.search.cursors import Cursors
from services.gateway.search.index import SearchIndex
from services.gateway.search.watching import Watchman
from services.gateway.security import Verifier
from services.gateway.skill_desk import SkillDesk
from services.gateway.view_watch import ViewWatch
from services.gateway.views.company import CompanyView
from services.gateway.views.contact import ContactView
from services.gateway.views.erasure import ErasureView
from services.gateway.views.feed import FeedView
from services.gateway.views.inbox import InboxView
from services.gateway.views.mail import MailView
from services.gateway.views.members import MembersView
from services.gateway.views.notice import NoticeView
from services.gateway.views.partner import PartnerView
from services.gateway.views.person import PersonView
from services.gateway.views.preferences import PreferencesView
from services.gateway.views.prospect import ProspectView
from services.gateway.views.ranking import RankingView
from services.gateway.views.ranking_weights import ExplanationView, RankingWeightsView, WeightTrialView
from services.gateway.views.referral import ReferralView
from services.gateway.views.saved_search import SavedSearchView
from services.gateway.views.staff import StaffView
from services.gateway.views.thread import ThreadView
from services.gateway.views.workshop import WorkshopView
from services.gateway.views.workshop_times import WorkshopTimesView
from services.matching import contract as matching
from services.notifications import contract as notifications
from services.profiles import contract as profiles

SERVICE = "gateway"
COMMANDED = (profiles.SERVICE, matching.SERVICE, notifications.SERVICE)
REBUILT_FROM = tuple(events_topic(service) for service in COMMANDED)
FOLLOWED = (*REBUILT_FROM, f"{matching.SERVICE}.rankings")
STATES = (matching.NeedRanked, matching.PersonRanked)
"""No facts of a stream, though a list of needs is keyed by its person: their versions are those of the rankings."""
VIEWS_GROUP = "gateway.views"
STOP_SECONDS = 15.0
SEARCHING_THREADS = 2

VIEWS = (
    "people",
    "companies",
    "needs",
    "partners",
    "referrals",
    "prospects",
    "declined_marks",
    "contacts",
    "contact_events",
    "workshops",
    "registrations",
    "registration_words",
    "workshop_events",
    "workshop_times",
    "erasures",
    "feed",
    "profile_events",
    "mails",
    "inbox",
    "preferences",
    "staff",
    "rankings",
    "ranking_weights",
    "weight_trials",
    "explanations",
    "person_rankings",
    "searches",
    "notices",
    "members",
    "threads",
    "messages",
    "reported_messages",
)


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that runs in a gateway beside the two servers."""

    gateway: Gateway
    database: AsyncDatabase[Document]
    sender: CommandSender
    tail: OutcomeTail
    rebuilding: Rebuilding
    erasing: ErasureProcess
    views: BatchConsumer
    thread: threading.Thread
    watchman: Watchman
    watching: set[asyncio.Task[None]] = field(default_factory=set)

    def start(self) -> None:
        """Starts to listen and to project."""
        self.tail.start()
        self.thread.start()
        self.watching.add(asyncio.get_running_loop().create_task(self.watchman.run()))

    async def stop(self) -> None:
        """Ends when the batch in hand is written and the group is left. Nothing may be waiting for an outcome any more."""
        self.rebuilding.stop()
        self.views.stop()
        await asyncio.to_thread(self.thread.join, STOP_SECONDS)
        await asyncio.to_thread(self.erasing.close)
        await asyncio.to_thread(self.tail.stop)
        for task in self.watching:
            task.cancel()
        self.gateway.index.stop()
        self.gateway.searching.shutdown(wait=False, cancel_futures=True)
        await self.gateway.commander.close()
        await asyncio.to_thread(self.sender.close)
        await self.database.client.close()


def build(settings: Settings, status: ProcessStatus) -> Parts:
    """Makes all parts and connects them; to be called on the event loop that will serve. Starts nothing."""
    open_views = partial(open_database, settings, SERVICE, *documents.DOCUMENTS, DeadLetterDocument)
    views_database, database = open_views(), _async_database(settings)
    vault, broker = open_vault(settings), Broker(settings)
    sender = CommandSender(broker)
    commander, tail = _commanding(settings, status, broker, sender, database)
    changes = ViewChanges(views_database)
    index = SearchIndex(views_database, changes)
    gateway = _gateway(settings, status, database, vault, commander, index)
    kept, views_status = projections(vault), status.consumer(VIEWS_GROUP, FOLLOWED)
    rebuilding = Rebuilding(settings, open_views, kept, REBUILT_FROM, views_status, changes.record_everything)
    erasing = ErasureProcess(views_database, open_key_store(settings), CommandSender(broker))
    projector = Projector(views_database, kept, _advancing(changes, gateway.watch))
    views = _views_consumer(settings, views_status, views_database, projector, erasing, changes)
    thread = threading.Thread(target=_keep_views, args=(rebuilding, views), name="views", daemon=True)
    watchman = Watchman(views_database, index, vault, sender)
    return Parts(gateway, database, sender, tail, rebuilding, erasing, views, thread, watchman)


def _commanding(
    settings: Settings, status: ProcessStatus, broker: Broker, sender: CommandSender, database: AsyncDatabase[Document]
) -> tuple[Commander, OutcomeTail]:
    """What sends commands, and what hears how they ended: without delay while the first waits for that."""
    instance, expecting = f"{SERVICE}-{uuid4()}", threading.Event()
    commander = Commander(sender, CommandLog(database), instance, settings.answer_deadline_seconds, expecting)
    tell_outcomes: Callable[[list[Outcome]], None] = _on_loop(commander.deliver)
    topics = tuple(outcomes_topic(service) for service in COMMANDED)
    tail = OutcomeTail(broker, topics, instance, tell_outcomes, expecting, status.consumer("gateway.outcomes", topics))
    return commander, tail


def _gateway(
    settings: Settings,
    status: ProcessStatus,
    database: AsyncDatabase[Document],
    vault: KeyVault,
    commander: Commander,
    index: SearchIndex,
) -> Gateway:
    """What the HTTP half works with."""
    token_secret = settings.token_secret.get_secret_value()
    return Gateway(
        settings=settings,
        status=status,
        verifier=Verifier(token_secret),
        vault=vault,
        commander=commander,
        idempotency=Idempotency(database, vault, vault.secret(IDEMPOTENCY_OWNER)),
        watch=ViewWatch(database),
        skills=_skills(settings),
        index=index,
        searching=ThreadPoolExecutor(SEARCHING_THREADS, thread_name_prefix="search"),
        cursors=Cursors(token_secret),
        views={name: database[name] for name in VIEWS},
        attachments=AttachmentStore(_async_database(settings, attachments.DATABASE), vault),
        finders={each.collection: Finder(database[each.collection], each) for each in (PEOPLE, COMPANIES)},
    )


def _skills(settings: Settings) -> SkillDesk:
    """The skills that this gateway knows, which searching asks as well."""
    skills = SkillDesk(Path(settings.vocabulary) if settings.vocabulary else None)
    concepts.use(skills.at_hand)
    return skills


def _advancing(changes: ViewChanges, watch: ViewWatch) -> Callable[[list[tuple[str, int]]], None]:
    """Tells the search index and the requests that wait which documents have come how far."""
    tell = _on_loop(watch.advanced)

    def advanced(documents: list[tuple[str, int]]) -> None:
        changes.expect(stream for stream, _ in documents)
        tell(documents)

    return advanced


def _keep_views(rebuilding: Rebuilding, views: BatchConsumer) -> None:
    if rebuilding.carry_out():
        views.run()


def projections(vault: KeyVault) -> tuple[Projection, ...]:
    """The views that the gateway keeps of the events of all services."""
    return (
        PersonView(vault),
        CompanyView(vault),
        PartnerView(vault),
        ReferralView(vault),
        ProspectView(vault),
        ErasureView(),
        MailView(),
        MembersView(),
        InboxView(),
        PreferencesView(),
        StaffView(),
        ContactView(),
        ThreadView(),
        WorkshopView(),
        WorkshopTimesView(),
        FeedView(),
        SavedSearchView(),
        NoticeView(),
        RankingWeightsView(),
        WeightTrialView(),
        ExplanationView(),
    )


def _async_database(settings: Settings, service: str = SERVICE) -> AsyncDatabase[Document]:
    client: AsyncMongoClient[Document] = AsyncMongoClient(settings.mongo_url, serverSelectionTimeoutMS=2_000)
    return client.get_database(f"{settings.mongo_prefix}{service}", write_concern=DURABLE)


def _views_consumer(
    settings: Settings,
    status: ConsumerStatus,
    database: Database[Document],
    projector: Projector,
    erasing: ErasureProcess,
    changes: ViewChanges,
) -> BatchConsumer:
    """One consumer for all views: each further one would cost requests more than it brings."""
    rankings = RankingView(database)
    keeper = AttachmentKeeper(open_database(settings, attachments.DATABASE, *attachments.DOCUMENTS))

    def handle(batch: Batch) -> None:
        if batch.fresh:
            erasing.begin()
        facts = replace(batch, recorded=tuple(each for each in batch.recorded if not isinstance(each.message, STATES)))
        with changes.writing(facts):
            projector.handle(facts)
        changes.record(facts)
        rankings.handle(batch.recorded)
        keeper.handle(batch.recorded)
        erasing.handle(facts.recorded)

    dead_letters = DeadLetters(database, VIEWS_GROUP)
    return BatchConsumer(settings, VIEWS_GROUP, FOLLOWED, handle, dead_letters, status)


def _on_loop(receive: Callable[[Any], None]) -> Callable[[Any], None]:
    """The same function for callers on other threads."""
    loop = asyncio.get_running_loop()

    def tell(what: Any) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(receive, what)

    return tell
