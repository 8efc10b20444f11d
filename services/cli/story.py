"""The way of one contact, from the proposal to the follow-up of its first meeting, as steps that know whether they are due.

So the story goes on where it was left: on a second start nothing is due any more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.cli.api import Api, View, until
from services.cli.loading import Loaded
from services.matching.contract import contact_stream

MEETING_STARTS_IN = timedelta(seconds=2)
"""Nobody can say what came of a meeting before it has begun, so the story's first one begins almost at once."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Whom the story is about, and who speaks: the coordination, the person, the company."""

    person: View
    company: View
    need: View
    coordinator: Api
    person_api: Api
    company_api: Api

    @property
    def contact_id(self) -> str:
        return contact_stream(self.person["id"], self.company["id"], self.need["id"])

    @property
    def path(self) -> str:
        return f"/v1/contacts/{self.contact_id}"

    def contact(self) -> View | None:
        """The contact as it stands; None before the proposal."""
        return self.coordinator.find(self.path)

    def events(self, after: int = 0) -> list[View]:
        """What happened in the contact since this version."""
        if self.contact() is None:
            return []
        found: list[View] = self.coordinator.get(f"{self.path}/events")["items"]
        return [event for event in found if event["version"] > after]


def cast_of(loaded: Loaded, api: Callable[[str, str | None], Api]) -> Cast:
    """The first person and company of the sample; ``api`` gives a client for a role and whom it speaks for."""
    person, company, need = loaded.people[0], loaded.companies[0], loaded.needs[0][0]
    speakers = (api("coordinator", None), api("person", person["id"]), api("company", company["id"]))
    return Cast(person, company, need, *speakers)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is called, what is told of it, when it is due, and how it is done."""

    title: str
    tale: Callable[[Cast], str]
    is_due: Callable[[View], bool]
    do: Callable[[Cast, View], object]


def propose(cast: Cast, _: View) -> None:
    ids = {"person_id": cast.person["id"], "company_id": cast.company["id"], "need_id": cast.need["id"]}
    cast.coordinator.post("/v1/contacts", ids)


def accept_as_person(cast: Cast, _: View) -> None:
    cast.person_api.post(f"{cast.path}/acceptances", {"side": "person"})


def accept_as_company(cast: Cast, _: View) -> None:
    cast.company_api.post(f"{cast.path}/acceptances", {"side": "company"})


def arrange(cast: Cast, _: View) -> None:
    cast.coordinator.post(f"{cast.path}/arrangement", {})


def schedule(cast: Cast, _: View) -> None:
    starts_at = datetime.now(UTC) + MEETING_STARTS_IN
    cast.coordinator.post(f"{cast.path}/meetings", meeting("face_to_face", starts_at, cast.company["place"]))


def hold(cast: Cast, contact: View) -> None:
    first = _meeting_in_state(contact, "scheduled")
    until(lambda: True if _has_begun(first) else None, "the beginning of the meeting")
    outcome = "Fachlich passt es. Gewünscht ist ein Blick in die Fertigung. (A good match; next, a look at the works.)"
    cast.coordinator.post(f"{cast.path}/meetings/{first['meeting_id']}/held", {"outcome": outcome})


def follow_up(cast: Cast, contact: View) -> None:
    held = _meeting_in_state(contact, "held")
    visit = meeting("company_visit", _in_a_week(), cast.company["place"])
    cast.coordinator.post(f"{cast.path}/meetings/{held['meeting_id']}/follow-up", {"next_meeting": visit})


def meeting(format: str, starts_at: datetime, place: str) -> View:
    """An hour's meeting as the API takes it."""
    ends_at = starts_at + timedelta(hours=1)
    return {"format": format, "starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat(), "place": place}


def _in_a_week() -> datetime:
    return datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=7)


def _has_begun(meeting: View) -> bool:
    return datetime.fromisoformat(meeting["starts_at"]) <= datetime.now(UTC)


def _meeting_in_state(contact: View, state: str) -> View:
    found: View = next(meeting for meeting in contact["meetings"] if meeting["state"] == state)
    return found


def _has_meeting(contact: View, state: str) -> bool:
    return any(meeting["state"] == state for meeting in contact.get("meetings", ()))


def _awaits(side: str) -> Callable[[View], bool]:
    return lambda contact: contact.get("state") == "proposed" and side not in contact["accepted_by"]


STEPS = (
    Step(
        "Proposal (Vorschlag)",
        lambda cast: f"The coordination proposes the contact (Kontakt) to both sides: {name(cast)} and {cast.company['name']}.",
        lambda contact: not contact,
        propose,
    ),
    Step(
        "The person accepts (Zusage)",
        lambda cast: f"{name(cast)} says yes.",
        _awaits("person"),
        accept_as_person,
    ),
    Step(
        "The company accepts (Zusage)",
        lambda cast: f"{cast.company['contact_name']} says yes for {cast.company['name']}. Now both sides have accepted.",
        _awaits("company"),
        accept_as_company,
    ),
    Step(
        "Arrangement (Vermittlung)",
        lambda _: "The coordination arranges the contact: both learn each other's name, and a date is to be found.",
        lambda contact: contact.get("state") == "accepted",
        arrange,
    ),
    Step(
        "First meeting scheduled (Erstgespräch)",
        lambda cast: f"They will meet face to face in {cast.company['place']}, in a moment.",
        lambda contact: contact.get("state") == "arranged" and not contact["meetings"],
        schedule,
    ),
    Step(
        "First meeting held",
        lambda _: "They have met. What came of it is recorded, and the follow-up is due within three days.",
        lambda contact: _has_meeting(contact, "scheduled") and not _has_meeting(contact, "followed_up"),
        hold,
    ),
    Step(
        "Follow-up (Nachbereitung)",
        lambda _: "The talk goes on: the next meeting (Folgegespräch) is a visit to the company in a week.",
        lambda contact: _has_meeting(contact, "held"),
        follow_up,
    ),
)


def name(cast: Cast) -> str:
    """The person's name."""
    return str(cast.person["name"])
