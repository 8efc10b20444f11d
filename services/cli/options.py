"""Options that several commands share; each can also be set in the environment."""

from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_DATA = ROOT / "data"

Data = Annotated[
    Path,
    typer.Option("--data", envvar="BRUECKE_DATA", help="Folder that keeps everything.", show_default="data", file_okay=False),
]
OtherData = Annotated[Path | None, typer.Option("--data", help="Folder that keeps everything.", file_okay=False)]
"""For the commands of a group, whose own --data may have said it already."""
HttpPort = Annotated[
    int, typer.Option("--http-port", envvar="BRUECKE_HTTP_PORT", min=0, max=65535, help="HTTP port; 0 for any free one.")
]
GrpcPort = Annotated[
    int, typer.Option("--grpc-port", envvar="BRUECKE_GRPC_PORT", min=0, max=65535, help="gRPC port; 0 for any free one.")
]
