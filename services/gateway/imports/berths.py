"""How many imports one gateway carries out at once: each keeps what it was sent in memory."""

from services.gateway.problems import Problem

MOST = 2


class Berths:
    """Belongs to one event loop."""

    def __init__(self, most: int = MOST) -> None:
        self._free = most

    def take(self) -> None:
        """Raises a 503 problem while as many imports run as may."""
        if not self._free:
            raise Problem(503, "imports-busy", "other imports are running; send it again later", headers={"retry-after": "10"})
        self._free -= 1

    def give_back(self) -> None:
        self._free += 1
