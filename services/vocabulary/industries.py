"""Industry codes: which editions the schemes have, and to which section a code belongs.

Sources: Regulation (EC) 1893/2006 (NACE Rev. 2; WZ 2008 has the same divisions) and Delegated Regulation (EU) 2023/137 (NACE
Rev. 2.1; WZ 2025 has the same divisions). The same number can mean different industries: 35.12 is the transmission of
electricity in Rev. 2 and its production from renewable sources in Rev. 2.1.
"""

from collections.abc import Mapping

Ranges = Mapping[str, tuple[int, int]]

_REVISION_2: Ranges = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43), "G": (45, 47),
    "H": (49, 53), "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68), "M": (69, 75), "N": (77, 82),
    "O": (84, 84), "P": (85, 85), "Q": (86, 88), "R": (90, 93), "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip
_REVISION_2_1: Ranges = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43), "G": (46, 47),
    "H": (49, 53), "I": (55, 56), "J": (58, 60), "K": (61, 63), "L": (64, 66), "M": (68, 68), "N": (69, 75),
    "O": (77, 82), "P": (84, 84), "Q": (85, 85), "R": (86, 88), "S": (90, 93), "T": (94, 96), "U": (97, 98),
    "V": (99, 99),
}  # fmt: skip

EDITIONS: Mapping[tuple[str, str], Ranges] = {
    ("WZ", "2008"): _REVISION_2,
    ("NACE", "Rev. 2"): _REVISION_2,
    ("WZ", "2025"): _REVISION_2_1,
    ("NACE", "Rev. 2.1"): _REVISION_2_1,
}
"""First and last division of each section, by scheme and edition."""


class IndustryUnknown(ValueError):
    """There is no such edition or code. ``part``: ``edition`` or ``code``."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(reason)
        self.part = part


def section_of(scheme: str, edition: str, code: str) -> str:
    """The section (a letter) of a code such as C, C28 or 28.13; raises IndustryUnknown."""
    sections = EDITIONS.get((scheme, edition))
    if sections is None:
        known = ", ".join(f"{each} {name}" for each, name in EDITIONS)
        raise IndustryUnknown("edition", f"there is no {scheme} {edition}; there are {known}")
    letter, number = (code[0], code[1:]) if code[:1].isalpha() else ("", code)
    section = _section_of_division(sections, int(number[:2])) if number else letter
    if section not in sections or letter not in ("", section):
        raise IndustryUnknown("code", f"{scheme} {edition} has no {code}")
    return section


def _section_of_division(sections: Ranges, division: int) -> str:
    return next((letter for letter, (first, last) in sections.items() if first <= division <= last), "")
