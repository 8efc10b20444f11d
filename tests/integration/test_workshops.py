"""Workshops over HTTP: places and the line for them, guests, attendance, feedback, and what ends with a profile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.embedded.installation import Installation
from tests.integration.test_gateway_http import COMPANY, NEED, PERSON, client, created, problem
from tests.integration.test_words import everything_kept
from tests.waiting import eventually

pytestmark = pytest.mark.servers

GUEST = {"name": "Odalys Quetzal", "email": "odalys.quetzal@needle.example"}
SECRET = "Herr Vantablack hat gut moderiert"


@pytest.fixture(scope="module")
def bruecke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation(tmp_path_factory.mktemp("workshops")) as installation:
        installation.start()
        yield installation


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "coordinator") as opened:
        yield opened


@pytest.fixture
def people(staff: httpx.Client) -> list[str]:
    return [created(staff.post("/v1/people", json=PERSON))["id"] for _ in range(3)]


def workshop(**fields: Any) -> dict[str, Any]:
    starts = datetime.now(UTC) + timedelta(days=7)
    return {
        "kind": "intercultural_training",
        "title": "Verhandeln zwischen den Kulturen",
        "language": "de",
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=3)).isoformat(),
        "capacity": 1,
        "place": "Rostock",
        "region": "DE-MV",
    } | fields


def announced(staff: httpx.Client, **fields: Any) -> str:
    """The path of a workshop."""
    return f"/v1/workshops/{created(staff.post('/v1/workshops', json=workshop(**fields)))['id']}"


def soon(staff: httpx.Client, **fields: Any) -> tuple[str, datetime]:
    """The path of a workshop that starts in a moment, and when."""
    starts = datetime.now(UTC) + timedelta(seconds=4)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    return announced(staff, **times, **fields), starts


def register(caller: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    return created(caller.post(f"{path}/registrations", json=body))


def states(staff: httpx.Client, path: str) -> dict[str, str]:
    items = staff.get(f"{path}/registrations").raise_for_status().json()["items"]
    return {each["participant_id"]: each["state"] for each in items}


def test_places_are_given_in_order_and_who_waits_moves_up(
    bruecke: Installation, staff: httpx.Client, people: list[str]
) -> None:
    first, second, third = people
    path = announced(staff)
    with client(bruecke, "person", first) as mine:
        answer = mine.post(f"{path}/registrations")
        assert (answer.status_code, answer.json()["state"], answer.json()["participant_id"]) == (201, "registered", first)
        assert register(mine, path)["state"] == "registered", "registering twice changes nothing"
    assert register(staff, path, participant_id=second)["place_in_line"] == 1
    assert register(staff, path, participant_id=third)["place_in_line"] == 2
    seen = staff.get(path).json()
    assert (seen["free_places"], seen["waiting"], "registrations" in seen) == (0, 2, False)
    with client(bruecke, "person", first) as mine:
        assert mine.delete(f"{path}/registrations/{second}").status_code == 403
        assert mine.delete(f"{path}/registrations/{first}").raise_for_status().json()["state"] == "cancelled"
    assert states(staff, path) == {first: "cancelled", second: "confirmed", third: "waitlisted"}
    assert staff.patch(path, json={"capacity": 2}).raise_for_status().json()["free_places"] == 0
    assert states(staff, path)[third] == "confirmed"
    assert register(staff, path, participant_id=first)["place_in_line"] == 1
    problem(staff.patch(path, json={"capacity": 1}), 422, "capacity-below-registered")
    events = [each["type"].split(".")[1] for each in staff.get(f"{path}/events").json()["items"]]
    assert events == [
        "WorkshopAnnounced",
        "ParticipantRegistered",
        "ParticipantWaitlisted",
        "ParticipantWaitlisted",
        "RegistrationCancelled",
        "ParticipantPromoted",
        "WorkshopChanged",
        "ParticipantPromoted",
        "ParticipantWaitlisted",
    ]


def test_of_many_who_want_the_last_place_one_gets_it(bruecke: Installation, staff: httpx.Client, people: list[str]) -> None:
    path = announced(staff)

    def ask(person: str) -> str:
        with client(bruecke, "person", person) as mine:
            return str(register(mine, path)["state"])

    with ThreadPoolExecutor(len(people)) as clients:
        answered = sorted(clients.map(ask, people))
    assert answered == ["registered", "waitlisted", "waitlisted"]
    assert sorted(states(staff, path).values()) == answered


def test_a_request_that_is_sent_again_registers_once(staff: httpx.Client, people: list[str]) -> None:
    path, key = announced(staff, capacity=2), {"idempotency-key": str(uuid4())}
    body = {"participant_id": people[0]}
    answers = [staff.post(f"{path}/registrations", json=body, headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert len(staff.get(f"{path}/events").json()["items"]) == 2


def test_each_sees_the_workshop_and_nobody_but_staff_who_takes_part(
    bruecke: Installation, staff: httpx.Client, people: list[str]
) -> None:
    path = announced(staff, region="SY-HL", link="https://meet.example.org/42", capacity=2)
    register(staff, path, participant_id=people[0])
    register(staff, path, participant_id=people[1])
    with client(bruecke, "person", people[0]) as mine:
        one, (listed,) = mine.get(path).json(), mine.get("/v1/workshops", params={"region": "SY-HL"}).json()["items"]
        assert one == listed
        assert mine.get("/v1/workshops", params={"mine": "true"}).json()["items"] == [one]
        assert (one["my_state"], one["link"], one["free_places"]) == ("registered", "https://meet.example.org/42", 0)
        assert [each["participant_id"] for each in mine.get(f"{path}/registrations").json()["items"]] == [people[0]]
        assert mine.get(f"{path}/events").status_code == 403
        assert mine.post("/v1/workshops", json=workshop()).status_code == 403
    for role, stream in (("person", people[2]), ("company", f"company-{uuid4()}"), ("partner", f"partner-{uuid4()}")):
        with client(bruecke, role, stream) as other:
            seen = other.get(path).raise_for_status()
            assert "link" not in seen.json()
            assert other.get("/v1/workshops", params={"mine": "true"}).json()["items"] == []
            assert other.get(f"{path}/registrations").json()["items"] == []
            assert not [each for each in people if each in seen.text]
    free = {"region": "SY-HL", "free": "true"}
    assert staff.get("/v1/workshops", params=free).json()["items"] == []


def test_workshops_are_listed_by_date(staff: httpx.Client) -> None:
    moments = [datetime.now(UTC) + timedelta(days=days) for days in (40, 20, 30)]
    for each in moments:
        times = {"starts_at": each.isoformat(), "ends_at": (each + timedelta(hours=1)).isoformat()}
        announced(staff, region="UA-46", kind="company_visit", **times)
    wanted: dict[str, Any] = {"region": "UA-46", "kind": "company_visit", "limit": 2}
    page = staff.get("/v1/workshops", params=wanted).json()
    rest = staff.get("/v1/workshops", params={**wanted, "cursor": page["next"]}).json()
    starts = [datetime.fromisoformat(each["starts_at"]) for each in (*page["items"], *rest["items"])]
    assert starts == sorted(starts)
    assert (len(starts), rest["next"]) == (3, None)
    until = {**wanted, "from": moments[1].isoformat(), "until": moments[2].isoformat()}
    assert len(staff.get("/v1/workshops", params=until).json()["items"]) == 1


def test_a_partner_brings_guests_whose_names_are_sealed(bruecke: Installation, staff: httpx.Client) -> None:
    partner = created(
        staff.post("/v1/partners", json={"name": "Kammer", "regions": ["DE-MV"], "contact_email": "k@example.org"})
    )["id"]
    path = announced(staff, capacity=5)
    with client(bruecke, "partner", partner) as theirs:
        guest = register(theirs, path, guest=GUEST, language="fr")
        assert (guest["name"], guest["email"], guest["partner_id"]) == (GUEST["name"], GUEST["email"], partner)
        assert register(theirs, path, guest=GUEST)["id"] == guest["id"], "the same guest is registered once"
        problem(theirs.post(f"{path}/registrations", json={}), 422, "guest-needs-partner")
        assert theirs.get(f"/v1/partners/{partner}/export").json()["workshops"][0]["name"] == GUEST["name"]
    with client(bruecke, "auditor") as auditor:
        (seen,) = auditor.get(f"{path}/registrations").json()["items"]
        assert "name" not in seen
        assert len(auditor.get(f"{path}/events").json()["items"]) == 2
    kept = everything_kept(bruecke)
    assert GUEST["name"] not in kept
    assert GUEST["email"] not in kept
    with client(bruecke, "partner", partner) as theirs:
        left = theirs.delete(f"{path}/registrations/{guest['participant_id']}").raise_for_status().json()
        assert (left["state"], left["name"]) == ("cancelled", "")


def test_who_was_there_gives_feedback_and_a_wish_becomes_a_contact(
    bruecke: Installation, staff: httpx.Client, people: list[str]
) -> None:
    person, absent, _ = people
    for purpose in ("matching", "show_to_companies"):
        consent = {"purpose": purpose, "text_version": "2026-01", "language": "de"}
        staff.post(f"/v1/people/{person}/consents", json=consent).raise_for_status()
    company = created(staff.post("/v1/companies", json=COMPANY))["id"]
    need = created(staff.post(f"/v1/companies/{company}/needs", json=NEED))["id"]
    mail = f"{uuid4()}@example.org"
    staff.patch(f"/v1/people/{person}", json={"purposes": ["employment"], "email": mail}).raise_for_status()
    own_company = created(staff.post("/v1/companies", json={**COMPANY, "contact_email": mail}))["id"]
    own_need = created(staff.post(f"/v1/companies/{own_company}/needs", json=NEED))["id"]
    path, starts = soon(staff, capacity=2)
    register(staff, path, participant_id=person)
    register(staff, path, participant_id=absent)
    attendance = {"participants": [{"participant_id": person, "attendance": "attended"}]}
    problem(staff.put(f"{path}/attendance", json=attendance), 409, "workshop-not-yet-started")
    eventually(lambda: datetime.now(UTC) > starts)
    problem(staff.post(f"{path}/registrations", json={"participant_id": people[2]}), 409, "workshop-has-started")
    attendance["participants"].append({"participant_id": absent, "attendance": "no_show"})
    staff.put(f"{path}/attendance", json=attendance).raise_for_status()
    assert states(staff, path) == {person: "attended", absent: "no_show"}

    wish = {"person_id": person, "company_id": company, "need_id": need}
    with client(bruecke, "person", person) as mine:
        unknown = {"rating": 5, "wishes": [{**wish, "need_id": f"need-{uuid4()}"}]}
        assert problem(mine.post(f"{path}/feedback", json=unknown), 422, "need-not-open")["field"] == "wishes.0.need_id"
        own = {"rating": 5, "wishes": [wish, {"person_id": person, "company_id": own_company, "need_id": own_need}]}
        refused = problem(mine.post(f"{path}/feedback", json=own), 422, "contact-with-themselves")
        assert refused["field"] == "wishes.1.person_id"
        told = created(mine.post(f"{path}/feedback", json={"rating": 5, "words": SECRET, "wishes": [wish]}))["feedback"]
        assert (told["rating"], told["words"]) == (5, SECRET)
        problem(mine.post(f"{path}/feedback", json={"rating": 1}), 409, "feedback-already-given")
        assert mine.get(f"/v1/people/{person}/export").json()["workshops"][0]["feedback"]["words"] == SECRET
    contact = f"/v1/contacts/{told['wishes'][0]['contact_id']}"
    eventually(lambda: staff.get(contact).status_code == 200)
    assert staff.get(contact).json()["state"] == "proposed"
    with client(bruecke, "person", absent) as mine:
        problem(mine.post(f"{path}/feedback", json={"rating": 1}), 422, "feedback-only-after-attending")
    assert SECRET not in everything_kept(bruecke)


def test_who_is_erased_gives_up_the_place_and_the_erasure_ends(staff: httpx.Client, people: list[str]) -> None:
    path = announced(staff)
    for each in people:
        register(staff, path, participant_id=each)
    erasure = staff.delete(f"/v1/people/{people[0]}").raise_for_status().json()
    eventually(lambda: states(staff, path) == dict(zip(people, ("cancelled", "confirmed", "waitlisted"), strict=True)))
    eventually(lambda: staff.get(f"/v1/erasures/{erasure['id']}").json()["state"] == "completed")
    problem(staff.post(f"{path}/registrations", json={"participant_id": people[0]}), 422, "person-unknown")


def test_a_partner_who_is_erased_takes_its_guests_along(bruecke: Installation, staff: httpx.Client, people: list[str]) -> None:
    partner = created(
        staff.post("/v1/partners", json={"name": "Verein", "regions": ["DE-MV"], "contact_email": "k@example.org"})
    )["id"]
    path = announced(staff)
    guest = register(staff, path, guest=GUEST, partner_id=partner)["participant_id"]
    register(staff, path, participant_id=people[0])
    staff.delete(f"/v1/partners/{partner}").raise_for_status()
    eventually(lambda: states(staff, path) == {guest: "cancelled", people[0]: "confirmed"})


def test_a_cancelled_workshop_takes_nobody(staff: httpx.Client, people: list[str]) -> None:
    path = announced(staff)
    cancelled = staff.post(f"{path}/cancellation", json={"reason": "Zu wenige Anmeldungen"}).raise_for_status().json()
    assert (cancelled["state"], cancelled["cancelled_because"]) == ("cancelled", "Zu wenige Anmeldungen")
    problem(staff.post(f"{path}/registrations", json={"participant_id": people[0]}), 409, "workshop-is-cancelled")


def test_a_change_of_what_was_changed_meanwhile_is_refused(staff: httpx.Client) -> None:
    path = announced(staff)
    etag = staff.get(path).headers["etag"]
    staff.patch(path, json={"title": "Neu"}, headers={"if-match": etag}).raise_for_status()
    problem(staff.patch(path, json={"title": "Anders"}, headers={"if-match": etag}), 412, "stale-version")


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"capacity": 0}, "invalid-input", "capacity"),
        ({"starts_at": "2031-01-01T10:00:00"}, "invalid-input", "starts_at"),
        ({"starts_at": "2024-01-01T10:00:00Z"}, "workshop-in-the-past", "starts_at"),
        ({"ends_at": "2024-01-01T10:00:00Z"}, "workshop-ends-before-it-starts", "ends_at"),
        ({"place": ""}, "workshop-needs-place-or-link", "place"),
        ({"link": "javascript:alert(1)"}, "invalid-input", "link"),
        ({"title": "a\u0000b"}, "invalid-input", "title"),
        ({"kind": "party"}, "invalid-input", "kind"),
        ({"surprise": 1}, "invalid-input", "surprise"),
    ],
)
def test_what_makes_no_workshop_is_refused_with_its_field(
    staff: httpx.Client, wrong: dict[str, Any], code: str, field: str
) -> None:
    told = problem(staff.post("/v1/workshops", json=workshop(**wrong)), 422, code)
    assert told["field"] == field


def test_bad_registrations_are_refused(staff: httpx.Client, people: list[str]) -> None:
    path = announced(staff)
    registrations = f"{path}/registrations"
    assert problem(staff.post(registrations), 422, "invalid-input")["field"] == "participant_id"
    problem(staff.post(registrations, json={"participant_id": f"person-{uuid4()}"}), 422, "person-unknown")
    problem(staff.post(registrations, json={"guest": GUEST}), 422, "guest-needs-partner")
    problem(staff.post(registrations, json={"guest": GUEST, "partner_id": f"partner-{uuid4()}"}), 422, "partner-unknown")
    problem(staff.post(registrations, json={"guest": {**GUEST, "email": "a\r\nb@x.de"}}), 422, "invalid-input")
    problem(staff.post(registrations, json={"guest": GUEST, "participant_id": people[0]}), 422, "invalid-input")
    problem(staff.post(f"/v1/workshops/workshop-{uuid4()}/registrations", json={"participant_id": people[0]}), 404, "not-found")
    problem(staff.delete(f"{registrations}/{people[0]}"), 404, "not-found")
    problem(staff.put(f"{path}/attendance", json={"participants": []}), 422, "invalid-input")
