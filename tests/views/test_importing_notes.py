"""Notes of readers elsewhere are brought in at the desk: shown, then stored as suggestions and comments."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from newsroom.actions import imports
from newsroom.actions.importing import foresee_notes
from newsroom.models import Annotation, Article, Comment, Deed, Import, User
from newsroom.tasks.imports import store_import
from newsroom.text.web_annotations import Note
from tests.formats.test_hypothesis_notes import body, page_note, row
from tests.making import make_article
from tests.reading import tree
from tests.views.test_importing import said, shown, there, upload

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]

TEXT = "<p>Il ponte è aperto.</p><p>Il ponte costa dieci milioni.</p>"


@pytest.fixture
def desk(signed_in: SignedIn, editor: User) -> Client:
    return signed_in(editor)


@pytest.fixture
def article() -> Article:
    return make_article(slug="il-ponte", html=TEXT, original_url="https://faro.example/ponte", rights="ours")


def notes(*rows: object, **given: str) -> tuple[bytes, str]:
    return body(*rows), "notes.json"


def test_notes_are_known_by_their_file_and_shown_before_anything_is_stored(
    article: Article, desk: Client
) -> None:
    answer = page_note(references=["a"], text="No.", user="acct:ugo@hypothes.is")
    elsewhere = row("b", uri="https://altrove.example/x", target=[])
    lost = row("c", exact="Il fiume")
    found, words = shown(
        desk, upload(desk, *notes(row(exact="costa dieci milioni"), answer, lost, elsewhere))
    )
    assert (found.state, found.exchange, found.total) == ("read", "hypothesis", 1)
    for there_is in (
        "Anteprima",
        "su 1 articolo che è qui",
        "1 nuovo suggerimento",
        "2 nuovi commenti interni",
        "Note su parole che nel testo non ci sono, o non in un punto certo: 1 (Il fiume)",
        "I lettori non ne vedono nulla",
        article.headline,
    ):
        assert there_is in words, there_is
    assert not Annotation.objects.filter(article=article).exists() and not Comment.objects.exists()


def test_what_is_on_pages_that_are_not_here_is_told(article: Article, desk: Client) -> None:
    far = row("b", uri="https://altrove.example/x", target=[{"selector": row()["target"][0]["selector"]}])
    _found, words = shown(desk, upload(desk, *notes(row(exact="costa dieci milioni"), far)))
    assert "Note su pagine che qui non sono articoli: non arrivano 1" in words
    assert "https://altrove.example/x" in words


def test_what_is_confirmed_is_stored_and_reported(article: Article, desk: Client, editor: User) -> None:
    found, _words = shown(
        desk, upload(desk, *notes(row(exact="costa dieci milioni"), page_note(references=["a"])))
    )
    found, words = shown(desk, desk.post(there(found), {"store": "1"}))
    assert (found.state, found.done, found.stored_by) == ("stored", 1, editor)
    annotation = Annotation.objects.get(article=article)
    assert (annotation.state, annotation.generator) == ("suggested", "Hypothesis")
    assert Comment.objects.filter(thread__annotation=annotation).count() == 2
    assert "1 nuovo suggerimento" in words and "2 nuovi commenti interni" in words
    links = [link.get("href") for link in tree(desk.get(there(found))).cssselect(".lines a")]
    assert links == [f"/desk/articles/{article.slug}/"]
    report = desk.get(there(found, "import-report")).content.decode()
    assert "letto come Hypothesis" in report and f"({article.slug})" in report
    verbs = list(
        Deed.objects.filter(verb__startswith="import.").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["import.receive", "import.read", "import.confirm", "import.store"]


def test_brought_again_they_make_no_doubles(article: Article, desk: Client) -> None:
    for expected in ("1 nuovo suggerimento", "0 nuovi suggerimenti"):
        found, words = shown(desk, upload(desk, *notes(row(exact="costa dieci milioni"))))
        assert expected in words
        desk.post(there(found), {"store": "1"})
    assert "1 nota che è già qui" in words
    assert Annotation.objects.filter(article=article).count() == 1


def test_notes_of_no_article_that_is_here_say_where_they_are(desk: Client) -> None:
    answer = upload(desk, *notes(row(exact="costa dieci milioni")))
    assert answer.status_code == 422
    assert (
        "Nessuna delle note riguarda un articolo che è qui. Riguardano: https://faro.example/ponte"
        in said(answer)
    )


def test_an_article_that_goes_meanwhile_is_told_and_stops_nothing(article: Article, desk: Client) -> None:
    other = make_article(
        slug="altro", html="<p>Un altro ponte.</p>", original_url="https://faro.example/altro"
    )
    far = row("b", exact="altro ponte", uri="https://faro.example/altro", target=[])
    far["target"] = [{"source": far["uri"], "selector": row(exact="altro ponte")["target"][0]["selector"]}]
    found, _words = shown(desk, upload(desk, *notes(row(exact="costa dieci milioni"), far)))
    assert found.total == 2
    Article.objects.filter(pk=article.pk).update(withdrawn_at=now(), withdrawal_reason="Era un errore.")
    found, words = shown(desk, desk.post(there(found), {"store": "1"}))
    assert (found.state, found.done) == ("stored", 2)
    assert "Articoli ritirati mentre se ne registravano le note: 1" in words
    assert [row.article for row in Annotation.objects.filter(generator="Hypothesis")] == [other]


def test_two_workers_store_the_notes_once(article: Article, desk: Client, editor: User) -> None:
    found, _words = shown(desk, upload(desk, *notes(row(exact="costa dieci milioni"))))
    imports.confirm(found, by=editor, at=now())
    for _ in range(2):
        store_import.call(str(found.uuid), language="it")
    assert Annotation.objects.filter(article=article).count() == 1
    assert Import.objects.get(pk=found.pk).done == 1


def test_who_may_not_comment_foresees_nothing(article: Article) -> None:
    stranger = User.objects.create(username="nessuno")
    with pytest.raises(PermissionDenied):
        foresee_notes([(article, [Note(id="a", addresses=(), exact="Il ponte")])], by=stranger, at=now())


@pytest.mark.parametrize("page", ["imports", "export"])
def test_each_format_says_what_it_is_for(page: str, desk: Client) -> None:
    answer = desk.get(f"/desk/{page}/")
    listed = tree(answer).cssselect("#formats dt")
    labels = {each.text_content() for each in listed}
    offered = {
        option.text_content()
        for option in tree(answer).cssselect("#id_exchange option, #id_format option")
        if option.get("value")
    }
    assert labels == offered and len(offered) > 5
    assert all(each.text_content().strip() for each in tree(answer).cssselect("#formats dd"))
    assert tree(answer).cssselect(
        '.helptext a[href="#formats"], small a[href="#formats"], a[href="#formats"]'
    )


def test_a_preview_of_many_articles_asks_as_often(
    article: Article, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found, _words = shown(desk, upload(desk, *notes(row(exact="costa dieci milioni"))))
    others = [str(make_article(slug=f"altro-{number}").uuid) for number in range(5)]
    with django_assert_num_queries(6):
        desk.get(there(found))
    Import.objects.filter(pk=found.pk).update(found=found.found | {"beside": [str(article.uuid), *others]})
    with django_assert_num_queries(6):
        desk.get(there(found))
