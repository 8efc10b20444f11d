"""Settings that cannot be."""

import pytest

from services.foundation.settings import Settings, SettingWrong, settings


@pytest.fixture
def fresh() -> None:
    settings.cache_clear()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BRUECKE_REMIND_BEFORE_HOURS", "-1"),
        ("BRUECKE_ESCALATE_AFTER_HOURS", "soon"),
        ("BRUECKE_ESCALATE_AFTER_HOURS", "nan"),
        ("BRUECKE_ESCALATE_TO_HEAD_AFTER_HOURS", "23"),
        ("BRUECKE_ESCALATE_TO_HEAD_AFTER_HOURS", "inf"),
    ],
)
def test_intervals_of_continuity_that_cannot_be_are_named(
    fresh: None, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingWrong, match=name):
        settings()


def test_the_head_may_hear_at_once_with_the_coordinator() -> None:
    assert Settings(escalate_after_hours=5, escalate_to_head_after_hours=5).escalate_to_head_after_hours == 5
