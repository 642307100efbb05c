"""A reporter tags words: with the mouse, with keys, by touch, without JavaScript, beside somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from newsroom.actions import annotations, articles
from newsroom.models import Annotation, Article, Target, User
from tests.journeys.axe import violations
from tests.making import LATER, make_article, make_crowd, make_entity, make_mention, make_source
from tests.public_pages import TORTURE
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}

#: Selects words inside one block, as a drag of the mouse leaves them selected.
SELECT = """([words, from]) => {
    const walker = document.createTreeWalker(document.getElementById("pane"), NodeFilter.SHOW_TEXT);
    const nodes = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        if (node.parentElement.closest("[data-o]")) nodes.push(node);
    const text = nodes.map(node => node.data).join("");
    const at = offset => {
        for (const node of nodes) {
            if (offset <= node.length) return [node, offset];
            offset -= node.length;
        }
    };
    const start = text.indexOf(words, from);
    document.getSelection().setBaseAndExtent(...at(start), ...at(start + words.length));
}"""


@pytest.fixture
def article(live: str) -> Article:
    article = make_article(published_at=None)
    make_source(name="la sindaca")
    make_entity(name="Ada Neri").aliases.create(name="la sindaca")
    return article


@pytest.fixture
def tagging(page: Page, sign_in: SignIn, reporter: User, article: Article) -> Page:
    sign_in(page, reporter)
    page.goto(f"/desk/articles/{article.slug}/tags/")
    return page


def select(page: Page, words: str, *, after: int = 0) -> None:
    page.evaluate(SELECT, [words, after])
    expect(page.locator("#said")).to_contain_text(words)


def tag_as(page: Page, kind: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=kind).click()
    expect(page.locator("#tag-form :focus")).to_have_count(1)


def save(page: Page) -> None:
    page.locator("#tag-form").get_by_role("button", name="Salva").click()


def text_of(page: Page) -> str:
    return page.evaluate(
        "[...document.querySelectorAll('#pane [data-o]')].map(block => block.textContent).join('\\n')"
    )


def tags(article: Article) -> list[tuple[str, list[tuple[str, str]]]]:
    """Kind, and role and words of each target, of all live tags in order of making."""
    return [
        (
            annotation.kind,
            list(
                Target.objects.current()
                .filter(annotation=annotation)
                .order_by("role", "start")
                .values_list("role", "exact")
            ),
        )
        for annotation in Annotation.objects.live().filter(article=article).order_by("pk")
    ]


# With the mouse


def test_with_the_mouse_a_claim_a_name_and_who_says_it(tagging: Page, article: Article) -> None:
    canonical = article.current_revision.text
    select(tagging, "dieci milioni di euro")
    tag_as(tagging, "Affermazione")
    expect(tagging.locator("#tag-form > h2")).to_have_text("Un’affermazione")
    tagging.get_by_label("Formulazione canonica").fill("Il ponte costerà dieci milioni di euro.")
    save(tagging)
    expect(tagging.locator("#said")).to_contain_text("dieci milioni di euro")
    expect(tagging.locator("#pane")).to_be_focused()
    expect(tagging.locator("#pane .claim")).to_have_text("dieci milioni di euro")
    assert text_of(tagging) == canonical

    select(tagging, "la sindaca")
    tag_as(tagging, "Nome")
    expect(tagging.get_by_role("checkbox", name="Ada Neri")).to_be_checked()
    save(tagging)
    expect(tagging.locator("#pane .entity")).to_have_text("la sindaca")
    expect(tagging.locator("#pane")).to_be_focused()

    select(tagging, "Il ponte sarà aperto a maggio, ha detto la sindaca.")
    tag_as(tagging, "Chi lo dice")
    expect(tagging.get_by_label("Parole che dicono che è stato detto")).to_have_value("ha detto")
    save(tagging)
    expect(tagging.locator("#pane .attribution-content")).to_have_text("Il ponte sarà aperto a maggio")
    assert text_of(tagging) == canonical
    assert tags(article) == [
        ("claim", [("content", "dieci milioni di euro")]),
        ("mention", [("content", "la sindaca")]),
        (
            "attribution",
            [
                ("content", "Il ponte sarà aperto a maggio"),
                ("cue", "ha detto"),
                ("source", "la sindaca"),
            ],
        ),
    ]
    expect(tagging.locator(".tag-line")).to_have_count(3)


def test_a_tag_is_opened_in_the_text_changed_and_taken_back(tagging: Page, article: Article) -> None:
    tag = make_mention(article, "i tecnici").annotation
    tagging.reload()
    tagging.locator("#pane .entity").click()
    expect(tagging.locator("#tag-form > h2")).to_have_text("Cambia l’etichetta")
    tagging.get_by_label("Parole", exact=True).fill("tecnici")
    save(tagging)
    expect(tagging.locator("#pane .entity")).to_have_text("tecnici")
    tagging.locator(f"#tag-{tag.code} a").click()
    tagging.get_by_role("link", name="Ritirala").click()
    tagging.get_by_role("button", name="Ritirala").click()
    expect(tagging.locator("#pane .entity")).to_have_count(0)
    expect(tagging.locator(".tag-line")).to_have_count(0)
    tagging.get_by_role("button", name="Annulla l’ultima modifica").click()
    expect(tagging.locator("#pane .entity")).to_have_text("tecnici")
    expect(tagging.locator("#pane")).to_be_focused()
    assert text_of(tagging) == article.current_revision.text


def test_equal_words_are_tagged_at_once(tagging: Page, article: Article) -> None:
    make_entity(name="Ponte di Sopra").aliases.create(name="Il ponte")
    select(tagging, "Il ponte")
    tag_as(tagging, "Nome")
    tagging.get_by_text("Le stesse parole stanno in").click()
    tagging.locator(".also input").check()
    save(tagging)
    expect(tagging.locator("#pane .entity")).to_have_count(2)
    expect(tagging.locator("#said")).to_contain_text("2")


# With keys alone


def test_with_keys_alone(tagging: Page, article: Article) -> None:
    press = tagging.keyboard.press
    said = tagging.locator("#said")
    tagging.locator("#pane").focus()
    press("ArrowDown")
    expect(said).to_have_text("Frase 1/4: Il ponte sarà aperto a maggio, ha detto la sindaca.")
    press("a")
    expect(tagging.get_by_role("radio", name="la sindaca")).to_be_focused()
    press("Enter")
    expect(said).to_contain_text("Il ponte sarà aperto a maggio")
    expect(tagging.locator("#pane")).to_be_focused()

    press("ArrowDown")
    expect(said).to_have_text("Frase 2/4: Costerà dieci milioni di euro.")
    press("[")
    press("}")
    expect(said).to_have_text("Selezione: «dieci milioni di euro»")
    press("c")
    expect(tagging.locator("#tag-form :focus")).to_have_count(1)
    press("Control+Enter")
    expect(tagging.locator("#pane .claim")).to_have_text("dieci milioni di euro")
    expect(tagging.locator("#pane")).to_be_focused()

    press("ArrowUp")
    expect(said).to_have_text(re.compile("^Frase 1/4"))
    press("Shift+ArrowDown")
    expect(said).to_contain_text("Costerà dieci milioni di euro.")
    press("Enter")
    expect(tagging.locator("#tag-form > h2")).to_have_text("Cambia l’etichetta")
    expect(tagging.locator("#tag-form :focus")).to_have_count(1)
    press("Escape")
    expect(tagging.locator("#pane")).to_be_focused()
    press("u")
    expect(tagging.locator("#pane .claim")).to_have_count(0)
    expect(tagging.locator("#pane")).to_be_focused()
    press("?")
    expect(tagging.get_by_text("dal modulo al testo")).to_be_visible()
    assert [kind for kind, _targets in tags(article)] == ["attribution"]


def test_letters_act_only_in_the_text(tagging: Page, article: Article) -> None:
    select(tagging, "dieci milioni")
    tag_as(tagging, "Affermazione")
    wording = tagging.get_by_label("Formulazione canonica")
    wording.fill("")
    wording.press_sequentially("cea u?")
    expect(wording).to_have_value("cea u?")
    expect(tagging.locator("#tag-form > h2")).to_have_text("Un’affermazione")


# By touch


def test_by_touch_through_the_bar_at_the_foot(
    watched: WatchedBrowser, sign_in: SignIn, reporter: User, article: Article
) -> None:
    page = watched.open(**PHONE)
    sign_in(page, reporter)
    page.goto(f"/desk/articles/{article.slug}/tags/")
    select(page, "la sindaca")
    bar = page.get_by_role("toolbar")
    box = bar.bounding_box()
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    bar.get_by_role("button", name="Nome").tap()
    expect(page.get_by_role("checkbox", name="Ada Neri")).to_be_checked()
    page.locator("#tag-form").get_by_role("button", name="Salva").tap()
    expect(page.locator("#pane .entity")).to_have_text("la sindaca")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tags(article) == [("mention", [("content", "la sindaca")])]


# Without JavaScript


@pytest.fixture
def plain(watched: WatchedBrowser, sign_in: SignIn, reporter: User, article: Article) -> Page:
    page = watched.open(java_script_enabled=False)
    sign_in(page, reporter)
    page.goto(f"/desk/articles/{article.slug}/tags/")
    return page


def test_without_javascript_by_writing_the_words(plain: Page, article: Article) -> None:
    plain.get_by_text("Segna delle parole scrivendole").click()
    plain.get_by_label("Le parole esatte").fill("Il ponte")
    plain.locator(".by-words").get_by_role("button", name="Nome").click()
    expect(plain.get_by_text("in più punti")).to_be_visible()
    plain.get_by_role("radio").nth(1).check()
    plain.get_by_role("button", name="Avanti").click()
    plain.get_by_label("Nome", exact=True).fill("Ponte vecchio")
    save(plain)
    expect(plain.get_by_text("Segnato: «Il ponte».")).to_be_visible()
    assert tags(article) == [("mention", [("content", "Il ponte")])]
    start = Target.objects.get(annotation__article=article).start
    assert start == article.current_revision.text.rindex("Il ponte")


def test_without_javascript_sentence_by_sentence(plain: Page, article: Article) -> None:
    plain.get_by_role("link", name="Frase per frase").click()
    sentence = plain.locator(".sentences > li").nth(1)
    sentence.get_by_role("button", name="Affermazione").click()
    plain.get_by_label("Parole", exact=True).fill("dieci milioni di euro")
    plain.get_by_label("Formulazione canonica").fill("Il ponte costerà dieci milioni.")
    save(plain)
    plain.get_by_role("link", name="Frase per frase").click()
    plain.locator(".sentences > li").first.get_by_role("button", name="Chi lo dice").click()
    expect(plain.get_by_label("Parole che nominano la fonte")).to_have_value("la sindaca")
    plain.get_by_role("radio", name="la sindaca").check()
    save(plain)
    plain.get_by_role("link", name="Frase per frase").click()
    plain.get_by_role("link", name="affermazione: «dieci milioni di euro»").click()
    plain.get_by_role("link", name="Ritirala").click()
    plain.get_by_role("button", name="Ritirala").click()
    plain.get_by_role("button", name="Annulla l’ultima modifica").click()
    assert [kind for kind, _targets in tags(article)] == ["claim", "attribution"]


# Beside somebody else


def test_two_people_on_one_tag_both_know(
    tagging: Page, watched: WatchedBrowser, sign_in: SignIn, checker: User, article: Article
) -> None:
    tag = make_mention(article, "i tecnici").annotation
    tagging.reload()
    other = watched.open()
    sign_in(other, checker)
    other.goto(f"/desk/articles/{article.slug}/tags/")
    for page in (tagging, other):
        page.locator(f"#tag-{tag.code} a").click()
        expect(page.locator("#tag-form > h2")).to_have_text("Cambia l’etichetta")
    other.get_by_label("Parole", exact=True).fill("Secondo i tecnici")
    save(other)
    expect(other.locator("#pane .entity")).to_have_text("Secondo i tecnici")
    tagging.get_by_label("Parole", exact=True).fill("tecnici")
    save(tagging)
    alert = tagging.get_by_role("alert")
    expect(alert).to_contain_text(str(checker))
    expect(alert).to_contain_text("Secondo i tecnici")
    expect(tagging.locator("#tag-form > h2")).to_be_focused()
    tagging.get_by_role("button", name="Tieni entrambe").click()
    expect(tagging.locator("#said")).to_contain_text("tecnici")
    assert tags(article) == [
        ("mention", [("content", "Secondo i tecnici")]),
        ("mention", [("content", "tecnici")]),
    ]


def test_a_tag_taken_back_while_it_is_edited(tagging: Page, checker: User, article: Article) -> None:
    tag = make_mention(article, "i tecnici").annotation
    tagging.reload()
    tagging.locator(f"#tag-{tag.code} a").click()
    annotations.withdraw(tag, reason="Doppione.", by=checker, at=LATER, row_version=1)
    save(tagging)
    expect(tagging.get_by_role("alert")).to_contain_text(str(checker))
    save(tagging)
    expect(tagging.locator("#said")).to_contain_text("i tecnici")
    assert tags(article) == [("mention", [("content", "i tecnici")])]


def test_the_text_changes_while_words_are_tagged(tagging: Page, editor: User, article: Article) -> None:
    select(tagging, "i tecnici")
    tag_as(tagging, "Nome")
    tagging.get_by_label("Nome", exact=True).fill("I tecnici")
    html = article.current_revision.html.replace("Costerà dieci", "Costerà almeno dieci")
    articles.revise(article, html=html, kind="minor", note="Refuso.", by=editor, at=LATER, based_on=1)
    save(tagging)
    expect(tagging.get_by_role("alert")).to_contain_text(str(editor))
    expect(tagging.locator("#pane")).to_contain_text("almeno dieci")
    expect(tagging.get_by_label("Nome", exact=True)).to_have_value("I tecnici")
    save(tagging)
    expect(tagging.locator("#pane .entity")).to_have_text("i tecnici")
    article.refresh_from_db()
    assert text_of(tagging) == article.current_revision.text


def test_a_tag_is_talked_about_where_it_is_changed(tagging: Page, article: Article) -> None:
    """And a comment that stands unsent survives a save of the tag."""
    tag = make_mention(article, "i tecnici").annotation
    tagging.reload()
    tagging.locator(f"#tag-{tag.code} a").click()
    new = tagging.get_by_label("Nuova discussione")
    new.fill("Sono i tecnici del Comune?")
    tagging.get_by_role("button", name="Commenta").click()
    expect(tagging.locator(".comment-words")).to_have_text("Sono i tecnici del Comune?")
    expect(tagging.locator(".comment:focus")).to_have_count(1)
    new.fill("E quanti sono?")
    tagging.get_by_label("Parole", exact=True).fill("tecnici")
    save(tagging)
    expect(tagging.locator("#pane .entity")).to_have_text("tecnici")
    expect(new).to_have_count(0)
    tagging.locator(f"#tag-{tag.code} a").click()
    expect(new).to_have_value("E quanti sono?")
    new.press("Escape")
    expect(new).to_be_visible()


def test_who_else_is_there_is_said_over_the_text(
    tagging: Page, watched: WatchedBrowser, sign_in: SignIn, checker: User, article: Article
) -> None:
    other = watched.open()
    sign_in(other, checker)
    other.goto(f"/desk/articles/{article.slug}/tags/")
    tagging.reload()
    expect(tagging.locator("#presence")).to_contain_text(str(checker))


def test_who_was_signed_out_is_told_beside_the_page(tagging: Page, article: Article) -> None:
    tagging.context.clear_cookies()
    select(tagging, "la sindaca")
    tagging.get_by_role("toolbar").get_by_role("button", name="Nome").click()
    sign_in = tagging.locator("#session").get_by_role("link", name="Accedi")
    expect(sign_in).to_have_attribute("href", f"/admin/login/?next=/desk/articles/{article.slug}/tags/")


# Places


@pytest.mark.parametrize("html", [None, TORTURE])
def test_random_selections_have_the_right_offsets(
    html: str | None, page: Page, sign_in: SignIn, reporter: User
) -> None:
    """Forwards, backwards, over blocks and marks, amid emoji and combining marks: 0 of 1,500 wrong."""
    article = make_article(**({"html": html} if html else {}))
    make_crowd(article, 80)
    text = article.current_revision.text
    sign_in(page, reporter)
    page.goto(f"/desk/articles/{article.slug}/tags/")
    dice = Random(7)
    pairs = [(dice.random(), dice.random()) for _time in range(1_500)]
    found: list[dict[str, Any]] = page.evaluate(
        """pairs => {
            const pane = document.getElementById("pane");
            const walker = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
            const nodes = [];
            for (let node = walker.nextNode(); node; node = walker.nextNode())
                if (node.parentElement.closest("[data-o]")) nodes.push(node);
            const block = node => node.parentElement.closest("[data-o]");
            const units = ([node, offset]) => {
                let sum = offset;
                for (const other of nodes) {
                    if (other === node) break;
                    if (block(other) === block(node)) sum += other.length;
                }
                return [Number(block(node).dataset.o), sum];
            };
            const whole = ([node, offset]) =>
                [node, /[\\udc00-\\udfff]/.test(node.data[offset] ?? "") ? offset - 1 : offset];
            return pairs.map(pair => {
                const ends = pair.map(share => {
                    const node = nodes[Math.floor(share * nodes.length)];
                    const part = (share * nodes.length) % 1;
                    return whole([node, Math.floor(part * (node.length + 1))]);
                });
                const selection = document.getSelection();
                selection.setBaseAndExtent(...ends[0], ...ends[1]);
                const { exact = null, ...place } = pane.read() ?? {};
                return { place: exact && place, ends: ends.map(units), words: exact };
            });
        }""",
        pairs,
    )
    wrong = []
    for one in found:
        edges = sorted(start + len(_of_units(text[start:], units)) for start, units in one["ends"])
        expected = text[slice(*edges)]
        first = edges[0] + len(expected) - len(expected.lstrip())
        last = edges[1] - (len(expected) - len(expected.rstrip()))
        wanted = {"start": first, "end": last} if expected.strip() else None
        if one["place"] != wanted or (wanted and one["words"] != text[first:last]):
            wrong.append((one, wanted))
    assert wrong == []


def _of_units(text: str, units: int) -> str:
    """The beginning of a text that has so many UTF-16 units."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


