"""The editor at work in the admin, under the content security policy of every other page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import Locator, Page, expect

from newsroom.actions import articles
from newsroom.models import Article, Claim, Deed, Review, User
from newsroom.text import document

SignIn = Callable[[Page, User], None]

BODY = ".ProseMirror[role=textbox]"
#: One of everything that the house keeps of a text.
EVERYTHING = document.write(
    document.parse(
        "<h2>Uno</h2><h3>Due</h3><h4>Tre</h4><p>Testo <em>corsivo</em>, <strong>grassetto</strong>, "
        'H<sub>2</sub>O, x<sup>2</sup>, <code>codice</code> e <a href="https://example.org/">collegamento</a>.</p>'
        "<p>prima<br>dopo</p><blockquote><p>Citato.</p></blockquote>"
        "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"
        "<ol><li>uno</li></ol><pre>x = 1<br>  y = 2<br><br>z</pre>"
        '<figure><img src="/static/admin/img/search.svg" alt="lente">'
        "<figcaption>La lente</figcaption></figure>"
        '<table><tbody><tr><th scope="col">A</th><th scope="col">B</th></tr>'
        '<tr><td colspan="2">c</td></tr></tbody></table>'
    )
)


@pytest.fixture
def article(rows: None) -> Article:
    return Article.objects.select_related("current_revision").get()


@pytest.fixture
def editing(page: Page, sign_in: SignIn, editor: User, article: Article) -> Page:
    """The editor has the article open, and its text in the rich-text editor."""
    sign_in(page, editor)
    page.goto(reverse("admin:newsroom_article_change", args=[article.pk]))
    expect(page.locator(BODY)).to_be_visible()
    return page


def at_the_beginning(page: Page) -> None:
    """Waits until the caret stands before a paragraph: the editor moves it some moments after a click."""
    page.wait_for_function("() => getSelection().isCollapsed && getSelection().anchorOffset === 0")


def test_the_editor_changes_a_word_and_readers_see_it(editing: Page, article: Article) -> None:
    before = article.current_revision
    editing.locator(BODY).focus()
    editing.keyboard.press("Control+Home")
    at_the_beginning(editing)
    editing.keyboard.type("Parola nuova. ")
    editing.locator("[name=kind][value=minor]").check()
    editing.locator("[name=note]").fill("Una parola in più.")
    editing.locator("[name=_save]").click()

    expect(editing.locator(".messagelist .success")).to_be_visible()
    after = Article.objects.get().current_revision
    assert (after.number, after.kind, after.note) == (2, "minor", "Una parola in più.")
    assert after.text == f"Parola nuova. {before.text}"
    editing.goto(article.get_absolute_url())
    expect(editing.locator("[data-o]").first).to_contain_text("Parola nuova.")


def test_the_editor_writes_back_what_it_was_given(editing: Page, article: Article, editor: User) -> None:
    """All of the subset goes in, one letter is typed, and all but that letter comes out the same."""
    articles.revise(article, html=EVERYTHING, kind="minor", note="Tutto.", by=editor, at=now(), based_on=1)
    editing.reload()
    editing.locator(f"{BODY} > p").first.click()
    editing.keyboard.press("Home")
    at_the_beginning(editing)
    editing.keyboard.type("Z")
    written = editing.locator("textarea[name=body]").input_value()

    assert document.write(document.parse(written)) == EVERYTHING.replace("Testo", "ZTesto")


def test_the_buttons_of_the_editor_make_the_subset(editing: Page) -> None:
    def button(name: str) -> Locator:
        return editing.locator(f".prose-menubar button[title='{name}']")

    editing.locator(BODY).click()
    editing.keyboard.press("Control+a")
    editing.keyboard.type("Parola")
    editing.keyboard.press("Shift+Home")
    link = button("insert link")
    expect(link).not_to_have_class(re.compile("disabled"))
    for name in ("bold", "italic"):
        button(name).click()
        expect(button(name)).to_have_class(re.compile("active"))
    link.click()
    editing.locator("dialog input[name=href]").fill("https://example.org/")
    editing.locator("dialog button[type=submit]").click()

    expected = '<p><a href="https://example.org/"><em><strong>Parola</strong></em></a></p>'
    assert document.write(document.parse(editing.locator("textarea[name=body]").input_value())) == expected


def test_what_is_pasted_with_styles_arrives_without_them(editing: Page) -> None:
    editing.locator(BODY).click()
    editing.keyboard.press("Control+a")
    editing.locator(BODY).evaluate(
        """(body) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData(
                "text/html",
                '<style>p { color: red }</style><p style="color: red">Da <b style="top: 0">Word</b></p>'
            );
            body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }"""
    )

    written = editing.locator("textarea[name=body]").input_value()
    assert document.write(document.parse(written)) == "<p>Da <strong>Word</strong></p>"


def test_a_claim_is_edited_without_a_violation(page: Page, sign_in: SignIn, editor: User) -> None:
    """A choice is searched for, a row of evidence is added, a date picked."""
    sign_in(page, editor)
    claim = Claim.objects.first()
    page.goto(reverse("admin:newsroom_claim_change", args=[claim.pk]))
    page.locator("#evidence-group .add-row a").click()
    row = page.locator("#evidence-group .dynamic-evidence").last
    row.locator(".select2-selection").click()
    page.locator(".select2-search__field").last.fill("open")
    page.locator(".select2-results__option--highlighted").click()
    row.locator("select[name$=-stance]").select_option("context")
    row.locator("select[name$=-checked]").select_option("known")
    row.locator(".datetimeshortcuts:nth-of-type(1) a").first.click()
    row.locator(".datetimeshortcuts:nth-of-type(2) a").first.click()
    count = claim.evidence.count()
    page.locator("[name=_save]").click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    assert claim.evidence.count() == count + 1
    assert Deed.objects.latest("at").verb == "admin.change"


def test_every_page_of_the_admin_runs_under_the_content_security_policy(
    page: Page, sign_in: SignIn, editor: User
) -> None:
    """Every list, every form: a violation would be a fault of the watched browser."""
    editor.is_superuser = True
    editor.save()
    sign_in(page, editor)
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        of_a_claim = f"?claim={Claim.objects.first().pk}" if model is Review else ""
        addresses = [reverse(f"{name}_changelist"), reverse(f"{name}_add") + of_a_claim]
        if row is not None:
            addresses += [reverse(f"{name}_{view}", args=[row.pk]) for view in ("change", "history")]
        for address in addresses:
            page.goto(address)
