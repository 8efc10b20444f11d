"""How the demo's story looks on the terminal."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from services.cli.api import View
from services.cli.loading import Loaded
from services.cli.mail import table_of
from services.cli.story import Cast, name

ID_LENGTH = 8
"""How many characters of an id are shown."""
UNTOLD = frozenset({"step_id", "meeting_id"})


def tell_sample(console: Console, loaded: Loaded) -> None:
    """What was loaded or found again."""
    needs = sum(len(each) for each in loaded.needs)
    people, companies, partners = len(loaded.people), len(loaded.companies), len(loaded.partners)
    counts = f"{people} people, {companies} companies with {needs} needs, {partners} partner organisations"
    counts += f", {len(loaded.prospects)} prospects (Ansprachen)"
    console.print(f"{'Loaded' if loaded.new else 'Found again:'} {counts}.\n", highlight=False)


def tell_cast(console: Console, cast: Cast) -> None:
    """Who the two sides are."""
    person, company = cast.person, cast.company
    spoken = ", ".join(f"{each['language']} ({each['level']})" for each in person["languages"])
    markets = ", ".join(each["country"] for each in person["markets"])
    size = f"{company['size_class']} enterprise, {company['headcount']} people"
    console.rule("[bold]The story of one contact", align="left", style="dim")
    _say(
        console,
        f"[bold]{escape(name(cast))}[/] lives in {person['place']}, has {person['experience_years']} years of experience"
        f" (ISCO-08 {person['occupation']}), speaks {spoken} and knows the markets {markets}.",
    )
    _say(
        console,
        f"[bold]{escape(company['name'])}[/] in {company['place']} ({size}) states a need (Bedarf):"
        f" “{escape(cast.need['title'])}”.",
    )


def tell_ranking(console: Console, cast: Cast, candidates: Sequence[View], names: dict[str, str]) -> None:
    """The best three for the need, and why the story's person is where she is."""
    _title(console, "Ranking (Rangfolge)")
    _say(console, "Who has consented and speaks the languages asked for is ranked, with reasons. People decide.")
    for place, candidate in enumerate(candidates[:3], 1):
        who = names.get(candidate["person_id"], "somebody who came after the sample")
        _say(console, f"{place}. [bold]{candidate['score']:.2f}[/]  {escape(who)}")
        if candidate["person_id"] == cast.person["id"]:
            _tell_verdicts(console, candidate["verdicts"])


def _tell_verdicts(console: Console, verdicts: Iterable[View]) -> None:
    for verdict in verdicts:
        _say(console, f"[dim]{verdict['points']:.2f} {verdict['criterion']}: {escape(verdict['reason_en'])}[/]", indent=11)


def tell_step(console: Console, title: str, tale: str, events: Iterable[View]) -> None:
    """One step, and under it the events behind it."""
    _title(console, title)
    _say(console, escape(tale))
    for event in events:
        _tell_event(console, event)


def _tell_event(console: Console, event: View) -> None:
    """Its version in the stream, when, what, by whom; below it what it says."""
    kind, who = event["type"].split(".")[1], event["actor"].partition(":")[0]
    _say(console, f"[dim]{event['version']:>3}  {_local(event['time']):%H:%M:%S}[/]  [cyan]{kind}[/] [dim]by {who}[/]")
    facts = _facts(event["data"])
    if facts:
        _say(console, f"[dim]{escape(facts)}[/]", indent=17)


def tell_standing(console: Console, contact: View) -> None:
    """How the contact stands now."""
    step = contact["next_step"]
    _title(console, "Now")
    if step:
        due = f"{_local(step['due']):%Y-%m-%d %H:%M}"
        next_step = f" The next step (nächster Schritt) is “{escape(step['what'])}”, by the {step['owner']}, due {due}."
        _say(console, f"The contact is {contact['state']}.{next_step} No conversation dies unnoticed.")
    else:
        _say(console, f"The contact is {contact['state']}.")


def tell_mail(console: Console, messages: Sequence[tuple[int, EmailMessage]], others: int) -> None:
    """The messages of the story, with their numbers in the mailbox."""
    _title(console, "Mail that went out")
    console.print(Padding(table_of(messages), (0, 0, 0, 2), expand=False) if messages else "  None yet.")
    if others:
        _say(console, f"[dim]… and {others} more; ./bruecke mail show N shows one.[/]")


def tell_tokens(console: Console, tokens: dict[str, str]) -> None:
    """A token for each role, each on a line of its own."""
    console.print("\n[bold]A token for each role[/] (./bruecke token ROLE prints another)")
    for role, token in tokens.items():
        console.print(f"  [cyan]{role:<12}[/] {token}", soft_wrap=True, highlight=False)


def _title(console: Console, title: str) -> None:
    console.print(f"\n[bold green]●[/] [bold]{title}[/]", highlight=False)


def _say(console: Console, text: str, indent: int = 2) -> None:
    console.print(Padding(text, (0, 0, 0, indent), expand=False), highlight=False)


def _facts(data: dict[str, Any]) -> str:
    """What an event says, without the ids that only tell steps and meetings of one contact apart."""
    told = {field: value for field, value in data.items() if value not in ("", None, False) and field not in UNTOLD}
    return " · ".join(f"{field.replace('_', ' ')}: {_short(value)}" for field, value in told.items())


def _short(value: Any) -> str:
    """Ids are cut, times are local."""
    text = "yes" if value is True else str(value)
    category, dash, rest = text.partition("-")
    if dash and category in ("person", "company", "need", "meeting", "contact", "workshop"):
        return f"{category}-{rest[:ID_LENGTH]}"
    if len(text) >= 19 and text[4:5] == "-" and text[10:11] == "T":
        return f"{_local(text):%Y-%m-%d %H:%M}"
    return text


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone()
