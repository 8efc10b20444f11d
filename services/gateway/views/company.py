"""Companies with their contact people and needs, and each need as a document of its own."""

from collections.abc import Iterable
from typing import Any

from services.foundation.messages import Envelope, Event
from services.gateway.duplicates.marks import keys_of_company
from services.gateway.views.profile import ProfileView
from services.gateway.views.unsealing import opened
from services.profiles.contract import (
    COMPANY_SEALED,
    CONTACT_PERSON_SEALED,
    ContactPersonAdded,
    ContactPersonRemoved,
    MergeUndone,
    NeedStated,
    NeedWithdrawn,
    ProfileErased,
    ProfileMergedInto,
    ProfileSeparated,
    ProfilesMerged,
)


class CompanyView(ProfileView):
    """{_id, version, name, …, contact_name, contact_email, statements, contact_people: [{id, name, email, …}],
    needs: [{id, company_id, open, …}]};
    needs: {_id, version, updated_at, company_id, open, title, …}"""

    collection = "companies"
    derives = ("needs", *ProfileView.derives)
    categories = frozenset({"company"})
    sealed = COMPANY_SEALED

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        match event:
            case NeedStated():
                document["needs"] = [*_needs_but(document, event.need_id), self._need(event, envelope)]
            case NeedWithdrawn():
                document["needs"] = [_closed(need, event.need_id) for need in document.get("needs", [])]
            case ProfileErased():
                needs = [_erased(need) for need in document.get("needs", [])]
                super().apply(document, event, envelope)
                document["needs"] = needs
            case ContactPersonAdded():
                others = _contact_people_but(document, event.contact_person_id)
                document["contact_people"] = [*others, self._contact_person(event)]
            case ContactPersonRemoved():
                document["contact_people"] = _contact_people_but(document, event.contact_person_id)
            case ProfilesMerged():
                super().apply(document, event, envelope)
                for each in event.contact_people:
                    others = _contact_people_but(document, each.contact_person_id)
                    document["contact_people"] = [*others, self._contact_person(each)]
                lent = {each.need_id: event.absorbed_id for each in event.needs}
                document["merged_needs"] = {**document.get("merged_needs", {}), **lent}
            case MergeUndone():
                super().apply(document, event, envelope)
                for id in event.contact_people:
                    document["contact_people"] = _contact_people_but(document, id)
                lent = document.get("merged_needs", {})
                document["merged_needs"] = {need: whose for need, whose in lent.items() if whose != event.absorbed_id}
            case _:
                document.setdefault("needs", [])
                document.setdefault("contact_people", [])
                super().apply(document, event, envelope)

    def _contact_person(self, event: ContactPersonAdded) -> dict[str, Any]:
        """Each of them has a key of their own."""
        fields = event.model_dump(exclude={"contact_person_id"})
        return {"id": event.contact_person_id, **opened(self._vault, event.contact_person_id, fields, CONTACT_PERSON_SEALED)}

    def _need(self, event: NeedStated, envelope: Envelope) -> dict[str, Any]:
        source = self.source_of(event.provenance, event.evidence, envelope)
        fields = event.model_dump(exclude={"need_id", "provenance", "evidence"})
        return {"id": event.need_id, "company_id": envelope.stream, "open": True, **fields, "source": source}

    def duplicate_keys(self, document: dict[str, Any]) -> list[str]:
        return keys_of_company(document)

    def derive(self, document: dict[str, Any], event: Event, envelope: Envelope) -> Iterable[tuple[str, dict[str, Any]]]:
        yield from super().derive(document, event, envelope)
        match event:
            case NeedStated() | NeedWithdrawn():
                for need in document["needs"]:
                    if need["id"] == event.need_id:
                        yield "needs", _by_itself(need, envelope)
            case ProfileErased():
                for need in document["needs"]:
                    yield "needs", _by_itself(need, envelope)
            case ProfileMergedInto() | ProfileSeparated():
                rests = isinstance(event, ProfileMergedInto)
                for need in document.get("needs", ()):
                    yield "needs", {**_by_itself(need, envelope), "open": need["open"] and not rests}


def _contact_people_but(document: dict[str, Any], id: str) -> list[dict[str, Any]]:
    return [each for each in document.get("contact_people", ()) if each["id"] != id]


def _by_itself(need: dict[str, Any], envelope: Envelope) -> dict[str, Any]:
    return {"_id": need["id"], "updated_at": envelope.time, **{name: need[name] for name in need if name != "id"}}


def _needs_but(document: dict[str, Any], need_id: str) -> list[dict[str, Any]]:
    return [need for need in document.get("needs", []) if need["id"] != need_id]


def _closed(need: dict[str, Any], need_id: str) -> dict[str, Any]:
    return {**need, "open": False} if need["id"] == need_id else need


def _erased(need: dict[str, Any]) -> dict[str, Any]:
    """Closed, without what somebody wrote about where it comes from."""
    source = {**need["source"], "evidence": None} if need.get("source") else None
    return {**need, "open": False, "source": source}
