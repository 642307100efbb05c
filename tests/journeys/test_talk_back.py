"""A reader flags words or asks for a rectification, the desk decides, and its outcome stands in public."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from newsroom.actions import articles
from newsroom.models import Article, Flag, User
from tests.journeys.test_change_a_text import look, open_text, replace, save
from tests.making import make_article
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]

HTML = "<p>Il ponte aprirà presto. Costerà 10 milioni di euro.</p><p>Le prove sono finite da poco.</p>"
WORDS = "Costerà 10 milioni di euro."
ANSWER = "Non ho mai detto che il ponte costerà dieci milioni.\n\nHo detto che non lo sapevo."
#: Selects words in the text, as a drag of the mouse leaves them selected.
SELECT = """words => {
    for (const block of document.querySelectorAll("[data-o]")) {
        const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const start = node.data.indexOf(words);
            if (start < 0) continue;
            document.getSelection().setBaseAndExtent(node, start, node, start + words.length);
            return;
        }
    }
}"""
OPEN_TO_ALL = "/articles/ponte/"


@pytest.fixture
def article(live: str) -> Article:
    return make_article(html=HTML, headline="Il ponte", slug="ponte")


@pytest.fixture
def scriptless(watched: WatchedBrowser, article: Article) -> Page:
    return watched.open(java_script_enabled=False)


@pytest.fixture
def director(editor: User) -> User:
    """An editor who is the Editor responsible as well."""
    editor.user_permissions.add(Permission.objects.get(codename="refuse_rectification"))
    return User.objects.get(pk=editor.pk)


def send(page: Page, kind: str, message: str, name: str = "") -> str:
    """Fills the form in and sends it; the address of the private page that it leads to."""
    page.get_by_label(kind).check()
    page.get_by_label("Che cosa vuoi dire?").fill(message)
    if name:
        page.get_by_label("Il tuo nome").fill(name)
    page.get_by_role("button", name="Invia alla redazione").click()
    expect(page.get_by_role("heading", name="La tua segnalazione", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/flags/[\w-]{40,}/$"))
    return page.url


def open_deed(desk: Page, flag: Flag, name: str) -> None:
    """Opens one of the forms on the desk's page of a flag."""
    desk.goto(f"/desk/flags/{flag.code}/")
    desk.locator(".flag-deed > summary", has_text=name).click()


def accept(desk: Page, flag: Flag, outcome: str, answer: str) -> None:
    open_deed(desk, flag, "Accogli")
    desk.get_by_label("Che cosa ne è venuto, per tutti").fill(outcome)
    desk.get_by_label("La correzione che ne è venuta").select_option(index=1)
    form = desk.locator("form", has=desk.get_by_role("button", name="Accogli, e pubblica la risposta"))
    form.get_by_label("Risposta per il solo lettore").fill(answer)
    form.get_by_role("button").click()
    expect(desk.locator(".messages")).to_be_visible()


def sees_what_came_of_it(page: Page, private: str) -> None:
    """At the private address, and in the article on the very words."""
    page.goto(private)
    expect(page.locator(".flag-outcome")).to_have_text("Erano dodici.")
    expect(page.locator(".flag-answer")).to_contain_text("Grazie, avevi ragione.")
    page.goto(OPEN_TO_ALL)
    outcome = page.locator(".outcome")
    expect(outcome).to_contain_text("Erano dodici.")
    expect(page.get_by_text("Grazie, avevi ragione.")).to_have_count(0)
    expect(page.get_by_text("Sono dodici, lo dice la delibera.")).to_have_count(0)
    words = outcome.get_by_role("link", name="«Costerà 12 milioni")
    words.click()
    place = words.get_attribute("href") or ""
    expect(page.locator(place)).to_contain_text("12 milioni")
    expect(page.locator(place)).to_be_in_viewport()
    page.goto("/corrections/")
    expect(page.get_by_text("Erano dodici.")).to_be_visible()


# A mistake


