"""Traces of somebody: in every topic, collection and log file, in the clear, encoded, or under a key that is left."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bson.raw_bson import RawBSONDocument
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from kafka import KafkaConsumer, TopicPartition
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.embedded.installation import Installation
from services.foundation.master_keys import MasterKeys

SEALED = re.compile(rb"sealed\.v1\.([A-Za-z0-9_-]{20,})")
SHORTEST = 6
"""Characters of an encoded text that are looked for: fewer are found by chance."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Which text was found where, and how."""

    needle: str
    place: str
    how: str


def forms(text: str) -> Iterator[tuple[str, bytes]]:
    """The ways in which a text may stand somewhere."""
    raw = text.encode()
    yield "clear", raw
    yield "utf-16-le", text.encode("utf-16-le")
    yield "utf-16-be", text.encode("utf-16-be")
    yield "escaped", json.dumps(text)[1:-1].encode()
    yield "percent", quote(text).encode()
    yield "hex", raw.hex().encode()
    yield "HEX", raw.hex().upper().encode()
    for shift in range(3):
        # The letters at both ends hang together with what stands beside the text, so they are left out.
        whole = base64.b64encode(b"\0" * shift + raw)
        inner = whole[(0, 2, 3)[shift] : len(whole.rstrip(b"=")) - 2]
        if len(inner) >= SHORTEST:
            yield "base64", inner
            yield "base64url", inner.replace(b"+", b"-").replace(b"/", b"_")


def everything(bruecke: Installation) -> Iterator[tuple[str, bytes]]:
    """All that is stored: (place, content)."""
    yield from _topics(bruecke)
    yield from _collections(bruecke)
    for log in sorted((bruecke.data / "logs").iterdir()):
        yield f"log {log.name}", log.read_bytes()


def _topics(bruecke: Installation) -> Iterator[tuple[str, bytes]]:
    consumer = KafkaConsumer(bootstrap_servers=bruecke.kafka_servers, enable_auto_commit=False)
    for topic in sorted(consumer.topics()):
        for number in sorted(consumer.partitions_for_topic(topic) or ()):
            partition = TopicPartition(topic, number)
            consumer.assign([partition])
            consumer.seek_to_beginning(partition)
            end = consumer.end_offsets([partition])[partition]
            while consumer.position(partition) < end:
                for record in consumer.poll(timeout_ms=500).get(partition, []):
                    parts = [
                        record.key or b"",
                        record.value or b"",
                        *(part for name, value in record.headers for part in (name.encode(), value or b"")),
                    ]
                    yield f"topic {topic}:{number}", b"\n".join(parts)
    consumer.close()


def _collections(bruecke: Installation) -> Iterator[tuple[str, bytes]]:
    with MongoClient(bruecke.mongo_url, document_class=RawBSONDocument) as client:
        for name in client.list_database_names():
            for collection in client[name].list_collection_names():
                try:
                    for document in client[name][collection].find({}):
                        # Further batches come as memory views, in which ``in`` finds nothing.
                        yield f"collection {name}.{collection}", bytes(document.raw)
                except OperationFailure:
                    continue  # a collection of the server's own that nobody may read


def files(bruecke: Installation) -> Iterator[tuple[str, bytes]]:
    """Every file of the data folder as it lies on the disk: (place, content), but for secrets and the recipients' mailbox."""
    for file in sorted(bruecke.data.rglob("*")):
        place = file.relative_to(bruecke.data)
        if file.is_file() and place.parts[0] not in ("mailbox", "secrets"):
            yield str(place), file.read_bytes()


def on_disk(bruecke: Installation, needles: list[str]) -> set[Trace]:
    """Where these texts lie on the disk in the clear, also in what the database has overwritten and not yet used again."""
    wanted = [(needle, how, form) for needle in needles for how, form in forms(needle)]
    return {Trace(needle, place, how) for place, content in files(bruecke) for needle, how, form in wanted if form in content}


def keys_left(bruecke: Installation) -> list[bytes]:
    """Every key that the vault still holds, unwrapped."""
    master = MasterKeys.of(base64.b64decode((bruecke.data / "secrets" / "master_key").read_text()))
    with MongoClient(bruecke.mongo_url) as client:
        return [master.unwrap(each) for each in client["bruecke_vault"]["keys"].find({"key": {"$ne": None}})]


def traces(bruecke: Installation, needles: list[str]) -> set[Trace]:
    """Where these texts are found."""
    wanted = [(needle, how, form) for needle in needles for how, form in forms(needle)]
    keys, found = keys_left(bruecke), set()
    opened: dict[bytes, list[bytes]] = {}
    for place, content in everything(bruecke):
        found |= {Trace(needle, place, how) for needle, how, form in wanted if form in content}
        for sealed in SEALED.findall(content):
            if sealed not in opened:
                opened[sealed] = list(_opened_wholly(sealed, keys))
            for plain in opened[sealed]:
                found |= {Trace(needle, place, f"sealed, {how}") for needle, how, form in wanted if form in plain}
    return found


def _opened_wholly(sealed: bytes, keys: list[bytes]) -> Iterator[bytes]:
    """What each key makes of it, and of what is sealed within."""
    for key in keys:
        plain = _opened(sealed, key)
        yield plain
        for within in SEALED.findall(plain):
            yield from _opened_wholly(within, keys)


def _opened(sealed: bytes, key: bytes) -> bytes:
    """What this key makes of a sealed text, whatever it was bound to: AES-GCM without its proof is counter mode from 2 on."""
    data = base64.urlsafe_b64decode(sealed + b"=" * (-len(sealed) % 4))
    counter = modes.CTR(data[:12] + b"\0\0\0\2")
    return Cipher(algorithms.AES(key), counter).decryptor().update(data[12:-16])


def mails_to(bruecke: Installation, address: str) -> list[Path]:
    """The recipient's own mailbox, which is no store of Brücke."""
    return [each for each in sorted((bruecke.data / "mailbox").iterdir()) if address.encode() in each.read_bytes()]
