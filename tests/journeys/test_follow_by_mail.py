"""A reader follows a claim by mail: asked first, told what is new, ended by one click; nothing more comes."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core.management import call_command
from django.utils.timezone import now
from playwright.sync_api import Page, expect
from pytest_django import Settings

from newsroom.actions import reviews
from newsroom.models import Newsroom, Subscriber, User
from tests.local_mail import LocalMail
from tests.making import make_appearance, make_claim, make_review

ADDRESS = "ida@lettori.example"


def link_in(letter: EmailMessage, what: str) -> str:
    found = re.search(rf"https://redazione\.example(/following/[\w-]+/{what})\n", letter.get_content())
    assert found
    return found[1]


def a_day_later() -> None:
    """All that they were told is of two days ago: the hour of the next digest has come since."""
    before = now() - timedelta(days=2)
    Subscriber.objects.update(told_until=before, confirmed_at=before)
    for reader in Subscriber.objects.all():
        reader.follows.update(confirmed_at=before)
    call_command("send_digests")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_reader_follows_a_claim_until_they_want_no_more(
    javascript: bool, page: Page, post: LocalMail, settings: Settings
) -> None:
    settings.SENDS_MAIL = True
    Newsroom.objects.update(address="https://redazione.example")
    claim = make_claim(text="Il ponte apre a maggio.")
    review = make_review(make_appearance(claim=claim), published_at=now() - timedelta(days=9))
    if not javascript:
        page.route("**/*.js", lambda route: route.abort())

    page.goto(claim.get_absolute_url())
    page.get_by_role("link", name="Segui per e-mail").click()
    page.get_by_label("La tua e-mail").fill(ADDRESS)
    page.get_by_role("radio", name="Ogni giorno").check()
    page.get_by_role("button", name="Segui").click()
    expect(page.get_by_role("status").filter(has_text="un messaggio è in arrivo")).to_be_visible()

    [asked] = post.letters
    page.goto(link_in(asked, "confirm/"))
    page.get_by_role("button", name="Sì, lo voglio").click()
    expect(page.get_by_role("link", name="Il ponte apre a maggio.")).to_be_visible()
    expect(page.get_by_text(ADDRESS)).to_be_visible()

    a_day_later()
    assert len(post.letters) == 1  # nothing is new

    editor = User.objects.get(username="editor")
    reviews.withdraw(review, reason="Era un errore.", by=editor, at=now() - timedelta(hours=30))
    a_day_later()
    digest = post.letters[-1]
    assert len(post.letters) == 2 and digest["To"] == ADDRESS
    assert "Valutazione ritirata: «Il ponte apre a maggio.»" in digest.get_content()

    there = digest["List-Unsubscribe"].strip().strip("<>").removeprefix("https://redazione.example")
    assert there == link_in(digest, "off/")
    answer = page.request.post(there, form={"List-Unsubscribe": "One-Click"})
    assert answer.ok
    assert not Subscriber.objects.exists()
    a_day_later()
    assert len(post.letters) == 2
    page.goto(there)
    expect(page.get_by_role("heading", level=1)).to_have_text("Questo link non porta più da nessuna parte")
