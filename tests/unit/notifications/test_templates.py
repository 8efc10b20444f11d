"""The wording of the messages."""

import json
import re
import shutil
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import TemplateNotFound, UndefinedError
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from services.matching.contract import HidingReason, MeetingFormat
from services.notifications import templates
from services.notifications.contract import Template
from services.notifications.examples import examples
from services.notifications.templates import LANGUAGES, RIGHT_TO_LEFT, render, words_of
from services.notifications.templates.checking import failures
from services.notifications.templates.moments import moment
from services.profiles.contract import ConsentPurpose
from services.profiles.contract.values import UiLanguage

FOLDER = Path(templates.__file__).parent
EXAMPLES = list(examples())
PARAMETERS = dict(EXAMPLES)
SCRIPTS = {"uk": "CYRILLIC", "ar": "ARABIC", "fa": "ARABIC"}


def meeting(first: str, place: str = "") -> dict[str, str]:
    return PARAMETERS["meeting_scheduled"] | {"first": first, "format": "company_visit", "place": place}


class Page(HTMLParser):
    """What the paragraphs and lists of a page say, and the direction and language that it says it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.told = ""
        self.root: dict[str, str | None] = {}
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.root = dict(attrs)
        if tag in ("p", "li", "br"):
            self._inside = True
            self.told += " "

    def handle_data(self, data: str) -> None:
        self.told += data if self._inside else ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "li"):
            self._inside = False


def spelled(source: str) -> str:
    """What a template itself says, without its fields."""
    said = re.sub(r"\{\{.*?\}\}", lambda found: " ".join(re.findall(r'"([^"]*)"', found[0].replace('"yes"', ""))), source)
    return re.sub(r"\{%.*?%\}|/v1/searches//hits|Brücke", "", said)


def words(text: str) -> list[str]:
    return [word for word in text.split() if word != "-"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", get_args(Template))
def test_every_template_is_there_in_every_language(template: str, language: str) -> None:
    name = "سلمى Ивановна"
    mail = render(template, language, name, PARAMETERS[template])
    assert (mail.language, mail.fell_back) == (language, False)
    assert mail.subject
    assert name in mail.text.partition("\n")[0]
    assert mail.text.endswith(f"{words_of(language)['team']}\n")
    assert not re.search(r"[{}]|None|Undefined", mail.text)
    assert not re.search(r"[\u2066-\u2069\n]", mail.subject)
    assert not re.search(r"^\s|\s$|\s\s", mail.subject)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", get_args(Template))
def test_text_and_page_say_the_same(template: str, language: str) -> None:
    mail = render(template, language, "<i>Lena</i> & Co", PARAMETERS[template])
    page = Page(mail.html)
    assert words(page.told) == words(mail.text)
    assert page.root == {"lang": language, "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr"}
    assert "<i>" not in mail.html


@pytest.mark.parametrize(("language", "script"), SCRIPTS.items())
@pytest.mark.parametrize("template", get_args(Template))
def test_a_text_is_written_in_the_script_of_its_language(template: str, language: str, script: str) -> None:
    source = (FOLDER / language / f"{template}.txt").read_text(encoding="utf-8")
    letters = [each for each in spelled(source) if unicodedata.category(each)[0] == "L"]
    assert letters
    assert {each for each in letters if not unicodedata.name(each).startswith(script)} == set()


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_what_is_filled_in_does_not_turn_the_sentence_around_it(language: str) -> None:
    mail = render("workshop_waitlisted", language, "Lena", PARAMETERS["workshop_waitlisted"])
    assert "\u2068Export in die Ukraine\u2069" in mail.text.replace("\n", " ")
    assert "\u2068Lena\u2069" in mail.text


def test_persian_has_its_own_letters_and_digits_and_arabic_its_own() -> None:
    persian = "".join(path.read_text(encoding="utf-8") for path in (FOLDER / "fa").iterdir())
    arabic = "".join(path.read_text(encoding="utf-8") for path in (FOLDER / "ar").iterdir())
    assert not set("يكةى") & set(persian)
    assert not set("یکپچژگ") & set(arabic)
    assert "۲ مارس ۲۰۲۶، ساعت ۱۰:۰۰" in render("meeting_moved", "fa", "", PARAMETERS["meeting_moved"]).subject


def test_ukrainian_has_no_russian_letters() -> None:
    ukrainian = "".join(path.read_text(encoding="utf-8") for path in (FOLDER / "uk").iterdir())
    assert not set("ыэъёЫЭЪЁ") & set(ukrainian)


def told_in(language: str) -> str:
    """All that the letters and the words of a language say."""
    letters = "".join(spelled(path.read_text(encoding="utf-8")) for path in (FOLDER / language).glob("*.txt"))
    return letters + "\n".join(leaves(words_of(language)))


def leaves(value: object) -> list[str]:
    if isinstance(value, dict | list):
        return [leaf for each in (value.values() if isinstance(value, dict) else value) for leaf in leaves(each)]
    return [str(value)]


@pytest.mark.parametrize(
    ("language", "mistake"),
    [
        ("fr", r"[^\u00a0][:;?!](?=\s)"),  # no break before these marks
        ("fr", r"\(e\)|\(ne\)"),  # worded so that it fits everybody
        ("fr", "'"),
        ("uk", "'"),
        ("uk", r"[\s,]ви\b|[\s,]ва[мс]\b|[\s,]ваш"),
        ("de", r"\b(?:du|dein|dich|dir)\b"),
        ("ar", "[,;?]"),
        ("fa", "[,;?]"),
        ("fa", r"(?:^|\s)ن?می\s"),  # no space after the prefix of a verb
    ],
)
def test_letters_are_polite_and_punctuated_as_their_language_is(language: str, mistake: str) -> None:
    assert re.findall(f".{{0,20}}(?:{mistake})", told_in(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_profile_has_its_own_welcome(language: str) -> None:
    assert len({render("welcome", language, "Lena", {"kind": kind}).text for kind in ("person", "company", "partner")}) == 3


def test_the_first_talk_is_called_erstgespraech() -> None:
    first = render("meeting_scheduled", "de", "Lena", meeting("yes"))
    assert first.subject == "Ihr Erstgespräch am Montag, 2. März 2026, 10:00 Uhr"
    assert "Betriebsbesuch" in first.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_both_have_agreed_is_said_otherwise_than_that_one_has(language: str) -> None:
    one, both = (render("contact_accepted", language, "", {"contact_id": "c", "both": both}) for both in ("no", "yes"))
    assert one.subject != both.subject
    assert one.text != both.text


def test_a_later_talk_is_not() -> None:
    assert render("meeting_scheduled", "en", "Lena", meeting("no")).subject.startswith("Your meeting on Monday, 2 March 2026")


def test_who_has_no_name_is_still_greeted() -> None:
    assert render("contact_arranged", "de", "", PARAMETERS["contact_arranged"]).text.startswith("Guten Tag,\n")


def test_a_partner_is_asked_to_pass_on_what_is_for_their_guest() -> None:
    for_guest = PARAMETERS["workshop_registered"] | {"guest": "yes"}
    assert "Please pass this message on." in render("workshop_registered", "en", "Kammer", for_guest).text.replace("\n", " ")


def test_a_cancelled_talk_whose_time_is_unknown_is_still_announced() -> None:
    mail = render("meeting_cancelled", "de", "Lena", PARAMETERS["meeting_cancelled"] | {"starts_at": ""})
    assert "Ihr geplantes Gespräch findet leider nicht statt." in mail.text.replace("\n", " ")


def test_a_link_can_be_followed_and_nothing_else_becomes_one() -> None:
    mail = render("workshop_registered", "de", "https://evil.example", PARAMETERS["workshop_registered"])
    assert re.findall(r'href="([^"]*)"', mail.html) == ["https://example.org/workshop?id=1"]


# --- falling back ---------------------------------------------------------------------------------------------------


def counted(template: str, language: str) -> float:
    return REGISTRY.get_sample_value("bruecke_letter_fallbacks_total", {"template": template, "language": language}) or 0.0


def test_a_language_that_is_not_there_becomes_english_and_that_is_reported() -> None:
    before = counted("welcome", "other")
    with capture_logs() as logs:
        mail = render("welcome", "pl", "Lena", {"kind": "person"})
    assert (mail.language, mail.fell_back) == ("en", True)
    assert logs == [
        {"event": "letter.fell_back", "log_level": "warning", "template": "welcome", "language": "pl", "written_in": "en"}
    ]
    assert counted("welcome", "other") == before + 1


def test_a_text_that_is_missing_in_one_language_is_written_in_the_next(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    for language in ("uk", "en"):
        (tmp_path / language / "welcome.txt").unlink()
    monkeypatch.setattr(templates, "environment_of", lambda language: real(language, tmp_path))
    before = counted("welcome", "uk")
    mail = render("welcome", "uk", "Lena", {"kind": "person"})
    assert (mail.language, mail.fell_back, mail.direction) == ("de", True, "ltr")
    assert mail.text.startswith("Guten Tag Lena,")
    assert counted("welcome", "uk") == before + 1


real = templates.environment_of


# --- mistakes in templates ------------------------------------------------------------------------------------------


def test_a_missing_parameter_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        render("step_reminder", "de", "Lena", {})


def test_an_unknown_template_is_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        render("farewell", "de", "Lena", {})


def test_every_template_gets_all_it_needs_from_its_policy() -> None:
    assert list(map(str, failures(EXAMPLES))) == []
    assert set(PARAMETERS) == set(get_args(Template)) == set(templates.names())


def test_the_check_names_template_language_and_field(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "fa" / "contact_closed.txt").write_text("X\n{% if contact_id == 'never' %}{{ reson }}{% endif %}\n")
    (tmp_path / "uk" / "contact_closed.txt").write_text("X\n{% if %}\n")
    (tmp_path / "fr" / "contact_closed.txt").unlink()
    found = [(each.template, each.language, each.field) for each in failures(EXAMPLES, tmp_path)]
    assert found == [("contact_closed", "uk", ""), ("contact_closed", "fa", "reson"), ("contact_closed", "fr", "")]


def test_the_check_names_a_subject_with_spaces_that_nobody_means(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / "de" / "contact_closed.txt").write_text("Der  Kontakt\nX\n")
    (tmp_path / "fr" / "contact_closed.txt").write_text("{{ '' }} Le contact\nX\n")
    (tmp_path / "en" / "contact_closed.txt").write_text("{{ '' }}\nX\n")
    found = [(each.language, each.reason) for each in failures(EXAMPLES, tmp_path)]
    spaces = "its subject has spaces too many"
    assert found == [("de", spaces), ("en", "it has no subject"), ("fr", spaces)]


def test_the_check_names_a_template_that_nobody_sends() -> None:
    few = [example for example in EXAMPLES if example[0] != "digest"]
    assert [(each.template, each.reason) for each in failures(few)] == [("digest", "nobody sends it")]


# --- words ----------------------------------------------------------------------------------------------------------


def test_every_language_in_which_people_can_be_written_to_has_letters() -> None:
    assert set(LANGUAGES) == set(get_args(UiLanguage))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words(language: str) -> None:
    known = json.loads((FOLDER / "de" / "words.json").read_text(encoding="utf-8"))
    told = words_of(language)
    assert set(told) - {"digits", "first_of_month"} == set(known)
    assert set(told["formats"]) == set(get_args(MeetingFormat))
    assert set(told["consents"]) == set(get_args(ConsentPurpose))
    assert set(told["hiding_reasons"]) >= set(get_args(HidingReason))
    assert set(told["stores"]) == set(known["stores"])
    assert (len(set(told["weekdays"])), len(set(told["months"]))) == (7, 12)
    for pattern in ("moment", "plain_moment", "also", "reference", "greeting_to"):
        assert set(re.findall(r"\{\w+\}", told[pattern])) == set(re.findall(r"\{\w+\}", known[pattern]))


@pytest.mark.parametrize(
    ("iso", "language", "expected"),
    [
        ("2026-03-02T09:00:00+00:00", "de", "Montag, 2. März 2026, 10:00 Uhr"),
        ("2026-07-01T22:30:00+00:00", "de", "Donnerstag, 2. Juli 2026, 00:30 Uhr"),
        ("2026-07-01T22:30:00+03:00", "en", "Wednesday, 1 July 2026, 21:30 (German time)"),
        ("2026-07-01T22:30:00+03:00", "fr", "mercredi 1er juillet 2026 à 21:30 (heure allemande)"),
        ("2026-07-01T22:30:00+03:00", "uk", "середа, 1 липня 2026 року, 21:30 (за німецьким часом)"),
        ("2026-07-01T22:30:00+03:00", "ar", "الأربعاء، 1 يوليو 2026، الساعة 21:30 (بتوقيت ألمانيا)"),
        ("2026-07-01T22:30:00+03:00", "fa", "چهارشنبه ۱ ژوئیه ۲۰۲۶، ساعت ۲۱:۳۰ (به وقت آلمان)"),
    ],
)
def test_times_are_told_as_the_clocks_in_germany_show_them(iso: str, language: str, expected: str) -> None:
    assert moment(iso, words_of(language)) == expected


def test_who_lives_in_another_time_zone_reads_their_own_time_too() -> None:
    told = moment("2026-07-01T20:30:00+00:00", words_of("en"), "Europe/Kyiv")
    assert told == "Wednesday, 1 July 2026, 22:30 (German time), which is Wednesday, 1 July 2026, 23:30 in your time zone"


@pytest.mark.parametrize("zone", ["Europe/Paris", "", "Mars/Olympus", "../etc/passwd"])
def test_one_time_is_enough_where_the_clocks_show_the_same_or_the_zone_is_unknown(zone: str) -> None:
    assert moment("2026-07-01T20:30:00+00:00", words_of("de"), zone) == "Mittwoch, 1. Juli 2026, 22:30 Uhr"
