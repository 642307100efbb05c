"""A reader looks for something: by the masthead, while typing, on a phone, without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import violations
from tests.watched_browser import WatchedBrowser

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def searching(page: Page) -> Page:
    page.goto("/search/")
    return page


def test_the_field_in_the_masthead_leads_to_the_hits(page: Page) -> None:
    page.goto("/method/")
    page.get_by_role("search").get_by_role("searchbox").fill("chatgpt")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=chatgpt$"))
    expect(page.get_by_role("searchbox")).to_have_value("chatgpt")
    expect(page.get_by_role("searchbox")).to_have_count(1)
    page.get_by_role("link", name=re.compile("Affermazioni: tutti")).click()
    expect(page.locator(".lines li")).to_have_count(9)
    page.locator(".lines h3 a").first.click()
    expect(page).to_have_url(re.compile(r"/claims/"))


def test_hits_come_while_the_reader_types_and_the_field_keeps_the_focus(searching: Page) -> None:
    field = searching.get_by_role("searchbox")
    field.press_sequentially("chatg")
    expect(searching.locator(".hit").first).to_have_text("ChatGPT")
    expect(field).to_be_focused()
    expect(field).to_have_value("chatg")
    expect(searching.get_by_role("status")).to_have_text("32 risultati.")
    expect(searching).to_have_url(re.compile(r"/search/$"))
    assert violations(searching) == []
    field.press_sequentially("zzz")
    expect(searching.get_by_role("status")).to_have_text("Nessun risultato per «chatgzzz».")
    expect(searching.locator(".lines")).to_have_count(0)
    field.fill("")
    expect(searching.locator("#search-results")).to_have_text("")


def test_what_is_found_while_typing_leads_on(searching: Page) -> None:
    searching.get_by_role("searchbox").press_sequentially("micros")
    searching.get_by_role("link", name=re.compile("Affermazioni: tutti")).click()
    expect(searching.locator(".lines li")).to_have_count(20)
    searching.get_by_role("link", name="Seguente").click()
    expect(searching.locator(".lines li")).to_have_count(6)


def test_it_works_without_javascript(watched: WatchedBrowser) -> None:
    page = watched.open(java_script_enabled=False)
    page.goto("/search/")
    page.get_by_role("searchbox").fill('microsoft -azure "intelligenza artificiale"')
    page.get_by_role("button", name="Cerca").click()
    expect(page.locator(".lines h3").first).to_contain_text("Microsoft")
    page.locator(".search-kinds a").nth(1).click()
    expect(page.get_by_role("searchbox")).to_have_value('microsoft -azure "intelligenza artificiale"')


def test_on_a_phone_the_masthead_has_a_link_to_it(watched: WatchedBrowser) -> None:
    page = watched.open(viewport=PHONE)
    page.goto("/")
    expect(page.get_by_role("searchbox")).to_have_count(0)
    link = page.get_by_role("banner").get_by_role("link", name="Cerca")
    box = link.bounding_box()
    assert box and box["width"] >= 24 and box["height"] >= 24
    link.click()
    expect(page.get_by_role("searchbox")).to_be_visible()
