"""A reader without a mouse: from note to note by n and p, elsewhere by Tab. The focus is never lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from newsroom.models import Article
from tests.public_pages import seed_article
from tests.watched_browser import WatchedBrowser

FOCUS = "document.activeElement"


def notes(page: Page) -> Locator:
    return page.locator("[role=doc-noteref]")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.fixture
def article(live: str) -> Article:
    return seed_article()


@pytest.fixture
def reading(page: Page, article: Article) -> Page:
    page.goto(article.get_absolute_url())
    return page


def test_n_leads_through_every_note_and_p_back(reading: Page) -> None:
    for number in range(44):
        press(reading, "n")
        expect(notes(reading).nth(number)).to_be_focused()
    expect(notes(reading).last).to_be_in_viewport()
    press(reading, "n")
    expect(notes(reading).last).to_be_focused()
    for number in reversed(range(43)):
        press(reading, "p")
        expect(notes(reading).nth(number)).to_be_focused()
    press(reading, "p")
    expect(notes(reading).first).to_be_focused()


def test_the_way_goes_on_from_where_the_focus_is(reading: Page) -> None:
    reading.locator("#count-false").focus()
    press(reading, "n")
    expect(notes(reading).first).to_be_focused()
    reading.locator(".footer a").first.focus()
    press(reading, "p")
    expect(notes(reading).last).to_be_focused()
    reading.locator(".note-number").nth(9).focus()
    press(reading, "p")
    expect(notes(reading).nth(11)).to_be_focused()


def test_a_card_is_opened_read_and_left(reading: Page) -> None:
    press(reading, "n", "n", "n", "Enter")
    heading = reading.get_by_role("dialog").get_by_role("heading")
    expect(heading).to_be_focused()
    press(reading, "n")
    expect(heading).to_be_focused()  # inside a card the keys are at rest
    press(reading, "Tab")
    assert reading.evaluate(f"{FOCUS}.closest('#claim-card') !== null")
    press(reading, "Escape")
    expect(notes(reading).nth(2)).to_be_focused()
    press(reading, "n")
    expect(notes(reading).nth(3)).to_be_focused()


def test_the_help_names_the_keys_and_gives_the_focus_back(reading: Page) -> None:
    press(reading, "n", "n", "?")
    help = reading.locator("#keys-help")
    expect(help).to_be_visible()
    assert help.locator("kbd").all_inner_texts() == ["n", "p", "↵", "Esc", "?"]
    expect(reading.get_by_role("checkbox", name="Tasti attivi")).to_be_focused()
    press(reading, "n", "Escape")
    expect(help).to_be_hidden()
    expect(notes(reading).nth(1)).to_be_focused()


def test_the_help_has_a_button(reading: Page) -> None:
    button = reading.get_by_role("button", name="Tasti")
    button.focus()
    press(reading, "Enter")
    expect(reading.locator("#keys-help")).to_be_visible()
    press(reading, "Escape")
    expect(button).to_be_focused()


def test_the_keys_can_be_switched_off_and_stay_off(reading: Page) -> None:
    press(reading, "?", "Space", "Escape")
    press(reading, "n")
    expect(notes(reading).first).not_to_be_focused()
    reading.reload()
    press(reading, "n", "?")
    expect(notes(reading).first).not_to_be_focused()
    expect(reading.locator("#keys-help")).to_be_hidden()

    reading.get_by_role("button", name="Tasti").focus()
    press(reading, "Enter")
    reading.get_by_role("checkbox", name="Tasti attivi").check()
    press(reading, "Escape", "n")
    expect(notes(reading).first).to_be_focused()


def test_keys_with_a_modifier_are_the_browsers(reading: Page) -> None:
    press(reading, "n")
    for chord in ("Control+p", "Alt+n", "Meta+n"):
        reading.locator("body").dispatch_event(
            "keydown",
            {"key": chord[-1], f"{chord.split('+')[0].lower().replace('control', 'ctrl')}Key": True},
        )
        expect(notes(reading).first).to_be_focused()


def test_a_filter_is_applied_and_the_way_goes_on_among_what_is_left(reading: Page) -> None:
    reading.locator("#count-misleading").focus()
    press(reading, "Enter")
    expect(notes(reading)).to_have_count(6)
    expect(reading.locator("#count-misleading")).to_be_focused()
    press(reading, "n")
    expect(notes(reading).first).to_be_focused()
    for _step in range(7):
        press(reading, "n")
    expect(notes(reading).last).to_be_focused()


def test_layers_are_chosen_with_the_space_bar(reading: Page) -> None:
    reading.locator("#layer-claims").focus()
    press(reading, "Space")
    expect(notes(reading)).to_have_count(0)
    expect(reading.locator("#layer-claims")).to_be_focused()
    press(reading, "n")
    expect(reading.locator("#layer-claims")).to_be_focused()  # no note to go to
    press(reading, "Tab", "Space")
    expect(reading.locator("[data-o] .attribution").first).to_be_visible()
    expect(reading.locator("#layer-attributions")).to_be_focused()


def test_the_skip_link_comes_first_and_leads_past_the_masthead(reading: Page) -> None:
    press(reading, "Tab")
    skip = reading.get_by_role("link", name="Vai al contenuto")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    press(reading, "Enter")
    expect(reading.locator("#main")).to_be_focused()
    press(reading, "Tab")
    assert reading.evaluate(f"{FOCUS}.closest('#main') !== null")


def test_tab_goes_through_the_whole_page_and_each_stop_is_seen(
    watched: WatchedBrowser, article: Article
) -> None:
    """Every stop is a thing with a size and a ring, in the window; there is no trap; all notes are stops."""
    reading = watched.open()
    reading.goto(article.get_absolute_url())
    stops: list[dict] = []
    while len(stops) < 1000:
        press(reading, "Tab")
        stop = reading.evaluate(
            f"""() => {{
                const at = {FOCUS};
                if (at === document.body) return null;
                const {{ width, height, top, bottom }} = at.getBoundingClientRect();
                const {{ outlineStyle }} = getComputedStyle(at);
                return {{
                    name: at.outerHTML.slice(0, 120),
                    note: at.role === "doc-noteref",
                    seen: width > 0 && height > 0 && bottom > 0 && top < innerHeight,
                    ring: outlineStyle !== "none",
                }};
            }}"""
        )
        if stop is None:
            break
        stops.append(stop)
    assert 44 < len(stops) < 1000
    assert sum(stop["note"] for stop in stops) == 44
    assert [stop["name"] for stop in stops if not (stop["seen"] and stop["ring"])] == []


def test_the_names_of_ratings_are_explained_by_keyboard(reading: Page) -> None:
    rating = reading.locator(".note a.badge").first
    rating.focus()
    press(reading, "Enter")
    expect(reading.locator("#rating-meaning")).to_be_focused()
    expect(reading.locator("#rating-meaning")).to_have_text(re.compile("^Fuorviante: "))
    press(reading, "Escape")
    expect(rating).to_be_focused()