def test_selected_words_are_flagged_corrected_and_answered_in_public(
    page: Page, watched: WatchedBrowser, sign_in: SignIn, editor: User, article: Article
) -> None:
    page.goto(OPEN_TO_ALL)
    link = page.get_by_role("link", name="Segnala queste parole")
    expect(link).to_have_count(0)
    page.evaluate(SELECT, WORDS)
    link.click()
    expect(page.get_by_label("Quali parole?")).to_have_value(WORDS)
    private = send(page, "un errore", "Sono dodici, lo dice la delibera.")
    expect(page.locator("blockquote")).to_have_text(f"«{WORDS}»")
    flag = Flag.objects.get(article=article)
    assert flag.targets.get().exact == WORDS

    desk = watched.open()
    sign_in(desk, editor)
    desk.goto("/desk/flags/")
    line = desk.get_by_role("listitem").filter(has_text="Sono dodici, lo dice la delibera.")
    expect(line).to_contain_text(WORDS)
    open_text(desk)
    replace(desk, "10", "12")
    look(desk)
    save(desk, "Il ponte costerà 12 milioni.")
    accept(desk, flag, "Erano dodici.", "Grazie, avevi ragione.")

    sees_what_came_of_it(page, private)


def test_without_javascript_a_reader_flags_words_by_forms_and_follows_them(
    scriptless: Page, watched: WatchedBrowser, sign_in: SignIn, editor: User, article: Article
) -> None:
    reader = scriptless
    reader.goto(OPEN_TO_ALL)
    reader.get_by_role("link", name="Segnala un errore").click()
    reader.locator("summary", has_text="Oppure scegli un paragrafo").click()
    reader.get_by_role("link", name="Il ponte aprirà presto.").click()
    words = reader.get_by_label("Quali parole?")
    expect(words).to_have_value("Il ponte aprirà presto. Costerà 10 milioni di euro.")
    words.fill("Costerà 10 milioni di lire")
    reader.get_by_label("un errore").check()
    reader.get_by_label("Che cosa vuoi dire?").fill("Sono dodici, lo dice la delibera.")
    reader.get_by_role("button", name="Invia alla redazione").click()
    # Words that do not stand there come back, with all that was typed.
    expect(words).to_have_value("Costerà 10 milioni di lire")
    expect(reader.get_by_label("un errore")).to_be_checked()
    words.fill(WORDS)
    private = send(reader, "un errore", "Sono dodici, lo dice la delibera.")
    flag = Flag.objects.get(article=article)
    articles.revise(
        article,
        html=HTML.replace("10", "12"),
        kind="correction",
        note="Il ponte costerà 12 milioni.",
        by=editor,
        at=now(),
        based_on=1,
    )
    desk = watched.open(java_script_enabled=False)
    sign_in(desk, editor)
    accept(desk, flag, "Erano dodici.", "Grazie, avevi ragione.")
    sees_what_came_of_it(reader, private)


def test_a_rejected_flag_is_answered_to_its_reader_alone_and_counted(
    page: Page, watched: WatchedBrowser, sign_in: SignIn, editor: User, article: Article
) -> None:
    page.goto("/articles/ponte/flag/")
    private = send(page, "un altro punto di vista", "Il ponte è brutto.")
    desk = watched.open()
    sign_in(desk, editor)
    open_deed(desk, Flag.objects.get(article=article), "Respingi")
    form = desk.locator("form", has=desk.get_by_role("button", name="Respingi, e di’ al lettore perché"))
    form.get_by_label("Risposta per il solo lettore").fill("Dei gusti non si corregge.")
    form.get_by_role("button").click()
    expect(desk.locator(".messages")).to_be_visible()
    page.goto(private)
    expect(page.get_by_text("Dei gusti non si corregge.")).to_be_visible()
    for public in (OPEN_TO_ALL, "/corrections/"):
        page.goto(public)
        expect(page.get_by_text("Dei gusti non si corregge.")).to_have_count(0)
        expect(page.get_by_text("Il ponte è brutto.")).to_have_count(0)
    expect(page.get_by_text("1 non ha cambiato nulla")).to_be_visible()


