"""A checker relates claims, with the keyboard alone and without JavaScript; a reader travels over the map."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from newsroom.models import Article, Claim, ClaimRelation, User
from tests.making import make_appearance, make_article, make_claim, make_relation
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]


@pytest.fixture
def claim(live: str) -> Claim:
    return make_claim(text="Il ponte sarà aperto a maggio.")


@pytest.fixture
def other(live: str) -> Claim:
    return make_claim(text="Il viadotto è chiuso per le piene.")


def page_of(claim: Claim) -> str:
    return reverse("desk:relations", args=[claim.code])


def map_of_the_seed() -> str:
    return reverse("reader:map", args=[Article.objects.earliest("pk").slug])


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_checker_relates_changes_removes_and_puts_back_by_keyboard(
    page: Page, sign_in: SignIn, checker: User, claim: Claim, other: Claim
) -> None:
    sign_in(page, checker)
    page.goto(page_of(claim))
    words = page.get_by_label("Parole dell’altra affermazione")
    words.focus()
    page.keyboard.type("viadot")
    expect(page.get_by_role("radio", name="Il viadotto è chiuso per le piene.")).to_be_visible()
    expect(words).to_be_focused()
    press(page, "Tab", "Tab", "Space", "Tab")
    expect(page.get_by_label("Relazione", exact=True)).to_be_focused()
    page.keyboard.type("Ripetuta")
    press(page, "Tab", "Tab")
    page.keyboard.type("Lo ridice in fondo.")
    press(page, "Tab", "Enter")

    line = page.locator(".relations .lines > li")
    expect(line).to_be_focused()
    expect(line).to_contain_text("Ripetuta da")
    expect(line).to_contain_text("Lo ridice in fondo.")
    relation = ClaimRelation.objects.get(target=claim)
    assert (relation.source, relation.kind) == (other, "repeats")

    press(page, "Tab", "Tab", "Enter")
    said = page.get_by_label("Relazione", exact=True)
    expect(said).to_be_focused()
    page.keyboard.type("Contraddice")
    page.get_by_role("button", name="Salva").press("Enter")
    expect(line).to_be_focused()
    expect(line).to_contain_text("Contraddice")
    relation.refresh_from_db()
    assert (relation.source, relation.kind) == (claim, "contradicts")

    page.get_by_role("button", name="Togli").press("Enter")
    back = page.get_by_role("button", name="Ripristinala")
    expect(back).to_be_focused()
    assert not ClaimRelation.objects.filter(pk=relation.pk).exists()
    press(page, "Enter")
    expect(line).to_be_focused()
    assert ClaimRelation.objects.filter(uuid=relation.uuid).exists()


def test_what_is_refused_is_said_and_nothing_typed_is_lost(
    page: Page, sign_in: SignIn, checker: User, claim: Claim, other: Claim
) -> None:
    make_relation(claim, other, kind="contradicts")
    sign_in(page, checker)
    page.goto(page_of(claim))
    page.get_by_label("Parole dell’altra affermazione").fill("viadotto")
    page.get_by_role("radio", name="Il viadotto è chiuso per le piene.").check()
    page.get_by_label("Relazione", exact=True).select_option("contradicts-by")
    page.get_by_label("Nota, per la redazione").fill("Sul serio.")
    page.get_by_role("button", name="Legale").click()
    expect(page.get_by_role("alert")).to_contain_text("vale nei due sensi")
    expect(page.get_by_label("Nota, per la redazione")).to_have_value("Sul serio.")
    expect(page.get_by_role("radio", name="Il viadotto è chiuso per le piene.")).to_be_checked()


def test_claims_are_related_without_javascript(
    watched: WatchedBrowser, sign_in: SignIn, checker: User, claim: Claim, other: Claim
) -> None:
    page = watched.open(java_script_enabled=False)
    sign_in(page, checker)
    page.goto(page_of(claim))
    page.get_by_label("Parole dell’altra affermazione").fill("viadotto")
    page.get_by_role("button", name="Trova").click()
    page.get_by_role("radio", name="Il viadotto è chiuso per le piene.").check()
    page.get_by_label("Relazione", exact=True).select_option("updates")
    page.get_by_role("button", name="Legale").click()
    line = page.locator(".relations .lines > li")
    expect(line).to_contain_text("Aggiorna")
    page.get_by_role("link", name="Modifica").click()
    page.get_by_label("Forza").select_option("strong")
    page.get_by_role("button", name="Salva").click()
    expect(line).to_contain_text("forte")
    page.get_by_role("button", name="Togli").click()
    expect(page.locator(".relations-removed")).to_contain_text("Rimossa: Aggiorna")
    page.get_by_role("button", name="Ripristinala").click()
    expect(line).to_contain_text("Aggiorna")
    assert ClaimRelation.objects.get(source=claim).target == other


# The map


def test_a_reader_travels_over_the_map_by_keyboard(page: Page) -> None:
    page.goto(Article.objects.earliest("pk").get_absolute_url())
    page.get_by_role("link", name="Mappa delle affermazioni").click()
    links = page.locator("a[data-claim]")
    expect(links).to_have_count(44)
    links.first.focus()
    for place in range(4):
        expect(links.nth(place)).to_be_focused()
        press(page, "Tab")
    press(page, "Shift+Tab", "Shift+Tab")
    third = links.nth(2)
    expect(third).to_be_focused()
    assert third.get_attribute("aria-label").startswith("3, In gran parte vero: «Microsoft cerca alleanze")
    box = third.locator(".map-box").evaluate("box => getComputedStyle(box).strokeWidth")
    assert box == "3px"
    its_own = ClaimRelation.objects.of(Claim.objects.get(text__startswith="Microsoft cerca alleanze"))
    expect(page.locator(".map-arc.is-lit")).to_have_count(its_own.count())
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Microsoft cerca alleanze")


def test_a_claim_under_the_pointer_shows_its_own_arcs(page: Page) -> None:
    page.goto(map_of_the_seed())
    page.locator("a[data-claim='0']").hover()
    expect(page.locator(".map-arc.is-lit")).to_have_count(1)
    expect(page.locator("a[data-claim].is-lit")).to_have_count(2)
    page.get_by_role("heading", level=1).hover()
    expect(page.locator(".is-lit")).to_have_count(0)


def test_the_map_is_whole_without_javascript_and_leads_back_to_the_words(watched: WatchedBrowser) -> None:
    page = watched.open(java_script_enabled=False, viewport={"width": 320, "height": 844})
    page.goto(map_of_the_seed())
    expect(page.locator("a[data-claim]")).to_have_count(44)
    expect(page.locator(".map-arc:not(.map-sample)")).to_have_count(39)
    entry = page.locator(".map-entry", has_text="Microsoft ha rivelato le criticità")
    entry.first.get_by_role("link", name="2, nel testo").click()
    expect(page.locator(".claim:target")).to_be_visible()


def test_ratings_can_be_read_in_the_map_of_a_narrow_window(watched: WatchedBrowser) -> None:
    for width in (320, 390, 800, 1280):
        page = watched.open(viewport={"width": width, "height": 844})
        page.goto(map_of_the_seed())
        edge = page.locator(".map-box").first.bounding_box()
        right = edge["x"] + edge["width"]
        for rating in page.locator(".map-rating, .map-words").all():
            box = rating.bounding_box()
            assert box is None or box["x"] + box["width"] <= right + 1, (width, rating.text_content())


def test_forced_colours_and_print_keep_the_lines_of_every_kind(page: Page) -> None:
    article = make_article()
    one, other = (
        make_appearance(article, words).claim for words in ("Il ponte sarà aperto", "Costerà dieci milioni")
    )
    for kind in ClaimRelation.Kind.values:
        make_relation(one, other, kind=kind)
    page.goto(reverse("reader:map", args=[article.slug]))
    for media in ({"forced_colors": "active"}, {"forced_colors": "none", "media": "print"}):
        page.emulate_media(**media)
        looks = page.locator(".map-arc:not(.map-sample)").evaluate_all(
            "arcs => arcs.map(getComputedStyle).map(arc => [arc.strokeDasharray, arc.strokeWidth].join())"
        )
        assert len(set(looks)) == 5
        paper = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
        strokes = page.locator(".map-arc, .map-under").evaluate_all(
            "lines => lines.map(line => getComputedStyle(line).stroke)"
        )
        assert paper not in strokes and "none" not in strokes
