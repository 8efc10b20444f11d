"""The demo's performance: loads the sample, plays the story, shows the mail."""

from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage

from rich.console import Console

from deploy.embedded.installation import Installation
from deploy.embedded.problems import Problem
from services.cli.api import Api, View, until
from services.cli.loading import Loaded, load
from services.cli.mail import mailbox
from services.cli.serving import busy
from services.cli.story import STEPS, Cast, cast_of
from services.cli.telling import tell_cast, tell_mail, tell_ranking, tell_sample, tell_standing, tell_step, tell_tokens
from services.cli.workshop_story import STEPS as WORKSHOP_STEPS
from services.cli.workshop_story import find_course

STAFF = ("coordinator", "head", "auditor", "operator")
MAILED = frozenset({"ContactProposed", "ContactArranged", "MeetingScheduled"})
"""Events of the story that both sides are written to about."""
MAIL_SECONDS = 15.0


def perform(console: Console, bruecke: Installation) -> Loaded:
    """The whole performance; gives what was loaded."""

    def api(role: str, stream: str | None) -> Api:
        return Api(bruecke.address, bruecke.token(role, stream))

    with busy(console, "Loading the sample …"):
        loaded = load(api("coordinator", None))
    cast = cast_of(loaded, api)
    tell_sample(console, loaded)
    tell_cast(console, cast)
    _play(console, cast, {person["id"]: person["name"] for person in loaded.people})
    _hold_workshop(console, loaded, api)
    _show_mail(console, bruecke, cast)
    return loaded


def show_tokens(console: Console, bruecke: Installation, loaded: Loaded) -> None:
    """A token for each role; those of one company, person or partner speak for the first of the sample."""
    whom = {"company": loaded.companies, "person": loaded.people, "partner": loaded.partners}
    tokens = {role: bruecke.token(role) for role in STAFF}
    tell_tokens(console, tokens | {role: bruecke.token(role, views[0]["id"]) for role, views in whom.items()})


def _play(console: Console, cast: Cast, names: dict[str, str]) -> None:
    """Tells what has happened before, then does what is due and tells it as it happens."""
    before = cast.events()
    if before:
        tell_step(console, "So far", "This contact is known from an earlier start. This has happened in it:", before)
    else:
        tell_ranking(console, cast, _candidates(cast), names)
    seen = len(before)
    for step in STEPS:
        contact = cast.contact() or {}
        if step.is_due(contact):
            step.do(cast, contact)
            events = cast.events(after=seen)
            tell_step(console, step.title, step.tale(cast), events)
            seen += len(events)
    tell_standing(console, cast.contact() or {})


def _hold_workshop(console: Console, loaded: Loaded, api: Callable[[str, str | None], Api]) -> None:
    """Plays how a workshop fills and how somebody moves up, once; an earlier start has told it already."""
    course = find_course(api("coordinator", None), loaded, api)
    if course is None:
        return
    seen = 0
    for step in WORKSHOP_STEPS:
        step.do(course)
        events = course.events(after=seen)
        tell_step(console, step.title, step.tale(course), events)
        seen += len(events)


def _candidates(cast: Cast) -> list[View]:
    """The ranking for the story's need, once it has reached the gateway with the story's person in it."""

    def look() -> list[View] | None:
        found: list[View] = cast.coordinator.get(f"/v1/needs/{cast.need['id']}/candidates")["items"]
        return found if any(each["person_id"] == cast.person["id"] for each in found) else None

    return until(look, "the ranking")


def _show_mail(console: Console, bruecke: Installation, cast: Cast) -> None:
    """Waits a while for the last message of the story: both sides were welcomed, and then told of each event."""
    both = (cast.person["email"], cast.company["contact_email"])
    told = sum(event["type"].split(".")[1] in MAILED for event in cast.events())

    def of_the_story() -> list[tuple[int, EmailMessage]]:
        return [each for each in enumerate(mailbox(bruecke.data), 1) if str(each[1]["To"]) in both]

    with busy(console, "Waiting for the mail …"), suppress(Problem):
        until(lambda: of_the_story() if len(of_the_story()) >= len(both) * (1 + told) else None, "the mail", MAIL_SECONDS)
    shown = of_the_story()
    tell_mail(console, shown, others=len(mailbox(bruecke.data)) - len(shown))
