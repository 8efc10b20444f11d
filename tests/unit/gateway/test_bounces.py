"""Reports of mail servers: anybody may have written what is in them."""

import pytest

from services.gateway.http.mails import read_report
from services.gateway.problems import Problem

PARTS = "Content-Type: multipart/report; boundary=x\n\n--x\n"
FAILED = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nAction: failed\nStatus: 5.1.1\n\n--x\n"


def test_a_report_names_the_mail_and_the_status() -> None:
    text = f"{PARTS}{FAILED}Content-Type: text/rfc822-headers\n\nMessage-ID: <a@b>\n\n--x--\n"
    assert read_report(text) == ("<a@b>", "reported 5.1.1")


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        f"{PARTS}{FAILED}Content-Type: text/rfc822-headers; charset=foo\n\nMessage-ID: <a@b>\n\n--x--\n",
        f"{PARTS}{FAILED}Content-Type: message/rfc822\n\nMessage-ID: <\n\n--x--\n",
        f"{PARTS}{FAILED}Content-Type: text/rfc822-headers\n\nMessage-ID: <\ud800@b>\n\n--x--\n",
        "Content-Type: message/rfc822\n\n" * 1_500,
    ],
)
def test_what_is_no_report_is_refused_whatever_is_in_it(text: str) -> None:
    with pytest.raises(Problem) as problem:
        read_report(text)
    assert (problem.value.status, problem.value.code, problem.value.field) == (422, "no-bounce", "report")
