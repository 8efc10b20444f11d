"""``bruecke views``: making the gateway's views anew from the events."""

import os
import signal

import typer

from services.cli.options import DEFAULT_DATA, Data

app = typer.Typer(help="What clients read: documents made of events alone.", no_args_is_help=True)


@app.callback()
def views() -> None:
    """What clients read: documents made of events alone."""


@app.command("rebuild")
def rebuild_views(data: Data = DEFAULT_DATA) -> None:
    """Drop the gateway's views and make them again from the events. The gateway restarts; it is away meanwhile."""
    import pymongo

    from deploy.embedded.state import RunFolder

    state = RunFolder(data.absolute()).read()
    prefix = os.environ.get("BRUECKE_MONGO_PREFIX", "bruecke_")
    with pymongo.MongoClient[dict[str, str]](state.mongo_url, serverSelectionTimeoutMS=3_000) as client:
        orders = client[f"{prefix}gateway"]["orders"]
        orders.update_one({"_id": "rebuild-views"}, {"$setOnInsert": {"ordered": "by the command line"}}, upsert=True)
    os.kill(state.processes["gateway"], signal.SIGTERM)
    print("Ordered: the gateway restarts and rebuilds its views; `./bruecke doctor` shows when it is ready.")
