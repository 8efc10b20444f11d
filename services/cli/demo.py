"""``bruecke demo``: the sample, and the story of one contact as it happens."""

from typing import Annotated

import typer

from services.cli.options import DEFAULT_DATA, Data, GrpcPort, HttpPort


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the story instead of serving on.")] = False,
    http_port: HttpPort = 8080,
    grpc_port: GrpcPort = 8090,
    data: Data = DEFAULT_DATA,
) -> None:
    """Start everything, load a sample, and walk one contact from the proposal to the follow-up of its first meeting."""
    from rich.console import Console

    from services.cli.performance import perform, show_tokens
    from services.cli.serving import serving, show_addresses, wait_for_stop

    console = Console()
    with serving(console, data, http_port, grpc_port) as bruecke:
        loaded = perform(console, bruecke)
        if not once:
            console.print("\n[bold]Brücke is serving.[/]")
            show_addresses(console, bruecke)
            show_tokens(console, bruecke, loaded)
            console.print("\nCtrl-C stops it; the data stays. `./bruecke doctor` in another terminal says how it does.")
            wait_for_stop()
