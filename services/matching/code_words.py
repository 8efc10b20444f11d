"""What the codes of purposes and sectors are called in sentences, in German and English."""

from collections.abc import Mapping

_GERMAN: Mapping[str, str] = {
    "employment": "Beschäftigung",
    "internship": "Praktikum",
    "mentoring": "Mentoring",
    "advice": "Beratung",
    "market_expertise": "Marktkenntnis",
    "joint_venture": "Gemeinschaftsunternehmen",
    "mechanical_engineering": "Maschinenbau",
    "agriculture": "Landwirtschaft",
    "renewable_energy": "erneuerbare Energien",
    "construction": "Bauwesen",
    "trade": "Handel",
    "services": "Dienstleistungen",
    "other": "Sonstiges",
}


def german(code: str) -> str:
    return _GERMAN.get(code, code)


def english(code: str) -> str:
    return code.replace("_", " ")
