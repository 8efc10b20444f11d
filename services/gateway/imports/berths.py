"""How many imports, or uploads, one gateway carries out at once: each keeps what it was sent in memory."""

from services.gateway.problems import Problem

MOST = 2


class Berths:
    """Belongs to one event loop."""

    def __init__(self, most: int = MOST, what: str = "imports") -> None:
        self._free = most
        self._what = what

    def take(self) -> None:
        """Raises a 503 problem while as many run as may."""
        if not self._free:
            detail = f"other {self._what} are running; send it again later"
            raise Problem(503, f"{self._what}-busy", detail, headers={"retry-after": "10"})
        self._free -= 1

    def give_back(self) -> None:
        self._free += 1
