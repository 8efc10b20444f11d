"""The columns that an import knows: one table a kind, from which templates, documentation and readers are made."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.gateway.imports import cells
from services.gateway.imports.cells import Read, experience, language, listed, market, number, one_of, site, text, upper

_SECTORS = {
    "Maschinenbau": "mechanical_engineering",
    "Landwirtschaft": "agriculture",
    "erneuerbare Energien": "renewable_energy",
    "Bauwesen": "construction",
    "Bau": "construction",
    "Handel": "trade",
    "Dienstleistungen": "services",
    "Sonstiges": "other",
}
_PURPOSES = {
    "Anstellung": "employment",
    "Beschäftigung": "employment",
    "Praktikum": "internship",
    "Mentoring": "mentoring",
    "Beratung": "advice",
    "Marktkenntnis": "market_expertise",
    "Joint Venture": "joint_venture",
    "Gemeinschaftsunternehmen": "joint_venture",
}
SECTOR: Read = one_of(_SECTORS, *dict.fromkeys(_SECTORS.values()))
PURPOSE: Read = one_of(_PURPOSES, *dict.fromkeys(_PURPOSES.values()))
UI_LANGUAGE: Read = one_of(
    {
        "Deutsch": "de", "Englisch": "en", "Ukrainisch": "uk", "Arabisch": "ar", "Persisch": "fa", "Französisch": "fr",
        "German": "de", "English": "en", "Ukrainian": "uk", "Arabic": "ar", "Persian": "fa", "French": "fr",
    },
    "de", "en", "uk", "ar", "fa", "fr",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``name`` is that of the form's field; ``also`` are further names that its header may have.

    What stands in a ``personal`` one is quoted in no report. ``example`` is for the template.
    """

    name: str
    also: tuple[str, ...]
    what: str
    example: str
    read: Read = text
    personal: bool = False
    multi_line: bool = False
    may_begin_like_formula: bool = False


ID = Column("id", ("Profil-ID", "Kennung"), "the profile's own id, as an export gives it; else `external_id`", "")
EXTERNAL_ID = Column(
    "external_id",
    ("Externe ID", "Nummer", "Nr.", "Lfd. Nr."),
    "what the source calls it; the same again means the same profile",
    "A-17",
    personal=True,
)
_PREFERRED_LANGUAGE = Column(
    "preferred_language", ("Sprache für Nachrichten", "Korrespondenzsprache"), "de, en, uk, ar, fa or fr", "de", UI_LANGUAGE
)
_PLACE = Column("place", ("Ort", "Stadt", "Wohnort", "City"), "place", "Rostock")
_REGION = Column("region", ("Region (ISO 3166-2)", "Bundesland"), "ISO 3166-2", "DE-MV", upper)
_PHONE = ("Telefon", "Telefonnummer", "Tel.", "Mobil", "Handy")
_MAIL = ("E-Mail", "E-Mail-Adresse", "Mail")

PEOPLE: tuple[Column, ...] = (
    ID,
    EXTERNAL_ID,
    Column("name", ("Vor- und Nachname", "Vollständiger Name"), "name in Latin script", "Anna Kowalenko", personal=True),
    Column(
        "own_script_name",
        ("Name in eigener Schrift", "Originalschrift"),
        "name in its own script",
        "Анна Коваленко",
        personal=True,
    ),
    Column("email", _MAIL, "e-mail address", "anna@example.org", personal=True),
    Column("phone", _PHONE, "phone number", "+49 381 12345", personal=True, may_begin_like_formula=True),
    Column(
        "address",
        ("Adresse", "Anschrift"),
        "may have several lines",
        "Lange Straße 1, 18055 Rostock",
        personal=True,
        multi_line=True,
    ),
    _PREFERRED_LANGUAGE,
    Column("occupation", ("Beruf", "Beruf (ISCO-08)", "ISCO-08", "ISCO"), "ISCO-08, four digits", "2144"),
    Column("experience_years", ("Berufserfahrung", "Berufsjahre", "Jahre Berufserfahrung"), "years, all in all", "7", number),
    Column(
        "experience",
        ("Erfahrung nach Branche", "Branchenerfahrung"),
        "sector:years; …",
        "construction:7",
        listed(experience(SECTOR)),
    ),
    Column("sectors", ("Branchen", "Branche", "Sektoren"), "sector; …", "mechanical_engineering;construction", listed(SECTOR)),
    Column("skills", ("Kenntnisse", "Fähigkeiten", "Fertigkeiten"), "as typed; …", "CAD;FEM", listed(text)),
    Column(
        "languages",
        ("Sprachen", "Sprachkenntnisse"),
        "code:level; …, with all five skills `de:B1(B2/B2/B1/B1/A2)` (listening, reading, spoken interaction, "
        "spoken production, writing), with evidence `de:B2:certificate`",
        "de:B2;uk:native",
        listed(language),
    ),
    Column(
        "markets",
        ("Märkte", "Marktkenntnisse"),
        "country:sector:years:network; … (country in ISO 3166-1; network none, some or strong)",
        "UA:construction:7:strong",
        listed(market(SECTOR)),
    ),
    Column(
        "purposes",
        ("Zwecke", "Art der Zusammenarbeit", "Sucht"),
        "purpose of cooperation; …",
        "employment;mentoring",
        listed(PURPOSE),
    ),
    _PLACE,
    _REGION,
    Column("mobility_km", ("Mobilität (km)", "Mobilität", "Umkreis (km)"), "kilometres", "50", number),
    Column("available_from", ("Verfügbar ab", "Verfügbar"), "date, ISO or German", "2027-01-01", cells.day),
    Column("weekly_hours", ("Wochenstunden", "Stunden pro Woche"), "hours a week", "38", number),
)

