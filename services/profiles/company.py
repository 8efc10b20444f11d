"""A company with its needs. Its size class is derived from its figures and never typed in."""

from collections.abc import Iterator
from typing import Any

from services.foundation.aggregate import Context, Refusal
from services.foundation.messages import Event
from services.profiles.contract import CompanyDetails, NeedStated, NeedWithdrawn, SizeClass, StateNeed, WithdrawNeed
from services.profiles.profile import AnyDetails, Profile

MILLION = 1_000_000
CEILINGS: tuple[tuple[SizeClass, int, int, int], ...] = (
    ("micro", 10, 2 * MILLION, 2 * MILLION),
    ("small", 50, 10 * MILLION, 10 * MILLION),
    ("medium", 250, 50 * MILLION, 43 * MILLION),
)
"""Size class, headcount below which, turnover and balance sheet in euros up to which (2003/361/EC, Annex, Article 2)."""


class NeedUnknown(Refusal):
    """The company never stated this need."""


class NeedAlreadyWithdrawn(Refusal):
    """A need that was withdrawn does not come back; it is stated anew."""


class NeedAlreadyStated(Refusal):
    """The need was stated before, with other content."""


def size_class(headcount: int, turnover_eur: int, balance_sheet_eur: int) -> SizeClass:
    """The size class by Recommendation 2003/361/EC: the headcount, and either of turnover and balance sheet, must fit."""
    for name, heads_below, turnover, balance_sheet in CEILINGS:
        if headcount < heads_below and (turnover_eur <= turnover or balance_sheet_eur <= balance_sheet):
            return name
    return "large"


class Company(Profile):
    """``open_needs`` are the needs as stated, ``withdrawn_needs`` the ids of those that are over."""

    category = "company"
    details_type = CompanyDetails

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.open_needs: dict[str, NeedStated] = {}
        self.withdrawn_needs: set[str] = set()

    def build(self, fields: dict[str, Any]) -> AnyDetails:
        derived = size_class(fields["headcount"], fields["turnover_eur"], fields["balance_sheet_eur"])
        return super().build(fields | {"size_class": derived})

    def state_need(self, command: StateNeed, _: Context) -> Iterator[Event]:
        if command.need_id in self.withdrawn_needs:
            raise NeedAlreadyWithdrawn("this need was withdrawn; state a new one", field="need_id")
        stated = NeedStated.model_validate(command.model_dump())
        known = self.open_needs.get(command.need_id)
        if known is None:
            yield stated
        elif known != stated:
            raise NeedAlreadyStated("this need was stated with other content; withdraw it and state a new one", field="need_id")

    def withdraw_need(self, command: WithdrawNeed, _: Context) -> Iterator[Event]:
        if command.need_id in self.open_needs:
            yield NeedWithdrawn(need_id=command.need_id)
        elif command.need_id not in self.withdrawn_needs:
            raise NeedUnknown("the company has not stated this need", field="need_id")

    def apply(self, event: Event) -> None:
        match event:
            case NeedStated():
                self.open_needs[event.need_id] = event
            case NeedWithdrawn():
                self.open_needs.pop(event.need_id, None)
                self.withdrawn_needs.add(event.need_id)
            case _:
                super().apply(event)
