"""What answers about mails look like."""

from pydantic import BaseModel, ConfigDict


class MailShown(BaseModel):
    """A mail and how far it is."""

    model_config = ConfigDict(title="Mail")
    id: str
    version: int
    recipient: str
    template: str
    state: str


class BounceShown(BaseModel):
    """Whether mails to the address of a recipient come back."""

    model_config = ConfigDict(title="Bounce")
    recipient: str
    bounced: bool
    version: int
