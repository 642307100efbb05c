"""`import_notes`: what readers noted elsewhere is suggested at the desk, and nobody else sees it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from newsroom.models import Annotation, Article, Comment, Deed, Newsroom, Target, Thread, User
from newsroom.presenters.noted import article_at
from tests.formats.test_hypothesis_notes import body, page_note, row
from tests.making import make_appearance, make_article

pytestmark = pytest.mark.django_db

TEXT = "<p>Il ponte è aperto.</p><p>Il ponte costa dieci milioni.</p>"
ORIGINAL = "https://faro.example/ponte"


@pytest.fixture
def article() -> Article:
    return make_article(
        slug="il-ponte", html=TEXT, original_url="https://www.faro.example/ponte/", rights="ours"
    )


def bring(tmp_path: Path, user: User, data: bytes) -> str:
    file, said = tmp_path / "notes.json", io.StringIO()
    file.write_bytes(data)
    call_command("import_notes", str(file), by=user.username, stdout=said, verbosity=0)
    return said.getvalue()


def test_words_become_a_suggestion_and_what_was_said_a_comment(
    article: Article, tmp_path: Path, editor: User, client: Client
) -> None:
    answer = page_note(references=["a"], text="No.", user="acct:ugo@hypothes.is")
    said = bring(tmp_path, editor, body(row(exact="costa dieci milioni"), answer))
    assert "1 articles: 1 suggestions, 2 comments, 0 here already" in said
    annotation = Annotation.objects.get(article=article)
    assert (annotation.kind, annotation.state, annotation.generator) == ("claim", "suggested", "Hypothesis")
    assert annotation.targets.get().exact == "costa dieci milioni"
    [first, second] = Comment.objects.filter(thread__annotation=annotation)
    assert first.body == "Hypothesis · anna@hypothes.is · 2024-05-06\n\n*Davvero?*\n\n#costo"
    assert second.thread == first.thread and "No." in second.body
    assert Deed.objects.filter(verb="comment.add", article=article).count() == 2
    page = client.get(article.get_absolute_url()).content.decode()
    assert "Davvero?" not in page and "annotation-" + annotation.code not in page
    assert client.get(f"/annotations/{annotation.uuid}").status_code == 404


def test_brought_again_it_makes_no_doubles_and_adds_what_is_new(
    article: Article, tmp_path: Path, editor: User
) -> None:
    first = row(exact="costa dieci milioni")
    bring(tmp_path, editor, body(first))
    said = bring(tmp_path, editor, body(first, page_note(references=["a"])))
    assert "0 suggestions, 1 comments, 1 here already" in said
    Annotation.objects.filter(article=article).update(state="rejected")
    said = bring(tmp_path, editor, body(first, page_note(references=["a"])))
    assert "0 suggestions, 0 comments" in said
    assert (Annotation.objects.filter(article=article).count(), Thread.objects.count()) == (1, 1)


def test_a_note_on_a_claim_that_is_tagged_is_a_comment_on_it(
    article: Article, tmp_path: Path, editor: User
) -> None:
    appearance = make_appearance(article, "Il ponte costa dieci milioni")
    said = bring(tmp_path, editor, body(row(exact="Il ponte costa dieci milioni")))
    assert "0 suggestions, 1 comments" in said
    assert Thread.objects.get().annotation == appearance.annotation


def test_an_article_is_known_by_its_address_here_too(article: Article, tmp_path: Path, editor: User) -> None:
    Newsroom.objects.update(address="https://controluce.example")
    for number, path in enumerate(("/articles/il-ponte/", "/en/articles/il-ponte/?x#y")):
        found = article_at(f"https://controluce.example{path}")
        assert found == article, number
    assert article_at("https://controluce.example/claims/") is None
    assert article_at("https://altrove.example/articles/il-ponte/") is None
    assert article_at(f"{ORIGINAL}#:~:text=ponte") == article


def test_what_finds_no_place_is_told(article: Article, tmp_path: Path, editor: User) -> None:
    said = bring(
        tmp_path,
        editor,
        body(
            row("1", exact="Il fiume"),
            row("2", exact="Il ponte"),
            row("3", uri="https://altrove.example/", target=[], references=[]),
            row("4", uri="https://altrove.example/", target=[{"selector": row()["target"][0]["selector"]}]),
            page_note(references=["1"]),
        ),
    )
    assert "0 suggestions, 0 comments" in said
    assert "not in one place for certain (2): Il fiume" in said
    assert "answers to a note that did not come (1)" in said
    assert "pages that are not here (1): https://altrove.example/" in said
    assert "lost: " in said
    assert not Target.objects.filter(annotation__article=article).exists()


def test_a_bad_file_stores_nothing_and_a_stranger_brings_none(
    article: Article, tmp_path: Path, editor: User
) -> None:
    with pytest.raises(CommandError, match="Nothing was stored"):
        bring(tmp_path, editor, body(row(exact="costa dieci"), row(exact="costa dieci")))
    assert not Annotation.objects.filter(article=article).exists()
    with pytest.raises(CommandError, match="nobody"):
        call_command("import_notes", str(tmp_path / "a"), by="niente")
    with pytest.raises(CommandError, match="is not there"):
        call_command("import_notes", str(tmp_path / "a"), by=editor.username)
