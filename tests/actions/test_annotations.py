"""Tagging: the words must stand where they are said to stand, and nothing is rated by it."""

from __future__ import annotations

from typing import Any

import pytest

from newsroom.actions import annotations
from newsroom.actions.annotations import Place
from newsroom.actions.refusals import Refused
from newsroom.models import Annotation, Article, Mention, User
from tests.making import (
    LATER,
    make_article,
    make_attribution,
    make_claim,
    make_entity,
    make_revision,
    make_source,
)

pytestmark = pytest.mark.django_db


def place(article: Article, words: str, role: str = "content") -> Place:
    start = article.current_revision.text.index(words)
    return Place(start, start + len(words), words, role)


def test_a_tag_stands_on_its_words_and_keeps_their_neighbours(reporter: User) -> None:
    article, claim = make_article(), make_claim()
    appearance = annotations.tag_claim(
        article, claim=claim, places=[place(article, "dieci milioni")], by=reporter, at=LATER
    )
    annotation, target = appearance.annotation, appearance.annotation.targets.get()
    assert (annotation.state, annotation.kind, annotation.by, annotation.at, annotation.generator) == (
        "accepted",
        "claim",
        reporter,
        LATER,
        "",
    )
    assert target.revision == article.current_revision
    assert article.current_revision.text[target.start : target.end] == target.exact == "dieci milioni"
    assert target.prefix.endswith("Costerà ") and target.suffix.startswith(" di euro.")
    assert (target.confirmed_by, target.confirmed_at) == (reporter, LATER)
    assert not claim.reviews.exists()


def test_a_claim_may_stand_on_several_spans_and_hedges(reporter: User) -> None:
    article = make_article()
    places = [
        place(article, "Il ponte"),
        place(article, "resterà chiuso"),
        place(article, "Secondo i tecnici", "hedge"),
    ]
    appearance = annotations.tag_claim(article, claim=make_claim(), places=places, by=reporter, at=LATER)
    found = appearance.annotation.targets.values_list("role", "ordinal", "exact")
    assert set(found) == {
        ("content", 0, "Il ponte"),
        ("content", 1, "resterà chiuso"),
        ("hedge", 0, "Secondo i tecnici"),
    }


@pytest.mark.parametrize(
    ("start", "end", "exact"),
    [
        (0, 8, "Il monte"),
        (1, 9, "Il ponte"),
        (0, 0, ""),
        (8, 0, "Il ponte"),
        (-8, 0, ""),
        (-1, 8, "Il ponte"),
        (0, 10_000, "Il ponte"),
        (10_000, 10_008, ""),
    ],
)
def test_words_that_do_not_stand_there_are_refused(reporter: User, start: int, end: int, exact: str) -> None:
    article = make_article()
    with pytest.raises(Refused) as refused:
        annotations.tag_claim(
            article, claim=make_claim(), places=[Place(start, end, exact)], by=reporter, at=LATER
        )
    assert refused.value.code == "words"
    assert not article.annotations.exists()


def test_the_last_words_of_a_text_can_be_tagged(reporter: User) -> None:
    article = make_article()
    annotations.tag_claim(
        article, claim=make_claim(), places=[place(article, "chiuso.")], by=reporter, at=LATER
    )
    assert article.annotations.get().targets.get().suffix == ""


def test_the_words_must_stand_in_the_current_text(reporter: User) -> None:
    article = make_article()
    words = place(article, "dieci milioni")
    article.current_revision = make_revision(article, html="<p>Costa molto.</p>")
    article.save()
    with pytest.raises(Refused) as refused:
        annotations.tag_claim(article, claim=make_claim(), places=[words], by=reporter, at=LATER)
    assert refused.value.code == "words"


def test_no_words_at_all_are_refused(reporter: User) -> None:
    with pytest.raises(Refused) as refused:
        annotations.tag_mention(make_article(), entities=[make_entity()], places=[], by=reporter, at=LATER)
    assert refused.value.code == "empty"


def test_a_collective_names_each_of_its_entities(reporter: User) -> None:
    article, entities = make_article(), [make_entity(), make_entity(), None]
    annotation = annotations.tag_mention(
        article,
        entities=entities,
        places=[place(article, "i tecnici")],
        form=Mention.Form.COREFERENCE,
        note="collettivo",
        by=reporter,
        at=LATER,
    )
    found = annotation.mentions.values_list("entity", "form", "note")
    assert set(found) == {(entity and entity.pk, "coreference", "collettivo") for entity in entities}


def test_an_attribution_has_its_source_cue_and_content(reporter: User) -> None:
    article, source, claim = make_article(), make_source(), make_claim()
    parent = make_attribution(article)
    attribution = annotations.tag_attribution(
        article,
        places=[
            place(article, "le prove sono finite"),
            place(article, "i tecnici", "source"),
            place(article, "Secondo", "cue"),
        ],
        quote_type="indirect",
        source=source,
        claim=claim,
        parent=parent,
        by=reporter,
        at=LATER,
    )
    assert (attribution.source, attribution.claim, attribution.parent) == (source, claim, parent)
    assert set(attribution.annotation.targets.values_list("role", "exact")) == {
        ("content", "le prove sono finite"),
        ("source", "i tecnici"),
        ("cue", "Secondo"),
    }


def test_an_unnamed_source_has_its_reason(reporter: User) -> None:
    article = make_article()
    attribution = annotations.tag_attribution(
        article,
        places=[place(article, "le prove")],
        quote_type="indirect",
        anonymity_reason=" teme per il suo posto ",
        by=reporter,
        at=LATER,
    )
    assert (attribution.source, attribution.anonymity_reason) == (None, "teme per il suo posto")


@pytest.mark.parametrize(
    ("role", "given", "code"),
    [
        ("cue", {"anonymity_reason": "teme"}, "content"),
        ("content", {}, "source"),
        ("content", {"anonymity_reason": "  "}, "source"),
    ],
)
def test_half_an_attribution_is_refused(reporter: User, role: str, given: dict[str, Any], code: str) -> None:
    article = make_article()
    with pytest.raises(Refused) as refused:
        annotations.tag_attribution(
            article,
            places=[place(article, "le prove", role)],
            quote_type="indirect",
            by=reporter,
            at=LATER,
            **given,
        )
    assert refused.value.code == code
    assert not Annotation.objects.filter(article=article).exists()
