"""From a view's document to what the search index holds of it. Pure functions: the index can be made again at any time.

Terms under ``name:`` come from personal data alone. Searches of roles that see no names never look there.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from services.gateway.search.concepts import labels
from services.gateway.search.folding import every_spelling, folded
from services.gateway.search.postings import Entry
from services.profiles.contract import COMPANY_SEALED, LEVELS, PERSON_SEALED
from services.vocabulary.industries import IndustryUnknown, section_of
from services.vocabulary.places import folded as folded_place

Document = Mapping[str, Any]

WORD, NAME = "word:", "name:"
PERSONAL_WORDS = ("name", "own_script_name", "email")


def person_entry(document: Document) -> Entry:
    """Of a person."""
    terms = {
        *_terms(document, "sectors", "sector"),
        *_terms(document, "purposes", "purpose"),
        *_one(document, "occupation"),
        *_one(document, "region"),
        *_placed(document),
        *(f"skill={folded(each)}" for each in document.get("skills", ())),
        *(f"concept={each}" for each in document.get("concepts", ())),
        *(f"recognition={each['recognition']}" for each in document.get("qualifications", ())),
        *_consents(document),
        *_spoken(document),
        *_markets(document),
        *_words(_person_texts(document)),
        *_names(document.get(field) or "" for field in PERSONAL_WORDS),
    }
    name = folded(document.get("name") or "")
    keys = {"name": name, "mobility": document.get("mobility_km", 0), "available": document.get("available_from") or ""}
    return _entry(document, terms, keys)


def company_entry(document: Document) -> Entry:
    """Of a company. Its name is public, those of its contact people are not."""
    contacts = [document.get(field) or "" for field in ("contact_name", "contact_email")]
    for each in document.get("contact_people", ()):
        contacts += [each.get("name") or "", each.get("email") or ""]
    terms = {
        *_one(document, "sector"),
        *_one(document, "region"),
        *_one(document, "size_class"),
        *_placed(document),
        *(f"place={folded_place(site['place'])}" for site in document.get("sites", ())),
        *_industry(document),
        *_consents(document),
        f"has_open_need={_yes(any(need['open'] for need in document.get('needs', ())))}",
        *_words((document.get("name") or "", document.get("place") or "", document.get("legal_form") or "")),
        *_names(contacts),
    }
    return _entry(document, terms, {"name": folded(document.get("name") or "")})


def need_entry(document: Document) -> Entry:
    """Of a need. Nothing in it is personal."""
    concepts = [each["concept"] for each in document.get("concepts", ()) if each.get("concept")]
    texts = (document["title"], document.get("place") or "", *document.get("skills", ()), *_labels(concepts))
    terms = {
        *_one(document, "sector"),
        *_one(document, "region"),
        *_one(document, "purpose"),
        *_one(document, "occupation"),
        *_one(document, "target_market"),
        *_one(document, "company_id"),
        *_placed(document),
        *(f"skill={folded(each)}" for each in document.get("skills", ())),
        *(f"concept={each}" for each in concepts),
        *_spoken(document),
        f"open={_yes(document.get('open', False))}",
        *_words(texts),
    }
    return _entry(document, terms, {"name": folded(document["title"])})


ENTRIES: Mapping[str, Callable[[Document], Entry]] = {
    "people": person_entry,
    "companies": company_entry,
    "needs": need_entry,
}
"""By collection."""

UNREAD: Mapping[str, tuple[str, ...]] = {
    "people": ("statements", "covered", "skill_concepts", *(field for field in PERSON_SEALED if field not in PERSONAL_WORDS)),
    "companies": ("statements", "covered", *(field for field in COMPANY_SEALED if field.endswith("phone"))),
    "needs": (),
}
"""Fields of the documents that the index has no use for, by collection."""


def is_findable(document: Document) -> bool:
    """Whether there is something to be found: a document that waits for its first event, a tombstone, or a profile for which
    another one stands, is not."""
    return not (document.get("erased_at") or document.get("merged_into")) and ("region" in document or "title" in document)


def seconds(moment: datetime | None) -> float | None:
    """A time of a document, which is UTC with or without saying so, as a number."""
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _entry(document: Document, terms: set[str], keys: dict[str, Any]) -> Entry:
    times = {"updated": seconds(document.get("updated_at")), "created": seconds(document.get("created_at"))}
    place = folded_place(document.get("place") or "")
    kept = tuple(sys.intern(term) for term in terms)
    return Entry(str(document["_id"]), int(document.get("version", 0)), kept, {**keys, **times, "place": sys.intern(place)})


def _terms(document: Document, field: str, term: str) -> Iterator[str]:
    return (f"{term}={each}" for each in document.get(field) or ())


def _one(document: Document, field: str) -> Iterator[str]:
    if document.get(field):
        yield f"{field}={document[field]}"


def _placed(document: Document) -> Iterator[str]:
    if document.get("place"):
        yield f"place={folded_place(document['place'])}"


def _consents(document: Document) -> Iterator[str]:
    return (f"consent={each['purpose']}" for each in document.get("consents", ()))


def _spoken(document: Document) -> Iterator[str]:
    """A language at a level is spoken at every lower one too."""
    levels: tuple[str, ...] = LEVELS
    for each in document.get("languages", ()):
        reached = levels.index(each["level"]) + 1 if each["level"] in levels else 0
        for level in levels[:reached]:
            yield f"language={each['language']}:{level}"


def _markets(document: Document) -> Iterator[str]:
    for each in document.get("markets", ()):
        yield f"market={each['country']}"
        yield f"market={each['country']}:{each['sector']}"


def _industry(document: Document) -> Iterator[str]:
    industry = document.get("industry")
    if industry:
        yield f"industry={industry['scheme']}:{industry['edition']}:{lettered(**_coded(industry))}"


def _coded(industry: Document) -> dict[str, str]:
    return {name: str(industry[name]) for name in ("scheme", "edition", "code")}


def lettered(scheme: str, edition: str, code: str) -> str:
    """The code with the letter of its section in front: 28.13 is C28.13. One that the scheme does not know stays as it is."""
    if code[:1].isalpha():
        return code
    try:
        return section_of(scheme, edition, code) + code
    except IndustryUnknown:
        return code


def _person_texts(document: Document) -> Iterator[str]:
    yield document.get("place") or ""
    yield document.get("occupation") or ""
    yield from document.get("skills", ())
    yield from _labels(document.get("concepts", ()))
    for each in document.get("qualifications", ()):
        yield from (each.get("title") or "", each.get("field_of_study") or "")


def _labels(concepts: Iterable[str]) -> Iterator[str]:
    for concept in concepts:
        yield from labels(concept)


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _public_words(text)


def _names(texts: Iterable[str]) -> Iterator[str]:
    """Not remembered by text: nobody's name stays in memory for longer than the index holds it."""
    return (NAME + word for text in texts for word in every_spelling(text))


@lru_cache(maxsize=50_000)
def _public_words(text: str) -> tuple[str, ...]:
    return tuple(sys.intern(WORD + word) for word in every_spelling(text))


def _yes(truth: bool) -> str:
    return "true" if truth else "false"
