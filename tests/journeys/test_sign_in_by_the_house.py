"""Signing in by the house's own provider in a browser, which the policy lets go there and come back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from newsroom.models import User
from tests.journeys.axe import violations
from tests.local_identity import LocalIdentity, local_identity
from tests.watched_browser import WatchedBrowser


@pytest.fixture
def identity(settings: Settings) -> Iterator[LocalIdentity]:
    cache.clear()
    with local_identity() as identity:
        settings.OIDC = identity.settings()
        identity.claims |= {"preferred_username": "ada", "groups": ["verifica"]}
        yield identity


@pytest.fixture
def window(browser: Browser, live: str, identity: LocalIdentity) -> Iterator[WatchedBrowser]:
    """Nothing is wrong on its pages, and no other host is asked but the provider."""
    watched = WatchedBrowser(browser, live)
    yield watched
    watched.close()
    there = f"another host: {identity.issuer}/authorize?"
    assert [fault for fault in watched.faults if not fault.startswith(there)] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["", "no JavaScript"])
def test_a_link_leads_there_and_back_to_the_desk(window: WatchedBrowser, scripts: bool) -> None:
    page = window.open(java_script_enabled=scripts)
    page.goto("/admin/login/?next=/desk/reviews/")
    page.get_by_role("link", name="Accedi con Casa").click()
    page.wait_for_url("**/desk/reviews/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert User.objects.filter(username="ada").exists()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390), ("light", 320)])
def test_nothing_is_wrong_with_its_pages(
    window: WatchedBrowser, identity: LocalIdentity, settings: Settings, scheme: str, width: int
) -> None:
    page = window.open(color_scheme=scheme, viewport={"width": width, "height": 844})
    page.goto("/admin/login/")
    expect(page.get_by_label("Password")).to_be_visible()
    nothing_is_wrong(page)
    settings.PASSWORDS, settings.EMERGENCY_ACCOUNT = False, "emergenza"
    page.goto("/admin/login/")
    expect(page.get_by_label("Password")).to_be_hidden()
    nothing_is_wrong(page)
    page.get_by_text("Se Casa non risponde").click()
    expect(page.get_by_label("Password")).to_be_visible()
    nothing_is_wrong(page)
    identity.claims["groups"] = []
    page.get_by_role("link", name="Accedi con Casa").click()
    expect(page.get_by_role("alert")).to_contain_text("Nessuno dei tuoi gruppi")
    nothing_is_wrong(page)


def nothing_is_wrong(page: Page) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
