"""Who wants e-mail and who does not."""

import pytest

from services.foundation.aggregate import derived_stream
from services.notifications.contract import ChangePreferences, PreferencesChanged
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
