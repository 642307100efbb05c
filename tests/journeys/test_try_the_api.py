"""A developer opens the page of the API and tries an address, under the policy of every other page."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.watched_browser import WatchedBrowser


def test_an_address_is_tried_on_the_page_itself(live: str, watched: WatchedBrowser) -> None:
    """A violation of the policy, a fault in a script or a request to another host fails the test."""
    page = watched.open()
    page.goto("/api/v1/docs")
    operation = page.locator("#operations-claims-listClaims")
    operation.get_by_role("button").first.click()
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response-col_status")
    expect(answer.last).to_contain_text("200")
    expect(operation.locator(".live-responses-table")).to_contain_text('"items"')
