"""Somebody pastes a text that came in, to see what of it was checked here already."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from newsroom.models import Claim, User
from tests.journeys.axe import violations
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]
SAID = "Databricks non ha mai acquisito MosaicML, che ha sviluppato MPT-30B, un modello di base open source."
TEXT = f"{SAID}\n\nIeri il Comune di Ravenna ha speso 12 milioni di euro. Che bella giornata!"


def triage(page: Page, sign_in: SignIn, user: User) -> None:
    sign_in(page, user)
    page.goto("/desk/")
    page.get_by_role("link", name="Esamina un testo").click()
    page.get_by_label("Testo", exact=True).fill(TEXT)
    page.get_by_role("button", name="Esamina").click()
    expect(page.get_by_role("heading", name="Già verificate qui")).to_be_visible()


def test_a_sentence_that_was_checked_is_copied_with_its_link(
    watched: WatchedBrowser, sign_in: SignIn, reporter: User, live: str
) -> None:
    page = watched.open(permissions=["clipboard-read", "clipboard-write"])
    triage(page, sign_in, reporter)
    known = page.locator(".triage-claim").first
    expect(known).to_contain_text("Vero")
    expect(known).to_contain_text("Una delle due dice «non»")
    known.get_by_role("button", name="Copia per l’articolo").click()
    expect(known.get_by_role("status")).to_have_text("Copiato")
    copied = page.evaluate("navigator.clipboard.readText()")
    claim = Claim.objects.get(text__startswith="Databricks ha acquisito MosaicML")
    assert copied.endswith(claim.get_absolute_url()) and "Vero" in copied


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390), ("light", 320)])
def test_nothing_is_wrong_with_what_was_found(
    scheme: str, width: int, page: Page, sign_in: SignIn, reporter: User
) -> None:
    triage(page, sign_in, reporter)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_without_javascript_it_is_all_there(
    watched: WatchedBrowser, sign_in: SignIn, reporter: User, live: str
) -> None:
    page = watched.open(java_script_enabled=False)
    triage(page, sign_in, reporter)
    expect(page.get_by_label("Per l’articolo").first).to_be_visible()
    expect(page.get_by_role("button", name="Copia per l’articolo")).to_have_count(0)
