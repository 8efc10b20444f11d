"""What answers about preferences look like."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class PreferencesShown(BaseModel):
    """How a recipient wants to be written to. ``bounced``: mails to the address that they have stated came back."""

    model_config = ConfigDict(title="Preferences")
    id: str
    email: bool
    digest: Literal["none", "daily", "weekly"]
    quiet_from: str
    quiet_until: str
    time_zone: str
    webhook: bool
    bounced: bool
    version: int


class WebhookShown(BaseModel):
    """A webhook with its secret, which is shown this once."""

    model_config = ConfigDict(title="Webhook")
    id: str
    url: str
    secret: str
    version: int
