"""The one place where Kafka clients are made, and where topics get their partitions and retention."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic
from kafka.errors import TopicAlreadyExistsError

from services.foundation.faults import PassingFault
from services.foundation.settings import Settings

logging.getLogger("kafka").setLevel(logging.ERROR)

DAY_MS = 24 * 60 * 60 * 1000


class TopicsNotReady(PassingFault):
    """The broker does not know a topic yet, or not any more."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic and how long it keeps what it is told."""

    name: str
    config: tuple[tuple[str, str], ...]


def commands_topic(service: str) -> str:
    return f"{service}.commands"


def events_topic(service: str) -> str:
    return f"{service}.events"


def outcomes_topic(service: str) -> str:
    return f"{service}.outcomes"


def topic(name: str) -> Topic:
    """The topic of this name with its retention: commands a day, outcomes an hour, events for ever, states compacted."""
    match name.rpartition(".")[2]:
        case "commands":
            return Topic(name, (("retention.ms", str(DAY_MS)),))
        case "outcomes":
            return Topic(name, (("retention.ms", str(DAY_MS // 24)),))
        case "events":
            return Topic(name, (("retention.ms", "-1"), ("retention.bytes", "-1")))
        case _:
            return Topic(name, (("cleanup.policy", "compact"),))


class Broker:
    """Makes kafka-python clients with the settings that Brücke's promises rest on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._servers = settings.kafka_servers.split(",")

    def producer(self) -> Any:
        """Waits for all in-sync replicas and keeps order over retries."""
        return KafkaProducer(
            bootstrap_servers=self._servers,
            acks="all",
            enable_idempotence=True,
            linger_ms=0,
            batch_size=131_072,
            max_block_ms=5_000,
            request_timeout_ms=5_000,
            delivery_timeout_ms=15_000,
            metrics_enabled=False,
        )

    def consumer(self, group: str | None, fetch_wait_ms: int = 0) -> Any:
        """Commits nothing by itself, starts at the beginning where its group has no offset.

        ``fetch_wait_ms``: how long the broker may hold back an empty answer, if not as the settings say.
        """
        session = self._settings.kafka_session_timeout_ms
        return KafkaConsumer(
            bootstrap_servers=self._servers,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=session,
            heartbeat_interval_ms=session // 4,
            max_poll_interval_ms=600_000,
            max_poll_records=self._settings.batch_size,
            max_partition_fetch_bytes=4 * 1024 * 1024,
            fetch_max_wait_ms=fetch_wait_ms or self._settings.kafka_fetch_wait_ms,
            request_timeout_ms=max(10_000, session + 5_000),
            reconnect_backoff_max_ms=1_000,
            allow_auto_create_topics=False,
            metadata_max_age_ms=10_000,
            metrics_enabled=False,
        )

    def admin(self) -> Any:
        return KafkaAdminClient(bootstrap_servers=self._servers, request_timeout_ms=5_000)

    def ensure_topics(self, names: Iterable[str]) -> dict[str, str]:
        """Makes the topics that do not exist yet; gives the id of each. A topic that was made anew has another id."""
        wanted = [topic(name) for name in names]
        admin = self.admin()
        try:
            known = topic_ids(admin, [each.name for each in wanted])
            for each in wanted:
                if each.name not in known:
                    self._create(admin, each)
            return require_topics(admin, [each.name for each in wanted])
        finally:
            admin.close()

    def _create(self, admin: Any, wanted: Topic) -> None:
        new = NewTopic(
            wanted.name,
            self._settings.kafka_partitions,
            self._settings.kafka_replication,
            topic_configs=dict(wanted.config),
        )
        try:
            admin.create_topics([new])
        except TopicAlreadyExistsError:
            return  # another process was faster


def topic_ids(admin: Any, names: Iterable[str]) -> dict[str, str]:
    """The ids of those of these topics that exist."""
    described = admin.describe_topics(list(names))
    return {each["name"]: str(each["topic_id"]) for each in described if each["error_code"] == 0}


def require_topics(admin: Any, names: Iterable[str]) -> dict[str, str]:
    """The ids of these topics; raises TopicsNotReady where one is missing."""
    names = list(names)
    known = topic_ids(admin, names)
    missing = sorted(set(names) - set(known))
    if missing:
        raise TopicsNotReady(f"the broker does not know {', '.join(missing)}")
    return known
