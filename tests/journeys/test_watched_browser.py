"""The watch that every journey stands under sees what it must see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route

from tests.watched_browser import WatchedBrowser

ADDRESS = "http://site.example"


@pytest.fixture
def watch(browser: Browser) -> Iterator[WatchedBrowser]:
    watch = WatchedBrowser(browser, ADDRESS)
    yield watch
    watch.close()


def visit(watch: WatchedBrowser, html: str, *, status: int = 200, **headers: str) -> list[str]:
    """Opens a page of this HTML; every other address is not found. Returns the faults."""

    def answer(route: Route) -> None:
        if route.request.resource_type == "document":
            route.fulfill(status=status, body=html, content_type="text/html", headers=headers)
        else:
            route.fulfill(status=404)

    page = watch.open()
    page.route("**", answer)
    page.goto(f"{ADDRESS}/", wait_until="networkidle")
    return watch.faults


def test_a_quiet_page_has_no_fault(watch: WatchedBrowser) -> None:
    assert visit(watch, "<p>Buongiorno") == []


def test_a_page_that_is_not_there_is_no_fault(watch: WatchedBrowser) -> None:
    assert visit(watch, "<p>Non c'è", status=404) == []


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<script>console.error('oh')</script>", "console: oh"),
        ("<script>missing.go()</script>", "script: "),
        ("<img src=/missing.png>", "404: "),
        ("<img src=http://elsewhere.example/pixel.png>", "another host: http://elsewhere.example/"),
    ],
)
def test_what_goes_wrong_on_a_page_is_a_fault(watch: WatchedBrowser, html: str, fault: str) -> None:
    assert visit(watch, html)[0].startswith(fault)


def test_an_error_of_the_server_is_a_fault(watch: WatchedBrowser) -> None:
    assert visit(watch, "<p>Oh", status=500) == [f"500: {ADDRESS}/"]


def test_a_violation_of_the_content_security_policy_is_a_fault(watch: WatchedBrowser) -> None:
    policy = {"Content-Security-Policy": "default-src 'none'; img-src 'self' data:"}
    (fault,) = visit(watch, "<p style='color: red'>Oh", **policy)
    assert "Content Security Policy" in fault
