"""A text that no newsroom would publish, with 5,000 annotations, in a browser: not one character moves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from newsroom.models import Article
from tests.making import make_article, make_crowd
from tests.public_pages import TORTURE

ANNOTATIONS = 5_000
#: Milliseconds: the machine may be busy, and what is asked here is not how fast it is.
PATIENCE = 60_000
EVERY_LAYER = "?layer=claims&layer=attributions&layer=entities"


@pytest.fixture
def article(live: str) -> Article:
    found = make_article(html=TORTURE * 40, headline="Il ponte 🌉")
    make_crowd(found, ANNOTATIONS)
    return found


def text_of(page: Page) -> str:
    return page.evaluate(
        "[...document.querySelectorAll('[data-o]')].map(block => block.textContent).join('\\n')"
    )


def offsets_of(page: Page) -> list[list]:
    """Where each block says that it begins, and its text."""
    return page.locator("[data-o]").evaluate_all(
        "blocks => blocks.map(block => [Number(block.dataset.o), block.textContent])"
    )


def test_the_browser_holds_the_text_of_five_thousand_annotations(page: Page, article: Article) -> None:
    text = article.current_revision.text
    page.goto(article.get_absolute_url() + EVERY_LAYER, timeout=PATIENCE)

    assert text_of(page) == text
    assert all(text.startswith(words, start) for start, words in offsets_of(page))
    expect(page.locator("[role=doc-noteref]")).to_have_count(ANNOTATIONS // 2)
    expect(page.locator("[data-o] .entity").first).to_be_attached()
    # No element was moved by the parser: none stands in one of its own kind that may not hold it.
    assert page.locator("a a, [data-o] [data-o], [data-o] :is(p, li, td, h2)").count() == 0

    # A filter swaps the text for another that is the same.
    page.locator("#count-true").click()
    expect(page).to_have_url(re.compile("rating=true"), timeout=PATIENCE)
    expect(page.locator("#count-true")).to_have_attribute("aria-current", "true", timeout=PATIENCE)
    assert text_of(page) == text
    page.locator("#layer-claims").uncheck()
    expect(page.locator("[role=doc-noteref]")).to_have_count(0, timeout=PATIENCE)
    assert text_of(page) == text


def test_a_note_in_the_middle_of_them_opens_its_card(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url(), timeout=PATIENCE)
    note = page.locator("[role=doc-noteref]").nth(ANNOTATIONS // 4)
    note.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("heading")).to_be_focused(timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(note).to_be_focused(timeout=PATIENCE)
