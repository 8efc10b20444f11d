"""``bruecke views``: making the views of all services anew from the events."""

import os
import signal

import typer

from services.cli.options import DEFAULT_DATA, Data

SERVICES = ("profiles", "matching", "notifications", "gateway")

app = typer.Typer(help="What is read and looked up: documents made of events alone.", no_args_is_help=True)


@app.callback()
def views() -> None:
    """What is read and looked up: documents made of events alone."""


@app.command("rebuild")
def rebuild_views(data: Data = DEFAULT_DATA) -> None:
    """Drop the views of all services and make them again from the events. The services restart; they are away meanwhile."""
    import pymongo

    from deploy.embedded.state import RunFolder

    state = RunFolder(data.absolute()).read()
    prefix = os.environ.get("BRUECKE_MONGO_PREFIX", "bruecke_")
    with pymongo.MongoClient[dict[str, str]](state.mongo_url, serverSelectionTimeoutMS=3_000) as client:
        for service in SERVICES:
            orders = client[f"{prefix}{service}"]["orders"]
            orders.update_one({"_id": "rebuild-views"}, {"$setOnInsert": {"ordered": "by the command line"}}, upsert=True)
    for service in SERVICES:
        os.kill(state.processes[service], signal.SIGTERM)
    print("Ordered: all services restart and rebuild their views; `./bruecke doctor` shows when they are ready.")
