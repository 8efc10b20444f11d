"""A letter: what a notification says, in the language of its recipient, and the e-mail that carries it.

Control characters never reach a header: they are taken out of names and titles, and an address that has one is refused.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from html import escape
from typing import Protocol

from services.foundation.messages import now
from services.notifications.calendar import invitation
from services.notifications.templates import FOOT, render, words_of

MULTILINE = frozenset({"stores", "dates", "subjects"})
"""Parameters of several lines; every other one is a single line."""
PLACE = "place"
ADDED_LATER = {"contact_accepted": {"both": "no"}, "meeting_scheduled": {PLACE: ""}, "meeting_moved": {PLACE: ""}}
"""Parameters that notifications have not had from the beginning, for those that were queued without."""
_ADDRESS = re.compile(r"[^\s,;:<>()\[\]\\\"@]+@[^\s,;:<>()\[\]\\\"@]+")
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters by which a name could turn the direction of the text around it."""

UNSUBSCRIBE = "List-Unsubscribe"

Unseal = Callable[[str, str, str], str | None]
"""Owner, field and sealed text to the text in the clear, or None where the key was destroyed."""


class AddressRefused(ValueError):
    """This is no single e-mail address, or it has characters in it that no address has. The message does not quote it."""


class Headers(EmailPolicy):
    """Writes headers so that all mail programs read them alike, where Python's own way of folding is read in two ways.

    A text begins on the line of its name: otherwise some take the fold for a space before it. A link stays whole and plain:
    encoded words (RFC 2047) have no place in it, and nobody would find the address to unsubscribe at (RFC 2369, section 2).
    """

    def fold(self, name: str, value: str) -> str:
        if name == UNSUBSCRIBE:
            return f"{name}: {value}{self.linesep}"
        folded: str = super().fold(name, value)
        return folded.replace(f"{name}:{self.linesep} ", f"{name}: ", 1)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("utf-8" if self.utf8 else "ascii", "surrogateescape")


class Addressee(Protocol):
    """Whom a letter is for. ``zone``: their IANA time zone, "" where it is not known."""

    @property
    def language(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def zone(self) -> str: ...


@dataclass(frozen=True, slots=True, repr=False)
class Mail:
    """What a letter says. ``language``: in which it is written, which is another than the recipient's where it ``fell_back``.

    ``html`` is a whole document. ``calendar`` is an iCalendar object for which ``calendar_method`` is the method (RFC 5546).
    """

    subject: str
    text: str
    html: str
    direction: str
    language: str
    fell_back: bool
    calendar: bytes | None = None
    calendar_method: str = ""


def compose(template: str, parameters: Mapping[str, str], recipient: Addressee, *, sender: str, unseal: Unseal) -> Mail:
    """The letter that a queued notification is for this recipient. ``sender``: the address that invitations are organised by.

    Raises jinja2.TemplateNotFound for an unknown template, jinja2.UndefinedError for a parameter that is missing.
    """
    opened = clean_parameters(ADDED_LATER.get(template, {}) | _opened(parameters, unseal))
    written = render(template, recipient.language, single_line(recipient.name), opened, recipient.zone)
    invited = invitation(template, opened, written, recipient.email, sender) if "sequence" in opened else None
    return Mail(
        subject=single_line(written.subject),
        text=written.text,
        html=written.html,
        direction=written.direction,
        language=written.language,
        fell_back=written.fell_back,
        calendar=invited.content if invited else None,
        calendar_method=invited.method if invited else "",
    )


def to_mime(
    mail: Mail, message_id: str, sender: str, recipient: Addressee, unsubscribe_url: str | None, repeat: bool
) -> EmailMessage:
    """The e-mail. ``message_id`` without angle brackets; ``repeat``: it may have been sent before, under the same id.

    With ``unsubscribe_url`` one click there ends the mails (RFC 2369, RFC 8058). Raises AddressRefused.
    """
    message = EmailMessage(Headers())
    message["Message-ID"] = f"<{message_id}>"
    message["Date"] = format_datetime(now())
    message["From"] = address(sender)
    message["To"] = address(recipient.email)
    message["Subject"] = mail.subject
    message["Auto-Submitted"] = "auto-generated"
    if repeat:
        message["X-Bruecke-Repeat"] = "yes"
    if unsubscribe_url:
        message[UNSUBSCRIBE] = f"<{unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _fill(message, mail, unsubscribe_url)
    message["Content-Language"] = mail.language  # filling drops what begins with Content-
    return message


def _fill(message: EmailMessage, mail: Mail, unsubscribe_url: str | None) -> None:
    text, link = mail.text, ""
    if unsubscribe_url:
        label = words_of(mail.language)["unsubscribe"]
        text += f"\n{label}\n{unsubscribe_url}\n"
        link = f'<p><a href="{escape(unsubscribe_url)}">{escape(label)}</a></p>'
    message.set_content(text)
    message.add_alternative(mail.html.replace(FOOT, link), subtype="html")
    if mail.calendar is not None:
        message.add_alternative(mail.calendar, maintype="text", subtype="calendar")
        part = message.get_payload()[-1]  # type: ignore[index]
        part.set_param("method", mail.calendar_method)  # type: ignore[union-attr]
        part.set_param("charset", "utf-8")  # type: ignore[union-attr]


def address(text: str) -> Address:
    """Exactly one e-mail address, fit for a header. Raises AddressRefused."""
    if not _ADDRESS.fullmatch(text) or any(unicodedata.category(each) in ("Cc", "Cf") for each in text):
        raise AddressRefused("the address has characters in it that no address has")
    try:
        return Address(addr_spec=text)
    except (MessageError, ValueError, IndexError) as fault:
        raise AddressRefused("this is no e-mail address") from fault


def single_line(text: str) -> str:
    """The text without control characters, line breaks and changes of direction."""
    return " ".join("".join(" " if _is_control(each) else each for each in text).split())


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _OVERRIDES


def clean_parameters(parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters with all but the MULTILINE ones on a single line."""
    return {
        name: "\n".join(map(single_line, value.splitlines())) if name in MULTILINE else single_line(value)
        for name, value in parameters.items()
    }


def _opened(parameters: Mapping[str, str], unseal: Unseal) -> dict[str, str]:
    """The place of a talk in the clear, where it is sealed; ``place_key`` names whose key it is sealed with."""
    owner = parameters.get("place_key")
    opened = {name: value for name, value in parameters.items() if name != "place_key"}
    if owner and opened.get(PLACE, "").startswith("sealed."):
        opened[PLACE] = unseal(owner, PLACE, opened[PLACE]) or ""
    return opened
