"""What else is about somebody who is to be erased, though their profile does not say so.

A partner may recommend somebody who has a profile already: staff reject that, and nothing ties the referral to the profile but
the name and address in it. The same holds for prospects that never became a profile. Both go with the profile where they give
the same e-mail address and a name that agrees with it; an address alone may be a family's or an office's.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection

from services.gateway.recognition import words_of_name

Document = dict[str, Any]
Views = Mapping[str, AsyncCollection[Document]]

OF_NOBODY: dict[str, dict[str, Any]] = {"referrals": {"person_id": None}, "prospects": {"kind": "person", "profile_id": None}}
"""Which of each collection belong to no profile. Those that do are erased with that."""


async def kin_of(views: Views, collection: str, document: Document) -> tuple[str, ...]:
    """The ids of the referrals and prospects of this profile, and of those that were merged with it."""
    found = await _named(views, document["_id"])
    if collection == "people":
        for person in [document, *await _merged(views, document)]:
            found += await _alike(views, person)
    return tuple(dict.fromkeys(found))


def is_same_human(person: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both give the same e-mail address, and all words of one's name stand in the other's, in whichever script."""
    if not _email(person) or _email(person) != _email(other):
        return False
    whole = words_of_name(f"{person.get('name') or ''} {person.get('own_script_name') or ''}")
    name, given = words_of_name(person.get("name") or ""), words_of_name(other.get("name") or "")
    return bool(given) and (given <= whole or (bool(name) and name <= given))


async def _named(views: Views, id: str) -> list[str]:
    found = await views["referrals"].find({"person_id": id}, {"_id": 1}).to_list()
    return [each["_id"] for each in found]


async def _merged(views: Views, document: Document) -> list[Document]:
    """The other profiles of the same human being."""
    ids = [*document.get("merged_from", ()), *filter(None, [document.get("merged_into")])]
    found: list[Document] = await views["people"].find({"_id": {"$in": ids}}).to_list() if ids else []
    return found


async def _alike(views: Views, person: Document) -> list[str]:
    """Views hold no e-mail address in one spelling; erasing is rare enough to go through them."""
    if not _email(person):
        return []
    same = {"$regex": f"^\\s*{re.escape(_email(person))}\\s*$", "$options": "i"}
    found: Sequence[Document] = [
        each for name, free in OF_NOBODY.items() for each in await views[name].find({"email": same, **free}).to_list()
    ]
    return [each["_id"] for each in found if is_same_human(person, each)]


def _email(document: Mapping[str, Any]) -> str:
    return (document.get("email") or "").strip().casefold()
