"""Who wants e-mail and who does not."""

import pytest

from services.foundation.aggregate import Refusal, derived_stream
from services.notifications.contract import (
    AddressBounced,
    BounceForgotten,
    ChangePreferences,
    ForgetBounce,
    PreferencesChanged,
    RecordBounce,
    SetWebhook,
    unsubscriber,
    unsubscribing_token,
)
from services.notifications.preferences import PersonsHaveNoWebhook, QuietHoursNeedBothEnds, TimeZoneUnknown
from services.notifications.routes import ROUTES
from tests.unit.story import Story

COMPANY = "company-00000000-0000-4000-8000-000000000002"


def preferences() -> Story:
    return Story(derived_stream("preferences", COMPANY), ROUTES)


@pytest.mark.parametrize("email", [True, False])
def test_a_choice_is_recorded(email: bool) -> None:
    preferences().when(ChangePreferences(recipient=COMPANY, email=email)).then(
        PreferencesChanged(recipient=COMPANY, email=email)
    )


@pytest.mark.parametrize("email", [True, False])
def test_the_same_choice_again_changes_nothing(email: bool) -> None:
    chosen = PreferencesChanged(recipient=COMPANY, email=email)
    preferences().given(chosen).when(ChangePreferences(recipient=COMPANY, email=email)).then_nothing()


def test_a_choice_can_be_taken_back() -> None:
    story = preferences().given(PreferencesChanged(recipient=COMPANY, email=False))
    story.when(ChangePreferences(recipient=COMPANY, email=True)).then(PreferencesChanged(recipient=COMPANY, email=True))


def test_what_is_not_said_stays_as_it_was() -> None:
    before = PreferencesChanged(recipient=COMPANY, email=False, digest="daily", time_zone="Asia/Tehran")
    change = ChangePreferences(recipient=COMPANY, quiet_from="22:00", quiet_until="07:00")
    after = before.model_copy(update={"quiet_from": "22:00", "quiet_until": "07:00"})
    preferences().given(before).when(change).then(after)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"quiet_from": "22:00"}, QuietHoursNeedBothEnds),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, QuietHoursNeedBothEnds),
        ({"time_zone": "Europe/Atlantis"}, TimeZoneUnknown),
        ({"time_zone": "../../etc/passwd"}, TimeZoneUnknown),
    ],
)
def test_what_nobody_can_keep_to_is_refused(fields: dict[str, str], refusal: type[Refusal]) -> None:
    preferences().when(ChangePreferences.model_validate({"recipient": COMPANY, **fields})).then_refused(
        refusal, list(fields)[-1] if "time_zone" in fields else "quiet_until"
    )


def test_a_dead_address_is_told_once_and_can_be_forgiven() -> None:
    bounce = RecordBounce(recipient=COMPANY, address="a" * 64, reason="550")
    bounced = AddressBounced(recipient=COMPANY, address="a" * 64, reason="550")
    preferences().when(bounce).then(bounced)
    preferences().given(bounced).when(bounce).then_nothing()
    preferences().given(bounced).when(ForgetBounce(recipient=COMPANY)).then(BounceForgotten(recipient=COMPANY))
    other = bounce.model_copy(update={"address": "b" * 64})
    preferences().given(bounced).when(other).then(bounced.model_copy(update={"address": "b" * 64}))


def test_people_have_no_webhook() -> None:
    person = COMPANY.replace("company", "person")
    preferences().when(SetWebhook(recipient=person, url="sealed", secret="sealed")).then_refused(
        PersonsHaveNoWebhook, "recipient"
    )


def test_only_a_token_that_was_made_here_unsubscribes() -> None:
    token = unsubscribing_token(b"secret", COMPANY)
    assert unsubscriber(b"secret", token) == COMPANY
    other = unsubscribing_token(b"secret", COMPANY.replace("2", "3"))
    mixed = f"{other.partition('.')[0]}.{token.partition('.')[2]}"
    for forged in ("", ".", "x", "é.é", token[:-1], token + "A", mixed, unsubscribing_token(b"other", COMPANY)):
        assert unsubscriber(b"secret", forged) is None
