"""What a benchmark case says."""

from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Result:
    """A figure beside what it is held against in the same run.

    ``ratio`` is ``value / against``. ``at`` says whether the ratio has to be at least or at most ``target``.
    """

    case: str
    value: float
    unit: str
    against: float
    target: float
    at: Literal["least", "most"]
    peer: str
    """What ``against`` is: a bare loop, a limit."""

    @property
    def ratio(self) -> float:
        return self.value / self.against if self.against else 0.0

    @property
    def met(self) -> bool:
        return self.ratio >= self.target if self.at == "least" else self.ratio <= self.target

    def as_json(self) -> dict[str, Any]:
        fields = {name: value for name, value in asdict(self).items() if name not in ("at", "peer")}
        return {**fields, "value": round(self.value, 3), "ratio": round(self.ratio, 3), "met": self.met}
