"""Annotations carried from revision to revision, by the deeds that make one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.actions import articles
from newsroom.actions.carrying import MOST_ALIGNMENTS
from newsroom.actions.refusals import Refused
from newsroom.models import User
from tests.actions.revising import revise, target_in
from tests.making import (
    LATER,
    make_annotation,
    make_appearance,
    make_article,
    make_crowd,
    make_review,
)

pytestmark = pytest.mark.django_db

#: Of the text of `make_article()`, more than there are alignments.
HTML_WORDS = [
    "sarà aperto", "a maggio", "la sindaca", "Costerà", "dieci milioni", "euro", "i tecnici", "le prove",
    "sono finite", "ponte vecchio", "resterà",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["minor", "correction"])
def test_queries_do_not_grow_with_the_number_of_annotations(editor: User, kind: str) -> None:
    counted = []
    editor.get_all_permissions()
    for number in (60, 600):
        article = make_article()
        make_crowd(article, number)
        with CaptureQueriesContext(connection) as queries:
            revise(article, ("dieci milioni", "dodici milioni"), by=editor, kind=kind)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 31


def test_a_rating_stands_again_on_words_that_a_reverted_text_gives_back(editor: User) -> None:
    article = make_article()
    appearance = make_appearance(article, "dieci milioni")
    review = make_review(appearance)
    first = article.current_revision
    revise(article, ("dieci milioni", "dodici milioni"), by=editor)
    review.refresh_from_db()
    assert (review.state, review.stale_cause) == ("stale", "words")
    third = articles.revert(
        article, to=first, kind="correction", note="Era giusto.", by=editor, at=LATER, based_on=2
    )
    review.refresh_from_db()
    assert (third.reverts, third.text, review.state) == (first, first.text, "published")
    target = target_in(third, appearance.annotation)
    assert (target.fate, target.exact) == ("exact", "dieci milioni")


def test_a_text_is_not_reverted_to_that_of_another_article(editor: User) -> None:
    with pytest.raises(Refused) as refused:
        articles.revert(
            make_article(),
            to=make_article().current_revision,
            kind="minor",
            note="Per errore.",
            by=editor,
            at=LATER,
            based_on=1,
        )
    assert refused.value.code == "article"


def test_words_are_followed_from_where_a_person_confirmed_them(editor: User) -> None:
    """Small errors do not add up: each revision is compared with the confirmed text, not with the last."""
    article = make_article()
    annotation = make_annotation(article, "Costerà dieci milioni di euro")
    for was, now in (
        ("dieci", "undici"),
        ("milioni", "miliardi"),
        ("undici", "dieci"),
        ("miliardi", "milioni"),
    ):
        last = revise(article, (was, now), by=editor)
    target = target_in(last, annotation)
    assert (target.fate, target.exact, target.needs_check) == (
        "exact",
        "Costerà dieci milioni di euro",
        False,
    )


def test_old_confirmations_are_followed_from_where_the_words_stand_now(editor: User) -> None:
    """Words confirmed in more revisions than are aligned lose nothing by it."""
    article = make_article()
    annotations = []
    for number, word in enumerate(HTML_WORDS, start=1):
        annotation = make_annotation(article, word)
        annotations.append(annotation)
        revise(article, ("chiuso.", f"chiuso. Nota {number}."), by=editor, kind="minor")
        article.refresh_from_db()
    last = article.current_revision
    assert len(HTML_WORDS) > MOST_ALIGNMENTS
    assert [target_in(last, annotation).exact for annotation in annotations] == HTML_WORDS
