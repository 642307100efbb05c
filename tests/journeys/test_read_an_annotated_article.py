"""A reader reads: from the front page to an article, its notes, a claim, its evidence, sources and names."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from newsroom.models import Article, Claim, Evidence
from tests.public_pages import PAGES, seed_article
from tests.watched_browser import WatchedBrowser

PHONE = {"width": 390, "height": 844}
LAYERS = ("claims", "attributions", "entities", "linear")


def notes(page: Page) -> Locator:
    return page.locator("[role=doc-noteref]")


def text_of(page: Page) -> str:
    """What the page shows of the text: an element with `data-o` is a block."""
    return page.evaluate(
        "[...document.querySelectorAll('[data-o]')].map(block => block.textContent).join('\\n')"
    )


def opened_before(page: Page) -> None:
    """From here on `was_reloaded` knows whether the page is still the same document."""
    page.evaluate("document.documentElement.dataset.opened = ''")


def was_reloaded(page: Page) -> bool:
    return page.evaluate("!('opened' in document.documentElement.dataset)")


@pytest.fixture
def article(live: str) -> Article:
    return seed_article()


@pytest.fixture
def reading(page: Page, article: Article) -> Page:
    page.goto(article.get_absolute_url())
    return page


def test_the_front_page_leads_to_the_article_with_all_its_notes(page: Page, article: Article) -> None:
    page.goto("/")
    page.get_by_role("link", name=article.headline).first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text(article.headline)
    expect(page.get_by_text("Dati dimostrativi")).to_be_visible()
    expect(notes(page)).to_have_count(44)
    expect(page.locator(".note")).to_have_count(44)
    expect(page.locator(".register").first.locator("tbody tr")).to_have_count(44)
    expect(notes(page).first).to_have_attribute("aria-label", re.compile(r"^Nota 1, [^:]+: «.+»$"))


def test_a_filter_is_applied_and_undone_without_a_reload(reading: Page) -> None:
    opened_before(reading)
    false = reading.get_by_role("link", name=re.compile(r"^Falso \d+"))
    number = int(false.locator("b").inner_text())
    false.click()

    expect(notes(reading)).to_have_count(number)
    expect(reading).to_have_url(re.compile(r"\?rating=false$"))
    expect(false).to_be_focused()
    expect(reading.get_by_role("status")).to_have_text(
        re.compile(rf"^{number} affermazion[ei] mostrat[ae] su 44$")
    )
    assert all("Falso" in note.get_attribute("aria-label") for note in notes(reading).all())

    false.click()
    expect(notes(reading)).to_have_count(44)
    expect(false).to_be_focused()
    expect(reading.get_by_role("status")).to_have_text("44 affermazioni mostrate su 44")
    assert not was_reloaded(reading)


def test_the_back_button_undoes_a_filter(reading: Page) -> None:
    reading.get_by_role("link", name=re.compile(r"^Falso \d+")).click()
    expect(reading).to_have_url(re.compile(r"\?rating=false$"))
    reading.go_back()

    expect(reading).not_to_have_url(re.compile(r"rating="))
    expect(notes(reading)).to_have_count(44)
    reading.go_forward()
    expect(reading).to_have_url(re.compile(r"\?rating=false$"))
    expect(reading.locator("#count-false")).to_have_attribute("aria-current", "true")


def test_layers_are_turned_on_and_off_without_a_reload(reading: Page, article: Article) -> None:
    opened_before(reading)
    canonical = article.current_revision.text
    assert text_of(reading) == canonical
    for label, mark in (
        ("Nomi e temi", ".entity"),
        ("Chi lo dice", ".attribution"),
        ("Lettura lineare", ".linear"),
    ):
        box = reading.get_by_role("checkbox", name=label)
        expect(reading.locator(mark)).to_have_count(0)
        box.check()
        expect(reading.locator(mark).first).to_be_visible()
        expect(box).to_be_focused()
        assert text_of(reading) == canonical
    reading.get_by_role("checkbox", name="Affermazioni").uncheck()

    expect(notes(reading)).to_have_count(0)
    expect(reading.locator(".linear section")).to_have_count(44)
    assert text_of(reading) == canonical
    assert not was_reloaded(reading)
    reading.reload()
    expect(reading.get_by_role("checkbox", name="Affermazioni")).not_to_be_checked()
    expect(reading.get_by_role("checkbox", name="Nomi e temi")).to_be_checked()


@pytest.mark.parametrize("name", ["article", "torture article"])
def test_the_browser_holds_the_canonical_text_whatever_is_shown(name: str, page: Page) -> None:
    address = PAGES[name]().partition("?")[0]
    canonical = Article.objects.get(slug=address.split("/")[-2]).current_revision.text
    for chosen in range(2 ** len(LAYERS)):
        layers = [layer for bit, layer in enumerate(LAYERS) if chosen >> bit & 1] or ["none"]
        page.goto(address + "?" + "&".join(f"layer={layer}" for layer in layers))
        assert text_of(page) == canonical, layers
    page.goto(f"{address}?rating=false")
    assert text_of(page) == canonical


def test_a_card_opens_beside_its_note_and_gives_the_focus_back(reading: Page) -> None:
    note = notes(reading).nth(7)
    note.click()
    card = reading.get_by_role("dialog")

    expect(card.get_by_role("heading")).to_be_focused()
    expect(card.locator(".badge")).to_have_text(re.search(", (.+?):", note.get_attribute("aria-label"))[1])
    expect(note).to_have_attribute("aria-expanded", "true")
    assert abs(card.bounding_box()["y"] - note.bounding_box()["y"]) < card.bounding_box()["height"] + 60

    reading.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(note).to_be_focused()
    expect(note).not_to_have_attribute("aria-expanded", "true")

    note.click()
    card.get_by_role("button", name="Chiudi").click()
    expect(card).to_be_hidden()
    expect(note).to_be_focused()


def test_a_second_card_takes_the_place_of_the_first(reading: Page) -> None:
    first, second = notes(reading).nth(0), notes(reading).nth(1)
    first.click()
    card = reading.get_by_role("dialog")
    expect(card.get_by_role("heading")).to_be_focused()
    heading = card.get_by_role("heading").inner_text()
    second.dispatch_event("click")

    expect(card.get_by_role("heading")).not_to_have_text(heading)
    expect(card.get_by_role("heading")).to_be_focused()
    expect(first).not_to_have_attribute("aria-expanded", "true")
    reading.keyboard.press("Escape")
    expect(second).to_be_focused()


def test_without_the_network_a_number_leads_to_its_note(reading: Page, watched: WatchedBrowser) -> None:
    note = notes(reading).first
    reading.context.set_offline(True)
    note.click()

    expect(reading).to_have_url(re.compile(re.escape(note.get_attribute("href")) + "$"))
    expect(reading.get_by_role("dialog")).to_be_hidden()
    assert all("htmx:" in fault or "ERR_INTERNET_DISCONNECTED" in fault for fault in watched.faults)
    watched.faults.clear()


def test_a_rating_is_explained_where_it_stands(reading: Page) -> None:
    rating = reading.locator(".note a.badge", has_text="Fuorviante").first
    rating.click()

    expect(reading.locator("#rating-meaning")).to_be_focused()
    expect(reading.locator("#rating-meaning")).to_contain_text(re.compile("^Fuorviante: .+"))
    reading.keyboard.press("Escape")
    expect(rating).to_be_focused()


def test_from_a_card_to_the_claim_and_its_evidence(reading: Page) -> None:
    notes(reading).nth(7).click()
    card = reading.get_by_role("dialog")
    words = card.get_by_role("heading").inner_text()
    card.get_by_role("link", name="Riscontri").click()

    expect(reading.get_by_role("heading", level=1)).to_contain_text(words)
    claim = Claim.objects.get(text=words)
    items = reading.locator("[aria-labelledby=evidence-title] .lines > li")
    expect(items).to_have_count(claim.evidence.count())
    checked = "|".join(str(label) for label in Evidence.Checked.labels)
    assert [bool(re.search(checked, item.inner_text())) for item in items.all()] == [
        True
    ] * claim.evidence.count()

    reading.locator("[aria-labelledby=appearances-title] .line-meta a:not([data-share])").click()
    expect(reading.locator(".claim:target").first).to_be_in_viewport()


def test_from_the_article_to_a_source_and_to_a_name(reading: Page) -> None:
    source = reading.locator("[aria-labelledby=sources-title] .line-words a").first
    name = source.inner_text()
    source.click()
    expect(reading.get_by_role("heading", level=1)).to_have_text(name)
    expect(reading.locator("[aria-labelledby=says-title] .line-quotation").first).to_be_visible()

    reading.go_back()
    entity = reading.locator("[aria-labelledby=entities-title] a").first
    name = entity.inner_text()
    entity.click()
    expect(reading.get_by_role("heading", level=1)).to_have_text(name)
    expect(reading.locator("[aria-labelledby=mentions-title] .line-quotation strong").first).to_be_visible()


def test_the_interface_speaks_english_and_the_article_stays_italian(reading: Page, article: Article) -> None:
    reading.get_by_role("link", name="English").click()

    expect(reading).to_have_url(re.compile("/en/articles/"))
    expect(reading.locator("html")).to_have_attribute("lang", "en")
    expect(reading.get_by_role("heading", name="Register of the claims")).to_be_visible()
    expect(reading.locator(".text").first).to_have_attribute("lang", "it")
    assert text_of(reading) == article.current_revision.text
    notes(reading).first.click()
    expect(
        reading.get_by_role("dialog").get_by_role("link", name="Evidence, reasons and history")
    ).to_be_visible()


def test_a_claim_is_shared_as_a_link_to_its_words(watched: WatchedBrowser, article: Article) -> None:
    page = watched.open(permissions=["clipboard-read", "clipboard-write"])
    page.goto(article.get_absolute_url())
    notes(page).first.click()
    page.get_by_role("dialog").get_by_role("link", name="Condividi").click()

    expect(page.get_by_role("dialog").get_by_role("link", name="Link copiato")).to_be_visible()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(page.locator(".claim").first).to_be_in_viewport()


def test_on_a_phone_the_text_begins_in_the_upper_half_of_the_screen(
    watched: WatchedBrowser, article: Article
) -> None:
    page = watched.open(viewport=PHONE, has_touch=True)
    page.goto(article.get_absolute_url())

    first = page.locator("[data-o]").first
    assert (
        first.bounding_box()["y"] + first.evaluate("block => parseFloat(getComputedStyle(block).lineHeight)")
        < 422
    )


def test_on_a_phone_a_card_is_a_sheet_at_the_foot_of_the_screen(
    watched: WatchedBrowser, article: Article
) -> None:
    page = watched.open(viewport=PHONE, has_touch=True)
    page.goto(article.get_absolute_url())
    notes(page).first.tap()
    card = page.get_by_role("dialog")

    expect(card.get_by_role("heading")).to_be_focused()
    sheet = card.bounding_box()
    assert (sheet["x"], sheet["width"]) == (0, 390)
    assert sheet["y"] + sheet["height"] == pytest.approx(844, abs=1)
    page.keyboard.press("Escape")
    expect(notes(page).first).to_be_focused()


@pytest.mark.parametrize("width", [390, 1280])
def test_every_number_of_a_note_can_be_hit(width: int, watched: WatchedBrowser, article: Article) -> None:
    """Its box is 24 by 24 pixels, and its middle is its own."""
    page = watched.open(viewport={"width": width, "height": 844})
    page.goto(article.get_absolute_url())
    missed = notes(page).evaluate_all(
        """notes => notes.filter(note => {
            note.scrollIntoView({ behavior: "instant", block: "center" });
            const { left, top, width, height } = note.getBoundingClientRect();
            const hit = document.elementFromPoint(left + width / 2, top + height / 2);
            return width < 24 || height < 24 || hit?.closest("a") !== note;
        }).map(note => note.ariaLabel + JSON.stringify(note.getBoundingClientRect()))"""
    )
    assert missed == []


def test_a_first_visit_transfers_at_most_100_kib(page: Page, article: Article) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(article.get_absolute_url(), wait_until="networkidle")
    sizes = [answer.request.sizes() for answer in answers]

    assert len(answers) > 10
    assert sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) <= 100 * 1024
