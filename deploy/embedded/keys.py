"""The installation's secrets: made once, kept in files that only their owner can read."""

import base64
import os
import secrets
from pathlib import Path

TOKEN_SECRET = "BRUECKE_TOKEN_SECRET"
MASTER_KEY = "BRUECKE_MASTER_KEY"


def token_secret(data: Path) -> str:
    """Signs the tokens of the local issuer. The environment may name another."""
    return os.environ.get(TOKEN_SECRET) or _kept(data / "secrets" / "token_secret", secrets.token_urlsafe(48))


def master_key(data: Path) -> str:
    """Wraps the keys of persons: 32 bytes in base64. The environment may name another."""
    fresh = base64.b64encode(secrets.token_bytes(32)).decode()
    return os.environ.get(MASTER_KEY) or _kept(data / "secrets" / "master_key", fresh)


def environment_without_secrets() -> dict[str, str]:
    """What a process may inherit from this one; secrets are handed to those alone who need them."""
    return {name: value for name, value in os.environ.items() if name not in (TOKEN_SECRET, MASTER_KEY)}


def _kept(path: Path, fresh: str) -> str:
    """What the file says; the fresh text where there is no file yet. Written whole or not at all."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(fresh)
            os.fsync(file.fileno())
        partial.replace(path)
    return path.read_text().strip()
