"""The history of an article: which texts readers could see, and whose words changed between two of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.actions import annotations, articles
from newsroom.models import Article, Revision, User
from newsroom.presenters.annotated_article import ArticlePage, annotated_article
from newsroom.presenters.history import (
    ceased_at,
    changes_address,
    changes_page,
    history_page,
    public_revisions,
    revisions_page,
)
from tests.actions.revising import revise
from tests.making import LATER, THEN, make_appearance, make_article, make_crowd, make_review, make_revision

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def drafted_then_published() -> Article:
    """Two texts before it was published, two since."""
    article = make_article(published_at=THEN + 2 * HOUR)
    for number, hours in ((2, 1), (3, 3), (4, 4)):
        html = f"<p>Testo {number}.</p>"
        article.current_revision = make_revision(article, html=html, at=THEN + hours * HOUR)
    article.save()
    return article


def changes(article: Article, before: int, after: int, **given: Any):
    texts = {revision.number: revision for revision in article.revisions.all()}
    return changes_page(article, texts[before], texts[after], **({"in_full": True, "at": LATER} | given))


def then(article: Article, number: int) -> ArticlePage:
    """The article as it read in one of its texts."""
    revision = article.revisions.get(number=number)
    return annotated_article(article, revision, in_full=True, as_of=ceased_at(revision))


# Which texts


def test_the_drafts_before_the_first_public_text_are_nobodys() -> None:
    article = drafted_then_published()
    assert [revision.number for revision in public_revisions(article)] == [2, 3, 4]
    assert [line.revision.number for line in revisions_page(article).revisions] == [4, 3, 2, 1]


def test_the_history_begins_with_the_publication_and_without_the_note_of_a_draft() -> None:
    article = drafted_then_published()
    *_others, first = history_page(article).revisions
    assert (first.at, first.note, first.changes_url) == (article.published_at, "", "")
    assert first.kind_label not in Revision.Kind.labels
    assert revisions_page(article).revisions[-1].at == THEN


def test_a_line_leads_to_its_text_and_to_what_changed_since_the_one_before() -> None:
    article = drafted_then_published()
    newest, third, _second = history_page(article).revisions
    assert newest.url == article.get_absolute_url()
    assert newest.changes_url == f"/articles/{article.slug}/history/3-4/"
    assert third.url == f"/articles/{article.slug}/revisions/3/"
    assert [newest.is_current, third.is_current] == [True, False]


def test_a_line_says_how_many_claims_a_correction_touched_and_what_it_returns_to(editor: User) -> None:
    article = make_article()
    make_appearance(article, "dieci milioni")
    make_appearance(article, "Costerà dieci milioni")
    first = article.current_revision
    revise(article, ("dieci", "dodici"), by=editor)
    articles.revert(article, to=first, kind="minor", note="Era giusto.", by=editor, at=LATER, based_on=2)
    article.refresh_from_db()
    last, corrected, published = history_page(article).revisions
    assert (corrected.claims_touched, last.returns_to, last.note) == (2, 1, "Era giusto.")
    assert (published.claims_touched, published.returns_to) == (0, None)


def test_queries_do_not_grow_with_the_number_of_versions() -> None:
    counted = []
    for number in (3, 12):
        article = make_article()
        for _text in range(number):
            article.current_revision = make_revision(article, at=LATER)
        article.save()
        with CaptureQueriesContext(connection) as queries:
            history_page(article)
        counted.append(len(queries))
    assert counted == [3, 3]


@pytest.mark.parametrize(
    ("before", "after", "address"),
    [
        ("1", "3", "/articles/x/history/1-3/"),
        ("3", "1", "/articles/x/history/1-3/"),
        ("2", "2", ""),
        ("0", "2", ""),
        ("", "2", ""),
        ("-1", "2", ""),
        ("uno", "2", ""),
        ("１", "2", ""),
        ("9" * 20, "2", ""),
        ("9" * 5000, "2", ""),
    ],
)
def test_two_numbers_make_an_address_and_nothing_else_does(before: str, after: str, address: str) -> None:
    assert changes_address("reader:changes", "x", {"before": before, "after": after}) == address


# What changed


def test_the_claims_whose_words_changed_are_named_with_both(editor: User) -> None:
    article = make_article()
    appearance = make_appearance(article, "dieci milioni")
    make_appearance(article, "le prove sono finite")
    revise(article, ("dieci milioni", "dodici milioni"), by=editor)
    page = changes(article, 1, 2)
    (touched,) = page.claims
    assert touched.claim == appearance.claim
    assert touched.url == appearance.claim.get_absolute_url()
    assert [(piece.kind, piece.text) for piece in touched.pieces] == [
        ("removed", "dieci"),
        ("added", "dodici"),
        ("same", " milioni"),
    ]
    assert [correction.note for correction in page.corrections] == ["Il costo."]
    pieces = [piece for passage in page.passages for line in passage.lines for piece in line]
    assert {piece.text for piece in pieces if piece.kind == "added"} == {"dodici"}


def test_a_claim_whose_words_are_gone_is_said_to_be_gone(editor: User) -> None:
    article = make_article()
    make_appearance(article, "Costerà dieci milioni di euro")
    revise(article, (" Costerà dieci milioni di euro.", ""), by=editor)
    (touched,) = changes(article, 1, 2).claims
    assert touched.is_gone and {piece.kind for piece in touched.pieces} == {"removed"}


def test_a_claim_that_was_withdrawn_in_between_did_not_change(editor: User) -> None:
    article = make_article()
    appearance = make_appearance(article, "dieci milioni")
    annotations.withdraw(appearance.annotation, reason="Doppione.", by=editor, at=LATER, row_version=1)
    revise(article, ("maggio", "giugno"), by=editor)
    assert changes(article, 1, 2).claims == ()


def test_a_claim_without_a_page_any_more_is_named_without_a_link(editor: User) -> None:
    article = make_article()
    appearance = make_appearance(article, "dieci milioni")
    revise(article, ("dieci milioni", "dodici milioni"), by=editor)
    annotations.withdraw(appearance.annotation, reason="Doppione.", by=editor, at=LATER, row_version=1)
    (touched,) = changes(article, 1, 2).claims
    assert (touched.claim, touched.url) == (appearance.claim, "")


def test_a_claim_that_was_only_suggested_is_not_named(editor: User) -> None:
    article = make_article()
    make_appearance(article, "dieci milioni", state="suggested", generator="prova 1.0")
    revise(article, ("dieci milioni", "molto"), by=editor)
    assert changes(article, 1, 2).claims == ()


def test_of_a_text_that_is_only_quoted_the_claims_alone_are_compared(editor: User) -> None:
    article = make_article(rights="quotation")
    make_appearance(article, "dieci milioni")
    revise(article, ("dieci milioni", "dodici milioni"), by=editor)
    page = changes(article, 1, 2, in_full=False)
    assert page.passages == () and len(page.claims) == 1


def test_queries_do_not_grow_with_the_number_of_claims_touched(editor: User) -> None:
    counted = []
    for number in (20, 200):
        article = make_article()
        make_crowd(article, number)
        revise(article, ("dieci milioni", "dodici milioni"), by=editor)
        with CaptureQueriesContext(connection) as queries:
            changes(article, 1, 2)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 10


# As it read then


def test_a_claim_reads_as_it_did_with_the_rating_that_it_had(editor: User) -> None:
    article = make_article()
    make_review(make_appearance(article, "dieci milioni"))
    revise(article, ("dieci milioni", "dodici milioni"), by=editor)
    (note,) = then(article, 1).register
    assert (note.words, note.badge.stale, note.changed, note.card_url) == ("dieci milioni", False, None, "")
    (note,) = then(article, 2).register
    assert (note.words, note.badge.stale) == ("dodici milioni", True)


def test_a_rating_of_later_than_a_text_is_not_shown_with_it(editor: User) -> None:
    article = make_article()
    make_review(make_appearance(article, "dieci milioni"), published_at=LATER + HOUR)
    revise(article, ("maggio", "giugno"), by=editor)
    (note,) = then(article, 1).register
    assert note.badge.key == "unchecked"


def test_a_rating_of_the_wording_or_of_another_place_held_whatever_the_words_were(editor: User) -> None:
    article = make_article()
    of_wording = make_appearance(article, "le prove sono finite")
    make_review(claim=of_wording.claim)
    elsewhere = make_appearance(make_article(), "Il ponte vecchio", claim=make_appearance(article).claim)
    make_review(elsewhere)
    revise(article, ("milioni", "miliardi"), by=editor)
    assert [note.badge.stale for note in then(article, 1).register] == [False, False]


def test_what_was_withdrawn_since_stands_in_the_text_that_had_it(editor: User) -> None:
    article = make_article()
    annotation = make_appearance(article, "dieci milioni").annotation
    revise(article, ("maggio", "giugno"), by=editor, at=LATER)
    annotations.withdraw(annotation, reason="Doppione.", by=editor, at=LATER + HOUR, row_version=1)
    revise(article, ("giugno", "luglio"), by=editor, at=LATER + 2 * HOUR)
    assert [len(then(article, number).register) for number in (1, 2, 3)] == [1, 0, 0]