# A rectification


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_rectification_goes_from_the_form_to_the_head_of_the_article(
    scripts: bool, watched: WatchedBrowser, sign_in: SignIn, editor: User, article: Article
) -> None:
    reader = watched.open(java_script_enabled=scripts)
    reader.goto("/articles/ponte/flag/")
    reader.get_by_label("richiesta di rettifica").check()
    reader.get_by_label("Che cosa vuoi dire?").fill(ANSWER)
    reader.get_by_role("button", name="Invia alla redazione").click()
    # It is signed, or it is not sent; what was typed is still there.
    expect(reader.get_by_label("Il tuo nome")).to_have_attribute("aria-invalid", "true")
    expect(reader.get_by_label("Che cosa vuoi dire?")).to_have_value(ANSWER)
    private = send(reader, "richiesta di rettifica", ANSWER, name="Ida Bruni")
    flag = Flag.objects.get(article=article)
    assert (flag.due - flag.at).days == 2

    desk = watched.open(java_script_enabled=scripts)
    sign_in(desk, editor)
    desk.goto("/desk/flags/?kind=rectification")
    desk.get_by_role("link", name="Non ho mai detto").click()
    expect(desk.locator("dl.facts")).to_contain_text("Scadenza")
    # It is published as it is, or refused; and an editor who does not answer for the paper refuses none.
    for refused in ("Accogli", "Respingi"):
        expect(desk.locator(".flag-deed > summary", has_text=refused)).to_have_count(0)
    open_deed(desk, flag, "Pubblica la rettifica")
    desk.get_by_role("button", name="Pubblicala come è stata inviata").click()
    expect(desk.locator(".messages")).to_contain_text("sta prima del testo")

    reader.goto(private)
    reader.get_by_role("link", name="La tua rettifica sta prima del testo").click()
    rectification = reader.get_by_role("region", name="Rettifica di Ida Bruni")
    expect(rectification).to_be_in_viewport()
    assert rectification.locator(".rectification-words p").all_inner_texts() == ANSWER.split("\n\n")
    above = (
        reader.evaluate(
            "() => document.querySelector('.rectification')"
            ".compareDocumentPosition(document.querySelector('[data-o]'))"
        )
        if scripts
        else 4
    )
    assert above == 4  # DOCUMENT_POSITION_FOLLOWING: the text comes after it
    expect(reader.locator(".outcome")).to_have_count(0)
    reader.goto("/corrections/")
    expect(reader.get_by_role("region", name="Rettifiche")).to_contain_text("Ida Bruni")


def test_the_editor_responsible_alone_refuses_a_rectification(
    page: Page, watched: WatchedBrowser, sign_in: SignIn, director: User, article: Article
) -> None:
    page.goto("/articles/ponte/flag/")
    private = send(page, "richiesta di rettifica", ANSWER, name="Ida Bruni")
    desk = watched.open()
    sign_in(desk, director)
    open_deed(desk, Flag.objects.get(article=article), "Respingi")
    form = desk.locator("form", has=desk.get_by_role("button", name="Respingi, e di’ al lettore perché"))
    form.get_by_label("Risposta per il solo lettore").fill("Il testo non parla di te.")
    form.get_by_role("button").click()
    expect(desk.locator(".messages")).to_be_visible()
    page.goto(private)
    expect(page.get_by_text("Il testo non parla di te.")).to_be_visible()
    page.goto(OPEN_TO_ALL)
    expect(page.locator(".rectification")).to_have_count(0)
    expect(page.get_by_text("Il testo non parla di te.")).to_have_count(0)


def test_a_rectification_that_was_withdrawn_leaves_why(
    page: Page, watched: WatchedBrowser, sign_in: SignIn, director: User, article: Article
) -> None:
    page.goto("/articles/ponte/flag/")
    private = send(page, "richiesta di rettifica", ANSWER, name="Ida Bruni")
    desk, flag = watched.open(), Flag.objects.get(article=article)
    sign_in(desk, director)
    open_deed(desk, flag, "Pubblica la rettifica")
    desk.get_by_role("button", name="Pubblicala come è stata inviata").click()
    expect(desk.locator(".messages")).to_be_visible()
    open_deed(desk, flag, "Ritira la rettifica")
    desk.get_by_label("Perché, per tutti").fill("L’aveva scritta qualcun altro.")
    desk.get_by_role("button", name="Ritirala, e di’ perché").click()
    expect(desk.locator(".messages")).to_contain_text("Ritirata")
    page.goto(OPEN_TO_ALL)
    expect(page.locator(".corrections")).to_contain_text("L’aveva scritta qualcun altro.")
    expect(page.get_by_text("Ida Bruni")).to_have_count(0)
    page.goto(private)
    expect(page.get_by_text("L’aveva scritta qualcun altro.")).to_be_visible()
