"""Two people of the desk talk about a passage: one calls, the other gets mail, answers, resolves, reopens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import Page, Request, expect

from newsroom.actions import comments
from newsroom.models import Annotation, Article, Claim, Comment, SavedView, Thread, User
from tests.journeys.axe import violations
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]

LOOKS = [(scheme, width) for width in (1280, 320) for scheme in ("light", "dark")]


@pytest.fixture
def annotation(live: str) -> Annotation:
    return Annotation.objects.filter(kind="claim").select_related("article").earliest("pk")


@pytest.fixture
def on_annotation(annotation: Annotation) -> str:
    return reverse("desk:threads-annotation", args=[annotation.code])


@pytest.fixture
def open_as(watched: WatchedBrowser, sign_in: SignIn) -> Callable[..., Page]:
    """`open_as(editor)`: a browser of their own, signed in."""

    def open_page(user: User, **options: object) -> Page:
        page = watched.open(**options)
        sign_in(page, user)
        return page

    return open_page


def field(page: Page, label: str, within: str = ".threads") -> object:
    return page.locator(within).get_by_label(label, exact=True)


# Comments


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_who_is_called_finds_the_thread_by_mail_answers_resolves_and_reopens(
    open_as: Callable[..., Page], on_annotation: str, reporter: User, editor: User, javascript: bool
) -> None:
    hers = open_as(reporter, java_script_enabled=javascript)
    hers.goto(on_annotation)
    field(hers, "Nuova discussione").fill("@editor, la cifra è giusta?\n\nIo non la trovo.")
    hers.get_by_role("button", name="Commenta").click()
    expect(hers.locator(".comment")).to_have_count(1)
    expect(hers.locator(".comment a", has_text="@editor")).to_have_attribute(
        "href", "/desk/comments/?who=editor"
    )

    [letter] = mail.outbox
    assert letter.to == ["editor@redazione.example"]
    assert "Io non la trovo." in letter.body
    link = re.search(r"\S*/comments/#comment-\w+", letter.body)[0]
    theirs = open_as(editor, java_script_enabled=javascript)
    theirs.goto(link)
    expect(theirs.locator(".comment:target")).to_contain_text("la cifra è giusta?")

    field(theirs, "Rispondi", ".thread").fill("È a pagina 3.")
    theirs.get_by_role("button", name="Rispondi").click()
    expect(theirs.locator(".comment")).to_have_count(2)
    assert [sent.to for sent in mail.outbox[1:]] == [["reporter@redazione.example"]]
    assert "ha risposto" in mail.outbox[1].subject

    theirs.get_by_role("button", name="Segna come risolta").click()
    resolved = theirs.locator("details.thread")
    expect(resolved).to_contain_text("risolta da Livia Scarpato")
    if javascript:
        expect(resolved).to_be_focused()
    elif resolved.get_attribute("open") is None:
        resolved.locator("summary").click()
    theirs.get_by_role("button", name="Riapri").click()
    expect(theirs.locator("article.thread .comment")).to_have_count(2)
    assert not Thread.objects.get().is_resolved


def test_what_is_new_gets_the_focus_and_the_page_is_not_loaded_again(
    open_as: Callable[..., Page], on_annotation: str, reporter: User
) -> None:
    page = open_as(reporter)
    page.goto(on_annotation)
    page.evaluate("document.documentElement.dataset.opened = ''")
    field(page, "Nuova discussione").fill("Chi lo dice?")
    page.get_by_role("button", name="Commenta").click()
    expect(page.locator(".comment")).to_be_focused()

    page.get_by_role("link", name="Modifica il mio commento").click()
    mine = field(page, "Il mio commento")
    expect(mine).to_be_focused()
    page.get_by_role("link", name="Lascia com’è").click()
    expect(page.locator(".comment")).to_be_focused()
    page.get_by_role("link", name="Modifica il mio commento").click()
    mine.fill("")
    page.evaluate("document.querySelector('.comment textarea').required = false")
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_role("alert")).to_have_text("Prima scrivi qualcosa.")
    expect(mine).to_be_focused()
    mine.fill("Chi lo ha detto?")
    page.get_by_role("button", name="Salva").click()
    expect(page.locator(".comment")).to_be_focused()
    expect(page.locator(".comment")).to_contain_text("modificato")
    assert Comment.objects.get().body == "Chi lo ha detto?"
    assert page.evaluate("'opened' in document.documentElement.dataset")


def test_an_answer_to_a_thread_that_was_resolved_meanwhile_is_not_lost(
    open_as: Callable[..., Page], annotation: Annotation, on_annotation: str, reporter: User, editor: User
) -> None:
    thread = comments.comment(annotation, body="Chi lo dice?", by=reporter, at=now()).thread
    page = open_as(reporter)
    page.goto(on_annotation)
    field(page, "Rispondi", ".thread").fill("Aspettate, c’è dell’altro.")
    comments.resolve(thread, by=editor, at=now())
    page.get_by_role("button", name="Rispondi").click()
    expect(page.get_by_role("alert")).to_contain_text("è stata risolta")
    expect(field(page, "Rispondi", ".thread")).to_have_value("Aspettate, c’è dell’altro.")
    expect(field(page, "Rispondi", ".thread")).to_be_focused()
    page.get_by_role("button", name="Riapri e rispondi").click()
    expect(page.locator("article.thread .comment").last).to_contain_text("c’è dell’altro")
    expect(page.locator("article.thread .comment").last).to_be_focused()


def test_words_that_were_not_sent_stay_in_their_form_while_another_is_sent(
    open_as: Callable[..., Page], annotation: Annotation, on_annotation: str, reporter: User
) -> None:
    comments.comment(annotation, body="Chi lo dice?", by=reporter, at=now())
    page = open_as(reporter)
    page.goto(on_annotation)
    field(page, "Rispondi", ".thread").fill("Non ancora finito")
    field(page, "Nuova discussione").fill("Un’altra cosa.")
    page.get_by_role("button", name="Commenta").click()
    expect(page.locator(".comment")).to_have_count(2)
    expect(field(page, "Rispondi", ".thread").first).to_have_value("Non ancora finito")
    expect(field(page, "Nuova discussione")).to_have_value("")

    page.get_by_role("button", name="Segna come risolta").first.click()
    expect(page.locator("details.thread")).to_have_count(1)
    page.get_by_role("button", name="Riapri").click()
    expect(field(page, "Rispondi", ".thread").first).to_have_value("Non ancora finito")


def test_words_of_a_change_come_back_unless_they_were_given_up(
    open_as: Callable[..., Page], annotation: Annotation, on_annotation: str, reporter: User
) -> None:
    comments.comment(annotation, body="Chi lo dice?", by=reporter, at=now())
    page = open_as(reporter)
    page.goto(on_annotation)
    change, mine = (
        page.get_by_role("link", name="Modifica il mio commento").first,
        field(page, "Il mio commento"),
    )
    change.click()
    expect(mine).to_be_focused()
    mine.fill("Chi lo ha")
    field(page, "Nuova discussione").fill("Un’altra cosa.")
    page.get_by_role("button", name="Commenta").click()
    expect(page.locator("li.comment")).to_have_count(2)
    change.click()
    expect(mine).to_have_value("Chi lo ha")
    page.get_by_role("link", name="Lascia com’è").click()
    expect(mine).to_have_count(0)
    change.click()
    expect(mine).to_have_value("Chi lo dice?")


def test_names_are_offered_while_they_are_typed(
    open_as: Callable[..., Page], on_annotation: str, reporter: User
) -> None:
    page = open_as(reporter)
    page.goto(on_annotation)
    text, options = field(page, "Nuova discussione"), page.get_by_role("option")
    text.press_sequentially("Scrivi a x@example")
    expect(options).to_have_count(0)
    text.fill("")
    text.press_sequentially("Chiedo a @")
    expect(options).to_have_text(["Livia Scarpato @editor", "Ornella Vismara @checker"])
    text.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert text.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    assert violations(page) == []
    text.press("Escape")
    expect(options).to_have_count(0)
    text.press_sequentially("orn")
    expect(options).to_have_text(["Ornella Vismara @checker"])
    text.press("Enter")
    expect(text).to_have_value("Chiedo a @checker ")
    text.press_sequentially("e a @SCAR")
    options.click()
    expect(text).to_have_value("Chiedo a @checker e a @editor ")
    expect(text).to_be_focused()
    text.press_sequentially("@nessuno")
    expect(options).to_have_count(0)
    text.press("Tab")
    expect(text).not_to_be_focused()


def test_a_session_that_ended_leaves_the_words_and_leads_to_sign_in(
    open_as: Callable[..., Page], on_annotation: str, reporter: User
) -> None:
    page = open_as(reporter)
    page.goto(on_annotation)
    page.context.clear_cookies(name="sessionid")
    field(page, "Nuova discussione").fill("Chi lo dice?")
    page.get_by_role("button", name="Commenta").click()
    sign_in = page.locator("#session").get_by_role("link", name="Accedi")
    expect(sign_in).to_have_attribute("href", re.compile(r"/admin/login/\?next=.*comments"))
    expect(field(page, "Nuova discussione")).to_have_value("Chi lo dice?")


def test_the_part_can_be_loaded_into_any_page(
    open_as: Callable[..., Page], on_annotation: str, annotation: Annotation, reporter: User
) -> None:
    """As a side pane would: a link on another page of the desk, htmx and the part's own scripts."""
    comments.comment(annotation, body="Chi lo dice?", by=reporter, at=now())
    claim = Claim.objects.earliest("pk")
    page = open_as(reporter)
    page.goto(reverse("desk:threads-claim", args=[claim.code]))
    page.evaluate(
        "address => htmx.ajax('GET', address, {target: '.page-head', swap: 'beforeend'})", on_annotation
    )
    pane = page.locator(".page-head .threads")
    pane.get_by_label("Rispondi", exact=True).fill("Lo dico io.")
    pane.get_by_role("button", name="Rispondi").click()
    expect(pane.locator(".comment").last).to_be_focused()
    assert Comment.objects.latest("pk").thread.annotation == annotation
    assert page.locator(".threads").count() == 2