# The gates


def test_nothing_is_wrong_with_the_page_in_any_state(tagging: Page, article: Article, checker: User) -> None:
    tag = make_mention(article, "i tecnici").annotation
    tagging.reload()

    def look(state: str) -> None:
        for scheme, width in (("light", 1280), ("dark", 390), ("light", 320)):
            tagging.emulate_media(color_scheme=scheme)
            tagging.set_viewport_size({"width": width, "height": 844})
            assert tagging.evaluate("document.documentElement.scrollWidth <= innerWidth"), (state, width)
            assert violations(tagging) == [], (state, scheme, width)
        tagging.set_viewport_size({"width": 1280, "height": 800})

    look("at rest")
    for name, words in (
        ("Affermazione", "dieci milioni"),
        ("Nome", "Il ponte"),
        ("Chi lo dice", "le prove sono finite"),
    ):
        select(tagging, words)
        tag_as(tagging, name)
        expect(tagging.get_by_label("Parole", exact=True)).to_have_value(re.compile("."))
        look(name)
    save(tagging)
    expect(tagging.locator("#tag-form .errors").first).to_be_visible()
    look("in error")
    tagging.locator(f"#tag-{tag.code} a").click()
    expect(tagging.locator("#tag-form > h2")).to_have_text("Cambia l’etichetta")
    expect(tagging.get_by_label("Nuova discussione")).to_be_visible()
    look("changing")
    annotations.retag_mention(tag, entities=[make_entity()], form="name", by=checker, at=LATER, row_version=1)
    save(tagging)
    expect(tagging.get_by_role("alert")).to_be_visible()
    look("in conflict")


@pytest.mark.parametrize(
    "address", ["tags/sentences/", "tags/claim/?words=Il+ponte", "tags/mention/?words=dieci"]
)
def test_nothing_is_wrong_with_the_plain_pages(tagging: Page, article: Article, address: str) -> None:
    tagging.goto(f"/desk/articles/{article.slug}/{address}")
    for scheme, width in (("light", 1280), ("dark", 320)):
        tagging.emulate_media(color_scheme=scheme)
        tagging.set_viewport_size({"width": width, "height": 844})
        assert tagging.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert violations(tagging) == []
