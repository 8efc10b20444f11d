"""Whether someone wants e-mail. Who never said so is written to."""

from collections.abc import Iterator

from services.foundation.aggregate import Aggregate, Context
from services.foundation.messages import Event
from services.notifications.contract import ChangePreferences, PreferencesChanged


class Preferences(Aggregate):
    """``email`` is None until the recipient has chosen."""

    category = "preferences"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.email: bool | None = None

    def change(self, command: ChangePreferences, _: Context) -> Iterator[Event]:
        if command.email is not self.email:
            yield PreferencesChanged(recipient=command.recipient, email=command.email)

    def apply(self, event: Event) -> None:
        match event:
            case PreferencesChanged():
                self.email = event.email
