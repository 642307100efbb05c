"""A letter, handed over to the mail server that the settings name.

Whoever sends wants to know one thing: may I try again? Yes, if the server was not reached, or answered that
it does not take the letter. If the connection breaks in between, the server may have the letter or not,
and nobody can find out: these are two errors here, whatever the library calls them.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SMTPBackend


@dataclass(frozen=True, slots=True)
class Letter:
    """Plain text for one person. `id` is the same whenever the same letter is sent, and no other's.

    With `off_url` a mail program offers to end all such mail, by one request to that address (RFC 8058).
    """

    to: str
    subject: str
    body: str
    id: str
    off_url: str = ""


class Unsent(Exception):
    """The letter was not taken: it may be sent again."""


class Unsure(Exception):
    """Nobody knows whether the letter was taken: it must not be sent again."""


def send(letter: Letter) -> None:
    """Hands over one letter; raises Unsent or Unsure if that did not work."""
    connection = get_connection()
    try:
        _open(connection)
        _hand_over(letter, connection)
    finally:
        # The letter is on its way, or not: how the server takes leave changes nothing.
        with suppress(OSError):
            connection.close()


def _open(connection: BaseEmailBackend) -> None:
    """Up to where the server has greeted: nothing of a letter was said yet."""
    try:
        connection.open()
        if isinstance(connection, SMTPBackend):
            connection.connection.ehlo_or_helo_if_needed()
    except OSError as fault:  # the errors of smtplib among them
        raise Unsent(str(fault)) from fault


def _hand_over(letter: Letter, connection: BaseEmailBackend) -> None:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    # A machine wrote it: no other machine shall answer.
    headers = {"Message-ID": f"<{letter.id}@{domain}>", "Auto-Submitted": "auto-generated"}
    if letter.off_url:
        headers |= {
            "List-Unsubscribe": f"<{letter.off_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    message = EmailMessage(
        " ".join(letter.subject.split()),
        letter.body,
        to=[letter.to],
        connection=connection,
        headers=headers,
    )
    try:
        message.send()
    except (SMTPResponseException, SMTPRecipientsRefused, SMTPNotSupportedError, ValueError) as fault:
        raise Unsent(str(fault)) from fault
    except OSError as fault:
        raise Unsure(str(fault)) from fault


def reached() -> None:
    """Opens a connection to the mail server, signs in if it wants that, and sends nothing. Raises OSError."""
    connection = get_connection(fail_silently=False)
    connection.open()
    connection.close()
