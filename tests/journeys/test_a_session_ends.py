"""The session ends while somebody types, or begins anew in another tab: not a word is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from newsroom.models import Article, Comment, User
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


def signs_in_in_another_tab(page: Page, user: User) -> None:
    user.set_password("parola")
    user.save()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    other = page.context.new_page()
    other.goto(reverse("admin:login"))
    give_name_and_password(other, user)
    other.locator("#user-tools").wait_for()
    other.close()


def look_again(page: Page, *statuses: int) -> None:
    """The page comes into view: it asks at once who is here."""
    with page.expect_response(lambda response: response.url.endswith("/presence/")) as asked:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert asked.value.status in statuses


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


def changes_a_text(page: Page) -> None:
    """On a page that asks by itself who else is there, of which the first answer has come."""
    with page.expect_response(lambda response: response.url.endswith("/presence/")):
        page.goto(reverse("desk:text", args=[Article.objects.get().slug]))
    page.locator(".ProseMirror[role=textbox]").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.type(BODY)


def test_a_page_that_asks_by_itself_takes_no_token_for_another_person(
    page: Page, sign_in: SignIn, live: str, reporter: User, editor: User
) -> None:
    """Had it taken the token, the words would have gone in the other's name, and nobody been told."""
    sign_in(page, reporter)
    changes_a_text(page)
    signs_in_in_another_tab(page, editor)
    for _time in range(2):
        look_again(page, 403)
        expect(page.locator("#session")).to_contain_text(editor.username)

    page.locator("[name=look]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ecco che cosa avevi scritto")
    expect(page.locator("form.typed strong")).to_have_text(editor.username)
    expect(page.locator("form.typed")).to_contain_text(BODY)
    page.get_by_role("button", name="Invia").click()
    expect(page.locator("#proposal-title")).to_be_visible()


def test_a_page_asks_on_for_the_same_person_who_signed_in_anew(
    page: Page, sign_in: SignIn, live: str, reporter: User
) -> None:
    sign_in(page, reporter)
    changes_a_text(page)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    look_again(page, 401)
    expect(page.locator("#session")).to_contain_text("La sessione è finita")
    signs_in_in_another_tab(page, reporter)
    look_again(page, 403)
    expect(page.locator("#session")).to_be_empty()
    look_again(page, 200, 204)
    page.locator("[name=look]").click()
    expect(page.locator("#proposal-title")).to_be_visible()


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
