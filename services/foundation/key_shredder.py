"""nameko: destroying keys without being able to use them, for who decides that something is forgotten."""

from typing import Any

from nameko.extensions import DependencyProvider

from services.foundation.key_store import KeyStore, open_key_store


class Shredder(DependencyProvider):
    """Provides the KeyStore: the keys as they lie in the vault, wrapped."""

    def __init__(self) -> None:
        self._keys: KeyStore | None = None

    def setup(self) -> None:
        self._keys = open_key_store(self.container.config["settings"])

    def get_dependency(self, worker_ctx: Any) -> KeyStore | None:
        return self._keys
