"""What ``bruecke skills import`` does: reads the ESCO files, and puts them in place with a progress bar."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy.embedded.problems import Problem
from services.vocabulary.skills.concept import Concept
from services.vocabulary.skills.esco import EscoFiles, EscoWrong
from services.vocabulary.skills.importing import put
from services.vocabulary.skills.library import EMBEDDER
from services.vocabulary.skills.shelf import ImportRunning, ShelfBroken


def import_folder(source: Path, languages: Sequence[str], folder: Path, *, by_meaning: bool, dry_run: bool) -> None:
    """Imports what stands in ``source`` into ``folder``; of a dry run, says only what would come in. Raises Problem."""
    with _progress() as progress:
        files, concepts = _read(source, languages, progress)
        _tell_facts(files, concepts)
        if dry_run:
            print("Dry run: nothing was written.")
            return
        if by_meaning and EMBEDDER.fault:
            print(f"Meaning: not available ({EMBEDDER.fault}); imported for spelling alone.")
        changed = _put(folder, concepts, files.languages, progress, by_meaning=by_meaning and not EMBEDDER.fault)
    print(f"Imported into {folder}." if changed else "Nothing has changed since the last import.")


def _read(source: Path, languages: Sequence[str], progress: Progress) -> tuple[EscoFiles, list[Concept]]:
    task = progress.add_task("reading", total=None)
    try:
        files = EscoFiles(source, languages, lambda name, count: progress.update(task, description=name, completed=count))
        concepts = files.concepts()
    except EscoWrong as wrong:
        raise Problem("nothing was imported:\n" + "\n".join(wrong.flaws)) from None
    progress.remove_task(task)
    return files, concepts


def _put(folder: Path, concepts: Sequence[Concept], languages: Sequence[str], progress: Progress, *, by_meaning: bool) -> bool:
    task = progress.add_task("meaning", total=len(concepts), visible=by_meaning)
    embedder = EMBEDDER if by_meaning else None
    try:
        return put(
            folder, concepts, languages, datetime.now(UTC), embedder, lambda done, _: progress.update(task, completed=done)
        )
    except ImportRunning:
        raise Problem(f"another import works in {folder}") from None
    except ShelfBroken as broken:
        raise Problem(str(broken)) from None
    except OSError as fault:
        raise Problem(f"{folder}: {fault.strerror}") from None


def _tell_facts(files: EscoFiles, concepts: Sequence[Concept]) -> None:
    for name in files.missing:
        print(f"{name} is not there; what it would say is left out.")
    broader, isco = sum(bool(each.broader) for each in concepts), sum(bool(each.isco) for each in concepts)
    spoken = ", ".join(files.languages)
    print(f"{len(concepts):,} concepts in {spoken}; {broader:,} have a broader one, {isco:,} have ISCO-08 groups.")


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
