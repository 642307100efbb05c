"""A document is added by its address, and copied; its page changes; readers see the rating in doubt."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from newsroom.models import Claim, Document, User
from tests.local_web import SENTENCE, LocalWeb
from tests.local_web import page as web_page
from tests.making import make_appearance, make_review
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]

WORDS = "le prove di carico sono finite"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def desk(request: pytest.FixtureRequest, watched: WatchedBrowser, sign_in: SignIn, editor: User) -> Page:
    page = watched.open(java_script_enabled=request.param)
    sign_in(page, editor)
    return page


@pytest.fixture
def claim(live: str) -> Claim:
    """One that is rated, and in an article that is public."""
    appearance = make_appearance()
    make_review(appearance)
    return appearance.claim


def add_evidence(desk: Page, claim: Claim, address: str) -> None:
    """On the review page: the address is not known, so the document is added with what it says."""
    desk.goto(f"/desk/claims/{claim.code}/")
    desk.locator("#add-evidence").click()
    form = desk.locator("#evidence-form")
    form.get_by_label("Documento: parole o indirizzo").fill(address)
    form.get_by_role("button", name="Trova").click()
    expect(form.get_by_text("Nessun documento ha questo indirizzo.")).to_be_visible()
    expect(form.get_by_label("Indirizzo", exact=True)).to_have_value(address)
    form.get_by_label("Titolo").fill("La relazione dei tecnici")
    form.get_by_label("Data", exact=True).fill("2023-08~")
    form.get_by_label("Tipo").select_option("primary")
    form.get_by_role("radio", name="contro").check()
    form.get_by_label("Parole esatte").fill(WORDS)
    form.get_by_label("Quanto è stato verificato").select_option("whole")
    form.get_by_role("button", name="Aggiungi", exact=True).click()
    expect(desk.locator("#claim-evidence blockquote")).to_have_text(f"«{WORDS}»")


def test_a_page_changes_and_readers_see_that_the_rating_is_in_doubt(
    desk: Page, claim: Claim, web: LocalWeb, watched: WatchedBrowser
) -> None:
    address = web.serve("/relazione", web_page())
    add_evidence(desk, claim, address)
    desk.get_by_role("link", name="La relazione dei tecnici", exact=True).click()
    desk.get_by_role("button", name="Conserva una copia della pagina").click()
    expect(desk.get_by_text("le parole esatte compaiono nella copia conservata")).to_be_visible()

    desk.get_by_role("button", name="Ricontrolla adesso").click()
    expect(desk.get_by_role("status")).to_contain_text("Invariato")
    web.serve("/relazione", web_page().replace(SENTENCE, SENTENCE.replace("sono finite", "sono sospese")))
    desk.get_by_role("button", name="Ricontrolla adesso").click()
    expect(desk.get_by_role("status")).to_contain_text("Cambiato")
    expect(desk.get_by_text("Parole citate che non ci sono più:")).to_be_visible()
    expect(desk.get_by_text("queste parole non compaiono nella copia conservata")).to_be_visible()

    reader = watched.open()
    reader.goto(claim.get_absolute_url())
    expect(reader.get_by_text("Un documento su cui si fonda è cambiato").first).to_be_visible()
    expect(reader.get_by_text("copia conservata il")).to_be_visible()
    copy = Document.objects.get(url=address).copies.kept().first()
    expect(reader.get_by_text(copy.sha256)).to_be_visible()
    desk.goto("/desk/")
    expect(desk.get_by_text("è cambiato un documento su cui si fonda")).to_be_visible()

    desk.get_by_role("link", name=claim.text).first.click()
    desk.get_by_label("Perché vale ancora").fill("La copia di prima basta.")
    desk.get_by_role("button", name="Vale ancora").click()
    expect(desk.get_by_text("La valutazione resta valida.")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("Un documento su cui si fonda")).to_have_count(0)


def test_a_known_address_is_offered_and_its_dossier_is_had(desk: Page, claim: Claim, web: LocalWeb) -> None:
    address = web.serve("/relazione", web_page())
    add_evidence(desk, claim, address)
    desk.goto("/desk/documents/new/")
    desk.get_by_label("Indirizzo", exact=True).fill(f"{address}/")
    desk.get_by_label("Titolo").fill("Un altro titolo")
    desk.get_by_role("button", name="Aggiungi il documento").click()
    expect(desk.get_by_text("Un documento con questo indirizzo c’è già:")).to_be_visible()
    desk.get_by_role("link", name="La relazione dei tecnici").first.click()
    desk.get_by_role("link", name=claim.text).click()
    desk.locator("#dossier").click()
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Scarica il fascicolo").click()
    assert download.value.suggested_filename.startswith(f"dossier-{claim.code}-")
