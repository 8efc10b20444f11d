"""Resume tokens: how far a partner has read, for every partition of every source. Opaque, and validated when they return."""

import base64
import binascii
from dataclasses import dataclass, field

import orjson

Place = tuple[int, int]
"""(position, index) of the last entry that was read."""

LONGEST = 16_384


class TokenUnreadable(ValueError):
    """The token was not made by Brücke."""


@dataclass(slots=True)
class Bookmark:
    """The last entry read of each ``source/partition``."""

    at: dict[str, Place] = field(default_factory=dict)

    def place(self, source: str, partition: int) -> Place:
        return self.at.get(f"{source}/{partition}", (0, -1))

    def move(self, source: str, partition: int, place: Place) -> None:
        self.at[f"{source}/{partition}"] = place

    def token(self) -> str:
        return base64.urlsafe_b64encode(orjson.dumps({"v": 1, "at": self.at})).decode().rstrip("=")

    @classmethod
    def of(cls, token: str) -> "Bookmark":
        """The bookmark that this token stands for, the beginning for an empty one. Raises TokenUnreadable."""
        if not token:
            return cls()
        try:
            if len(token) > LONGEST:
                raise ValueError
            read = orjson.loads(base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True))
            if not isinstance(read, dict) or read.get("v") != 1 or not isinstance(read.get("at"), dict):
                raise ValueError
            return cls({name: _place(value) for name, value in read["at"].items()})
        except (ValueError, binascii.Error):
            raise TokenUnreadable("this is no token of the feed") from None


def _place(value: object) -> Place:
    match value:
        case [int(position), int(index)] if 0 <= position < 2**62 and -1 <= index < 2**31 and bool not in map(type, value):
            return position, index
    raise ValueError
