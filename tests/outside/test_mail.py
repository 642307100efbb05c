"""A letter reaches the mail server, or it is said whether it may be sent again."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from newsroom.outside.mail import Letter, Unsent, Unsure, send
from tests.local_mail import HANG_UP, LocalMail

LETTER = Letter("anna@redazione.example", "Un  commento\nè qui", "Così è.\n\n.\nFine.\n", "notice.1")


def test_a_letter_arrives_as_it_was_written(post: LocalMail) -> None:
    send(LETTER)
    [letter] = post.letters
    assert (letter["To"], letter["From"]) == ("anna@redazione.example", "controluce@localhost")
    assert letter["Subject"] == "Un commento è qui"
    assert letter["Message-ID"] == "<notice.1@localhost>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content() == LETTER.body


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("greeting", "421 busy"),
        ("EHLO", HANG_UP),
        ("MAIL", "451 later"),
        ("RCPT", "550 nobody of this name"),
        ("DATA", "452 full"),
        ("taken", "554 not wanted"),
    ],
)
def test_a_letter_that_is_refused_may_be_sent_again(post: LocalMail, command: str, answer: str) -> None:
    post.answers[command] = answer
    with pytest.raises(Unsent, match=answer[4:] or None):
        send(LETTER)
    post.answers.clear()
    post.letters.clear()
    send(LETTER)
    assert len(post.letters) == 1


def test_a_letter_that_was_given_away_when_the_line_broke_may_not(post: LocalMail) -> None:
    post.answers["taken"] = HANG_UP
    with pytest.raises(Unsure):
        send(LETTER)
    assert len(post.letters) == 1


def test_a_leave_that_fails_takes_nothing_back(post: LocalMail) -> None:
    post.answers["QUIT"] = HANG_UP
    send(LETTER)
    assert len(post.letters) == 1


def test_a_server_that_is_not_there_has_taken_nothing(post: LocalMail, settings: Settings) -> None:
    settings.EMAIL_PORT = 1
    with pytest.raises(Unsent):
        send(LETTER)


def test_an_address_that_is_none_is_refused_before_it_is_tried(post: LocalMail) -> None:
    with pytest.raises(Unsent):
        send(Letter("anna@redazione.example\nBcc: tutti@example.org", "Ciao", "Ciao.", "notice.2"))
    assert post.letters == []
