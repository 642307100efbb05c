"""What a screen reader speaks is in the order in which the page is read, with every layer.

A browser's tree of accessibility is what is spoken; where things stand on a narrow screen, in one column,
is what is read. A style that moves something, or a part that is hidden from the eye alone, would part them.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from newsroom.models import Article

pytestmark = pytest.mark.usefixtures("rows")

LAYERS = ["", "?layer=none", "?layer=attributions&layer=mentions", "?layer=linear"]
#: What the parts of the page begin with, and where they stand on the screen.
STANDS = """() => [...document.querySelectorAll("main h1, main h2, main [data-o]")]
    .filter(part => part.checkVisibility() && part.getClientRects().length)
    .map(part => [part.getBoundingClientRect().top + scrollY, part.textContent.trim().slice(0, 40)])"""
#: Notes that do not follow the text of their row, or have no reference in it, or lead back to none.
STRAY = """() => [...document.querySelectorAll("main .row .note")].filter(note => {
    const text = note.closest(".row").querySelector(".text");
    const reference = text.querySelector(`a[role=doc-noteref][href="#${note.id}"]`);
    const follows = text.compareDocumentPosition(note) & Node.DOCUMENT_POSITION_FOLLOWING;
    return !follows || !reference || !note.querySelector(`a[href="#${reference.id}"]`);
}).map(note => note.id)"""
#: Properties that put something elsewhere than it stands in the page.
MOVES = """() => [...document.querySelectorAll("main *")].filter(part => {
    const style = getComputedStyle(part);
    return style.order !== "0" || /reverse/.test(style.flexDirection + style.flexWrap)
        || /dense/.test(style.gridAutoFlow);
}).map(part => part.outerHTML.slice(0, 120))"""


@pytest.fixture
def narrow(page: Page) -> Page:
    page.set_viewport_size({"width": 390, "height": 900})
    return page


def spoken(page: Page) -> str:
    """Roles, names and words of the page, as they are handed to who speaks them."""
    return page.locator("main").aria_snapshot()


@pytest.mark.parametrize("layers", LAYERS)
def test_it_is_spoken_as_it_is_read(layers: str, narrow: Page) -> None:
    narrow.goto(Article.objects.get().get_absolute_url() + layers)
    tops = [top for top, _words in narrow.evaluate(STANDS)]
    assert len(tops) > 10
    assert tops == sorted(tops)
    assert narrow.evaluate(MOVES) == []


def test_the_parts_of_the_page_are_spoken_one_after_the_other(narrow: Page) -> None:
    article = Article.objects.get()
    narrow.goto(article.get_absolute_url())
    headings = re.findall(r'heading "([^"]+)" \[level=[12]\]', spoken(narrow))
    assert headings[:2] == [article.headline, "Il testo con le sue note"]
    assert headings[-2:] == ["Che cosa significano le valutazioni", "Su questa pagina"]


def test_a_note_is_spoken_after_the_paragraph_of_its_words_and_leads_back_to_them(narrow: Page) -> None:
    narrow.goto(Article.objects.get().get_absolute_url())
    assert narrow.locator("main .row .note").count() > 5
    assert narrow.evaluate(STRAY) == []
