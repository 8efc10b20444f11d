"""What matching keeps of weights and their trials in its database, and the trials that wait to be carried out."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

import mongoengine
from pymongo.database import Database

from services.foundation.aggregate import derived_id
from services.foundation.command_sender import CommandSender
from services.foundation.database import Document
from services.foundation.messages import SYSTEM, Envelope, Event, now
from services.foundation.projection import Projection
from services.matching.contract import (
    SERVICE,
    WEIGHTS_STREAM,
    ExplainPair,
    RecordTrial,
    WeightsSet,
    WeightsTrialBegun,
    WeightsTried,
)
from services.matching.explanation import Pair, PairOf
from services.matching.facts import NeedFacts, Related
from services.matching.people_index import PeopleIndex
from services.matching.pool import Pool
from services.matching.trial import compare, summary, told
from services.matching.weights import DEFAULT_WEIGHTS, Weights

SEND_AGAIN_SECONDS = 30.0
CATCH_UP_SECONDS = 5.0


class RankingWeightsDocument(mongoengine.DynamicDocument):
    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    meta = {"collection": "ranking_weights", "auto_create_index": False}  # noqa: RUF012


class WeightTrialDocument(mongoengine.DynamicDocument):
    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    meta = {"collection": "weight_trials", "auto_create_index": False, "indexes": ["waits"]}  # noqa: RUF012


class KeptWeights(Projection):
    """{_id, version, weights_version, weights: by criterion}"""

    collection = "ranking_weights"
    categories = frozenset({"weights"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        if isinstance(event, WeightsSet):
            weights = {each.criterion: each.weight for each in event.weights}
            document.update(weights_version=event.weights_version, weights=weights)


class KeptTrials(Projection):
    """{_id, version, weights: by criterion, waits: whether it is still to be carried out}"""

    collection = "weight_trials"
    categories = frozenset({"trial"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case WeightsTrialBegun():
                document.update(weights={each.criterion: each.weight for each in event.weights}, waits=True)
            case WeightsTried():
                document["waits"] = False


def current_weights(database: Database[Document], at_least: int = 0) -> Weights:
    """The weights that count; waits for those of a version that somebody else has seen."""
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while True:
        kept = database["ranking_weights"].find_one({"_id": WEIGHTS_STREAM}) or {}
        if kept.get("weights_version", 0) >= at_least or time.monotonic() > deadline:
            break
        time.sleep(0.01)
    return Weights(kept["weights_version"], kept["weights"]) if kept else DEFAULT_WEIGHTS


def pairs(database: Database[Document], related: Related) -> PairOf:
    """Gives the pair that an explanation is about, with the weights that count."""
    pool = Pool(database)

    def pair_of(command: ExplainPair) -> Pair | None:
        found = pool.pair(command)
        if found is None:
            return None
        need, person = found
        facts = NeedFacts.of(need.stated, related, now().date())
        return Pair(facts, need.is_open, person, current_weights(database, command.weights_version))

    return pair_of


class Trials:
    """Carries trials out and tells their streams. The command's id follows from the trial, so it may be sent again."""

    def __init__(
        self, database: Database[Document], sender: CommandSender, pause: Callable[[], None], related: Related
    ) -> None:
        self._database = database
        self._trials = database["weight_trials"]
        self._pool = Pool(database)
        self._sender = sender
        self._pause = pause
        self._related = related
        self._sent: dict[str, float] = {}

    def carry_out(self, at: datetime, people: PeopleIndex | None) -> None:
        """Raises SendingFailed; the next time finds the same trials again. Without ``people`` another instance, which leads and
        holds them in memory, carries them out."""
        if people is None:
            return
        waiting = list(self._trials.find({"waits": True}))
        self._sent = {each["_id"]: self._sent[each["_id"]] for each in waiting if each["_id"] in self._sent}
        for trial in waiting:
            id = trial["_id"]
            if time.monotonic() < self._sent.get(id, 0.0):
                continue
            command = self._compared(Weights(0, trial["weights"]), people)
            name = derived_id("trial", id)
            envelope = Envelope(name, id, SERVICE, at, SYSTEM, correlation_id=name)
            self._sender.send_all([(envelope, command)])
            self._sent[id] = time.monotonic() + SEND_AGAIN_SECONDS

    def _compared(self, tried: Weights, people: PeopleIndex) -> RecordTrial:
        current = current_weights(self._database)
        needs = []
        for each in list(self._pool.needs()):
            if each.is_open:
                need = NeedFacts.of(each.stated, self._related, now().date())
                needs.append(compare(each.company_id, need, people, current, tried))
            self._pause()
        return RecordTrial(compared_with=current.version, summary=summary(needs), needs=told(needs))


KEPT: Sequence[type[mongoengine.DynamicDocument]] = (RankingWeightsDocument, WeightTrialDocument)
