"""Events a second into a view, against a bare loop: consume, ``bulk_write`` of the same documents, commit, nothing else.
And a rebuild of the view from nothing, against the live rate.

The view is that of contacts with their timeline. Contacts go through a story of six events each, many at the same time, as they
do on a busy day. The bare loop writes what the view has to hold after each event: the contact, and the entry of its timeline.
"""

import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from pymongo import ReplaceOne
from pymongo.collection import Collection

from benchmarks.result import Result
from benchmarks.servers import installation, settings_of
from services.foundation.broker import Broker, events_topic
from services.foundation.cloudevents import headers_of
from services.foundation.consumer import Batch, BatchConsumer
from services.foundation.database import Document, open_database
from services.foundation.dead_letters import DeadLetterDocument, DeadLetters
from services.foundation.messages import SYSTEM, Envelope, Event, Recorded
from services.foundation.projection import Projector
from services.foundation.rebuild import rebuild
from services.foundation.settings import Settings
from services.foundation.status import ConsumerStatus
from services.gateway import documents
from services.gateway.views.contact import ContactView
from services.matching.contract import (
    SERVICE,
    ContactAccepted,
    ContactArranged,
    ContactProposed,
    MeetingScheduled,
    NextStepPlanned,
)

CONTACTS = 4_000
AT_A_TIME = 250
REBUILDS = 3
"""The median counts."""
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def run() -> list[Result]:
    story = [each for first in range(0, CONTACTS, AT_A_TIME) for each in _stories(AT_A_TIME)]
    with installation() as servers:
        settings = settings_of(servers)
        _publish(settings, story)
        live = _live(settings)
        anew = statistics.median(_rebuild(settings, len(story)) for _ in range(REBUILDS))
    with installation() as servers:
        settings = settings_of(servers)
        _publish(settings, story)
        bare = _bare_loop(settings, _writes(story))
    return [
        Result("events", live, "events/s", bare, 0.7, "least", "bare consume, bulk_write"),
        Result("rebuild", anew, "events/s", live, 3.0, "least", "the live rate"),
    ]


def _stories(contacts: int) -> list[Recorded]:
    """The events of this many contacts, each contact's in order, all going on at the same time."""
    told = [_story() for _ in range(contacts)]
    return [story[step] for step in range(len(told[0])) for story in told]


def _story() -> list[Recorded]:
    person, company, need, meeting = (f"{kind}-{uuid4()}" for kind in ("person", "company", "need", "meeting"))
    ends = START + timedelta(hours=1)
    happened: list[Event] = [
        ContactProposed(person_id=person, company_id=company, need_id=need, coordinator="staff-1", region="DE-MV"),
        NextStepPlanned(step_id="1", what="Antworten einholen", owner="coordinator", due=START),
        ContactAccepted(side="person"),
        ContactAccepted(side="company"),
        ContactArranged(),
        MeetingScheduled(meeting_id=meeting, format="face_to_face", starts_at=START, ends_at=ends, place="IHK", first=True),
    ]
    contact = f"contact-{uuid4()}"
    return [Recorded(event, _envelope(contact, version)) for version, event in enumerate(happened, start=1)]


def _envelope(contact: str, version: int) -> Envelope:
    name = f"{uuid4()}.0"
    return Envelope(name, contact, SERVICE, START, SYSTEM, correlation_id=name, version=version, position=version)


def _publish(settings: Settings, story: Sequence[Recorded]) -> None:
    broker = Broker(settings)
    topic = events_topic(SERVICE)
    broker.ensure_topics([topic])
    producer = broker.producer()
    for each in story:
        headers = headers_of(each.message.TYPE, each.envelope)
        producer.send(topic, each.message.to_json(), each.stream.encode(), headers)
    producer.flush()
    producer.close()


class _Watch:
    """Counts what a consumer has handled, and times it from the end of its first batch."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle
        self.done = self._first = 0
        self._started = self._ended = 0.0
        self.finished: Any = None

    def __call__(self, batch: Batch) -> None:
        self._handle(batch)
        if not batch.recorded:
            return
        self.done += len(batch.recorded)
        self._ended = time.perf_counter()
        if not self._started:
            self._first, self._started = len(batch.recorded), self._ended
        if self.done >= CONTACTS * 6:
            self.finished()

    @property
    def rate(self) -> float:
        return (self.done - self._first) / (self._ended - self._started)


def _live(settings: Settings) -> float:
    database = open_database(settings, "gateway", *documents.DOCUMENTS, DeadLetterDocument)
    watch = _Watch(Projector(database, [ContactView()]).handle)
    topic = events_topic(SERVICE)
    letters, status = DeadLetters(database, "live"), ConsumerStatus("live", (topic,))
    consumer = BatchConsumer(settings, "live", [topic], watch, letters, status)
    watch.finished = consumer.stop
    consumer.run()
    return watch.rate


def _rebuild(settings: Settings, count: int) -> float:
    """From nothing: what the live run has left is cleared away before the clock starts."""
    open_database(settings, "gateway").client.drop_database(f"{settings.mongo_prefix}gateway")
    database = open_database(settings, "gateway", *documents.DOCUMENTS)
    started = time.perf_counter()
    rebuilt = rebuild(settings, database, [ContactView()], [events_topic(SERVICE)])
    open_database(settings, "gateway", *documents.DOCUMENTS)
    seconds = time.perf_counter() - started
    if rebuilt != count:
        raise RuntimeError(f"{rebuilt} events were read anew, not {count}")
    return count / seconds


def _writes(story: Sequence[Recorded]) -> list[tuple[Document, Document]]:
    """For each event the contact and the timeline entry as they stand after it."""
    view = ContactView()
    contacts: dict[str, Document] = {}
    writes: list[tuple[Document, Document]] = []
    for each in story:
        document: Document = contacts.setdefault(each.stream, {"_id": each.stream})
        if not isinstance(each.message, Event):
            raise TypeError("a story is made of events")
        document.update(version=each.envelope.version, updated_at=each.envelope.time)
        view.apply(document, each.message, each.envelope)
        ((_, entry),) = view.derive(document, each.message, each.envelope)
        writes.append((dict(document), dict(entry, version=each.envelope.version)))
    return writes


def _bare_loop(settings: Settings, writes: Sequence[tuple[Document, Document]]) -> float:
    database = open_database(settings, "gateway", *documents.DOCUMENTS)
    consumer = Broker(settings).consumer("bare")
    consumer.subscribe([events_topic(SERVICE)])
    done, first, started = 0, 0, 0.0
    while done < len(writes):
        count = sum(map(len, consumer.poll(timeout_ms=200, max_records=settings.batch_size).values()))
        if not count:
            continue
        batch = writes[done : done + count]
        _upsert(database["contacts"], [contact for contact, _ in batch])
        _upsert(database["contact_events"], [entry for _, entry in batch])
        consumer.commit()
        done += count
        if not started:
            first, started = count, time.perf_counter()
    rate = (done - first) / (time.perf_counter() - started)
    consumer.close()
    return rate


def _upsert(collection: Collection[Document], upserted: Sequence[Document]) -> None:
    collection.bulk_write([ReplaceOne({"_id": each["_id"]}, each, upsert=True) for each in upserted], ordered=False)
