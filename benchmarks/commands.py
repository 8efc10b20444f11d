"""Commands accepted a second through Kafka, against a bare loop: consume, ``insert_many``, produce, commit, nothing else.

Both find all messages waiting on their topic, on servers of their own, and are timed from the end of their first batch to
the last. The bare loop writes the very documents of the service, into a collection with the same indexes, and sends the
very records.
"""

import statistics
import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from kafka import TopicPartition

from benchmarks.result import Result
from benchmarks.servers import installation, service_process, settings_of
from services.foundation.aggregate import new_stream
from services.foundation.broker import Broker, commands_topic, events_topic, outcomes_topic
from services.foundation.command_sender import CommandSender
from services.foundation.database import Document, open_database
from services.foundation.event_store import CommitDocument
from services.foundation.messages import Actor, Envelope, now
from services.foundation.outcomes import unpack
from services.foundation.settings import Settings
from services.profiles.contract import SERVICE, CreatePerson, LanguageSkill

COMMANDS = 12_000
ROUNDS = 3
"""The median counts: what else a machine does moves a single round by a fifth."""

RECEIVER = "bench"
COMMAND = CreatePerson(
    name="sealed.v1." + "A" * 60,
    email="sealed.v1." + "B" * 70,
    occupation="2144",
    experience_years=7,
    sectors=("mechanical_engineering", "renewable_energy"),
    skills=("CAD", "FEM", "project management", "quality management"),
    languages=(LanguageSkill(language="de", level="B2"), LanguageSkill(language="ar", level="native")),
    purposes=("employment", "market_expertise"),
    place="Rostock",
    region="DE-MV",
)


def run() -> list[Result]:
    rounds = [_round() for _ in range(ROUNDS)]
    ours, bare = (statistics.median(side) for side in zip(*rounds, strict=True))
    return [Result("commands", ours, "commands/s", bare, 0.7, "least", "bare consume, insert_many, produce")]


def _round() -> tuple[float, float]:
    """The rates of the service and of the bare loop, one after the other, each on fresh servers."""
    with installation() as servers:
        settings = settings_of(servers)
        _send_commands(settings)
        with service_process(servers, SERVICE):
            ours = _rate_of_outcomes(settings)
        documents = list(open_database(settings, SERVICE)["commits"].find({}))
        records = {topic: _records(settings, topic) for topic in (events_topic(SERVICE), outcomes_topic(SERVICE))}
    with installation() as servers:
        settings = settings_of(servers)
        _send_commands(settings)
        return ours, _bare_loop(settings, documents, records)


def _send_commands(settings: Settings) -> None:
    broker = Broker(settings)
    broker.ensure_topics([commands_topic(SERVICE), events_topic(SERVICE), outcomes_topic(SERVICE)])
    sender = CommandSender(broker)
    actor = Actor("bench", "coordinator")
    sender.send_all(
        (
            Envelope(name, new_stream("person"), "bench", now(), actor, correlation_id=name, reply_to=RECEIVER),
            COMMAND,
        )
        for name in (str(uuid4()) for _ in range(COMMANDS))
    )
    sender.close()


def _rate_of_outcomes(settings: Settings) -> float:
    """Commands a second, from the message that carries the first batch's outcomes to the last."""
    consumer = _reader(settings, outcomes_topic(SERVICE))
    arrived: list[tuple[int, float]] = []
    while sum(count for count, _ in arrived) < COMMANDS:
        for records in consumer.poll(timeout_ms=100).values():
            arrived += [(len(unpack(record.value)), record.timestamp / 1000) for record in records]
    consumer.close()
    arrived.sort(key=lambda each: each[1])
    return sum(count for count, _ in arrived[1:]) / (arrived[-1][1] - arrived[0][1])


def _records(settings: Settings, topic: str) -> list[Any]:
    """The records of a topic that the service has written; COMMANDS events, or the outcomes of as many commands."""
    consumer = _reader(settings, topic)
    found: list[Any] = []
    count = 0
    while count < COMMANDS:
        for records in consumer.poll(timeout_ms=100).values():
            found += records
            count += sum(len(unpack(each.value)) for each in records) if topic.endswith("outcomes") else len(records)
    consumer.close()
    return found


def _reader(settings: Settings, topic: str) -> Any:
    consumer = Broker(settings).consumer(None)
    consumer.assign([TopicPartition(topic, number) for number in range(settings.kafka_partitions)])
    return consumer


def _bare_loop(settings: Settings, documents: Sequence[Document], records: dict[str, list[Any]]) -> float:
    collection = open_database(settings, SERVICE, CommitDocument)["commits"]
    broker = Broker(settings)
    producer, consumer = broker.producer(), broker.consumer("bare")
    consumer.subscribe([commands_topic(SERVICE)])
    events, outcomes = records[events_topic(SERVICE)], iter(records[outcomes_topic(SERVICE)])
    done, first, started = 0, 0, 0.0
    while done < COMMANDS:
        count = sum(map(len, consumer.poll(timeout_ms=200, max_records=settings.batch_size).values()))
        if not count:
            continue
        collection.insert_many(documents[done : done + count])
        for event in events[done : done + count]:
            producer.send(event.topic, event.value, event.key, event.headers, partition=event.partition)
        outcome = next(outcomes, None)
        if outcome is not None:
            producer.send(outcome.topic, outcome.value, outcome.key)
        producer.flush()
        consumer.commit()
        done += count
        if not started:
            first, started = count, time.time()
    rate = (done - first) / (time.time() - started)
    consumer.close()
    producer.close()
    return rate
