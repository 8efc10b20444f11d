"""A partner organisation at its door: referrals, and a feed that goes on where it was left."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import uuid4

import grpc
import httpx
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

import services.gateway.partner  # noqa: F401 - puts the generated stubs on the path

from bruecke.partner.v1 import partner_pb2 as messages  # isort: skip
from bruecke.partner.v1 import partner_pb2_grpc as stubs  # isort: skip
from deploy.embedded.installation import Installation
from tests.waiting import eventually

pytestmark = pytest.mark.servers

REGION = "SY-HL"
PERSON = {
    "name": "لينا حداد",
    "email": "lina@example.org",
    "occupation": "2144",
    "sectors": ["renewable_energy"],
    "skills": ["photovoltaics"],
    "place": "Aleppo",
    "region": REGION,
}


@dataclass
class Partner:
    """One partner organisation with its token and its channel."""

    id: str
    channel: grpc.Channel
    metadata: list[tuple[str, str]]

    def submit(self, **fields: Any) -> Any:
        request = messages.SubmitReferralRequest(**{"external_id": str(uuid4()), "name": "أحمد", "region": REGION, **fields})
        return stubs.ReferralServiceStub(self.channel).SubmitReferral(request, metadata=self.metadata, timeout=20)

    def revoke(self, external_id: str) -> Any:
        request = messages.RevokeReferralRequest(external_id=external_id)
        return stubs.ReferralServiceStub(self.channel).RevokeReferral(request, metadata=self.metadata, timeout=20)

    def get(self, external_id: str) -> Any:
        request = messages.GetReferralRequest(external_id=external_id)
        return stubs.ReferralServiceStub(self.channel).GetReferral(request, metadata=self.metadata, timeout=20)

    def feed(self, count: int, token: str = "") -> list[Any]:
        """The next entries of the feed, each within half a minute."""
        request = messages.FollowRequest(resume_token=token)
        stream = stubs.FeedServiceStub(self.channel).Follow(request, metadata=self.metadata, timeout=30)
        found = list(islice(stream, count))
        stream.cancel()
        return found


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {bruecke.token('coordinator')}"}
    with httpx.Client(base_url=bruecke.address, headers=headers, timeout=20) as client:
        yield client


@pytest.fixture
def channel(bruecke: Installation) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(bruecke.grpc_address) as made:
        yield made


@pytest.fixture
def partner(bruecke: Installation, staff: httpx.Client, channel: grpc.Channel) -> Partner:
    body = {"name": "Handwerk hilft", "regions": [REGION, "DE-MV"], "contact_email": "post@example.org"}
    id = staff.post("/v1/partners", json=body).raise_for_status().json()["id"]
    return Partner(id, channel, [("authorization", f"Bearer {bruecke.token('partner', id)}")])


def status(call: Any) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.RpcError) as failure:
        call()
    return failure.value.code(), failure.value.details()


def test_health_and_reflection_answer_without_a_token(channel: grpc.Channel) -> None:
    checked = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=10)
    assert checked.status == health_pb2.HealthCheckResponse.SERVING
    ask = reflection_pb2.ServerReflectionRequest(list_services="")
    (answer,) = reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo(iter([ask]), timeout=10)
    names = {service.name for service in answer.list_services_response.service}
    assert {"bruecke.partner.v1.ReferralService", "bruecke.partner.v1.FeedService", "grpc.health.v1.Health"} <= names


def test_a_referral_is_received_once_however_often_it_is_sent(partner: Partner) -> None:
    first = partner.submit(external_id="r-1", name="Zoë Ağaoğlu")
    again = partner.submit(external_id="r-1", name="Zoë Ağaoğlu")
    assert first.referral_id == again.referral_id
    assert again.version == 1
    assert partner.get("r-1").state == messages.REFERRAL_STATE_RECEIVED


def test_a_referral_is_taken_back_and_stays_so(partner: Partner) -> None:
    partner.submit(external_id="r-3")
    assert partner.revoke("r-3").version == 2
    assert partner.get("r-3").state == messages.REFERRAL_STATE_REVOKED
    assert partner.revoke("r-3").version == 2
    code, details = status(lambda: partner.submit(external_id="r-3"))
    assert code == grpc.StatusCode.FAILED_PRECONDITION
    assert details.startswith("referral-taken-back:")


def test_only_an_own_referral_can_be_taken_back(partner: Partner) -> None:
    assert status(lambda: partner.revoke("r-of-somebody-else"))[0] == grpc.StatusCode.NOT_FOUND


def test_other_content_under_a_known_id_is_refused(partner: Partner) -> None:
    partner.submit(external_id="r-2", name="Anna")
    code, details = status(lambda: partner.submit(external_id="r-2", name="Anne"))
    assert code == grpc.StatusCode.FAILED_PRECONDITION
    assert details.startswith("referral-already-received:")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"external_id": ""}, "external_id"),
        ({"external_id": "x" * 101}, "external_id"),
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": "nobody"}, "email"),
        ({"occupation": "21"}, "occupation"),
        ({"region": "Aleppo"}, "region"),
        ({"region": "UA-46"}, "region"),
        ({"languages": [messages.LanguageSkill(language="de", level="Z9")]}, "languages.0.level"),
    ],
)
def test_bad_input_is_named_by_its_field(partner: Partner, fields: dict[str, Any], field: str) -> None:
    code, details = status(lambda: partner.submit(**fields))
    assert code == grpc.StatusCode.INVALID_ARGUMENT
    assert details.startswith(f"{field}: ")


@pytest.mark.parametrize("method", ["ReferralService/SubmitReferral", "ReferralService/GetReferral", "FeedService/Follow"])
@pytest.mark.parametrize("raw", [b"\xff\xff\xff", b"\x0a\x05ab", b"\x0a\x02\xff\xfe"])
def test_bytes_that_are_no_message_are_the_callers_error(partner: Partner, method: str, raw: bytes) -> None:
    call = partner.channel.unary_stream(f"/bruecke.partner.v1.{method}")
    code, details = status(lambda: list(call(raw, metadata=partner.metadata, timeout=20)))
    assert code == grpc.StatusCode.INVALID_ARGUMENT
    assert details == "the request is not a message of this method"


def test_the_longest_note_in_any_script_is_taken(partner: Partner) -> None:
    assert partner.submit(note="ملاحظة\n" * 285).version == 1
    assert partner.submit(note="𐀀" * 2_000).version == 1


def test_who_is_no_partner_is_turned_away(bruecke: Installation, partner: Partner, channel: grpc.Channel) -> None:
    def code_with(*metadata: tuple[str, str]) -> grpc.StatusCode:
        return status(lambda: Partner(partner.id, channel, list(metadata)).submit())[0]

    assert code_with() == grpc.StatusCode.UNAUTHENTICATED
    assert code_with(("authorization", "Bearer nonsense")) == grpc.StatusCode.UNAUTHENTICATED
    staff_token = ("authorization", f"Bearer {bruecke.token('coordinator')}")
    assert code_with(staff_token) == grpc.StatusCode.PERMISSION_DENIED
    unknown = ("authorization", f"Bearer {bruecke.token('partner', f'partner-{uuid4()}')}")
    assert code_with(unknown) == grpc.StatusCode.PERMISSION_DENIED


def test_a_partner_does_not_see_the_referrals_of_another(partner: Partner) -> None:
    assert status(lambda: partner.get("r-of-somebody-else"))[0] == grpc.StatusCode.NOT_FOUND


def test_a_broken_resume_token_is_named(partner: Partner) -> None:
    code, details = status(lambda: partner.feed(1, token="no-token"))
    assert code == grpc.StatusCode.INVALID_ARGUMENT
    assert details.startswith("resume_token: ")


def test_the_feed_tells_of_shared_people_until_they_withdraw(partner: Partner, staff: httpx.Client) -> None:
    person = staff.post("/v1/people", json=PERSON).raise_for_status().json()["id"]
    consent = {"purpose": "share_with_partners", "text_version": "2026-01", "language": "ar"}
    staff.post(f"/v1/people/{person}/consents", json=consent).raise_for_status()
    shared = _about(person, partner, "")
    assert shared.kind == messages.ENTRY_KIND_PERSON_SHARED
    assert shared.data["skills"][0] == "photovoltaics"
    assert "name" not in shared.data
    assert "email" not in shared.data
    staff.delete(f"/v1/people/{person}/consents/share_with_partners").raise_for_status()
    withdrawn = _about(person, partner, shared.resume_token)
    assert withdrawn.kind == messages.ENTRY_KIND_PERSON_WITHDRAWN


def _about(subject: str, partner: Partner, token: str) -> Any:
    """The next entry about this subject."""
    request = messages.FollowRequest(resume_token=token)
    stream = stubs.FeedServiceStub(partner.channel).Follow(request, metadata=partner.metadata, timeout=30)
    try:
        return next(entry for entry in stream if entry.subject == subject)
    finally:
        stream.cancel()


def test_the_feed_goes_on_where_it_was_left_also_over_a_kill_of_the_gateway(bruecke: Installation, partner: Partner) -> None:
    mine = {partner.submit().referral_id for _ in range(6)}
    first = _own(partner, 3, "")
    bruecke.kill("gateway")
    bruecke.wait_until_ready()
    eventually(lambda: _reachable(partner))
    rest = _own(partner, 3, first[-1].resume_token)
    told = [entry.subject for entry in (*first, *rest)]
    assert len(told) == len(set(told))
    assert set(told) == mine


def _own(partner: Partner, count: int, token: str) -> list[Any]:
    request = messages.FollowRequest(resume_token=token)
    stream = stubs.FeedServiceStub(partner.channel).Follow(request, metadata=partner.metadata, timeout=30)
    found = list(islice((entry for entry in stream if entry.subject.startswith("referral-")), count))
    stream.cancel()
    return found


def _reachable(partner: Partner) -> bool:
    try:
        health_pb2_grpc.HealthStub(partner.channel).Check(health_pb2.HealthCheckRequest(), timeout=5)
    except grpc.RpcError:
        return False
    return True
