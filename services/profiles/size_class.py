"""The size class of a company by Recommendation 2003/361/EC: derived from its figures and never typed in."""

from collections.abc import Sequence
from itertools import pairwise

from services.profiles.contract import SizeClass, YearFigures

MILLION = 1_000_000
CEILINGS: tuple[tuple[SizeClass, int, int, int], ...] = (
    ("micro", 10, 2 * MILLION, 2 * MILLION),
    ("small", 50, 10 * MILLION, 10 * MILLION),
    ("medium", 250, 50 * MILLION, 43 * MILLION),
)
"""Size class, headcount below which, turnover and balance sheet in euros up to which (Annex, Article 2)."""
ORDER: tuple[SizeClass, ...] = ("micro", "small", "medium", "large")


def size_class(headcount: int, turnover_eur: int, balance_sheet_eur: int) -> SizeClass:
    """The size class by the figures of one year: the headcount, and either of turnover and balance sheet, must fit."""
    for name, heads_below, turnover, balance_sheet in CEILINGS:
        if headcount < heads_below and (turnover_eur <= turnover or balance_sheet_eur <= balance_sheet):
            return name
    return "large"


def lasting_size_class(figures: Sequence[YearFigures]) -> SizeClass:
    """The status of a company: it changes only when the ceilings are passed in two consecutive periods (Annex, Article 4(2)).

    ``figures``: of one year or more. Of two years beyond the ceilings, the one nearer to the status decides.
    """
    classes = [
        size_class(each.headcount, each.turnover_eur, each.balance_sheet_eur)
        for each in sorted(figures, key=lambda each: each.year)
    ]
    status = ORDER.index(classes[0])
    for before, after in pairwise(classes):
        one, other = ORDER.index(before), ORDER.index(after)
        if min(one, other) > status:
            status = min(one, other)
        elif max(one, other) < status:
            status = max(one, other)
    return ORDER[status]
