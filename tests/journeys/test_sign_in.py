"""Signing in in a browser: with an app, a recovery code, a security key; and failing too often."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from newsroom.models import User
from tests.journeys.axe import violations
from tests.watched_browser import WatchedBrowser

PASSWORD = "una-parola-lunga-7"


@pytest.fixture(autouse=True)
def required(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()


@pytest.fixture
def editor(editor: User) -> User:
    editor.set_password(PASSWORD)
    editor.save()
    return editor


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def gives_password(page: Page, password: str = PASSWORD, there: str = "/desk/reviews/") -> None:
    page.goto(f"/admin/login/?next={there}")
    page.get_by_label("Nome utente o indirizzo e-mail").fill("editor")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Accedi").click()


def gives_code(page: Page, code: str) -> None:
    page.get_by_label("Codice della tua app").fill(code)
    page.get_by_role("button", name="Accedi").click()


def in_the_board(page: Page) -> None:
    page.wait_for_url("**/desk/reviews/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_who_may_publish_sets_up_an_app_and_goes_on(page: Page, editor: User) -> None:
    gives_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Secondo fattore")
    page.get_by_role("link", name="Imposta un’app").click()
    square = page.get_by_role("img", name="Il segreto come quadrato")
    expect(square).to_be_visible()
    assert square.evaluate("image => image.naturalWidth > 0")
    assert violations(page) == []
    secret = page.get_by_label("Il segreto").input_value()
    page.get_by_label("Il codice che l’app mostra ora").fill(code_of(secret))
    page.get_by_role("button", name="Impostalo").click()
    expect(page.locator(".codes code")).to_have_count(10)
    assert violations(page) == []
    page.get_by_role("link", name="Li ho: continua").click()
    page.goto("/desk/reviews/")
    in_the_board(page)


def test_with_the_code_of_an_app(page: Page, editor: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(editor, secret)
    gives_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Secondo fattore")
    assert violations(page) == []
    gives_code(page, code_of(secret))
    in_the_board(page)


def test_with_a_recovery_code_and_no_javascript(watched: WatchedBrowser, editor: User) -> None:
    TOTP.activate(editor, generate_totp_secret())
    code = RecoveryCodes.activate(editor).get_unused_codes()[3]
    page = watched.open(java_script_enabled=False)
    gives_password(page)
    gives_code(page, code)
    in_the_board(page)


@pytest.fixture
def local(browser: Browser, live: str) -> Iterator[Page]:
    """A page under a name: no key signs for an address in numbers. It has a security key in it."""
    watched = WatchedBrowser(browser, live.replace("127.0.0.1", "localhost"))
    page = watched.open()
    key = {"protocol": "ctap2", "transport": "usb", "isUserVerified": True, "hasUserVerification": True}
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator", {"options": key | {"automaticPresenceSimulation": True}}
    )
    yield page
    watched.close()
    assert watched.faults == []


def test_with_a_security_key(local: Page, editor: User) -> None:
    page = local
    gives_password(page)
    page.get_by_role("link", name="Aggiungi una chiave").click()
    expect(page.get_by_label("Come la chiami")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Come la chiami").fill("La mia chiave")
    page.get_by_role("button", name="Usa la chiave di sicurezza").click()
    expect(page.locator(".codes code")).to_have_count(10)
    page.goto("/account/second-factor/")
    expect(page.get_by_text("La mia chiave:")).to_be_visible()

    page.context.clear_cookies()
    gives_password(page)
    page.get_by_role("button", name="Usa la chiave di sicurezza").click()
    in_the_board(page)


def test_who_fails_too_often_is_told_to_wait(page: Page, editor: User, settings: Settings) -> None:
    for _time in range(settings.SIGN_IN_FAILURES):
        gives_password(page, "sbagliata")
    expect(page.get_by_role("alert")).to_contain_text("Aspetta 15 minuti")
    assert violations(page) == []
    gives_password(page)
    expect(page.get_by_role("alert")).to_contain_text("Aspetta 15 minuti")
