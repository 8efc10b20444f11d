"""``python -m services.cli``: the table of commands. Each imports what it needs when it runs, so that ``--help`` is quick."""

import sys

import typer

from deploy.embedded.problems import Problem
from services.cli import (
    bench,
    checks,
    dead_letters,
    demo,
    doctor,
    imports,
    keys,
    mail,
    promise,
    serve,
    skills,
    templates,
    tokens,
    views,
)

app = typer.Typer(
    name="bruecke",
    help="Brücke brings small and medium enterprises and highly qualified migrants together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("up")(serve.up)
app.command("down")(serve.down)
app.command("token")(tokens.token)
app.command("doctor")(doctor.doctor)
app.command("promise")(promise.promise)
app.add_typer(imports.app, name="import")
app.add_typer(mail.app, name="mail")
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(views.app, name="views")
app.add_typer(templates.app, name="templates")
app.add_typer(keys.app, name="keys")
app.add_typer(skills.app, name="skills")
app.command("test", context_settings=checks.PASS_ON)(checks.run_checks)
app.command("bench")(bench.bench)


def main() -> None:
    """Runs a command; a problem is one line on standard error and exit status 1."""
    try:
        app(prog_name="./bruecke")
    except Problem as problem:
        print(f"bruecke: {problem}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
