"""Companies with their contact people and needs, and each need as a document of its own."""

from collections.abc import Iterable
from typing import Any

from services.foundation.messages import Envelope, Event
from services.gateway.views.profile import ProfileView
from services.gateway.views.unsealing import opened
from services.profiles.contract import (
    COMPANY_SEALED,
    CONTACT_PERSON_SEALED,
    ContactPersonAdded,
    ContactPersonRemoved,
    NeedStated,
    NeedWithdrawn,
)


class CompanyView(ProfileView):
    """{_id, version, name, …, contact_name, contact_email, statements, contact_people: [{id, name, email, …}],
    needs: [{id, company_id, open, …}]};
    needs: {_id, version, updated_at, company_id, open, title, …}"""

    collection = "companies"
    derives = ("needs",)
    categories = frozenset({"company"})
    sealed = COMPANY_SEALED

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        match event:
            case NeedStated():
                document["needs"] = [*_needs_but(document, event.need_id), _need(event, envelope.stream)]
            case NeedWithdrawn():
                document["needs"] = [_closed(need, event.need_id) for need in document.get("needs", [])]
            case ContactPersonAdded():
                others = _contact_people_but(document, event.contact_person_id)
                document["contact_people"] = [*others, self._contact_person(event)]
            case ContactPersonRemoved():
                document["contact_people"] = _contact_people_but(document, event.contact_person_id)
            case _:
                document.setdefault("needs", [])
                document.setdefault("contact_people", [])
                super().apply(document, event, envelope)

    def _contact_person(self, event: ContactPersonAdded) -> dict[str, Any]:
        """Each of them has a key of their own."""
        fields = event.model_dump(exclude={"contact_person_id"})
        return {"id": event.contact_person_id, **opened(self._vault, event.contact_person_id, fields, CONTACT_PERSON_SEALED)}

    def derive(self, document: dict[str, Any], event: Event, envelope: Envelope) -> Iterable[tuple[str, dict[str, Any]]]:
        match event:
            case NeedStated() | NeedWithdrawn():
                for need in document["needs"]:
                    if need["id"] == event.need_id:
                        fields = {name: need[name] for name in need if name != "id"}
                        yield "needs", {"_id": need["id"], "updated_at": envelope.time, **fields}


def _contact_people_but(document: dict[str, Any], id: str) -> list[dict[str, Any]]:
    return [each for each in document.get("contact_people", ()) if each["id"] != id]


def _need(event: NeedStated, company_id: str) -> dict[str, Any]:
    fields = event.model_dump(exclude={"need_id"})
    return {"id": event.need_id, "company_id": company_id, "open": True, **fields}


def _needs_but(document: dict[str, Any], need_id: str) -> list[dict[str, Any]]:
    return [need for need in document.get("needs", []) if need["id"] != need_id]


def _closed(need: dict[str, Any], need_id: str) -> dict[str, Any]:
    return {**need, "open": False} if need["id"] == need_id else need
