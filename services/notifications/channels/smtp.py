"""E-mail by SMTP (RFC 5321), where wanted over TLS and with a password."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage

import eventlet

from services.foundation.settings import Settings
from services.notifications.channels import NotTaken

UNKNOWN_MAILBOX = frozenset({550, 551, 553})
WHOLE_MAIL = 4
"""How many times the time-out of one answer a whole mail may take: a server that keeps dripping must not hold up the others."""


class Smtp:
    """Hands mails over to the mail server of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seconds = settings.smtp_timeout_seconds
        self.longest = self._seconds * WHOLE_MAIL
        """Seconds after which a mail is either taken or not."""

    def hand_over(self, message: EmailMessage) -> None:
        """Returns when the server has taken it; raises NotTaken.

        The faults may quote the address, so only their kind is told.
        """
        with eventlet.Timeout(self.longest, TimeoutError("the mail server stalls")):
            server = self._open()
            try:
                _send(server, message)
                with suppress(OSError, smtplib.SMTPException):
                    server.quit()  # it is taken, whatever the server says to this
            finally:
                server.close()

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        try:
            if settings.smtp_tls == "implicit":
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    settings.smtp_host, settings.smtp_port, timeout=self._seconds, context=self._context()
                )
            else:
                server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=self._seconds)
        except (OSError, smtplib.SMTPException) as fault:
            raise _away(fault) from None
        try:
            if settings.smtp_tls == "starttls":
                server.starttls(context=self._context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        except (OSError, smtplib.SMTPException) as fault:
            server.close()
            raise _away(fault) from None
        return server

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._settings.smtp_ca_file or None)


def _send(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        code, answer = next(iter(refused.recipients.values()))
        raise _refused_recipient(code, answer) from None
    except smtplib.SMTPNotSupportedError as fault:
        raise NotTaken(_kind(fault), for_good=True) from None
    except smtplib.SMTPSenderRefused as fault:
        raise NotTaken(f"{_kind(fault)} {fault.smtp_code}") from None
    except smtplib.SMTPResponseException as fault:
        raise NotTaken(f"{_kind(fault)} {fault.smtp_code}", for_good=fault.smtp_code >= 500) from None
    except (OSError, smtplib.SMTPException) as fault:
        raise NotTaken(_kind(fault), away=True, uncertain=True) from None


def _refused_recipient(code: int, answer: bytes) -> NotTaken:
    """A mailbox that does not exist bounces; one that does not take this mail from us (5.7, RFC 3463) does exist."""
    bounced = code in UNKNOWN_MAILBOX and not answer.startswith((b"5.7", b"5.2"))
    return NotTaken(f"SMTPRecipientsRefused {code}", for_good=code >= 500, bounced=bounced)


def _away(fault: Exception) -> NotTaken:
    return NotTaken(_kind(fault), away=True)


def _kind(fault: Exception) -> str:
    return type(fault).__name__
