"""Generates the gRPC stubs from proto/ into build/stubs: ``python -m deploy.stubs``. They are never committed."""

import shutil
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROTO = ROOT / "proto"
STUBS = ROOT / "build" / "stubs"


def build(target: Path = STUBS) -> None:
    """Makes all stubs anew, next to the old ones, and puts them in their place. Raises RuntimeError for a faulty proto file."""
    from grpc_tools import protoc

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / "stubs"
        made.mkdir()
        sources = sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))
        includes = [f"-I{PROTO}", f"-I{files('grpc_tools') / '_proto'}"]
        outputs = [f"--python_out={made}", f"--pyi_out={made}", f"--grpc_python_out={made}"]
        if protoc.main(["protoc", *includes, *outputs, *sources]):
            raise RuntimeError("protoc could not read the proto files")
        shutil.rmtree(target, ignore_errors=True)
        made.rename(target)


if __name__ == "__main__":
    try:
        build()
    except RuntimeError as fault:
        sys.exit(f"bruecke: {fault}")
