"""A reader whose browser runs no script: all is there, every filter and layer works, cards are pages."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from newsroom.models import Article, Claim
from tests.public_pages import PAGES, seed_article
from tests.reading import tree
from tests.watched_browser import WatchedBrowser


def notes(page: Page) -> Locator:
    return page.locator("[role=doc-noteref]")


def text_of(page: Page) -> str:
    return "\n".join(page.locator("[data-o]").all_text_contents())


def apply(page: Page) -> None:
    page.get_by_role("button", name="Applica").click()


@pytest.fixture
def scriptless(watched: WatchedBrowser) -> Page:
    return watched.open(java_script_enabled=False)


@pytest.fixture
def article(live: str) -> Article:
    return seed_article()


@pytest.fixture
def reading(scriptless: Page, article: Article) -> Page:
    scriptless.goto(article.get_absolute_url())
    return scriptless


def test_the_whole_article_is_there(reading: Page, article: Article) -> None:
    assert text_of(reading) == article.current_revision.text
    expect(notes(reading)).to_have_count(44)
    for summary in reading.locator(".more-notes summary").all():
        summary.click()
    expect(reading.locator(".note").filter(visible=True)).to_have_count(44)
    expect(reading.locator(".register").first.locator("tbody tr").filter(visible=True)).to_have_count(44)
    for section in (
        "Chi dice che cosa",
        "Fonti citate",
        "Nomi e temi",
        "Che cosa significano le valutazioni",
    ):
        expect(reading.get_by_role("heading", name=section)).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_offers_what_does_nothing(name: str, scriptless: Page) -> None:
    """Outside a form a button is a script's."""
    scriptless.goto(PAGES[name]())
    expect(scriptless.get_by_role("heading", level=1)).to_have_count(1)
    expect(scriptless.locator("button:not(form button)").filter(visible=True)).to_have_count(0)


def test_every_filter_works(reading: Page) -> None:
    filters = [link.get_attribute("id") for link in reading.locator(".annotated-text > .counts a").all()]
    assert len(filters) == 8
    for filter in filters:
        link = reading.locator(f"#{filter}")
        number = int(link.locator("b").inner_text())
        link.click()
        expect(reading).to_have_url(re.compile(r"\?rating="))
        expect(notes(reading)).to_have_count(number)
        expect(reading.locator(".note")).to_have_count(number)
        expect(reading.locator(f"#{filter}")).to_have_attribute("aria-current", "true")
        expect(reading.locator("[data-announce]")).to_have_text(
            re.compile(rf"^{number} affermazion.+ su 44$")
        )
        reading.locator(f"#{filter}").click()
        expect(notes(reading)).to_have_count(44)


def test_every_layer_works_alone_and_with_the_others(reading: Page, article: Article) -> None:
    canonical = article.current_revision.text
    reading.get_by_role("checkbox", name="Affermazioni").uncheck()
    apply(reading)
    expect(reading).to_have_url(re.compile(r"\?layer=none$"))
    expect(reading.locator("[data-o] :is(.claim, .attribution, .entity)")).to_have_count(0)
    assert text_of(reading) == canonical

    for label, mark in (
        ("Chi lo dice", "[data-o] .attribution"),
        ("Nomi e temi", "[data-o] .entity"),
        ("Lettura lineare", ".linear section"),
        ("Affermazioni", "[data-o] .claim"),
    ):
        expect(reading.locator(mark)).to_have_count(0)
        reading.get_by_role("checkbox", name=label).check()
        apply(reading)
        expect(reading.get_by_role("checkbox", name=label)).to_be_checked()
        expect(reading.locator(mark).first).to_be_visible()
        assert text_of(reading) == canonical


def test_layers_and_filters_keep_one_another(reading: Page) -> None:
    reading.get_by_role("checkbox", name="Nomi e temi").check()
    apply(reading)
    reading.get_by_role("link", name=re.compile(r"^Falso \d+")).click()
    expect(reading.get_by_role("checkbox", name="Nomi e temi")).to_be_checked()
    expect(notes(reading)).to_have_count(1)
    reading.get_by_role("checkbox", name="Chi lo dice").check()
    apply(reading)
    expect(notes(reading)).to_have_count(1)
    expect(reading.locator("#count-false")).to_have_attribute("aria-current", "true")


def test_a_number_leads_to_its_note_and_back(reading: Page) -> None:
    """Also to one of the notes that are folded, which unfold by themselves."""
    folded = reading.locator(".more-notes .note").first.get_attribute("id")
    for note in (notes(reading).first, reading.locator(f"[role=doc-noteref][href='#{folded}']")):
        note.click()
        target = reading.locator(note.get_attribute("href"))
        expect(target).to_be_in_viewport()
        target.locator(".note-number").click()
        expect(note).to_be_in_viewport()


def test_what_a_card_says_stands_on_a_page(reading: Page, reader: Client) -> None:
    note = reading.locator(".note").nth(4)
    number = reading.locator(f"[role=doc-noteref][href='#{note.get_attribute('id')}']")
    card = tree(reader.get(number.get_attribute("data-card"))).xpath("//article")[0]
    said = [words for words in card.xpath(".//h2/text() | .//p/text() | .//dd/text()") if words.strip()]
    assert len(said) > 3
    note.locator(".note-evidence").click()

    claim = Claim.objects.get(text=card.xpath(".//h2/text()")[0])
    expect(reading.get_by_role("heading", level=1)).to_have_text(claim.text)
    page = reading.locator("main").inner_text()
    judged = claim.reviews.current().get()
    for words in (claim.claimant.name, judged.summary, judged.explanation):
        assert words in page
    assert {claim.text, claim.claimant.name, judged.summary} <= set(said)
    items = reading.locator("[aria-labelledby=evidence-title] .lines > li")
    expect(items).to_have_count(claim.evidence.count())


def test_the_name_of_a_rating_leads_to_its_meaning(reading: Page) -> None:
    reading.locator(".note a.badge", has_text="Fuorviante").first.click()
    expect(reading).to_have_url(re.compile("#rating-misleading$"))
    expect(reading.locator("#rating-misleading dd")).to_be_in_viewport()


def test_from_page_to_page(reading: Page) -> None:
    reading.locator("[aria-labelledby=sources-title] a").first.click()
    reading.get_by_role("link", name="Dove compare il nome").click()
    reading.locator("[aria-labelledby=claims-title] a").first.click()
    expect(reading.get_by_role("heading", name="Riscontri")).to_be_visible()
    reading.get_by_role("link", name="English").click()
    expect(reading.get_by_role("heading", name="Evidence")).to_be_visible()


def test_on_a_phone_the_layers_unfold(watched: WatchedBrowser, article: Article) -> None:
    page = watched.open(java_script_enabled=False, viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(article.get_absolute_url())
    expect(page.get_by_role("button", name="Applica")).to_be_hidden()
    page.locator(".layers summary").tap()
    page.get_by_role("checkbox", name="Nomi e temi").check()
    page.get_by_role("button", name="Applica").tap()
    expect(page.locator("[data-o] .entity").first).to_be_visible()


def test_dark_follows_the_system(watched: WatchedBrowser, article: Article) -> None:
    papers = set()
    for scheme in ("light", "dark"):
        page = watched.open(java_script_enabled=False, color_scheme=scheme)
        page.goto(article.get_absolute_url())
        papers.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(papers) == 2
