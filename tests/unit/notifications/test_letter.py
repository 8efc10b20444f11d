"""Letters and the e-mails that carry them."""

import io
from email import message_from_bytes, policy
from email.generator import BytesGenerator
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.address_book import Recipient
from services.notifications.examples import examples, opened
from services.notifications.letter import AddressRefused, Mail, compose, single_line, to_mime

PARAMETERS = dict(examples())
SENDER = "bruecke@example.org"
LENA = Recipient("de", "Lena", "lena@example.org")
UNSUBSCRIBE = "https://bruecke.example.org/unsubscribe?token=a&of=b"


def composed(template: str, recipient: Recipient = LENA, **parameters: str) -> Mail:
    return compose(template, PARAMETERS[template] | parameters, recipient, sender=SENDER, unseal=opened)


def sent(mail: Mail, recipient: Recipient = LENA, unsubscribe: str | None = None, repeat: bool = False) -> EmailMessage:
    """The e-mail as it is read by whoever gets it."""
    return message_from_bytes(written(mail, recipient, unsubscribe, repeat), policy=policy.default)  # type: ignore[return-value]


def written(mail: Mail, recipient: Recipient = LENA, unsubscribe: str | None = None, repeat: bool = False) -> bytes:
    """The e-mail as smtplib writes it."""
    content = io.BytesIO()
    message = to_mime(mail, "notification-1@example.org", SENDER, recipient, unsubscribe, repeat)
    BytesGenerator(content).flatten(message, linesep="\r\n")
    return content.getvalue()


def parts(message: EmailMessage) -> dict[str, EmailMessage]:
    return {part.get_content_type(): part for part in message.iter_parts()}  # type: ignore[misc]


@pytest.mark.parametrize("language", ["de", "ar", "uk"])
def test_an_email_carries_the_letter_as_text_and_as_page(language: str) -> None:
    recipient = Recipient(language, "Lena", "lena@example.org")
    mail = composed("contact_proposed", recipient)
    message = sent(mail, recipient)
    assert message.get_content_type() == "multipart/alternative"
    assert list(parts(message)) == ["text/plain", "text/html"]
    assert parts(message)["text/plain"].get_content().replace("\r\n", "\n") == mail.text
    assert (
        parts(message)["text/html"].get_content().replace("\r\n", "\n").strip()
        == mail.html.replace("<!-- foot -->", "").strip()
    )
    assert (message["Content-Language"], message["Subject"]) == (language, mail.subject)
    assert (message["To"], message["From"]) == ("lena@example.org", SENDER)
    assert (message["Message-ID"], message["Auto-Submitted"]) == ("<notification-1@example.org>", "auto-generated")


def test_one_click_ends_the_mails_where_there_is_a_link_for_it() -> None:
    message = sent(composed("contact_proposed"), unsubscribe=UNSUBSCRIBE)
    assert (message["List-Unsubscribe"], message["List-Unsubscribe-Post"]) == (f"<{UNSUBSCRIBE}>", "List-Unsubscribe=One-Click")
    assert UNSUBSCRIBE in parts(message)["text/plain"].get_content()
    assert f'href="{UNSUBSCRIBE.replace("&", "&amp;")}"' in parts(message)["text/html"].get_content()


def test_a_long_link_for_unsubscribing_stays_whole_and_plain() -> None:
    link = f"https://bruecke.example.org/v1/unsubscriptions/{'a' * 58}.{'b' * 43}"
    lines = written(composed("contact_proposed"), unsubscribe=link).split(b"\r\n")
    assert f"List-Unsubscribe: <{link}>".encode() in lines


@pytest.mark.parametrize("length", range(30, 130))
@pytest.mark.parametrize("kind", ["ü", "x", "word "])
def test_a_subject_begins_on_its_line_and_is_read_as_it_was_meant(length: int, kind: str) -> None:
    mail = composed("workshop_registered", title=(kind * length)[:length].strip())
    assert b"Subject:\r\n" not in written(mail)
    assert sent(mail)["Subject"] == mail.subject
    assert max(map(len, written(mail).partition(b"\r\n\r\n")[0].split(b"\r\n"))) < 100


def test_what_the_law_demands_has_no_such_link() -> None:
    message = sent(composed("welcome"))
    assert message["List-Unsubscribe"] is message["List-Unsubscribe-Post"] is None


def test_a_repeat_is_marked_and_has_the_same_message_id() -> None:
    first, again = sent(composed("welcome")), sent(composed("welcome"), repeat=True)
    assert first["Message-ID"] == again["Message-ID"]
    assert (first["X-Bruecke-Repeat"], again["X-Bruecke-Repeat"]) == (None, "yes")


def test_an_invitation_comes_with_its_method_and_unchanged() -> None:
    mail = composed("meeting_moved")
    part = parts(sent(mail))["text/calendar"]
    assert (part.get_param("method"), part.get_param("charset")) == ("REQUEST", "utf-8")
    assert part.get_payload(decode=True) == mail.calendar


def test_the_place_of_a_talk_is_opened_for_the_letter() -> None:
    assert "Ort: Am Markt 1, Rostock" in composed("meeting_moved").text


def test_a_place_that_can_no_longer_be_opened_is_left_out() -> None:
    mail = compose("meeting_moved", PARAMETERS["meeting_moved"], LENA, sender=SENDER, unseal=lambda *_: None)
    assert "Ort" not in mail.text
    assert "sealed." not in mail.text


def test_a_talk_that_was_queued_before_letters_had_places_can_still_be_written() -> None:
    old = {name: PARAMETERS["meeting_moved"][name] for name in ("contact_id", "starts_at", "ends_at")}
    mail = compose("meeting_moved", old, LENA, sender=SENDER, unseal=opened)
    assert mail.calendar is None
    assert mail.text


@pytest.mark.parametrize(
    "address",
    [
        "lena@example.org\r\nBcc: all@example.org",
        "lena@example.org\n",
        "le\x00na@example.org",
        "lena@exam\x1bple.org",
        "lena@example.org, all@example.org",
        "lena@example.org;all@example.org",
        "Lena <lena@example.org>",
        "lena\u202e@example.org",
        "lena",
        "@example.org",
        "lena@",
        "le..na@example.org",
        "",
    ],
)
def test_what_is_no_single_address_is_refused_and_not_quoted(address: str) -> None:
    recipient = Recipient("de", "Lena", address)
    with pytest.raises(AddressRefused) as refusal:
        to_mime(composed("welcome"), "n-1@example.org", SENDER, recipient, None, False)
    assert "lena" not in str(refusal.value)


@settings(deadline=None)
@given(name=st.text(max_size=60), title=st.text(max_size=60))
def test_no_name_and_no_title_reaches_a_header_or_breaks_a_letter(name: str, title: str) -> None:
    recipient = Recipient("ar", name, "lena@example.org")
    mail = composed("workshop_registered", recipient, title=f"{title}\r\nBcc: all@example.org")
    message = sent(mail, recipient)
    plain = sent(composed("workshop_registered"))
    assert message.keys() == plain.keys()
    assert list(parts(message)) == list(parts(plain))
    assert "\n" not in mail.subject
    assert mail.html.count("<li>") == composed("workshop_registered").html.count("<li>")


@given(st.text())
def test_a_single_line_stays_one_however_odd_its_characters(text: str) -> None:
    line = single_line(text)
    assert line.splitlines() in ([line], [])
    assert single_line(line) == line
    assert not set(line) & {chr(code) for code in (*range(32), *range(127, 160))}
