"""A reader copies the code of a card; on a page that has it, the card is seen whole and leads on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from newsroom.models import Claim
from tests.public_pages import seed_article
from tests.watched_browser import WatchedBrowser


def claims() -> list[Claim]:
    return list(Claim.objects.filter(appearances__annotation__article=seed_article()).distinct())[::9]


def codes(page: Page, claim: Claim) -> list[str]:
    """As somebody copies them: of the claim, and of the passage."""
    page.goto(claim.get_absolute_url())
    return [field.input_value() for field in page.locator("details.embed-code textarea").all()]


def put_on_a_page(page: Page, html: str) -> None:
    page.route(
        "**/host", lambda route: route.fulfill(body=f"<!doctype html>{html}", content_type="text/html")
    )
    page.goto("/host")


def test_the_code_is_copied_with_a_button(watched: WatchedBrowser) -> None:
    page = watched.open(permissions=["clipboard-read", "clipboard-write"])
    claim = claims()[0]
    code, *_others = codes(page, claim)
    details = page.locator("details.embed-code").first
    details.locator("summary").click()
    details.get_by_role("button", name="Copia il codice").click()
    expect(details.get_by_role("status")).to_have_text("Codice copiato")
    assert page.evaluate("navigator.clipboard.readText()") == code


@pytest.mark.parametrize("width", [500, 350, 250])
def test_a_card_is_seen_whole_in_its_frame(width: int, page: Page) -> None:
    wanted = [code for claim in claims() for code in codes(page, claim)]
    sources = [re.sub(r".* src=\"|<iframe src=\"|\".*", "", code, flags=re.DOTALL) for code in wanted]
    assert len(sources) > 8
    for source in sources:
        there = re.sub(r"\?v=\d+", "", source).replace("/embed/claims/", "/claims/")
        told = page.request.get("/oembed", params={"url": there, "maxwidth": str(width)}).json()
        page.set_viewport_size({"width": width, "height": 10})
        page.goto(source)
        height = page.locator("main").evaluate("card => card.getBoundingClientRect().height")
        # Not cut, and not lost in an empty frame.
        assert height <= told["height"] <= height + 200, source
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_card_leads_to_its_claim_in_a_page_of_its_own(page: Page) -> None:
    claim = claims()[1]
    for code in codes(page, claim):
        put_on_a_page(page, code)
        card = page.frame_locator("iframe")
        expect(card.get_by_role("heading", level=1)).to_have_text(claim.text)
        with page.context.expect_page() as opened:
            card.get_by_role("link", name="Riscontri, motivazione e storia").click()
        # Outside the frame's sandbox, so it has its scripts.
        expect(opened.value.locator("#look-button")).to_be_visible()
        assert opened.value.url.endswith(claim.get_absolute_url())
        assert page.url.endswith("/host")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_card_wears_the_scheme_of_the_system_or_of_its_address(
    scheme: str, watched: WatchedBrowser
) -> None:
    page = watched.open(color_scheme=scheme)
    code, *_others = codes(page, claims()[0])
    grounds = {}
    for name, html in (
        ("system", code),
        ("light", with_scheme(code, "light")),
        ("dark", with_scheme(code, "dark")),
    ):
        put_on_a_page(page, html)
        card = page.frame_locator("iframe").locator("main")
        # The page round it does not wait for a frame, nor the frame's words for its style.
        expect(card).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")
        grounds[name] = card.evaluate("card => getComputedStyle(card).backgroundColor")
    assert grounds["system"] == grounds[scheme]
    assert grounds["light"] != grounds["dark"]


def with_scheme(code: str, scheme: str) -> str:
    return re.sub(r"(\?v=\d+)", rf"\1&amp;scheme={scheme}", code)
