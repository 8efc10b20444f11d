"""``bruecke import``: files of people and companies, row by row, and Europass documents."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from deploy.embedded.problems import Problem
from services.cli.options import DEFAULT_DATA, Data

app = typer.Typer(help="Import files of people, companies or prospects, or a Europass document.", no_args_is_help=True)

File = Annotated[str, typer.Argument(metavar="FILE", help="- for standard input.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")]
Source = Annotated[str, typer.Option("--source", metavar="NAME", help="Whose file it is; else the file's name.")]
Encoding = Annotated[
    Literal["utf-8", "utf-16", "windows-1252"] | None, typer.Option("--encoding", help="Of a file without byte order mark.")
]
Delimiter = Annotated[Literal[",", ";", "tab"] | None, typer.Option("--delimiter", help="Else found in the header.")]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", metavar="COLUMN", help="Leave this column out.")]
Report = Annotated[Path | None, typer.Option("--report", metavar="FILE.csv", help="Write here how each row ended.")]
Address = Annotated[str, typer.Option("--address", metavar="URL", help="Of another installation.")]
Token = Annotated[str, typer.Option("--token", help="A coordinator's, for another installation.", envvar="BRUECKE_TOKEN")]


def _command(kind: str, what: str) -> None:
    @app.command(kind, help=f"Import {what} from a CSV file; a second time it goes on where the first ended.")
    def import_kind(
        file: File,
        dry_run: DryRun = False,
        source: Source = "",
        encoding: Encoding = None,
        delimiter: Delimiter = None,
        ignore: Ignore = None,
        report: Report = None,
        address: Address = "",
        token: Token = "",
        data: Data = DEFAULT_DATA,
    ) -> None:
        from services.cli.importing import Import, run

        query = {"source": source or _source(file), "dry_run": dry_run, "encoding": encoding, "delimiter": delimiter}
        wanted = Import(f"/v1/imports/{kind}", query | {"ignore": ignore or []}, _content(file), "text/csv")
        raise typer.Exit(run(wanted, *_target(address, token, data), report))


for _kind, _what in (("people", "people"), ("companies", "companies"), ("prospects", "prospects")):
    _command(_kind, _what)


@app.command("europass", help="Import a person from a Europass document, JSON or XML.")
def import_europass(
    file: File,
    occupation: Annotated[str, typer.Option("--occupation", help="ISCO-08, four digits.")] = "",
    sectors: Annotated[str, typer.Option("--sectors", help="sector;sector")] = "",
    region: Annotated[str, typer.Option("--region", help="ISO 3166-2, like DE-MV.")] = "",
    place: Annotated[str, typer.Option("--place", help="Where the document has none, or another.")] = "",
    purposes: Annotated[str, typer.Option("--purposes", help="purpose;purpose; else employment.")] = "",
    dry_run: DryRun = False,
    address: Address = "",
    token: Token = "",
    data: Data = DEFAULT_DATA,
) -> None:
    from services.cli.europass import send_document

    said = {"occupation": occupation, "sectors": sectors, "region": region, "place": place, "purposes": purposes}
    send_document(_content(file), said | {"dry_run": str(dry_run).lower()}, *_target(address, token, data))


def _source(file: str) -> str:
    """The file's name without its extension, in the signs that a source may have."""
    if file == "-":
        raise Problem("standard input has no name: say whose data it is with --source")
    name = "".join(sign if sign.isalnum() or sign in "_ .,()&+-" else "-" for sign in Path(file).stem)
    return name.lstrip(" .,()&+-")[:100] or "file"


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as fault:
        raise Problem(f"{file} cannot be read: {fault.strerror}") from None


def _target(address: str, token: str, data: Path) -> tuple[str, str]:
    """Address and token: those given, or those of the installation that runs on this data folder."""
    from deploy.embedded.state import RunFolder
    from deploy.embedded.tokens import issue_token

    if address and not token:
        raise Problem("a token is needed for another installation: --token or BRUECKE_TOKEN")
    data = data.absolute()
    return address or RunFolder(data).read().address, token or issue_token(data, "coordinator")
