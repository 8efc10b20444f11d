"""Dates and meetings over HTTP: proposed, chosen, missed, found anew, held and followed up; and what gets in the way."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.embedded.installation import Installation
from tests.integration.test_gateway_http import COMPANY, NEED, PERSON, client, created, problem
from tests.waiting import eventually

pytestmark = pytest.mark.servers

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Cast:
    """A person, a company and their arranged contact, with a client for each of them and for the coordinator."""

    def __init__(self, bruecke: Installation, company: str | None = None, person: str | None = None) -> None:
        self.bruecke = bruecke
        self.staff = client(bruecke, "coordinator")
        self.person = person or self.new_person()
        self.company = company or created(self.staff.post("/v1/companies", json=self.with_mail(COMPANY, "contact_email")))["id"]
        self.need = created(self.staff.post(f"/v1/companies/{self.company}/needs", json=NEED))["id"]
        self.mine = client(bruecke, "person", self.person)
        self.theirs = client(bruecke, "company", self.company)
        ids = {"person_id": self.person, "company_id": self.company, "need_id": self.need}
        self.path = f"/v1/contacts/{created(self.staff.post('/v1/contacts', json=ids))['id']}"

    @staticmethod
    def with_mail(profile: dict[str, Any], field: str) -> dict[str, Any]:
        return {**profile, field: f"{uuid4()}@example.org"}

    def new_person(self) -> str:
        id: str = created(self.staff.post("/v1/people", json=self.with_mail(PERSON, "email")))["id"]
        for purpose in ("matching", "show_to_companies"):
            consent = {"purpose": purpose, "text_version": "2026-01", "language": "de"}
            self.staff.post(f"/v1/people/{id}/consents", json=consent).raise_for_status()
        return id

    def arranged(self) -> "Cast":
        for side in ("person", "company"):
            self.staff.post(f"{self.path}/acceptances", json={"side": side}).raise_for_status()
        self.staff.post(f"{self.path}/arrangement").raise_for_status()
        return self

    def contact(self, who: httpx.Client | None = None) -> dict[str, Any]:
        body: dict[str, Any] = (who or self.staff).get(self.path).json()
        return body


@pytest.fixture
def cast(bruecke: Installation) -> Cast:
    return Cast(bruecke).arranged()


def at(start: datetime, lasting: timedelta = HOUR) -> dict[str, str]:
    return {"starts_at": start.isoformat(), "ends_at": (start + lasting).isoformat()}


def dates(*starts: datetime, **more: Any) -> dict[str, Any]:
    return {"format": "video", "place": "https://meet.example.org/x", "dates": [at(each) for each in starts], **more}


def soon(days: float = 3) -> datetime:
    return (datetime.now(UTC) + days * DAY).replace(microsecond=0)


def same(text: str, moment: datetime) -> bool:
    return datetime.fromisoformat(text) == moment


def proposed(who: httpx.Client, cast: Cast, *starts: datetime) -> dict[str, Any]:
    return created(who.post(f"{cast.path}/date-proposals", json=dates(*starts)))


def proposal_path(cast: Cast, contact: dict[str, Any]) -> str:
    return f"{cast.path}/date-proposals/{contact['date_proposal']['proposal_id']}"


def test_from_proposed_dates_to_a_talk_that_is_followed_up_even_though_the_first_was_missed(cast: Cast) -> None:
    first = datetime.now(UTC) + timedelta(seconds=2)
    contact = proposed(cast.theirs, cast, soon(), first)
    assert contact["next_step"]["owner"] == "person"
    assert cast.contact(cast.mine)["your_part"] == {
        "as": "person",
        "actions": ["propose_dates", "choose_date", "decline_dates"],
        "is_next": True,
    }
    choice = {"by": "company", "starts_at": first.isoformat()}
    problem(cast.theirs.post(f"{proposal_path(cast, contact)}/choice", json=choice), 422, "dates-are-their-own")
    problem(cast.theirs.post(f"{proposal_path(cast, contact)}/choice", json=choice | {"by": "person"}), 403, "forbidden")
    agreed = cast.mine.post(f"{proposal_path(cast, contact)}/choice", json=choice | {"by": "person"}).json()
    assert agreed["date_proposal"]["state"] == "chosen"
    (talk,) = agreed["meetings"]
    assert (talk["first"], talk["place"], talk["state"]) == (True, "https://meet.example.org/x", "scheduled")
    eventually(lambda: datetime.now(UTC) > first)
    missed = cast.staff.post(f"{cast.path}/meetings/{talk['meeting_id']}/missed", json={"missed_by": "company"})
    assert missed.json()["meetings"][0]["missed_by"] == "company"
    eventually(lambda: cast.contact()["date_proposal"]["state"] == "open")
    found = cast.contact()
    assert (found["date_proposal"]["by"], found["next_step"]["owner"]) == ("coordinator", "company")
    assert len(found["date_proposal"]["dates"]) == 3
    again = found["date_proposal"]["dates"][0]["starts_at"]
    half = cast.theirs.post(f"{proposal_path(cast, found)}/choice", json={"by": "company", "starts_at": again}).json()
    assert (half["date_proposal"]["state"], half["next_step"]["owner"]) == ("open", "person")
    full = cast.mine.post(f"{proposal_path(cast, found)}/choice", json={"by": "person", "starts_at": again}).json()
    second = full["meetings"][1]
    assert (second["starts_at"], second["state"]) == (again, "scheduled")
    now = datetime.now(UTC) + timedelta(seconds=2)
    moved = cast.staff.patch(f"{cast.path}/meetings/{second['meeting_id']}", json=at(now))
    assert moved.status_code == 200, moved.text
    eventually(lambda: datetime.now(UTC) > now)
    here = f"{cast.path}/meetings/{second['meeting_id']}"
    assert cast.staff.post(f"{here}/held", json={"outcome": "Beide wollen weiter"}).status_code == 200
    step = {"what": "Praktikum besprechen", "owner": "company", "due": soon().isoformat()}
    followed = cast.staff.post(f"{here}/follow-up", json={"next_step": step}).json()
    assert (followed["next_step"]["owner"], followed["meetings"][1]["state"]) == ("company", "followed_up")


def test_a_consent_withdrawn_in_the_middle_of_a_proposal_withdraws_it(cast: Cast) -> None:
    contact = proposed(cast.theirs, cast, soon())
    assert cast.mine.delete(f"/v1/people/{cast.person}/consents/matching").status_code == 200
    eventually(lambda: cast.contact()["state"] == "dormant")
    rests = cast.contact()
    assert (rests["date_proposal"]["state"], rests["next_step"]) == ("withdrawn", None)
    choice = {"by": "person", "starts_at": contact["date_proposal"]["dates"][0]["starts_at"]}
    problem(cast.mine.post(f"{proposal_path(cast, contact)}/choice", json=choice), 409, "contact-not-open")
    assert rests["your_part"]["actions"] == ["close", "reopen", "assign"]


def test_dates_that_all_went_by_are_taken_off_and_the_contact_is_the_coordinators(cast: Cast) -> None:
    contact = proposed(cast.theirs, cast, datetime.now(UTC) + timedelta(seconds=1))
    eventually(lambda: cast.contact()["date_proposal"]["state"] == "lapsed", within=90)
    assert cast.contact()["next_step"]["owner"] == "coordinator"
    choice = {"by": "person", "starts_at": contact["date_proposal"]["dates"][0]["starts_at"]}
    problem(cast.mine.post(f"{proposal_path(cast, contact)}/choice", json=choice), 409, "dates-no-longer-open")


def test_a_contact_may_be_arranged_with_dates_for_both(bruecke: Installation) -> None:
    cast = Cast(bruecke)
    for side in ("person", "company"):
        cast.staff.post(f"{cast.path}/acceptances", json={"side": side}).raise_for_status()
    cast.staff.post(f"{cast.path}/arrangement", json={"propose_dates": True}).raise_for_status()
    eventually(lambda: cast.contact()["date_proposal"] is not None)
    proposal = cast.contact()["date_proposal"]
    assert (proposal["by"], proposal["state"], len(proposal["dates"])) == ("coordinator", "open", 3)


def test_declined_dates_go_back_to_the_coordinator_with_a_reason_only_readers_may_see(cast: Cast) -> None:
    contact = proposed(cast.mine, cast, soon())
    declined = cast.theirs.post(f"{proposal_path(cast, contact)}/decline", json={"reason": "Betriebsferien"}).json()
    proposal = declined["date_proposal"]
    assert (proposal["state"], proposal["declined_by"], proposal["reason"]) == ("declined", "company", "Betriebsferien")
    assert declined["next_step"]["owner"] == "coordinator"
    with client(cast.bruecke, "auditor") as auditor:
        seen = auditor.get(cast.path).json()
        assert (seen["date_proposal"]["reason"], seen["your_part"]["as"]) == (None, "reader")


@pytest.mark.parametrize(
    ("slot", "status", "code", "field"),
    [
        (at(datetime(2020, 1, 1, tzinfo=UTC)), 422, "meeting-in-the-past", "dates.0.starts_at"),
        ({"starts_at": "2030-01-01T10:00:00", "ends_at": "2030-01-01T11:00:00Z"}, 422, "invalid-input", "dates.0.starts_at"),
        (at(soon(3), -HOUR), 422, "meeting-ends-before-it-starts", "dates.0.ends_at"),
        (at(soon(1000)), 422, "meeting-too-far-ahead", "dates.0.ends_at"),
    ],
)
def test_a_date_that_cannot_be_is_named(cast: Cast, slot: dict[str, str], status: int, code: str, field: str) -> None:
    body = {"format": "video", "dates": [slot]}
    assert problem(cast.theirs.post(f"{cast.path}/date-proposals", json=body), status, code)["field"] == field


def test_dates_that_overlap_and_proposals_that_do_not_exist_are_refused(cast: Cast) -> None:
    twice = dates(soon(3), soon(3) + HOUR / 2)
    assert (
        problem(cast.theirs.post(f"{cast.path}/date-proposals", json=twice), 422, "dates-overlap")["field"]
        == "dates.1.starts_at"
    )
    nowhere = f"{cast.path}/date-proposals/dates-{uuid4()}/decline"
    problem(cast.theirs.post(nowhere, json={"reason": "nein"}), 404, "dates-unknown")


def test_a_side_moves_and_cancels_its_own_talk_with_a_reason(cast: Cast) -> None:
    talk = created(cast.staff.post(f"{cast.path}/meetings", json={"format": "phone", **at(soon())}))["meetings"][0]
    here = f"{cast.path}/meetings/{talk['meeting_id']}"
    assert problem(cast.mine.patch(here, json=at(soon(4))), 422, "moving-needs-reason")["field"] == "reason"
    moved = cast.mine.patch(here, json={**at(soon(4)), "reason": "Prüfung"}).json()["meetings"][0]
    assert (moved["moved_by"], moved["reason"]) == ("person", "Prüfung")
    problem(cast.mine.patch(here, json={**at(soon(5)), "reason": "x", "despite_clashes": True}), 403, "forbidden")
    cancelled = cast.theirs.post(f"{here}/cancellation", json={"reason": "krank"}).json()
    assert (cancelled["meetings"][0]["state"], cancelled["meetings"][0]["cancelled_by"]) == ("cancelled", "company")
    with client(cast.bruecke, "company", f"company-{uuid4()}") as stranger:
        problem(stranger.post(f"{here}/cancellation", json={"reason": "x"}), 403, "forbidden")


def test_clashes_with_another_contact_are_shown_and_need_a_decision_of_staff(bruecke: Installation, cast: Cast) -> None:
    other = Cast(bruecke, person=cast.person).arranged()
    when = soon(6)
    created(cast.staff.post(f"{cast.path}/meetings", json={"format": "video", **at(when)}))
    contact = proposed(other.theirs, other, when + HOUR / 2, when + DAY)

    def clashes(who: httpx.Client) -> list[list[dict[str, Any]]]:
        return [each["clashes"] for each in other.contact(who)["date_proposal"]["dates"]]

    eventually(lambda: clashes(other.staff)[0])
    (clash,), free = clashes(other.staff)
    assert (clash["side"], clash["with"], free) == ("person", cast.contact()["id"], [])
    assert same(clash["starts_at"], when)
    assert clashes(other.mine)[0][0]["with"] == cast.contact()["id"]
    assert [each["with"] for each in clashes(other.theirs)[0]] == [None]
    choice = {"by": "person", "starts_at": (when + HOUR / 2).isoformat()}
    refused = problem(other.mine.post(f"{proposal_path(other, contact)}/choice", json=choice), 422, "meetings-clash")
    assert refused["field"] == "starts_at"
    talk = {"format": "video", **at(when)}
    problem(other.staff.post(f"{other.path}/meetings", json=talk), 422, "meetings-clash")
    decided = created(other.staff.post(f"{other.path}/meetings", json={**talk, "despite_clashes": True}))
    assert [each["side"] for each in decided["meetings"][0]["clashes"]] == ["person"]
    assert decided["date_proposal"]["state"] == "replaced"


def test_a_workshop_in_which_one_takes_part_stands_in_the_calendar(cast: Cast) -> None:
    created(cast.staff.post(f"{cast.path}/meetings", json={"format": "phone", "place": "bei Ada", **at(soon(2))}))
    (entry,) = cast.mine.get(f"/v1/people/{cast.person}/calendar").json()["items"]
    assert (entry["kind"], entry["place"], entry["contact_id"]) == ("meeting", "bei Ada", cast.contact()["id"])
    assert cast.theirs.get(f"/v1/companies/{cast.company}/calendar").json()["items"] == [entry]
    late = {"from": soon(9).isoformat()}
    assert cast.mine.get(f"/v1/people/{cast.person}/calendar", params=late).json()["items"] == []
    problem(cast.theirs.get(f"/v1/people/{cast.person}/calendar"), 403, "forbidden")
    problem(cast.mine.get(f"/v1/people/{cast.person}/calendar", params={"from": "2030-01-01T10:00:00"}), 422, "invalid-input")


def test_coordinator_and_deputy_are_assigned_and_know_their_part(cast: Cast) -> None:
    one, two = cast.contact()["coordinator"], f"staff-{uuid4()}"
    refused = cast.staff.put(f"{cast.path}/assignment", json={"coordinator": two, "deputy": two})
    assert problem(refused, 422, "deputy-is-the-coordinator")["field"] == "deputy"
    assigned = cast.staff.put(f"{cast.path}/assignment", json={"coordinator": two, "deputy": one}).json()
    assert (assigned["coordinator"], assigned["deputy"], assigned["your_part"]["as"]) == (two, one, "deputy")
    problem(cast.mine.put(f"{cast.path}/assignment", json={"coordinator": two}), 403, "forbidden")
    assert [each["your_part"]["as"] for each in cast.mine.get("/v1/contacts").json()["items"]] == ["person"]


def test_nobody_is_brought_into_contact_with_themselves(bruecke: Installation) -> None:
    with client(bruecke, "coordinator") as staff:
        mail = f"{uuid4()}@example.org"
        person = created(staff.post("/v1/people", json={**PERSON, "email": mail}))
        company = created(staff.post("/v1/companies", json={**COMPANY, "contact_email": f" {mail.upper()}".strip()}))
        need = created(staff.post(f"/v1/companies/{company['id']}/needs", json=NEED))
        proposal = {"person_id": person["id"], "company_id": company["id"], "need_id": need["id"]}
        refused = staff.post("/v1/contacts", json=proposal, headers={"accept-language": "de"})
        body = problem(refused, 422, "contact-with-themselves")
        assert (body["field"], body["title"]) == ("person_id", "Das wäre ein Kontakt mit sich selbst")


def test_a_need_that_was_withdrawn_meanwhile_is_not_agreed_to_and_its_contact_is_the_coordinators(
    bruecke: Installation,
) -> None:
    cast = Cast(bruecke)
    cast.staff.post(f"{cast.path}/acceptances", json={"side": "person"}).raise_for_status()
    withdrawn = cast.staff.delete(f"/v1/companies/{cast.company}/needs/{cast.need}")
    assert withdrawn.is_success, withdrawn.text
    eventually(lambda: "zurückgezogen" in cast.contact()["next_step"]["what"])
    assert cast.contact()["next_step"]["owner"] == "coordinator"
    problem(cast.theirs.post(f"{cast.path}/acceptances", json={"side": "company"}), 409, "need-not-open")
    assert cast.staff.post(f"{cast.path}/closing", json={"reason": "company_withdrew"}).json()["state"] == "closed"
    step = {"what": "noch einmal", "owner": "coordinator", "due": soon().isoformat()}
    problem(cast.staff.post(f"{cast.path}/reopening", json={"next_step": step}), 409, "need-not-open")
