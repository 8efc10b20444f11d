"""How a workshop of the sample fills, and how somebody who waits moves up when a place is given up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.cli.api import Api, View
from services.cli.loading import Loaded

TITLE = "Verhandeln zwischen den Kulturen (Negotiating across cultures)"
PLACES = 2
IN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Course:
    """The workshop, those who want to take part in the order in which they register, and the client of each."""

    id: str
    coordinator: Api
    people: tuple[View, ...]
    speakers: tuple[Api, ...]

    @property
    def path(self) -> str:
        return f"/v1/workshops/{self.id}"

    def events(self, after: int = 0) -> list[View]:
        """What happened in the workshop since this version."""
        found: list[View] = self.coordinator.get(f"{self.path}/events")["items"]
        return [event for event in found if event["version"] > after]

    def name(self, number: int) -> str:
        return str(self.people[number]["name"])


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is called, what is told of it, and how it is done."""

    title: str
    tale: Callable[[Course], str]
    do: Callable[[Course], None]


def find_course(coordinator: Api, loaded: Loaded, api: Callable[[str, str | None], Api]) -> Course | None:
    """A workshop that was just announced; None where an earlier start has announced it, or the sample is too small."""
    people = tuple(loaded.people[: PLACES + 1])
    known = any(each["title"] == TITLE for each in coordinator.items("/v1/workshops"))
    if known or len(people) <= PLACES:
        return None
    announced = coordinator.post("/v1/workshops", _announcement())
    return Course(announced["id"], coordinator, people, tuple(api("person", each["id"]) for each in people))


def _announcement() -> View:
    starts_at = datetime.now(UTC).replace(hour=14, minute=0, second=0, microsecond=0) + IN
    return {
        "kind": "intercultural_training",
        "title": TITLE,
        "description": "Drei Stunden mit Übungen, auf Deutsch. (Three hours with exercises, in German.)",
        "language": "de",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=3)).isoformat(),
        "capacity": PLACES,
        "place": "Rostock",
        "region": "DE-MV",
    }


def register(course: Course) -> None:
    for each in course.speakers:
        each.post(f"{course.path}/registrations", {})


def give_up(course: Course) -> None:
    course.speakers[0].delete(f"{course.path}/registrations/{course.people[0]['id']}")


STEPS = (
    Step(
        "A workshop (Veranstaltung)",
        lambda _: f"The coordination announces “{TITLE}”, in two weeks in Rostock, with {PLACES} places.",
        lambda _: None,
    ),
    Step(
        "Registrations (Anmeldungen)",
        lambda course: f"{course.name(0)} and {course.name(1)} get the places. {course.name(2)} waits in line.",
        register,
    ),
    Step(
        "A place is given up",
        lambda course: f"{course.name(0)} cannot come: {course.name(2)} moves up.",
        give_up,
    ),
)
