"""An editor changes a text: a rating goes stale with its words, two people lose nothing, texts come back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings

from newsroom.models import Appearance, Article, Newsroom, Review, User
from tests.making import make_appearance, make_article, make_claim, make_review, make_source
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]

HTML = "<p>Il ponte aprirà presto. Costerà 10 milioni di euro.</p><p>Le prove sono finite da poco.</p>"
EDITOR = ".ProseMirror[role=textbox]"
#: Selects words in the rich-text editor, as a drag of the mouse leaves them selected.
SELECT = """(editor, words) => {
    const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const start = node.data.indexOf(words);
        if (start < 0) continue;
        document.getSelection().setBaseAndExtent(node, start, node, start + words.length);
        return;
    }
}"""


@pytest.fixture
def appearance(live: str, settings: Settings) -> Appearance:
    """A claim rated «Falso» on «Costerà 10 milioni», by a newsroom in earnest."""
    settings.DEMO = False
    Newsroom.objects.update(address="https://redazione.example")
    article = make_article(html=HTML, headline="Il ponte", slug="ponte")
    claim = make_claim(text="Il ponte costerà 10 milioni.", claimant=make_source(name="Ada Neri"))
    appearance = make_appearance(article, "Costerà 10 milioni", claim=claim)
    make_review(appearance)
    return appearance


@pytest.fixture
def article(appearance: Appearance) -> Article:
    return appearance.annotation.article


@pytest.fixture
def desk(page: Page, sign_in: SignIn, editor: User, article: Article) -> Page:
    """The editor has the text open."""
    sign_in(page, editor)
    open_text(page)
    return page


def open_text(page: Page) -> None:
    page.goto("/desk/articles/ponte/text/")
    expect(page.locator(EDITOR)).to_be_visible()


def replace(page: Page, words: str, by: str) -> None:
    editor = page.locator(EDITOR)
    editor.focus()
    before = editor.inner_text()
    editor.evaluate(SELECT, words)
    page.wait_for_function("words => getSelection().toString() === words", arg=words)
    # At once: between two keys the editor may move the caret.
    page.keyboard.insert_text(by)
    expect(editor).to_have_text(before.replace(words, by, 1), use_inner_text=True)


def look(page: Page) -> None:
    page.get_by_role("button", name="Guarda che cosa cambia").click()
    expect(page.get_by_role("heading", name="Che cosa cambia")).to_be_visible()


def save(page: Page, note: str) -> None:
    page.get_by_label("Motivo, o nota pubblica").fill(note)
    page.get_by_role("button", name="Salva questa versione").click()
    expect(page.locator(".messages")).to_contain_text(re.compile(r"La versione \d+ è salvata\."))


def json_ld(page: Page) -> list[dict[str, Any]]:
    return page.locator("script[type='application/ld+json']").evaluate_all(
        "blocks => blocks.map(block => JSON.parse(block.textContent))"
    )


def as_readers_see_it(page: Page, appearance: Appearance) -> dict[str, Any]:
    """The rating in the article, on its card, on the claim's page, and what leaves for machines."""
    page.goto(appearance.annotation.article.get_absolute_url())
    seen: dict[str, Any] = {
        "note": page.locator(".note").inner_text(),
        "mark": page.locator("span.claim").get_attribute("class"),
        "corrections": page.locator(".corrections").all_inner_texts(),
    }
    page.locator("[role=doc-noteref]").click()
    expect(page.get_by_role("dialog").get_by_role("heading")).to_be_focused()
    seen["card"] = page.get_by_role("dialog").inner_text()
    page.goto(appearance.claim.get_absolute_url())
    seen["claim"] = page.locator(".judgement").inner_text()
    seen["machines"] = [data["@type"] for data in json_ld(page)]
    return seen


# A rating and its words


def test_one_digit_inside_a_rated_claim_makes_the_rating_stale_everywhere(
    desk: Page, watched: WatchedBrowser, appearance: Appearance
) -> None:
    reader = watched.open()
    before = as_readers_see_it(reader, appearance)
    assert before["machines"] == ["ClaimReview"]
    assert "Da riverificare" not in "".join(map(str, before.values()))

    replace(desk, "10", "12")
    look(desk)
    expect(desk.get_by_label("correzione")).to_be_checked()
    expect(desk.locator(".notice")).to_contain_text("cambiano parole valutate, cambiano cifre")
    expect(desk.locator(".notice")).to_contain_text("Valutazioni che saranno da riverificare")
    save(desk, "Il ponte costerà 12 milioni, non 10.")

    after = as_readers_see_it(reader, appearance)
    for part in ("note", "card", "claim"):
        assert "Da riverificare" in after[part], part
        assert re.search(r"Il testo è cambiato il .+: la valutazione è di nuovo in verifica", after[part]), (
            part
        )
        assert re.search(r"tolto:\s*10\s*aggiunto:\s*12", after[part]), part
    assert "is-stale" in after["mark"]
    assert "Il ponte costerà 12 milioni, non 10." in after["corrections"][0]
    assert "Di nuovo in verifica: «Costerà 12 milioni»" in after["corrections"][0]
    assert after["machines"] == ["Claim"]


def test_an_edit_elsewhere_changes_nothing_of_the_rating(
    desk: Page, watched: WatchedBrowser, appearance: Appearance
) -> None:
    reader = watched.open()
    before = as_readers_see_it(reader, appearance)
    replace(desk, "da poco", "da un pezzo")
    look(desk)
    save(desk, "Più chiaro.")

    after = as_readers_see_it(reader, appearance)
    assert after == before
    assert Review.objects.get(appearance=appearance).state == "published"


