"""The door for partner organisations: gRPC. The stubs are generated into build/stubs and imported from there."""

import sys
from pathlib import Path

STUBS = Path(__file__).resolve().parents[3] / "build" / "stubs"

if not (STUBS / "bruecke").exists():
    raise ImportError("the gRPC stubs are missing; make them with: python -m deploy.stubs")
if str(STUBS) not in sys.path:
    sys.path.insert(0, str(STUBS))