# Presence


@pytest.fixture
def article(live: str) -> Article:
    return Article.objects.get()


@pytest.fixture
def asks() -> Callable[[Page], list[str]]:
    """`asks(page)`: a list that grows whenever the page asks who is here."""

    def listen(page: Page) -> list[str]:
        asked: list[str] = []

        def note(request: Request) -> None:
            if request.url.endswith("/presence/"):
                asked.append(request.post_data or "")

        page.on("request", note)
        return asked

    return listen


def look_again(page: Page) -> None:
    """The page comes into view: it asks at once."""
    with page.expect_response(lambda response: response.url.endswith("/presence/")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_two_people_in_an_article_see_each_other(
    open_as: Callable[..., Page], article: Article, reporter: User, editor: User
) -> None:
    hers, theirs = open_as(reporter), open_as(editor)
    with hers.expect_response(lambda response: response.url.endswith("/presence/")):
        hers.goto(reverse("desk:text", args=[article.slug]))
    theirs.goto(reverse("desk:article", args=[article.slug]))
    expect(theirs.get_by_role("status").filter(has_text="Dario Brugnoli è qui")).to_be_visible()
    expect(hers.locator("#presence")).to_have_text("")
    look_again(hers)
    expect(hers.locator("#presence")).to_have_text("Livia Scarpato è qui")


def test_only_a_change_is_spoken(
    open_as: Callable[..., Page], article: Article, reporter: User, editor: User, checker: User
) -> None:
    comes = article.presences.model.objects.note
    comes(editor, article, at=now())
    page = open_as(reporter)
    page.goto(reverse("desk:threads-article", args=[article.slug]))
    expect(page.locator("#presence")).to_have_text("Livia Scarpato è qui")
    page.evaluate(
        """window.spoken = 0;
        new MutationObserver(() => window.spoken++).observe(
            document.getElementById("presence"), { childList: true, characterData: true, subtree: true });"""
    )
    for _time in range(3):
        look_again(page)
    assert page.evaluate("window.spoken") == 0
    comes(checker, article, at=now())
    look_again(page)
    expect(page.locator("#presence")).to_have_text("Livia Scarpato e Ornella Vismara sono qui")
    assert page.evaluate("window.spoken") > 0


def test_a_page_asks_every_15_seconds_and_not_while_it_is_hidden(
    open_as: Callable[..., Page], article: Article, reporter: User, asks: Callable[[Page], list[str]]
) -> None:
    page = open_as(reporter)
    page.clock.install()
    asked = asks(page)
    with page.expect_response(lambda response: response.url.endswith("/presence/")):
        page.goto(reverse("desk:threads-article", args=[article.slug]))
    assert len(asked) == 1
    with page.expect_response(lambda response: response.url.endswith("/presence/")):
        page.clock.run_for(15_500)
    assert len(asked) == 2
    page.evaluate(
        "Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })"
    )
    page.clock.run_for(60_000)
    assert len(asked) == 2
    page.evaluate("delete document.visibilityState")
    look_again(page)
    assert len(asked) == 3


def test_a_page_whose_session_ended_says_so_and_leads_to_sign_in(
    open_as: Callable[..., Page], article: Article, reporter: User
) -> None:
    page = open_as(reporter)
    page.goto(reverse("desk:threads-article", args=[article.slug]))
    page.context.clear_cookies(name="sessionid")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    sign_in = page.locator("#session").get_by_role("link", name="Accedi")
    expect(sign_in).to_have_attribute("href", re.compile(r"/admin/login/\?next="))


# Saved views


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_filter_is_kept_opened_and_dropped(
    open_as: Callable[..., Page], reporter: User, live: str, javascript: bool
) -> None:
    page = open_as(reporter, java_script_enabled=javascript)
    page.goto(reverse("desk:home"))
    page.get_by_role("link", name="Pubblici").click()
    page.get_by_role("searchbox").fill("Microsoft")
    page.get_by_role("button", name="Trova").click()
    page.get_by_label("Conserva questo filtro come vista").fill("Da seguire")
    page.get_by_role("button", name="Conserva").click()
    expect(page.get_by_role("status")).to_contain_text("«Da seguire»")
    page.goto(reverse("desk:home"))
    page.get_by_role("link", name="Da seguire").click()
    expect(page).to_have_url(re.compile(r"/desk/\?state=public&q=Microsoft$"))
    page.get_by_role("button", name="Togli la vista Da seguire").click()
    expect(page.get_by_role("link", name="Da seguire")).to_have_count(0)
    assert not SavedView.objects.exists()


# Nothing is wrong with a page in any look


@pytest.fixture
def talked(annotation: Annotation, reporter: User, editor: User, checker: User) -> Iterator[None]:
    first = comments.comment(annotation, body="@reporter, perché?\nUna riga.", by=editor, at=now())
    comments.comment(first.thread, body="https://example.org/" + "a" * 120, by=reporter, at=now())
    second = comments.comment(annotation, body="@reporter, un refuso.", by=checker, at=now())
    comments.resolve(second.thread, by=reporter, at=now())
    comments.comment(Claim.objects.earliest("pk"), body="@reporter, di chi è?", by=editor, at=now())
    SavedView.objects.create(user=reporter, name="Da seguire " * 5, query="q=Microsoft")
    annotation.article.presences.model.objects.note(editor, annotation.article, at=now())
    yield


PAGES: dict[str, Callable[[Annotation], str]] = {
    "threads on words": lambda found: reverse("desk:threads-annotation", args=[found.code]),
    "threads on a claim": lambda found: reverse(
        "desk:threads-claim", args=[Claim.objects.earliest("pk").code]
    ),
    "threads of an article": lambda found: (
        reverse("desk:threads-article", args=[found.article.slug]) + "?state=all"
    ),
    "threads that mention me": lambda found: reverse("desk:threads"),
    "a comment being changed": lambda found: reverse(
        "desk:comment", args=[Comment.objects.filter(by__username="reporter").earliest("pk").code]
    ),
    "my settings": lambda found: reverse("desk:me"),
    "the desk with views": lambda found: reverse("desk:home") + "?state=public",
    "the preview": lambda found: reverse("desk:article", args=[found.article.slug]),
    "the text": lambda found: reverse("desk:text", args=[found.article.slug]),
}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wrong_with_a_page_in_any_look(
    open_as: Callable[..., Page], talked: None, annotation: Annotation, reporter: User, name: str
) -> None:
    page = open_as(reporter)
    page.goto(PAGES[name](annotation))
    if page.locator("#presence").count():
        expect(page.locator("#presence")).to_have_text("Livia Scarpato è qui")
    for details in page.locator("details.thread summary").all():
        details.click()
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (scheme, width)
        if (scheme, width) in (LOOKS[0], LOOKS[-1]):
            assert violations(page) == [], (scheme, width)


def test_nothing_is_wrong_with_a_form_in_error(
    open_as: Callable[..., Page], on_annotation: str, reporter: User
) -> None:
    page = open_as(reporter)
    page.goto(on_annotation)
    field(page, "Nuova discussione").fill("\u200b")
    page.get_by_role("button", name="Commenta").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(field(page, "Nuova discussione")).to_be_focused()
    assert violations(page) == []
