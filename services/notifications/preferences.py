"""How someone wants to be written to, and whether their address is dead. Who never said so is written to at once."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from services.foundation.aggregate import Aggregate, Context, Refusal
from services.foundation.messages import Event
from services.notifications.contract import (
    AddressBounced,
    BounceForgotten,
    ChangePreferences,
    ForgetBounce,
    PreferencesChanged,
    RecordBounce,
    RemoveWebhook,
    SetWebhook,
    WebhookRemoved,
    WebhookSet,
)


class QuietHoursNeedBothEnds(Refusal):
    """Quiet hours have a beginning and an end that are not the same."""


class TimeZoneUnknown(Refusal):
    """There is no such time zone."""


class PersonsHaveNoWebhook(Refusal):
    """A webhook tells a system of an organisation; people have their inbox."""


class Preferences(Aggregate):
    """``chosen`` is None until the recipient has chosen; ``dead``: the fingerprint of the address that bounced."""

    category = "preferences"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.chosen: PreferencesChanged | None = None
        self.webhook: WebhookSet | None = None
        self.dead = ""

    def change(self, command: ChangePreferences, _: Context) -> Iterator[Event]:
        before = self.chosen or PreferencesChanged(recipient=command.recipient, email=True)
        after = before.model_copy(update=command.model_dump(exclude_none=True))
        if bool(after.quiet_from) != bool(after.quiet_until) or (after.quiet_from and after.quiet_from == after.quiet_until):
            raise QuietHoursNeedBothEnds("quiet hours need a beginning and another end", "quiet_until")
        if after.time_zone and not is_zone(after.time_zone):
            raise TimeZoneUnknown("there is no such time zone", "time_zone")
        if after != self.chosen:
            yield after

    def set_webhook(self, command: SetWebhook, _: Context) -> Iterator[Event]:
        if command.recipient.startswith(("person-", "erasure-")):
            raise PersonsHaveNoWebhook("only companies, partners and staff have a webhook", "recipient")
        wanted = WebhookSet.model_validate(command.model_dump())
        if wanted != self.webhook:
            yield wanted

    def remove_webhook(self, command: RemoveWebhook, _: Context) -> Iterator[Event]:
        if self.webhook is not None:
            yield WebhookRemoved(recipient=command.recipient)

    def record_bounce(self, command: RecordBounce, _: Context) -> Iterator[Event]:
        if command.address != self.dead:
            yield AddressBounced.model_validate(command.model_dump())

    def forget_bounce(self, command: ForgetBounce, _: Context) -> Iterator[Event]:
        if self.dead:
            yield BounceForgotten(recipient=command.recipient)

    def apply(self, event: Event) -> None:
        match event:
            case PreferencesChanged():
                self.chosen = event
            case WebhookSet():
                self.webhook = event
            case WebhookRemoved():
                self.webhook = None
            case AddressBounced():
                self.dead = event.address
            case BounceForgotten():
                self.dead = ""


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True