def test_a_correction_leaves_for_machines_with_the_article(
    desk: Page, watched: WatchedBrowser, article: Article
) -> None:
    replace(desk, "10", "12")
    look(desk)
    save(desk, "Il ponte costerà 12 milioni, non 10.")
    reader = watched.open()
    reader.goto(article.get_absolute_url())
    (data,) = json_ld(reader)
    (correction,) = data["correction"]
    assert (correction["@type"], correction["text"]) == (
        "CorrectionComment",
        "Il ponte costerà 12 milioni, non 10.",
    )


def test_the_words_that_come_back_bring_the_rating_back(
    desk: Page, watched: WatchedBrowser, appearance: Appearance
) -> None:
    reader = watched.open()
    before = as_readers_see_it(reader, appearance)
    replace(desk, "10", "12")
    look(desk)
    save(desk, "Il ponte costerà 12 milioni, non 10.")

    desk.goto("/desk/articles/ponte/revisions/")
    desk.get_by_role("link", name="Versione 1", exact=True).click()
    expect(desk.locator(".notice")).to_contain_text("1 valutazione tornerà valida")
    save(desk, "Erano proprio 10.")
    expect(desk).to_have_url(re.compile("/desk/articles/ponte/revisions/$"))
    expect(desk.locator("ol.lines li").first).to_contain_text("torna alla versione 1")

    after = as_readers_see_it(reader, appearance)
    assert {name: after[name] for name in after if name != "corrections"} == {
        name: before[name] for name in before if name != "corrections"
    }
    reader.goto("/articles/ponte/history/")
    expect(reader.locator("ol.lines > li")).to_have_count(3)


# Two people


def test_two_browsers_on_one_text_lose_nothing_and_the_second_can_save_again(
    desk: Page, watched: WatchedBrowser, sign_in: SignIn, reporter: User, article: Article, editor: User
) -> None:
    second = watched.open()
    sign_in(second, reporter)
    open_text(second)
    replace(second, "presto", "a maggio")

    replace(desk, "10", "12")
    look(desk)
    save(desk, "Erano 12.")

    second.get_by_role("button", name="Guarda che cosa cambia").click()
    conflict = second.get_by_role("region", name="Due persone hanno cambiato questo testo")
    expect(conflict.get_by_role("alert")).to_contain_text(f"{editor} ha salvato la versione 2")
    expect(conflict.locator("ins")).to_contain_text("12")
    expect(conflict.locator("del")).to_contain_text("10")
    both = second.get_by_role("region", name="Che cosa cambia")
    expect(both.locator("ins").first).to_contain_text("a maggio")
    expect(both.locator("del").last).to_contain_text("12")
    expect(second.locator(EDITOR)).to_contain_text("aprirà a maggio. Costerà 10 milioni")

    # Carries over what should stay, and saves again.
    replace(second, "10", "12")
    look(second)
    expect(second.get_by_label("modifica minore")).to_be_visible()
    save(second, "Il mese.")
    texts = list(article.revisions.order_by("number").values_list("number", "text", "by__username"))
    assert [(number, who) for number, _text, who in texts][1:] == [(2, "editor"), (3, "reporter")]
    assert texts[2][1].startswith("Il ponte aprirà a maggio. Costerà 12 milioni di euro.")


def test_two_who_save_at_the_same_moment_make_two_versions_at_most(
    desk: Page, watched: WatchedBrowser, sign_in: SignIn, reporter: User, article: Article
) -> None:
    second = watched.open()
    sign_in(second, reporter)
    open_text(second)
    for page, word in ((desk, "12"), (second, "13")):
        replace(page, "10", word)
        look(page)
        page.get_by_label("Motivo, o nota pubblica").fill(f"Erano {word}.")
    button = "button[name=save]"
    for page in (desk, second):
        page.locator(button).evaluate("button => { button.click(); }")
    for page in (desk, second):
        expect(page.locator(".messages, [role=alert]").first).to_be_visible()
    first, last = article.revisions.order_by("number")
    assert (first.number, last.number) == (1, 2)
    slower = second if last.by.username == "editor" else desk
    expect(slower.get_by_role("alert")).to_contain_text(f"{last.by} ha salvato la versione 2")
    save(slower, "Ancora.")
    assert sorted(article.revisions.values_list("number", flat=True)) == [1, 2, 3]


# Without JavaScript, and a draft


def test_without_javascript_a_text_is_looked_at_and_saved(
    watched: WatchedBrowser, sign_in: SignIn, editor: User, article: Article
) -> None:
    page = watched.open(java_script_enabled=False)
    sign_in(page, editor)
    page.goto("/desk/articles/ponte/text/")
    body = page.get_by_role("textbox", name="Testo")
    body.fill(body.input_value().replace("10 milioni", "12 milioni"))
    look(page)
    save(page, "Erano 12.")
    article.refresh_from_db()
    assert article.current_revision.number == 2


def test_a_change_of_a_draft_is_saved_with_the_reason_at_hand(
    page: Page, sign_in: SignIn, reporter: User, live: str
) -> None:
    draft = make_article(html=HTML, slug="ponte", published_at=None)
    sign_in(page, reporter)
    open_text(page)
    replace(page, "10", "12")
    look(page)
    expect(page.get_by_label("correzione")).to_have_count(0)
    expect(page.get_by_label("Motivo, o nota pubblica")).to_have_value("Lavoro sulla bozza.")
    page.get_by_role("button", name="Salva questa versione").click()
    expect(page).to_have_url(re.compile(reverse("desk:revisions", args=["ponte"]) + "$"))
    draft.refresh_from_db()
    assert draft.current_revision.kind == "minor"
