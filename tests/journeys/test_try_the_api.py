"""A developer opens the page of the API and tries an address, under the policy of every other page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.test_gates import assert_nothing_is_wrong
from tests.watched_browser import WatchedBrowser


def opened(page: Page) -> Page:
    page.goto("/api/v1/docs")
    expect(page.locator("#operations-claims-listClaims")).to_be_visible()
    return page


def test_an_address_is_tried_on_the_page_itself(live: str, watched: WatchedBrowser) -> None:
    """A violation of the policy, a fault in a script or a request to another host fails the test."""
    page = opened(watched.open())
    assert_nothing_is_wrong(page)
    operation = page.locator("#operations-claims-listClaims")
    operation.get_by_role("button").first.click()
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response-col_status")
    expect(answer.last).to_contain_text("200")
    expect(operation.locator(".live-responses-table")).to_contain_text('"items"')
    page.mouse.move(0, 0)  # what is under the pointer changes its colours for a moment
    assert_nothing_is_wrong(page)
    assert page.context.cookies() == []


def test_every_operation_of_the_description_is_on_it(live: str, watched: WatchedBrowser) -> None:
    page = opened(watched.open())
    described = page.request.get("/api/v1/openapi.json").json()
    named = [way["operationId"] for ways in described["paths"].values() for way in ways.values()]
    assert {"matchClaims", "addAnnotation"} <= set(named)
    for name in named:
        expect(page.locator(f"[id$='-{name}'].opblock")).to_have_count(1)


def test_without_javascript_it_says_where_the_description_is(live: str, watched: WatchedBrowser) -> None:
    page = watched.open(java_script_enabled=False)
    page.goto("/api/v1/docs")
    page.get_by_role("link", name="openapi.json").click()
    expect(page.locator("body")).to_contain_text('"openapi": "3.1.0"')
