"""The session ends while somebody types, or begins anew in another tab: not a word is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from newsroom.models import Comment, User
from tests.making import make_claim
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]
BODY = "Il collaudo è del 1971, la perizia no."


@pytest.fixture
def checker(checker: User) -> User:
    checker.set_password("parola")
    checker.save()
    return checker


def comment(page: Page) -> None:
    page.locator(".threads").get_by_role("button", name="Commenta").click()


def give_name_and_password(page: Page, user: User) -> None:
    page.locator("[name=username]").fill(user.username)
    page.locator("[name=password]").fill("parola")
    page.locator("[name=password]").press("Enter")


def test_words_stay_in_their_place_until_they_can_be_sent(
    page: Page, sign_in: SignIn, live: str, checker: User
) -> None:
    sign_in(page, checker)
    page.goto(f"/desk/claims/{make_claim().code}/")
    words = page.locator(".threads textarea")
    words.fill(BODY)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    comment(page)
    told = page.locator("#session", has_text="La sessione è finita")
    expect(told).to_be_in_viewport()
    expect(words).to_have_value(BODY)

    with page.context.expect_page() as opened:
        told.get_by_role("link", name="Accedi").click()
    give_name_and_password(opened.value, checker)
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
    opened.value.close()

    # The form has the token of the session before: it is told, and takes the new one.
    comment(page)
    expect(page.locator("#session")).to_contain_text(checker.username)
    expect(words).to_have_value(BODY)
    comment(page)
    expect(page.locator(".comment")).to_contain_text(BODY)
    expect(page.locator("#session")).to_be_empty()
    assert Comment.objects.get().by == checker


def test_without_javascript_they_travel_through_the_signing_in(
    watched: WatchedBrowser, sign_in: SignIn, live: str, checker: User
) -> None:
    page = watched.open(java_script_enabled=False)
    sign_in(page, checker)
    page.goto(f"/desk/claims/{make_claim().code}/")
    page.locator(".threads textarea").fill(BODY)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    comment(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("La sessione è finita")
    expect(page.locator("main")).to_contain_text(BODY)
    give_name_and_password(page, checker)
    expect(page.locator("main")).to_contain_text(BODY)
    assert not Comment.objects.exists()
    page.get_by_role("button", name="Invia").click()
    expect(page.locator(".comment")).to_contain_text(BODY)
    assert Comment.objects.get().by == checker
