"""Signs of life: a message within a contact shows that its talk goes on."""

from collections.abc import Iterator

from services.foundation.messages import Recorded
from services.foundation.reaction import Request
from services.matching.contract import MessagePosted, NoteSignOfLife


def sign_of_life(recorded: Recorded) -> Iterator[Request]:
    """Notes every message of a contact in the contact itself."""
    event = recorded.message
    if isinstance(event, MessagePosted) and event.subject.startswith("contact-"):
        sign = NoteSignOfLife(message_id=event.message_id, by=event.author, at=recorded.envelope.time)
        yield Request(event.subject, sign)
