"""A reader says how pages look: it holds on every page, in this browser alone, and nothing of it leaves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.public_pages import seed_article


@pytest.fixture
def address(live: str) -> str:
    return seed_article().get_absolute_url()


def open_panel(page: Page) -> Locator:
    page.get_by_role("button", name="Come si vedono le pagine").click()
    panel = page.get_by_role("dialog", name="Come si vedono le pagine")
    expect(panel).to_be_visible()
    return panel


def size_of(page: Page, selector: str) -> float:
    return page.locator(selector).first.evaluate("element => parseFloat(getComputedStyle(element).fontSize)")


def test_what_is_chosen_holds_on_every_page_and_after_a_reload(page: Page, address: str) -> None:
    page.goto(address)
    before = size_of(page, ".text p")
    panel = open_panel(page)
    panel.get_by_label("Molto più grande").check()
    panel.get_by_label("Ampi").check()
    panel.get_by_label("Facili da distinguere").check()
    panel.get_by_label("Scuri").check()

    def holds() -> None:
        root = page.locator("html")
        for name, value in {"size": "largest", "spacing": "wide", "face": "legible", "theme": "dark"}.items():
            expect(root).to_have_attribute(f"data-{name}", value)

    holds()
    assert size_of(page, ".text p") > 1.3 * before
    page.reload()
    holds()
    page.goto("/claims/")
    holds()
    expect(open_panel(page).get_by_label("Molto più grande")).to_be_checked()


def test_what_is_normal_again_is_forgotten(page: Page, address: str) -> None:
    page.goto(address)
    panel = open_panel(page)
    panel.get_by_label("Più piccolo").check()
    panel.get_by_role("group", name="Dimensione del testo").get_by_label("Normale").check()
    expect(page.locator("html")).not_to_have_attribute("data-size", re.compile(".*"))
    assert page.evaluate("localStorage.length") == 0


def test_the_panel_is_opened_and_closed_with_keys_alone(page: Page, address: str) -> None:
    page.goto(address)
    opener = page.get_by_role("button", name="Come si vedono le pagine")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Come si vedono le pagine")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.locator("html")).to_have_attribute("data-size", re.compile("small|large"))
    page.keyboard.press("Escape")
    expect(page.locator("#look")).to_be_hidden()
    expect(opener).to_be_focused()


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_largest_letters_with_wide_spacing_leave_nothing_beside_the_page(
    page: Page, address: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(address)
    page.evaluate("Object.assign(document.documentElement.dataset, {size: 'largest', spacing: 'wide'})")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_layers_are_remembered_from_article_to_article(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("checkbox", name="Nomi e temi").check()
    expect(page.locator(".entity").first).to_be_visible()
    page.goto(address)
    expect(page).to_have_url(re.compile(r"\?layer=claims&layer=entities$"))
    expect(page.locator(".entity").first).to_be_visible()


def test_an_address_that_says_what_it_shows_is_shown_as_it_says(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("checkbox", name="Nomi e temi").check()
    expect(page.locator(".entity").first).to_be_visible()
    page.goto(f"{address}?layer=claims")
    expect(page.locator("[role=doc-noteref]").first).to_be_visible()
    expect(page.locator(".entity")).to_have_count(0)
    page.get_by_role("checkbox", name="Chi lo dice").check()
    expect(page.locator(".attribution").first).to_be_visible()
    page.get_by_role("checkbox", name="Chi lo dice").uncheck()
    expect(page.locator(".attribution")).to_have_count(0)
    page.goto(address)
    expect(page).to_have_url(re.compile(re.escape(address) + "$"))


def test_dark_colours_are_dark_and_no_cookie_tells_of_them(page: Page, address: str) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    page.goto(address)
    light = page.evaluate(paper)
    panel = open_panel(page)
    panel.get_by_label("Scuri").check()
    dark = page.evaluate(paper)
    assert dark != light
    page.goto("/claims/")
    assert page.evaluate(paper) == dark
    assert page.context.cookies() == []
