"""Views of messages: in order, and without the text of what is gone."""

from dataclasses import replace
from typing import Any

from services.foundation.messages import Event
from services.gateway.http.threads import read_up_to, unread
from services.gateway.views.thread import ThreadView, message_key
from services.matching.contract import MessageHidden, MessagePosted, MessageReported, MessageWithdrawn, ThreadRead
from tests.unit.recording import recorded

THREAD, CONTACT = "thread-1", "contact-1"
FILE = {"attachment_id": "attachment-1", "name": "sealed.v1.n", "media_type": "application/pdf", "size": 3}


def posted(number: int, author: str = "person-1") -> MessagePosted:
    about = {"message_id": f"message-{number}", "subject": CONTACT, "author": author, "role": "person", "language": "de"}
    return MessagePosted.model_validate(about | {"body": f"sealed.v1.{number}", "attachments": (FILE,)})


def view(*events: Event) -> tuple[dict[str, Any], dict[str, dict[Any, Any]]]:
    """The thread's document, and the last of each further one by collection and id."""
    document: dict[str, Any] = {"_id": THREAD}
    derived: dict[str, dict[Any, Any]] = {"messages": {}, "reported_messages": {}}
    projection = ThreadView()
    for version, event in enumerate(events, 1):
        envelope = replace(recorded(event, THREAD).envelope, version=version)
        projection.apply(document, event, envelope)
        for collection, each in projection.derive(document, event, envelope):
            derived[collection][each["_id"]] = each
    return document, derived


def test_messages_sort_by_their_place_in_the_thread() -> None:
    read = ThreadRead(reader="company-1", message_id="message-1")
    _, derived = view(posted(1), read, posted(2), *(posted(number) for number in range(3, 12)))
    assert [each["message_id"] for _, each in sorted(derived["messages"].items())] == [f"message-{n}" for n in range(1, 12)]


def test_of_what_was_withdrawn_or_hidden_there_is_no_text_and_no_file() -> None:
    hidden = MessageHidden(message_id="message-2", reason="spam")
    document, derived = view(posted(1), posted(2), MessageWithdrawn(message_id="message-1"), hidden)
    first, second = (derived["messages"][message_key(THREAD, number)] for number in (1, 2))
    assert (first["state"], first["body"], first["attachments"]) == ("withdrawn", None, [])
    assert (second["state"], second["reason"], second["body"]) == ("hidden", "spam", None)
    assert (first["author"], first["attachment_ids"]) == ("person-1", ["attachment-1"])
    assert "sealed" not in str((document["messages"], derived["messages"]))


def test_what_was_reported_waits_until_it_is_decided() -> None:
    report = MessageReported(message_id="message-1", subject=CONTACT, by="company-1", reason="spam")
    _, derived = view(posted(1), report)
    assert derived["reported_messages"]["message-1"]["state"] == "posted"
    _, derived = view(posted(1), report, MessageHidden(message_id="message-1", reason="spam"))
    assert derived["reported_messages"]["message-1"]["state"] == "hidden"
    assert [each["by"] for each in derived["reported_messages"]["message-1"]["reports"]] == ["company-1"]


def test_unread_is_what_others_wrote_since_and_can_still_be_read() -> None:
    events = (posted(1), posted(2), posted(3, "company-1"), ThreadRead(reader="company-1", message_id="message-1"))
    document, _ = view(*events)
    assert (unread(document, "company-1"), read_up_to(document, "company-1")) == (1, 1)
    assert (unread(document, "person-1"), read_up_to(document, "person-1")) == (1, 0)
    document, _ = view(*events, MessageWithdrawn(message_id="message-2"))
    assert unread(document, "company-1") == 0
