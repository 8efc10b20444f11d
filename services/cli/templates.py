"""``bruecke templates``: the letters that the platform writes, to be looked at and checked."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.embedded.problems import Problem

app = typer.Typer(help="Look at the letters that go out, and check them.", no_args_is_help=True)


@app.command("list")
def list_templates() -> None:
    """List all templates: channels, urgency, whether the law demands them, and in which languages they are there."""
    from rich.console import Console
    from rich.table import Table

    from services.notifications.policies import CHANNELS, DEMANDED_BY_LAW, URGENCY
    from services.notifications.templates import languages_of, names

    table = Table("template", "channels", "urgency", "sent", "languages", box=None, header_style="dim", pad_edge=False)
    for name in names():
        by = "by law" if name in DEMANDED_BY_LAW else "by consent"
        table.add_row(name, " ".join(CHANNELS.get(name, ())), URGENCY.get(name, ""), by, " ".join(languages_of(name)))
    Console().print(table)


@app.command("preview")
def preview(
    name: str,
    language: Annotated[str, typer.Option(help="de, en, uk, ar, fa or fr.")] = "de",
    zone: Annotated[str, typer.Option(help="Time zone of the recipient, e.g. Europe/Kyiv.")] = "",
    html: Annotated[Path | None, typer.Option(help="Also write the HTML page to this file.")] = None,
) -> None:
    """Show a letter as it would be written, filled with an example."""
    from services.notifications.address_book import Recipient
    from services.notifications.examples import examples, opened
    from services.notifications.letter import compose
    from services.notifications.templates import LANGUAGES

    if language not in LANGUAGES:
        raise Problem(f"there are no letters in {language!r}; there are: {', '.join(LANGUAGES)}")
    filled = next((parameters for template, parameters in examples() if template == name), None)
    if filled is None:
        raise Problem(f"there is no template {name!r}; see ./bruecke templates list")
    recipient = Recipient(language, "Lina Kovalchuk", "lina@example.org", zone)
    mail = compose(name, filled, recipient, sender="bruecke@example.org", unseal=opened)
    print(f"Subject: {mail.subject}\n\n{mail.text}")
    if mail.calendar is not None:
        print(f"With an invitation: {mail.calendar_method}")
    if html is not None:
        html.write_text(mail.html, encoding="utf-8")
        print(f"Written: {html}")


@app.command("check")
def check() -> None:
    """Write every letter in every language with what its policy gives it; name each template, language and field that fails."""
    from services.notifications.examples import examples
    from services.notifications.templates import LANGUAGES, names
    from services.notifications.templates.checking import failures

    found = list(dict.fromkeys(map(str, failures(examples()))))
    for failure in found:
        print(failure)
    if found:
        raise Problem(f"{len(found)} of the letters cannot be written")
    print(f"All {len(names())} letters can be written in {len(LANGUAGES)} languages.")
