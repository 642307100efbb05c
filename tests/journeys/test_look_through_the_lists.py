"""A reader looks through the lists: by rating, by words, page by page, with JavaScript and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from newsroom.models import Claim
from tests.making import make_appearance, make_article, make_claim, make_review, make_source
from tests.watched_browser import WatchedBrowser


@pytest.fixture(params=[True, False], ids=["JavaScript", "no JavaScript"])
def page(request: pytest.FixtureRequest, watched: WatchedBrowser) -> Page:
    return watched.open(java_script_enabled=request.param)


def test_claims_are_filtered_by_rating_kind_and_words(page: Page) -> None:
    make_appearance(claim=make_claim(text="La diga costa troppo.", kind="statistic"))
    page.goto("/claims/")
    page.get_by_role("link", name="Non ancora verificato").click()
    expect(page.locator("#list .lines > li")).to_have_count(1)
    page.get_by_label("Tipo").select_option("statistic")
    page.get_by_label("Parole da cercare").last.fill("diga")
    page.get_by_role("button", name="Filtra").click()
    expect(page.locator("#list h3")).to_have_text(["La diga costa troppo."])
    expect(page.locator("#list a[aria-current]")).to_contain_text("Non ancora verificato")
    page.reload()
    expect(page.locator("#list h3")).to_have_text(["La diga costa troppo."])
    page.locator("#list h3 a").click()
    expect(page.locator("h1")).to_have_text("La diga costa troppo.")


def test_pages_lead_on_and_back(page: Page) -> None:
    article = make_article()
    for number in range(35):
        make_appearance(article, claim=make_claim(text=f"Passo {number:02}.", date="2024"))
    page.goto(f"/claims/?article={article.slug}")
    first = page.locator("#list h3").all_text_contents()
    page.get_by_role("link", name="Seguente", exact=True).click()
    expect(page.locator("#list h3")).to_have_count(5)
    assert not set(page.locator("#list h3").all_text_contents()) & set(first)
    page.get_by_role("link", name="Precedente", exact=True).click()
    expect(page.locator("#list h3")).to_have_text(first)
    page.get_by_role("link", name="Senza questo filtro").click()
    expect(page).to_have_url("/claims/")


def test_a_letter_leads_into_the_alphabet_and_a_name_to_its_page(page: Page) -> None:
    page.goto("/entities/")
    page.get_by_role("link", name="O", exact=True).click()
    expect(page.locator("#list h3").first).to_have_text("Open source (modelli)")
    page.get_by_role("link", name="OpenAI", exact=True).click()
    expect(page.locator("h1")).to_have_text("OpenAI")


def test_the_claims_of_a_source_are_found_from_its_page_without_a_number(page: Page) -> None:
    source = make_source(name="Il Comune")
    make_review(make_appearance(claim=make_claim(claimant=source)))
    page.goto(source.get_absolute_url())
    page.get_by_role("link", name="Affermazioni che le sono attribuite").click()
    expect(page.locator("#list .lines > li")).to_have_count(1)
    expect(page.locator("#list .count b")).to_have_count(0)
    page.locator("#list").get_by_role("link", name="Falso", exact=True).click()
    expect(page.locator("#list .lines > li")).to_have_count(1)
    expect(page.locator(".list-chosen")).to_contain_text("Il Comune")


def test_the_focus_stays_on_the_rating_that_was_chosen(watched: WatchedBrowser) -> None:
    page = watched.open()
    page.goto("/claims/")
    page.get_by_role("link", name="Falso").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#filter-rating-false[aria-current]")).to_be_focused()
    expect(page.locator("#announcement")).to_contain_text("in elenco")


def test_a_version_is_reached_from_the_history_and_cited(page: Page) -> None:
    claim = make_appearance().claim
    first = make_review(claim=claim, state="superseded")
    make_review(claim=claim, supersedes=first)
    page.goto(Claim.objects.get(pk=claim.pk).get_absolute_url())
    page.get_by_role("link", name="Versione 1", exact=True).click()
    expect(page.locator(".standfirst")).to_contain_text("superata il")
    expect(page.locator(".citation")).to_contain_text(first.get_absolute_url())
    page.get_by_role("link", name="L’affermazione, con i riscontri").click()
    expect(page.locator("#cite-title")).to_be_visible()