COMPANIES: tuple[Column, ...] = (
    ID,
    EXTERNAL_ID,
    Column("name", ("Firma", "Firmenname", "Unternehmen"), "name of the company", "Petermännchen Pumpenbau GmbH"),
    Column("legal_form", ("Rechtsform",), "legal form", "GmbH"),
    Column("register_entry", ("Handelsregister", "Registereintrag"), "court and number", "Amtsgericht Schwerin HRB 12345"),
    Column("vat_id", ("USt-IdNr.", "USt-ID", "Umsatzsteuer-ID"), "VAT identification number", "DE123456789"),
    Column("website", ("Webseite", "Internet", "Homepage"), "with https://", "https://example.org"),
    Column("sector", ("Branche", "Sektor"), "sector", "mechanical_engineering", SECTOR),
    Column("industry", ("Wirtschaftszweig", "WZ-Code"), "scheme, edition and code", "WZ 2008 C28.13", cells.industry),
    Column("headcount", ("Beschäftigte", "Mitarbeiter", "Mitarbeiterzahl"), "people", "42", number),
    Column("turnover_eur", ("Umsatz (EUR)", "Umsatz", "Jahresumsatz"), "euros", "4.200.000", cells.euros),
    Column("balance_sheet_eur", ("Bilanzsumme (EUR)", "Bilanzsumme"), "euros", "2.100.000", cells.euros),
    Column("figures_year", ("Geschäftsjahr", "Jahr der Zahlen"), "year of these figures", "2025", number),
    _PLACE,
    _REGION,
    Column("sites", ("Standorte", "Weitere Standorte"), "place/region; …", "Wismar/DE-MV;Hamburg/DE-HH", listed(site)),
    Column("contact_name", ("Ansprechpartner", "Ansprechperson", "Kontakt"), "main contact", "Katrin Lüders", personal=True),
    Column("contact_email", ("E-Mail des Kontakts", *_MAIL), "their e-mail address", "lueders@example.org", personal=True),
    Column(
        "contact_phone",
        ("Telefon des Kontakts", *_PHONE),
        "their phone number",
        "0385 12345",
        personal=True,
        may_begin_like_formula=True,
    ),
    _PREFERRED_LANGUAGE,
)


_FOUND = {
    "Messe": "fair",
    "Register": "register",
    "Handelsregister": "register",
    "Empfehlung": "recommendation",
    "Veranstaltung": "event",
    "Presse": "press",
    "Internet": "web",
    "Eigene Anfrage": "own_request",
    "Sonstiges": "other",
}
_KINDS = {"Person": "person", "Fachkraft": "person", "Unternehmen": "company", "Firma": "company", "Netzwerkpartner": "partner"}

PROSPECTS: tuple[Column, ...] = (
    ID,
    EXTERNAL_ID,
    Column("kind", ("Art",), "person, company or partner", "company", one_of(_KINDS, "person", "company", "partner")),
    Column("name", ("Firma", "Firmenname", "Organisation", "Vor- und Nachname"), "name", "Pumpenbau Nord", personal=True),
    Column("contact_name", ("Ansprechpartner", "Ansprechperson", "Kontakt"), "whom to ask for", "Jan Beck", personal=True),
    Column("email", _MAIL, "e-mail address", "beck@example.org", personal=True),
    Column("phone", _PHONE, "phone number", "0381 12345", personal=True, may_begin_like_formula=True),
    Column("address", ("Adresse", "Anschrift"), "one or more lines", "Werftstr. 2, Rostock", personal=True, multi_line=True),
    Column("note", ("Notiz", "Bemerkung"), "one or more lines", "sucht Konstrukteure", personal=True, multi_line=True),
    Column("sector", ("Branche", "Sektor"), "sector", "mechanical_engineering", SECTOR),
    _PLACE,
    _REGION,
    _PREFERRED_LANGUAGE,
    Column(
        "found_through",
        ("Gefunden über", "Herkunft"),
        "fair, register, recommendation, event, press, web, own_request or other",
        "fair",
        one_of(_FOUND, *dict.fromkeys(_FOUND.values())),
    ),
)


def template(columns: tuple[Column, ...]) -> str:
    """A CSV file with the header and one example row."""
    shown = [column for column in columns if column is not ID]
    return "".join(
        f"{','.join(map(_quoted, row))}\r\n" for row in ([each.name for each in shown], [each.example for each in shown])
    )


def _quoted(cell: str) -> str:
    cell = f"'{cell}" if cell.startswith(cells.FORMULA) else cell
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\r\n;') else cell


def documented(columns: tuple[Column, ...]) -> str:
    """The table of these columns in Markdown."""
    rows = [f"| `{each.name}` | {', '.join(each.also)} | {_told(each.what)} | `{_told(each.example)}` |" for each in columns]
    return "\n".join(["| column | also called | holds | example |", "|---|---|---|---|", *rows]).replace(" `` |", " |")


def _told(text: str) -> str:
    return text.replace("|", "\\|")


TABLES: Mapping[str, tuple[Column, ...]] = {"people": PEOPLE, "companies": COMPANIES, "prospects": PROSPECTS}
"""The columns by the kind of import."""
