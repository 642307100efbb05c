"""A change before it is saved: what it would do to the annotations and ratings, and what it looks like."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.actions import carrying
from newsroom.models import Article, Target, User
from newsroom.presenters.revising import Proposal, proposal
from newsroom.text.document import parse
from tests.actions.revising import revise
from tests.making import HTML, LATER, make_annotation, make_appearance, make_article, make_crowd, make_review

pytestmark = pytest.mark.django_db


def proposed(article: Article, *changes: tuple[str, str]) -> Proposal:
    article.refresh_from_db()
    html = article.current_revision.html
    for old, new in changes:
        html = html.replace(old, new)
    text = parse(html).text
    return proposal(article, text, carrying.foresee(article, article.current_revision, text), at=LATER)


def of_annotations(found: Proposal) -> tuple[int, int, int, int]:
    return found.kept, found.to_check, found.lost, found.found_again


def test_a_change_tells_what_becomes_of_each_annotation_and_writes_nothing() -> None:
    article = make_article()
    for words in ("Costerà dieci milioni", "la sindaca", "Il ponte vecchio resterà chiuso"):
        make_annotation(article, words)
    found = proposed(article, ("dieci", "dodici"), (" Il ponte vecchio resterà chiuso.", ""))
    assert of_annotations(found) == (1, 1, 1, 0)
    assert not Target.objects.filter(revision__article=article).exclude(revision__number=1).exists()


def test_what_waited_before_is_not_told_as_if_this_change_did_it(editor: User) -> None:
    article = make_article()
    make_annotation(article, "Costerà dieci milioni")
    make_annotation(article, "Il ponte vecchio resterà chiuso")
    revise(article, ("dieci", "dodici"), (" Il ponte vecchio resterà chiuso.", ""), by=editor)
    assert of_annotations(proposed(article, ("maggio", "giugno"))) == (0, 0, 0, 0)
    assert of_annotations(proposed(article, ("dodici", "dieci"))) == (0, 0, 0, 1)


def test_a_rating_that_would_be_stale_is_shown_with_both_words() -> None:
    article = make_article()
    make_review(make_appearance(article, "Costerà dieci milioni"))
    make_review(make_appearance(article, "le prove sono finite"))
    (touched,) = proposed(article, ("dieci", "dodici")).ratings
    assert touched.badge.label == "Falso"
    assert [piece.text for piece in touched.pieces if piece.kind != "same"] == ["dieci", "dodici"]


def test_a_rating_that_is_stale_already_is_not_told_and_one_that_holds_again_is_counted(
    editor: User,
) -> None:
    article = make_article()
    make_review(make_appearance(article, "Costerà dieci milioni"))
    revise(article, ("dieci", "dodici"), by=editor)
    found = proposed(article, ("dodici", "tredici"))
    assert (found.ratings, found.restored) == ((), 0)
    assert proposed(article, ("dodici", "dieci")).restored == 1


@pytest.mark.parametrize(
    ("changes", "kind", "reasons"),
    [
        ([("sarà aperto", "aprirà")], "minor", ()),
        ([("dieci", "12")], "correction", ("cambiano cifre",)),
        ([("resterà", "non resterà")], "correction", ("compare o scompare una negazione",)),
        ([("maggio", "giugno"), ("i tecnici", "Ada")], "correction", ("cambiano date", "cambiano nomi")),
    ],
)
def test_the_kind_is_proposed_with_its_reasons(
    changes: list[tuple[str, str]], kind: str, reasons: tuple[str, ...]
) -> None:
    found = proposed(make_article(), *changes)
    assert (found.kind, found.reasons) == (kind, reasons)
    assert found.is_correction == (kind == "correction")


def test_words_that_were_rated_are_the_first_reason() -> None:
    article = make_article()
    make_review(make_appearance(article, "le prove sono finite"))
    assert proposed(article, ("finite", "concluse")).reasons == ("cambiano parole valutate",)


@pytest.mark.parametrize("given", [{"published_at": None}, {"published_at": LATER.replace(year=2030)}])
def test_a_draft_has_minor_edits_and_a_reason_at_hand(given: dict[str, Any]) -> None:
    article = make_article(**given)
    make_review(make_appearance(article, "Costerà dieci milioni"))
    found = proposed(article, ("dieci", "12"))
    assert (found.kind, found.is_draft, found.reasons) == ("minor", True, ())
    assert found.note == "Lavoro sulla bozza."
    assert len(found.ratings) == 1


def test_the_reason_of_a_public_change_is_for_the_person_to_say() -> None:
    assert proposed(make_article(), ("dieci", "12")).note == ""


def test_queries_do_not_grow_with_the_annotations() -> None:
    counted = []
    for number in (40, 400):
        article = make_article()
        make_crowd(article, number)
        with CaptureQueriesContext(connection) as queries:
            proposed(article, ("dieci milioni", "dodici milioni"), (HTML[3:20], "Altro"))
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 12
