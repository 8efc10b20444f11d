"""The installation's secrets: made once, kept in files that only their owner can read."""

import base64
import os
import secrets
from pathlib import Path

TOKEN_SECRET = "BRUECKE_TOKEN_SECRET"
MASTER_KEY = "BRUECKE_MASTER_KEY"
PREVIOUS = "BRUECKE_MASTER_KEY_PREVIOUS"


def token_secret(data: Path) -> str:
    """Signs the tokens of the local issuer. The environment may name another."""
    return os.environ.get(TOKEN_SECRET) or _kept(data / "secrets" / "token_secret", secrets.token_urlsafe(48))


def master_key(data: Path) -> str:
    """Wraps the keys of persons: 32 bytes in base64. The environment may name another."""
    fresh = base64.b64encode(secrets.token_bytes(32)).decode()
    return os.environ.get(MASTER_KEY) or _kept(data / "secrets" / "master_key", fresh)


def previous_master_key(data: Path) -> dict[str, str]:
    """The setting with the master key before the present one, while there are keys that it wrapped; nothing otherwise."""
    named = os.environ.get(PREVIOUS)
    path = _previous(data)
    if named or not path.exists():
        return {PREVIOUS: named} if named else {}
    return {PREVIOUS: path.read_text().strip()}


def replace_master_key(data: Path) -> None:
    """Makes a new master key and keeps the one before it. Where one is kept already, a rotation was begun: nothing changes.

    The new key is written beside the old one first, so that neither is ever missing.
    """
    if _previous(data).exists():
        return
    fresh = _kept(data / "secrets" / "master_key.next", base64.b64encode(secrets.token_bytes(32)).decode())
    _write(_previous(data), master_key(data))
    _write(data / "secrets" / "master_key", fresh)
    (data / "secrets" / "master_key.next").unlink()


def forget_previous_master_key(data: Path) -> None:
    """No key is wrapped with it any more."""
    _previous(data).unlink(missing_ok=True)


def _previous(data: Path) -> Path:
    return data / "secrets" / "master_key_previous"


def environment_without_secrets() -> dict[str, str]:
    """What a process may inherit from this one; secrets are handed to those alone who need them."""
    return {name: value for name, value in os.environ.items() if name not in (TOKEN_SECRET, MASTER_KEY, PREVIOUS)}


def _kept(path: Path, fresh: str) -> str:
    """What the file says; the fresh text where there is no file yet."""
    if not path.exists():
        _write(path, fresh)
    return path.read_text().strip()


def _write(path: Path, text: str) -> None:
    """Whole or not at all; readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        os.fsync(file.fileno())
    partial.replace(path)
