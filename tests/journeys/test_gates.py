"""No page goes out that axe-core, a narrow window, the console or the CSP objects to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from newsroom.models import User
from tests import desk_pages
from tests.journeys.axe import violations
from tests.public_pages import PAGES
from tests.samples import all_of_it, sampled
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]

LOOKS = [(scheme, width) for width in (1280, 390, 320) for scheme in ("light", "dark")]
#: axe is slow: the pages with the most parts are judged in the looks that differ most, each of the others in
#: one of all looks, and all in all looks when the long tests are asked for.
WITH_MOST_PARTS = {"article", "claim"}
TELLING_LOOKS = [("light", 1280), ("dark", 390)]


def looks_of(name: str) -> list[tuple[str, int]]:
    if name in WITH_MOST_PARTS and not all_of_it():
        return TELLING_LOOKS
    return sampled(LOOKS, 1, of=name)


#: Whether all of the page is within the window, once what is set anew in it stands: two seconds at most.
FITS = """() => new Promise(answer => {
  const end = performance.now() + 2000;
  const look = () => {
    const fits = document.documentElement.scrollWidth <= innerWidth;
    if (fits || performance.now() > end) answer(fits);
    else requestAnimationFrame(look);
  };
  look();
})"""


def assert_nothing_is_wrong(page: Page, *, judged: list[tuple[str, int]] = TELLING_LOOKS) -> None:
    """In no look does it scroll sideways; axe judges some of them; console and policy are watched anyway."""
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(FITS), (scheme, width)
        if (scheme, width) in judged:
            assert violations(page) == [], (scheme, width)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wrong_with_a_page_in_any_look(name: str, page: Page) -> None:
    page.goto(PAGES[name]())
    assert_nothing_is_wrong(page, judged=looks_of(name))
    assert page.context.cookies() == []


@pytest.mark.parametrize("name", desk_pages.PAGES)
def test_nothing_is_wrong_with_a_page_of_the_desk_in_any_look(
    name: str, page: Page, sign_in: SignIn, editor: User
) -> None:
    sign_in(page, editor)
    page.goto(desk_pages.PAGES[name]())
    assert_nothing_is_wrong(page, judged=looks_of(name))


@pytest.mark.parametrize("name", desk_pages.IN_ERROR)
def test_nothing_is_wrong_with_a_form_of_the_desk_that_comes_back(
    name: str, page: Page, sign_in: SignIn, editor: User
) -> None:
    sign_in(page, editor)
    address, send = desk_pages.IN_ERROR[name]
    page.goto(address())
    page.locator("main").evaluate("main => main.dataset.before = ''")
    send(page)
    came_back = page.locator("main:not([data-before]) #proposal-title, [role=alert]")
    expect(came_back.first).to_be_visible()
    assert_nothing_is_wrong(page, judged=looks_of(name))


def test_nothing_is_wrong_with_an_open_card(page: Page) -> None:
    page.goto(PAGES["article"]())
    page.locator("[role=doc-noteref]").nth(7).click()
    expect(page.locator("#claim-card h2")).to_be_focused()
    assert_nothing_is_wrong(page)


def test_nothing_is_wrong_with_the_open_help(page: Page) -> None:
    page.goto(PAGES["article"]())
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    assert_nothing_is_wrong(page)


def test_nothing_is_wrong_with_an_explained_rating(page: Page) -> None:
    page.goto(PAGES["article"]())
    page.locator(".note a.badge").first.click()
    expect(page.locator("#rating-meaning")).to_be_visible()
    assert_nothing_is_wrong(page)


def test_nothing_is_wrong_with_open_layers_on_a_phone(watched: WatchedBrowser) -> None:
    page = watched.open(viewport={"width": 390, "height": 844})
    page.goto(PAGES["article"]())
    page.locator(".layers summary").click()
    assert violations(page) == []


def test_forced_colours_keep_every_underline(watched: WatchedBrowser) -> None:
    page = watched.open(forced_colors="active")
    page.goto(PAGES["all layers"]())
    lines = page.locator(".claim").evaluate_all(
        "claims => claims.map(getComputedStyle)"
        ".map(style => `${style.borderBlockEndStyle} ${style.borderBlockEndWidth}`)"
    )
    assert len({line.split()[0] for line in lines}) > 3
    assert not [line for line in lines if line.startswith("none") or line.endswith(" 0px")]
    colours = page.locator(".claim").evaluate_all(
        "claims => claims.map(claim => getComputedStyle(claim).borderBlockEndColor)"
    )
    paper = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert paper not in colours
    for layer in (".entity", ".attribution-source", ".attribution-cue"):
        decorations = page.locator(layer).evaluate_all(
            "marks => marks.map(mark => getComputedStyle(mark).textDecorationLine)"
        )
        assert set(decorations) == {"underline"}, layer


def test_print_keeps_the_notes_and_the_register_and_leaves_the_controls(page: Page) -> None:
    page.goto(PAGES["article"]())
    page.emulate_media(media="print")
    notes = page.locator(".note")
    assert [note.is_visible() for note in notes.all()] == [True] * 44
    assert [line.is_visible() for line in page.locator(".register").first.locator("tbody tr").all()] == [
        True
    ] * 44
    for control in (".skip", ".tools", ".masthead nav", ".footer nav", "#claim-card", ".more-notes summary"):
        expect(page.locator(control).filter(visible=True)).to_have_count(0)


def test_on_paper_a_claim_offers_nothing_to_click_and_a_search_says_what_was_looked_for(page: Page) -> None:
    page.goto(PAGES["claim"]())
    page.emulate_media(media="print")
    for control in ("[data-share]", ".embed-code"):
        expect(page.locator(control).first).to_be_attached()
        expect(page.locator(control).filter(visible=True)).to_have_count(0)
    page.goto(PAGES["search"]())
    expect(page.locator("#search-words")).to_be_visible()
    expect(page.locator(".search-form button, .search-help").filter(visible=True)).to_have_count(0)


def test_the_line_of_a_claim_inside_another_stands_below_its_line(page: Page) -> None:
    page.goto(PAGES["article"]())
    gaps = page.locator(".claim .claim").first.evaluate(
        """inner => [inner.parentElement.closest(".claim"), inner]
            .map(claim => parseFloat(getComputedStyle(claim).paddingBlockEnd))"""
    )
    outer_line = page.locator(".claim .claim").first.evaluate(
        "inner => parseFloat(getComputedStyle(inner.parentElement.closest('.claim')).borderBlockEndWidth)"
    )
    assert gaps[1] >= gaps[0] + outer_line
