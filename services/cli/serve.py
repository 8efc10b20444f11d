"""``bruecke up`` and ``bruecke down``."""

from services.cli.options import DEFAULT_DATA, Data, GrpcPort, HttpPort

STOP_SECONDS = 90.0


def up(http_port: HttpPort = 8080, grpc_port: GrpcPort = 8090, data: Data = DEFAULT_DATA) -> None:
    """Serve, without sample data, until Ctrl-C or `bruecke down`."""
    from rich.console import Console

    from services.cli.serving import serving, show_addresses, wait_for_stop

    console = Console()
    with serving(console, data, http_port, grpc_port) as bruecke:
        console.print("[bold]Brücke is serving.[/]")
        show_addresses(console, bruecke)
        hint = "Ctrl-C stops it. `./bruecke token coordinator` prints a token, `./bruecke doctor` says how it does."
        console.print(hint, soft_wrap=True)
        wait_for_stop()


def down(data: Data = DEFAULT_DATA) -> None:
    """Stop what runs in the data folder."""
    import os
    import signal
    import time

    from deploy.embedded.problems import Problem
    from deploy.embedded.state import NotRunning, RunFolder

    folder = RunFolder(data.absolute())
    try:
        state = folder.read()
    except NotRunning as nothing:
        print(f"{nothing}.".capitalize())
        return
    os.kill(state.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while folder.is_running():
        if time.monotonic() > deadline:
            raise Problem(f"process {state.pid} did not stop within {STOP_SECONDS:.0f} seconds; see {data / 'logs'}")
        time.sleep(0.05)
    print("Stopped.")
