"""What readers see of an article's history: versions, what changed between two, the text as it read then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from newsroom.actions import articles
from newsroom.models import Article, User
from tests.actions.revising import revise
from tests.making import LATER, THEN, make_appearance, make_article, make_crowd, make_review
from tests.reading import canonical_text, faults, tree

pytestmark = pytest.mark.django_db

HUGE = ["0", "99999999999999999999", "9" * 5000, "00001", "-1", "1.5", "１"]


@pytest.fixture
def article(editor: User) -> Article:
    """Three texts; the second changed a rated claim."""
    article = make_article()
    make_review(make_appearance(article, "dieci milioni"))
    revise(article, ("dieci", "dodici"), by=editor)
    revise(article, ("maggio", "giugno"), by=editor, kind="minor", note="Il mese.")
    article.refresh_from_db()
    return article


def pages(article: Article) -> dict[str, str]:
    """Each page of the history, by what it is."""
    slug = article.slug
    return {
        "history": reverse("reader:history", args=[slug]),
        "changes": reverse("reader:changes", args=[slug, 1, 3]),
        "revision": reverse("reader:revision", args=[slug, 1]),
        "compare": reverse("reader:compare", args=[slug]) + "?before=1&after=2",
    }


EVERY_PAGE = pytest.mark.parametrize("name", ["history", "changes", "revision", "compare"])


@EVERY_PAGE
@pytest.mark.parametrize("who", ["reporter", "checker", "editor"])
def test_a_page_of_the_history_is_the_same_for_everybody(
    article: Article,
    name: str,
    who: str,
    reader: Client,
    signed_in: Callable[[User], Client],
    request: pytest.FixtureRequest,
) -> None:
    address = pages(article)[name]
    theirs, anybodys = signed_in(request.getfixturevalue(who)).get(address), reader.get(address)
    assert theirs.status_code == anybodys.status_code == (302 if name == "compare" else 200)
    assert theirs.content == anybodys.content
    assert not anybodys.cookies


@EVERY_PAGE
def test_a_page_of_the_history_is_only_read(article: Article, name: str, reader: Client) -> None:
    assert reader.post(pages(article)[name]).status_code == 405
    assert reader.head(pages(article)[name]).content == b""


@EVERY_PAGE
def test_a_draft_has_no_history(article: Article, name: str, reader: Client) -> None:
    Article.objects.filter(pk=article.pk).update(published_at=None)
    assert reader.get(pages(article)[name], follow=True).status_code == 404


@EVERY_PAGE
def test_the_history_of_a_withdrawn_article_says_why_it_was_withdrawn(
    article: Article, name: str, reader: Client
) -> None:
    Article.objects.filter(pk=article.pk).update(withdrawn_at=LATER, withdrawal_reason="Era falso.")
    answer = reader.get(pages(article)[name], follow=True)
    assert answer.status_code == 410
    assert "Era falso." in answer.content.decode() and "Il costo." not in answer.content.decode()


@pytest.mark.parametrize("name", ["history", "changes", "revision"])
def test_under_an_old_slug_the_same_page_is_found(
    article: Article, name: str, reader: Client, editor: User
) -> None:
    old = pages(article)[name]
    article = articles.edit(article, changes={"slug": "un-altro"}, by=editor, at=LATER)
    answer = reader.get(old)
    assert (answer.status_code, answer.headers["Location"]) == (301, pages(article)[name])


@pytest.mark.parametrize("name", ["history", "changes", "revision"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_pages_of_the_history_are_sound(article: Article, name: str, prefix: str, reader: Client) -> None:
    assert faults(reader.get(prefix + pages(article)[name])) == []


@pytest.mark.parametrize("number", HUGE)
def test_what_is_no_number_of_a_version_is_not_there(article: Article, number: str, reader: Client) -> None:
    base = article.get_absolute_url()
    for address in (f"{base}revisions/{number}/", f"{base}history/1-{number}/", f"{base}history/{number}-2/"):
        assert reader.get(address).status_code == 404, address


@pytest.mark.parametrize("between", ["1-4", "4-5", "2-1", "2-2", "999999998-999999999"])
def test_versions_that_are_not_there_are_not_compared(article: Article, between: str, reader: Client) -> None:
    assert reader.get(f"{article.get_absolute_url()}history/{between}/").status_code == 404


@pytest.mark.parametrize("query", ["", "?before=1", "?before=2&after=2", *(f"?before={n}" for n in HUGE)])
def test_a_form_that_names_no_two_versions_leads_back_to_the_history(
    article: Article, query: str, reader: Client
) -> None:
    answer = reader.get(reverse("reader:compare", args=[article.slug]) + query)
    assert answer.headers["Location"] == pages(article)["history"]


@pytest.mark.parametrize("query", ["?before=1&after=3", "?before=3&after=1"])
def test_a_form_leads_to_what_changed_between_two_versions(
    article: Article, query: str, reader: Client
) -> None:
    answer = reader.get(reverse("reader:compare", args=[article.slug]) + query)
    assert answer.headers["Location"] == pages(article)["changes"]


def test_what_changed_shows_both_texts_and_the_correction(article: Article, reader: Client) -> None:
    page = tree(reader.get(pages(article)["changes"]))
    text = page.xpath("//section[@aria-labelledby='text-title']//*[contains(@class, 'changes')]")[0]
    changed = {tag: [e.text_content().split(": ")[-1] for e in text.iter(tag)] for tag in ("del", "ins")}
    assert changed == {"del": ["maggio", "dieci"], "ins": ["giugno", "dodici"]}
    assert page.xpath("//*[@class='corrections']//*[text()='Il costo.']")
    assert page.xpath("//section[@aria-labelledby='touched-title']//del")


def test_a_text_of_then_is_its_own_canonical_text_and_not_to_be_indexed(
    article: Article, reader: Client
) -> None:
    page = tree(reader.get(pages(article)["revision"]))
    assert canonical_text(page) == article.revisions.get(number=1).text
    assert page.xpath("//meta[@name='robots']/@content")[0] == "noindex"
    assert not page.xpath("//*[@data-card]")
    assert pages(article)["history"] in page.xpath("//main//a/@href")


def test_the_current_text_is_the_article_itself(article: Article, reader: Client) -> None:
    answer = reader.get(reverse("reader:revision", args=[article.slug, 3]))
    assert (answer.status_code, answer.headers["Location"]) == (302, article.get_absolute_url())


def test_a_part_of_a_text_of_then_is_given_to_htmx(article: Article, reader: Client) -> None:
    answer = reader.get(pages(article)["revision"] + "?rating=false", headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<div id="annotated-text"')
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.parametrize("name", ["changes", "revision"])
def test_of_a_text_that_is_only_quoted_no_more_is_shown_than_its_claims(
    article: Article, name: str, reader: Client, settings: Settings
) -> None:
    settings.DEMO = False
    Article.objects.filter(pk=article.pk).update(rights="quotation")
    said = reader.get(pages(article)[name]).content.decode()
    assert "milioni" in said and "ponte vecchio" not in said


@pytest.mark.parametrize("name", ["history", "changes", "revision"])
def test_queries_do_not_grow_with_the_annotations(name: str, reader: Client, editor: User) -> None:
    counted = []
    for number in (20, 200):
        article = make_article()
        make_crowd(article, number)
        for word in ("undici", "dodici"):
            revise(article, ("dieci", word), ("undici", word), by=editor, at=THEN)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(pages(article)[name]).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 16
