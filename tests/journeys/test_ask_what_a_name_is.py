"""A name in the text says what it stands for: to the pointer, to the keyboard, and to who has no script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from newsroom.models import Article
from tests.journeys.axe import violations
from tests.making import make_article, make_entity, make_mention
from tests.watched_browser import WatchedBrowser


@pytest.fixture
def article(live: str) -> Article:
    article = make_article()
    make_mention(
        article, "la sindaca", entity=make_entity(name="Ida Bianchi", description="Guida il Comune.")
    )
    make_mention(article, "i tecnici", entity=make_entity(kind="organisation", name="I tecnici"))
    return article


def address(article: Article) -> str:
    return f"{article.get_absolute_url()}?layer=entities"


@pytest.fixture
def reading(page: Page, article: Article) -> Page:
    page.goto(address(article))
    return page


def name(page: Page, words: str = "la sindaca") -> Locator:
    return page.locator(".text a.entity", has_text=words)


def gloss(page: Page) -> Locator:
    return page.locator("#entity-gloss")


def test_the_pointer_is_told_and_may_go_onto_what_it_is_told(reading: Page) -> None:
    name(reading).hover()
    expect(gloss(reading)).to_have_text("persona · Guida il Comune.")
    expect(gloss(reading)).to_be_visible()
    gloss(reading).hover()
    reading.wait_for_function("document.getElementById('entity-gloss').matches(':hover')")
    expect(gloss(reading)).to_be_visible()
    reading.locator("h1").hover()
    expect(gloss(reading)).to_be_hidden()
    expect(name(reading)).to_have_attribute("title", "persona · Guida il Comune.")


def test_escape_takes_it_away_and_it_stays_away(reading: Page) -> None:
    name(reading).hover()
    expect(gloss(reading)).to_be_visible()
    reading.keyboard.press("Escape")
    expect(gloss(reading)).to_be_hidden()
    # Nor does the browser say it instead, as long as the pointer rests there.
    expect(name(reading)).not_to_have_attribute("title", re.compile("."))
    name(reading, "i tecnici").hover()
    expect(gloss(reading)).to_have_text("organizzazione")
    expect(name(reading)).to_have_attribute("title", "persona · Guida il Comune.")
    name(reading).hover()
    expect(gloss(reading)).to_have_text("persona · Guida il Comune.")


def test_the_keyboard_is_told_and_the_name_is_described_by_it(reading: Page) -> None:
    reading.locator("#layer-linear").focus()
    while not name(reading).evaluate("link => link === document.activeElement"):
        reading.keyboard.press("Tab")
    expect(gloss(reading)).to_be_visible()
    expect(name(reading)).to_have_accessible_description("persona · Guida il Comune.")
    assert violations(reading) == []
    reading.keyboard.press("Escape")
    expect(gloss(reading)).to_be_hidden()
    expect(name(reading)).to_be_focused()
    reading.keyboard.press("Enter")
    expect(reading.get_by_role("heading", level=1)).to_have_text("Ida Bianchi")


def test_what_is_said_in_another_language_is_marked_as_such(page: Page, live: str) -> None:
    article = make_article()
    entity = make_entity(name="Ida Bianchi", lang="en", description="Leads the town · since 2020.")
    make_mention(article, "la sindaca", entity=entity)
    page.goto(address(article))
    name(page).hover()
    expect(gloss(page)).to_have_text("persona · Leads the town · since 2020.")
    expect(gloss(page).locator("[lang=en]")).to_have_text(" · Leads the town · since 2020.")


def test_it_is_on_no_paper_and_no_part_of_the_text(reading: Page) -> None:
    text = "[...document.querySelectorAll('[data-o]')].map(block => block.textContent).join('\\n')"
    before = reading.evaluate(text)
    name(reading).hover()
    expect(gloss(reading)).to_be_visible()
    assert reading.evaluate(text) == before
    reading.emulate_media(media="print")
    expect(gloss(reading)).to_be_hidden()


def test_without_a_script_the_browser_says_it_and_the_link_leads_to_it(
    watched: WatchedBrowser, article: Article
) -> None:
    page = watched.open(java_script_enabled=False)
    page.goto(address(article))
    expect(name(page)).to_have_attribute("title", "persona · Guida il Comune.")
    name(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ida Bianchi")
