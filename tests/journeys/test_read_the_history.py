"""A reader finds what an article said before, what changed since, and how it was rated then."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from newsroom.models import Article
from tests.public_pages import corrected
from tests.watched_browser import WatchedBrowser


@pytest.fixture
def article(live: str) -> Article:
    """Four texts; see `corrected`."""
    return corrected()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_from_the_article_to_its_versions_and_to_what_changed_between_two(
    watched: WatchedBrowser, article: Article, javascript: bool
) -> None:
    page = watched.open(java_script_enabled=javascript)
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Tutte le versioni").click()
    expect(page.get_by_role("heading", level=3)).to_have_text(
        ["Versione 4", "Versione 3", "Versione 2", "Versione 1"]
    )
    page.get_by_label("Dalla versione").select_option("3")
    page.get_by_label("alla versione", exact=True).select_option("1")
    page.get_by_role("button", name="Confronta").click()

    expect(page).to_have_url(re.compile("/history/1-3/$"))
    text = page.get_by_role("region", name="Il testo")
    expect(text.locator("del")).to_contain_text(["aperto", "maggio", "dieci"])
    expect(text.locator("ins")).to_contain_text(["chiuso", "giugno", "dodici"])
    touched = page.get_by_role("region", name="Affermazioni toccate")
    expect(touched.locator(".touched")).to_have_count(2)
    expect(page.locator(".corrections")).to_have_count(2)
    touched.get_by_role("link").first.click()
    expect(page.locator(".judgement")).to_contain_text("Da riverificare")


def test_a_correction_leads_to_what_it_changed(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    page.locator(".corrections").first.get_by_role("link", name="Che cosa è cambiato").click()
    expect(page).to_have_url(re.compile("/history/3-4/$"))
    expect(page.get_by_role("region", name="Affermazioni toccate")).to_contain_text(
        "Queste parole non sono più nel testo."
    )
    page.go_back()
    page.get_by_text("2 correzioni precedenti").click()
    expect(page.get_by_text("Era sbagliato: 1.")).to_be_visible()


def test_an_article_is_read_as_it_was_then(page: Page, article: Article) -> None:
    """With the words and the ratings of then, filters included, and a way back to today."""
    page.goto(f"/articles/{article.slug}/history/")
    page.get_by_role("link", name="Versione 2", exact=True).click()
    expect(page.locator(".corrections")).to_contain_text("Questa è la versione 2")
    expect(page.locator("[data-o]").first).to_contain_text("aperto a maggio")
    expect(page.locator("[data-o]").first).to_contain_text("dodici milioni")
    ratings = page.locator(".note .stale")
    expect(ratings).to_have_count(1)

    page.get_by_role("link", name=re.compile("^Da riverificare 1$")).click()
    expect(page.locator("[role=doc-noteref]")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/revisions/2/\?rating=stale$"))
    page.locator("[role=doc-noteref]").click()
    expect(page).to_have_url(re.compile(r"#note-\w+$"))
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.get_by_role("link", name="L’articolo com’è adesso").click()
    expect(page).to_have_url(re.compile(f"{article.get_absolute_url()}$"))
    expect(page.locator("[data-o]").first).to_contain_text("chiuso a giugno")


def test_the_history_speaks_english(page: Page, article: Article) -> None:
    page.goto(f"/articles/{article.slug}/history/")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile("^.+/en/articles/.+/history/$"))
    page.get_by_role("link", name="What changed in version 3").click()
    expect(page.get_by_role("heading", name="Claims touched")).to_be_visible()
    expect(page.locator(".changes").first).to_have_attribute("lang", "it")
