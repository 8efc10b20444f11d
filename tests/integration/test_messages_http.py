"""Messages within a contact over HTTP: who belongs there talks, nobody else reads, and what was erased is gone."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.embedded.installation import Installation
from services.gateway.security import Role, issue
from services.matching.contract import LONGEST_ATTACHMENT
from tests.integration.test_gateway_http import client, created, problem
from tests.integration.test_words import arranged_contact, everything_kept
from tests.waiting import eventually

pytestmark = pytest.mark.servers

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 64
SECRET = "Frau Lüders kommt um vier"


@pytest.fixture(scope="module")
def bruecke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation(tmp_path_factory.mktemp("messages")) as installation:
        installation.start()
        yield installation


class Talk:
    """An arranged contact with a client for everybody."""

    def __init__(self, bruecke: Installation, stack: ExitStack) -> None:
        self._bruecke, self._stack = bruecke, stack
        self.staff = self.speaker("coordinator")
        self.path = arranged_contact(bruecke, self.staff)
        contact = self.staff.post(f"{self.path}/arrangement").json()
        self.person_id, self.company_id = contact["person_id"], contact["company_id"]
        self.person = self.speaker("person", self.person_id)
        self.company = self.speaker("company", self.company_id)
        self.head = self.speaker("head")
        self.auditor = self.speaker("auditor")

    def speaker(self, role: str, stream: str | None = None) -> httpx.Client:
        return self._stack.enter_context(client(self._bruecke, role, stream))

    def other(self, role: Role, subject: str, stream: str = "") -> httpx.Client:
        """Somebody of the same role who has another id."""
        secret = (self._bruecke.data / "secrets" / "token_secret").read_text().strip()
        token = issue(role, subject, stream, secret, timedelta(hours=1))
        headers = {"authorization": f"Bearer {token}"}
        return self._stack.enter_context(httpx.Client(base_url=self._bruecke.address, headers=headers, timeout=30))

    def write(self, by: httpx.Client, body: str, **fields: Any) -> dict[str, Any]:
        return created(by.post(f"{self.path}/messages", json={"body": body, "language": "de", **fields}))

    def read(self, by: httpx.Client, **query: Any) -> dict[str, Any]:
        answer = by.get(f"{self.path}/messages", params=query)
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page

    def upload(self, by: httpx.Client, name: str, data: bytes, media_type: str = "") -> httpx.Response:
        headers = {"content-type": media_type} if media_type else {}
        return by.post(f"{self.path}/attachments", params={"name": name}, content=data, headers=headers)


@pytest.fixture
def talk(bruecke: Installation) -> Iterator[Talk]:
    with ExitStack() as stack:
        yield Talk(bruecke, stack)


def bodies(page: dict[str, Any]) -> list[str | None]:
    return [each["body"] for each in page["items"]]


def test_both_sides_and_staff_talk_and_count_what_they_have_not_read(talk: Talk) -> None:
    first = talk.write(talk.person, "Guten Tag")
    second = talk.write(talk.company, "Willkommen", reply_to=first["id"], language="de")
    talk.write(talk.staff, "Ich bin auch da")
    page = talk.read(talk.person)
    assert bodies(page) == ["Guten Tag", "Willkommen", "Ich bin auch da"]
    assert [each["own"] for each in page["items"]] == [True, False, False]
    assert page["items"][1]["reply_to"] == first["id"]
    assert (page["unread"], talk.read(talk.company)["unread"], talk.read(talk.head)["unread"]) == (2, 2, 3)
    mark = talk.person.put(f"{talk.path}/messages/read-mark", json={"message_id": second["id"]}).json()
    assert mark["unread"] == 1
    back = talk.person.put(f"{talk.path}/messages/read-mark", json={"message_id": first["id"]}).json()
    assert back == mark
    eventually(lambda: talk.staff.get(talk.path).json()["last_sign_of_life"] is not None)
    assert talk.staff.get(talk.path).json()["next_step"] is not None


def test_pages_go_through_a_thread_in_order_and_topics_are_threads_of_their_own(talk: Talk) -> None:
    for number in range(5):
        talk.write(talk.person, f"Nachricht {number}")
    first = talk.read(talk.company, limit=3)
    rest = talk.read(talk.company, limit=3, cursor=first["next"])
    assert bodies(first) + bodies(rest) == [f"Nachricht {number}" for number in range(5)]
    assert rest["next"] is None
    visit = talk.write(talk.company, "Wann passt es?", topic="Besuch im Werk")
    again = talk.write(talk.person, "Am Montag", topic="Besuch im Werk")
    assert visit["thread"] == again["thread"]
    talk.write(talk.company, "Gut", **{})
    answered = talk.company.post(
        f"{talk.path}/messages", params={"thread": visit["thread"]}, json={"body": "Gut", "language": "de"}
    )
    assert created(answered)["thread"] == visit["thread"]
    assert bodies(talk.read(talk.person, thread=visit["thread"])) == ["Wann passt es?", "Am Montag", "Gut"]
    told = talk.person.get(f"{talk.path}/threads").json()
    assert {(each["topic"], each["messages"]) for each in told["items"]} == {("", 6), ("Besuch im Werk", 3)}
    assert told["unread"] == 3


def test_whoever_does_not_belong_there_reads_and_writes_nothing(talk: Talk) -> None:
    message = talk.write(talk.person, SECRET)
    stranger = talk.other("person", "p9", f"person-{uuid4()}")
    colleague = talk.other("coordinator", "somebody-else")
    for other in (stranger, colleague):
        problem(other.get(f"{talk.path}/messages"), 403, "forbidden")
        problem(other.post(f"{talk.path}/messages", json={"body": "x", "language": "de"}), 403, "forbidden")
        problem(other.put(f"{talk.path}/messages/read-mark", json={"message_id": message["id"]}), 403, "forbidden")
    problem(talk.person.get(f"/v1/contacts/contact-{uuid4()}/messages"), 404, "not-found")
    problem(talk.auditor.post(f"{talk.path}/messages", json={"body": "x", "language": "de"}), 403, "forbidden")
    seen = talk.read(talk.auditor)["items"]
    assert [(each["body"], each["state"], each["author"]) for each in seen] == [(None, "posted", talk.person_id)]


def test_a_message_is_withdrawn_by_its_author_and_hidden_by_staff_when_it_was_reported(talk: Talk) -> None:
    mine, theirs = talk.write(talk.person, SECRET), talk.write(talk.company, "Eine Beleidigung")
    problem(talk.company.post(f"{talk.path}/messages/{mine['id']}/withdrawal"), 403, "message-of-somebody-else")
    withdrawn = talk.person.post(f"{talk.path}/messages/{mine['id']}/withdrawal").json()
    assert (withdrawn["state"], withdrawn["body"]) == ("withdrawn", None)
    reported = talk.person.post(f"{talk.path}/messages/{theirs['id']}/reports", json={"reason": "insult"})
    assert reported.status_code == 200
    problem(talk.person.get("/v1/reported-messages"), 403, "forbidden")
    (waiting,) = talk.staff.get("/v1/reported-messages").json()["items"]
    assert (waiting["message"]["body"], waiting["reports"][0]["by"]) == ("Eine Beleidigung", talk.person_id)
    assert talk.other("coordinator", "somebody-else").get("/v1/reported-messages").json()["items"] == []
    path = f"{talk.path}/messages/{theirs['id']}/hiding"
    problem(talk.person.post(path, json={"reason": "insult"}), 403, "forbidden")
    hidden = talk.staff.post(path, json={"reason": "insult"}).json()
    assert (hidden["state"], hidden["reason"], hidden["body"]) == ("hidden", "insult", None)
    assert talk.staff.get("/v1/reported-messages").json()["items"] == []
    assert bodies(talk.read(talk.head)) == [None, None]


def test_a_file_goes_with_its_message_and_only_members_get_it(talk: Talk) -> None:
    data = PNG + bytes(range(256)) * 6_000
    uploaded = created(talk.upload(talk.person, "Zeugnis é.png", data, "image/png"))
    path = f"{talk.path}/attachments/{uploaded['id']}"
    problem(talk.company.get(path), 404, "not-found")
    message = talk.write(talk.person, "Anbei", attachments=[uploaded["id"]])
    assert message["attachments"][0].items() >= {"name": "Zeugnis é.png", "size": len(data)}.items()
    answer = talk.company.get(path)
    assert (answer.content, answer.headers["content-type"]) == (data, "image/png")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Zeugnis%20%C3%A9.png"
    problem(talk.auditor.get(path), 403, "forbidden")
    problem(talk.other("coordinator", "somebody-else").get(path), 403, "forbidden")
    again = talk.person.post(
        f"{talk.path}/messages", json={"body": "Noch einmal", "language": "de", "attachments": [uploaded["id"]]}
    )
    assert problem(again, 422, "attachment-unknown")["field"] == "attachments.0"
    talk.person.post(f"{talk.path}/messages/{message['id']}/withdrawal").raise_for_status()
    problem(talk.company.get(path), 410, "message-is-gone")


def test_a_file_that_is_not_what_it_is_said_to_be_is_refused(talk: Talk) -> None:
    locked = io.BytesIO()
    with zipfile.ZipFile(locked, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    flagged = bytearray(locked.getvalue())
    entry = flagged.index(b"PK\x01\x02")
    flagged[entry + 8] |= 1
    for name, data, stated, field in (
        ("a.pdf", PNG, "application/pdf", "Content-Type"),
        ("a.pdf", PNG, "", "name"),
        ("a.exe", b"MZ\x90\0" + b"\0" * 300, "", "body"),
        ("a.docx", bytes(flagged), "", "body"),
        ("a.txt", b"\xff\xfe\xff\0\0", "text/plain", "body"),
        ("a.txt", b"", "text/plain", "body"),
    ):
        assert problem(talk.upload(talk.person, name, data, stated), 422, "attachment-refused")["field"] == field, name
    german = talk.person.post(
        f"{talk.path}/attachments", params={"name": "a.txt"}, content=b"", headers={"accept-language": "de"}
    ).json()
    assert german["errors"] == [{"field": "body", "reason": "ist leer"}]


def test_ten_megabytes_are_taken_and_no_byte_more(talk: Talk) -> None:
    largest = PNG + b"\0" * (LONGEST_ATTACHMENT - len(PNG))
    assert created(talk.upload(talk.person, "gross.png", largest))["size"] == LONGEST_ATTACHMENT
    problem(talk.upload(talk.person, "gross.png", largest + b"\0"), 413, "body-too-large")


def test_nothing_new_is_written_when_the_contact_has_ended_but_it_can_be_read(talk: Talk) -> None:
    talk.write(talk.person, "Guten Tag")
    talk.staff.post(f"{talk.path}/closing", json={"reason": "no_fit"}).raise_for_status()
    refused = talk.company.post(f"{talk.path}/messages", json={"body": "Schade", "language": "de"})
    problem(refused, 409, "thread-is-closed")
    assert bodies(talk.read(talk.company)) == ["Guten Tag"]


def test_the_same_key_writes_one_message_and_gets_the_first_answer(talk: Talk) -> None:
    key = {"idempotency-key": str(uuid4())}
    uploaded = created(talk.upload(talk.person, "a.txt", b"Anlage", "text/plain"))
    body = {"body": SECRET, "language": "de", "attachments": [uploaded["id"]]}
    first, second = (talk.person.post(f"{talk.path}/messages", json=body, headers=key) for _ in range(2))
    assert first.content == second.content
    assert bodies(talk.read(talk.person)) == [SECRET]


@pytest.mark.parametrize("erased", ["person", "company"])
def test_when_either_side_is_erased_nothing_can_be_read_and_before_that_nothing_stands_in_the_clear(
    bruecke: Installation, talk: Talk, erased: str
) -> None:
    mark = f"geheim{uuid4().hex}"
    uploaded = created(talk.upload(talk.company, f"{mark}.txt", f"{mark}\n".encode() * 60_000, "text/plain"))
    body = {"body": mark, "language": "de", "topic": f"{mark}!", "attachments": [uploaded["id"]]}
    posted = talk.company.post(f"{talk.path}/messages", json=body, headers={"idempotency-key": str(uuid4())})
    thread = created(posted)["thread"]
    exported = talk.company.get(f"/v1/companies/{talk.company_id}/export").json()
    assert mark in str(exported["messages"])
    assert mark not in str(talk.person.get(f"/v1/people/{talk.person_id}/export").json())
    assert mark not in everything_kept(bruecke)
    collection, id = ("people", talk.person_id) if erased == "person" else ("companies", talk.company_id)
    erasure = talk.staff.delete(f"/v1/{collection}/{id}").json()["id"]
    eventually(lambda: talk.staff.get(f"/v1/erasures/{erasure}").json()["state"] == "completed")
    assert {each["store"] for each in talk.staff.get(f"/v1/erasures/{erasure}").json()["stores"]} >= {"attachments"}
    # A gateway notices within a second that a key was destroyed.
    eventually(lambda: talk.read(talk.head, thread=thread)["items"][0]["state"] == "erased", within=2)
    (message,) = talk.read(talk.head, thread=thread)["items"]
    assert (message["body"], message["attachments"][0]["name"]) == (None, None)
    problem(talk.head.get(f"{talk.path}/attachments/{uploaded['id']}"), 410, "profile-is-erased")


def test_who_has_a_place_in_a_workshop_writes_there_and_who_waits_does_not(bruecke: Installation, talk: Talk) -> None:
    starts = datetime.now(UTC) + timedelta(days=3)
    workshop = {
        "kind": "workshop",
        "title": "Export",
        "language": "de",
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=2)).isoformat(),
        "capacity": 1,
        "place": "Rostock",
        "region": "DE-MV",
    }
    path = f"/v1/workshops/{created(talk.staff.post('/v1/workshops', json=workshop))['id']}"
    for each in (talk.person, talk.company):
        created(each.post(f"{path}/registrations"))
    mark = f"geheim{uuid4().hex}"
    message = {"body": mark, "language": "de"}
    file = created(talk.staff.post(f"{path}/attachments", params={"name": "a.txt"}, content=mark.encode()))["id"]
    created(talk.staff.post(f"{path}/messages", json=message | {"attachments": [file]}))
    created(talk.person.post(f"{path}/messages", json=message))
    problem(talk.company.post(f"{path}/messages", json=message), 403, "forbidden")
    problem(talk.company.get(f"{path}/messages"), 403, "forbidden")
    assert talk.person.get(f"{path}/attachments/{file}").content == mark.encode()
    assert bodies(talk.person.get(f"{path}/messages").json()) == [mark, mark]
    assert mark not in everything_kept(bruecke)
    talk.staff.delete(f"/v1/people/{talk.person_id}").raise_for_status()

    def told() -> list[str]:
        return [each["state"] for each in talk.head.get(f"{path}/messages").json()["items"]]

    eventually(lambda: told() == ["posted", "erased"])
    eventually(lambda: talk.company.get(f"{path}/messages").status_code == 200)
    talk.staff.post(f"{path}/cancellation", json={"reason": "krank"}).raise_for_status()
    problem(talk.company.post(f"{path}/messages", json=message), 409, "thread-is-closed")
