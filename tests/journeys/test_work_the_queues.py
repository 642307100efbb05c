"""A reporter works the queues: with the mouse, with the keyboard alone, without JavaScript, beside others."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from newsroom.actions import annotations, articles
from newsroom.models import Annotation, Article, Target, User
from tests.making import LATER, make_annotation, make_appearance, make_article, make_mention, make_review
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]

HTML = (
    "<p>Il ponte 🌉 aprirà a maggio, ha detto la sindaca. Costerà dieci milioni di euro.</p>"
    "<p>Secondo i tecnici le prove sono finite. Il ponte vecchio resterà chiuso per dieci mesi.</p>"
    "<p>La giunta ne parlerà con Ada Neri.</p>"
)
CHANGES = (
    ("dieci milioni", "dodici milioni"),
    ("dieci mesi", "due mesi"),
    (", ha detto la sindaca", ""),
    (" con Ada Neri", ""),
)


@pytest.fixture
def article(live: str, editor: User) -> Article:
    """Two passages to check, two without a place: the seed has none."""
    article = make_article(html=HTML, slug="ponte", headline="Il ponte")
    make_review(make_appearance(article, "Costerà dieci milioni"))
    make_annotation(article, "resterà chiuso per dieci mesi", kind="mention")
    make_mention(article, "la sindaca")
    make_mention(article, "Ada Neri")
    html = HTML
    for old, new in CHANGES:
        html = html.replace(old, new)
    articles.revise(
        article, html=html, kind="correction", note="Costi e tempi.", by=editor, at=LATER, based_on=1
    )
    return article


@pytest.fixture
def desk(page: Page, sign_in: SignIn, reporter: User, article: Article) -> Page:
    sign_in(page, reporter)
    return page


def items(page: Page) -> Locator:
    """Passages that are not decided yet."""
    return page.locator(".check-item:not(.check-item-done)")


def announced(page: Page) -> Locator:
    return page.locator("queue-travel [role=status]")


def focus_is_on(page: Page, item: Locator) -> None:
    expect(item.locator("h2")).to_be_focused()


def counts(page: Page) -> list[str]:
    return page.locator("nav.tabs b").all_inner_texts()


def words_of(annotation: Annotation) -> str:
    return Target.objects.current().get(annotation=annotation).exact


def by_words(words: str) -> Annotation:
    return Annotation.objects.get(targets__revision__number=1, targets__exact=words)


# With the mouse


def test_a_passage_is_accepted_and_the_next_has_the_focus(desk: Page) -> None:
    desk.goto("/desk/checks/")
    assert counts(desk) == ["2", "2"]
    first, second = items(desk).nth(0), items(desk).nth(1)
    second_id = second.get_attribute("id")
    first.get_by_role("button", name="Va bene così").click()

    expect(items(desk)).to_have_count(1)
    focus_is_on(desk, desk.locator(f"#{second_id}"))
    expect(announced(desk)).to_have_text("Confermata: d’ora in poi segue queste parole.")
    expect(desk.locator("nav.tabs b")).to_have_text(["1", "2"])
    expect(desk.locator("nav.tabs [aria-current]")).to_contain_text("1")

    items(desk).get_by_role("button", name="Va bene così").click()
    expect(items(desk)).to_have_count(0)
    expect(desk.locator("[data-decided]").last).to_be_focused()
    expect(desk.locator("nav.tabs b")).to_have_text(["0", "2"])
    assert not Target.objects.to_check().exists()
    desk.reload()
    expect(desk.get_by_text("Qui non aspetta nulla.")).to_be_visible()


def test_a_passage_is_moved_by_its_words_and_words_that_stand_twice_are_asked_for(desk: Page) -> None:
    desk.goto("/desk/orphans/?article=ponte")
    annotation = by_words("la sindaca")
    item = desk.locator(f"#check-item-{annotation.code}")
    item.get_by_label("parole esatte").fill("Il ponte")
    item.get_by_role("button", name="Sposta lì").click()

    expect(item.get_by_role("alert")).to_have_text("Queste parole si trovano in più punti: scegline uno.")
    focus_is_on(desk, item)
    choices = item.get_by_role("radio")
    expect(choices).to_have_count(2)
    expect(item.get_by_label("parole esatte")).to_have_value("Il ponte")
    choices.nth(1).check()
    item.get_by_role("button", name="Sposta lì").click()

    expect(items(desk)).to_have_count(1)
    focus_is_on(desk, items(desk))
    expect(announced(desk)).to_contain_text("Spostata")
    expect(desk.locator("nav.tabs b")).to_have_text(["2", "1"])
    target = Target.objects.current().get(annotation=annotation)
    text = annotation.article.revisions.get(number=2).text
    assert target.start == text.index("Il ponte vecchio")


def test_a_passage_is_moved_to_a_place_that_is_offered(desk: Page, article: Article) -> None:
    revision = article.revisions.get(number=2)
    annotation = make_annotation(article, kind="mention")
    start = revision.text.index("i tecnici")
    Target.objects.create(
        annotation=annotation,
        revision=revision,
        fate="orphaned",
        exact="i tecnici",
        reason="gone",
        candidates=[[start, start + 9, 0.6]],
    )
    desk.goto("/desk/orphans/?article=ponte")
    item = desk.locator(f"#check-item-{annotation.code}")
    item.get_by_role("radio", name="possibile").check()
    item.get_by_role("button", name="Sposta lì").click()
    expect(announced(desk)).to_contain_text("Spostata")
    assert words_of(annotation) == "i tecnici"


def test_a_passage_is_withdrawn_with_its_reason(desk: Page) -> None:
    desk.goto("/desk/orphans/")
    annotation = by_words("Ada Neri")
    item = desk.locator(f"#check-item-{annotation.code}")
    item.get_by_text("Ritira…").click()
    reason = item.get_by_label("Perché si ritira")
    reason.fill("   ")
    item.get_by_role("button", name="Ritira", exact=True).click()
    expect(item.get_by_role("alert")).to_be_visible()
    focus_is_on(desk, item)
    expect(reason).to_be_visible()
    reason.fill("Non ne parla più.")
    item.get_by_role("button", name="Ritira", exact=True).click()

    expect(items(desk)).to_have_count(1)
    expect(announced(desk)).to_contain_text("Ritirata")
    annotation.refresh_from_db()
    assert (annotation.state, annotation.withdrawal_reason) == ("withdrawn", "Non ne parla più.")


def test_words_are_selected_in_the_text_behind_an_emoji_and_over_two_paragraphs(desk: Page) -> None:
    annotation = by_words("la sindaca")
    desk.goto("/desk/orphans/")
    desk.locator(f"#check-item-{annotation.code}").get_by_role(
        "link", name="Scegli il passo nel testo"
    ).click()
    expect(desk.get_by_text("Seleziona le parole: entrano nel modulo.")).to_be_visible()
    desk.evaluate(
        """() => {
            const blocks = document.querySelectorAll("text-selection [data-o]");
            const from = blocks[0].firstChild;
            const to = blocks[1].firstChild;
            const start = from.data.indexOf("dodici milioni");
            const end = to.data.indexOf("Secondo") + "Secondo".length;
            document.getSelection().setBaseAndExtent(from, start, to, end);
        }"""
    )
    words = desk.locator("[name=words]")
    expect(words).to_have_value("dodici milioni di euro.\nSecondo")
    desk.get_by_role("button", name="Sposta lì").click()
    expect(desk).to_have_url(re.compile("/desk/orphans/$"))
    expect(desk.locator(".messages")).to_contain_text("Spostata")
    assert words_of(annotation) == "dodici milioni di euro.\nSecondo"


def test_what_is_typed_or_chosen_after_a_selection_counts(desk: Page) -> None:
    annotation = by_words("la sindaca")
    desk.goto(f"/desk/annotations/{annotation.code}/")
    desk.evaluate(
        """() => {
            const node = document.querySelector("text-selection [data-o]").firstChild;
            document.getSelection().setBaseAndExtent(node, 0, node, 8);
        }"""
    )
    words = desk.locator("[name=words]")
    expect(words).to_have_value("Il ponte")
    words.fill("i tecnici")
    desk.get_by_role("button", name="Sposta lì").click()
    expect(desk.locator(".messages")).to_contain_text("Spostata")
    assert words_of(annotation) == "i tecnici"


# With the keyboard alone


def test_a_queue_is_worked_with_the_keyboard_alone(desk: Page) -> None:
    desk.goto("/desk/orphans/")
    codes = items(desk).evaluate_all("items => items.map(item => item.id)")
    desk.keyboard.press("n")
    focus_is_on(desk, desk.locator(f"#{codes[0]}"))
    desk.keyboard.press("n")
    focus_is_on(desk, desk.locator(f"#{codes[1]}"))
    desk.keyboard.press("p")
    focus_is_on(desk, desk.locator(f"#{codes[0]}"))

    first = desk.locator(f"#{codes[0]}")
    while not first.locator("[name=words]").evaluate("words => words === document.activeElement"):
        desk.keyboard.press("Tab")
    desk.keyboard.type("non ci sono")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(first.get_by_role("alert")).to_contain_text("non sono nel testo")
    focus_is_on(desk, first)
    while not first.locator("[name=words]").evaluate("words => words === document.activeElement"):
        desk.keyboard.press("Tab")
    desk.keyboard.press("Control+a")
    desk.keyboard.type("le prove")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")

    expect(items(desk)).to_have_count(1)
    second = desk.locator(f"#{codes[1]}")
    focus_is_on(desk, second)
    while not second.locator("summary").evaluate("summary => summary === document.activeElement"):
        desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.type("Non serve più.")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(items(desk)).to_have_count(0)
    expect(desk.locator("[data-decided]").last).to_be_focused()
    assert not Target.objects.lost().exists()


def test_the_keys_can_be_switched_off_and_letters_are_letters_in_a_field(desk: Page) -> None:
    desk.goto("/desk/orphans/")
    words = desk.locator("[name=words]").first
    words.focus()
    desk.keyboard.type("npn")
    expect(words).to_have_value("npn")
    expect(words).to_be_focused()

    switch = desk.get_by_role("checkbox")
    switch.uncheck()
    desk.keyboard.press("n")
    expect(switch).to_be_focused()
    desk.reload()
    expect(desk.get_by_role("checkbox")).not_to_be_checked()
    desk.get_by_role("checkbox").check()
    desk.keyboard.press("n")
    focus_is_on(desk, items(desk).first)


# Without JavaScript


def test_without_javascript_everything_is_done_by_forms(
    watched: WatchedBrowser, sign_in: SignIn, reporter: User, article: Article
) -> None:
    page = watched.open(java_script_enabled=False)
    sign_in(page, reporter)
    page.goto("/desk/checks/?article=ponte")
    expect(page.locator("[data-keys]")).to_be_hidden()
    items(page).first.get_by_role("button", name="Va bene così").click()
    expect(page).to_have_url(re.compile(r"/desk/checks/\?article=ponte$"))
    expect(page.locator(".messages")).to_contain_text("Confermata")
    expect(items(page)).to_have_count(1)

    page.goto("/desk/orphans/?article=ponte")
    annotation = by_words("la sindaca")
    item = page.locator(f"#check-item-{annotation.code}")
    item.get_by_label("parole esatte").fill("Il ponte")
    item.get_by_role("button", name="Sposta lì").click()
    expect(page.get_by_role("alert")).to_have_text("Queste parole si trovano in più punti: scegline uno.")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Sposta lì").click()
    expect(page).to_have_url(re.compile(r"/desk/orphans/\?article=ponte$"))
    expect(page.locator(".messages")).to_contain_text("Spostata")
    assert Target.objects.current().get(annotation=annotation).start == 0

    items(page).get_by_text("Ritira…").click()
    items(page).get_by_label("Perché si ritira").fill("Non serve più.")
    items(page).get_by_role("button", name="Ritira", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("Ritirata")
    expect(page.get_by_text("Qui non aspetta nulla.")).to_be_visible()


# Beside somebody else


def test_who_comes_second_is_told_on_the_spot_and_goes_on(desk: Page, editor: User) -> None:
    desk.goto("/desk/orphans/")
    annotation = by_words("la sindaca")
    annotations.withdraw(annotation, reason="Doppione.", by=editor, at=LATER, row_version=1)
    item = desk.locator(f"#check-item-{annotation.code}")
    item.get_by_label("parole esatte").fill("le prove")
    item.get_by_role("button", name="Sposta lì").click()
    expect(item.get_by_role("alert")).to_contain_text(
        f"Nel frattempo {editor} ha ritirato questa annotazione"
    )
    focus_is_on(desk, item)
    expect(item.get_by_role("button")).to_have_count(0)


def test_a_session_that_ended_leaves_the_words_and_leads_to_sign_in(desk: Page) -> None:
    desk.goto("/desk/orphans/?article=ponte")
    desk.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    items(desk).first.get_by_label("parole esatte").fill("le prove")
    items(desk).first.get_by_role("button", name="Sposta lì").click()
    sign_in = desk.locator("#session").get_by_role("link", name="Accedi")
    expect(sign_in).to_have_attribute("href", "/admin/login/?next=/desk/orphans/%3Farticle%3Dponte")
    expect(items(desk).first.get_by_label("parole esatte")).to_have_value("le prove")
