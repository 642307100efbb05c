"""Every predicate stands on a QuerySet, once; what it lets through is what a reader may see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Attribution,
    Claim,
    Deed,
    Entity,
    Mention,
    Newsroom,
    RatingScale,
    Review,
    Source,
    Target,
)
from newsroom.text import codes
from tests.making import (
    LATER,
    THEN,
    level,
    make_annotation,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_entity,
    make_mention,
    make_review,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db

MOMENT = timedelta(microseconds=1)


def test_an_article_is_published_from_its_moment_on() -> None:
    article = make_article(published_at=THEN)
    assert article not in Article.objects.published(at=THEN - MOMENT)
    assert article in Article.objects.published(at=THEN)


def test_a_draft_is_neither_published_nor_withdrawn() -> None:
    draft = make_article(published_at=None)
    assert draft not in Article.objects.published(at=LATER)
    assert draft not in Article.objects.withdrawn()


def test_a_withdrawn_article_is_no_longer_published() -> None:
    article = make_article(withdrawn_at=LATER, withdrawal_reason="Era falso.")
    assert article not in Article.objects.published(at=LATER)
    assert article in Article.objects.withdrawn()
    assert article.is_withdrawn


def test_a_draft_that_was_withdrawn_was_never_public() -> None:
    draft = make_article(published_at=None, withdrawn_at=LATER, withdrawal_reason="Non serve.")
    assert draft not in Article.objects.withdrawn()


def test_the_newest_article_comes_first_and_drafts_before_all() -> None:
    old, new, draft = (make_article(published_at=at) for at in (THEN, LATER, None))
    ours = Article.objects.filter(pk__in=[old.pk, new.pk, draft.pk])
    assert list(ours.newest_first()) == [draft, new, old]


@pytest.mark.parametrize(
    ("rights", "demo", "whole"),
    [
        ("ours", False, True),
        ("licensed", False, True),
        ("quotation", False, False),
        ("quotation", True, False),
        ("demo", False, False),
        ("demo", True, True),
    ],
)
def test_only_what_is_ours_to_show_is_shown_in_full(rights: str, demo: bool, whole: bool) -> None:
    assert make_article(rights=rights).shows_in_full(demo=demo) is whole


@pytest.mark.parametrize(
    ("state", "public", "live"),
    [
        ("accepted", True, True),
        ("suggested", False, True),
        ("rejected", False, False),
        ("withdrawn", False, False),
    ],
)
def test_of_annotations_only_the_accepted_are_public(state: str, public: bool, live: bool) -> None:
    annotation = make_annotation(make_article(), state=state, generator="prova 1.0")
    assert (annotation in Annotation.objects.public()) is public
    assert (annotation in Annotation.objects.live()) is live


@pytest.mark.parametrize("state", ["suggested", "rejected", "withdrawn"])
def test_what_hangs_on_an_annotation_is_as_public_as_it_is(state: str) -> None:
    article = make_article()
    rows = [
        make_appearance(article),
        make_mention(article, "la sindaca"),
        make_attribution(article),
    ]
    rows += [row.annotation.targets.first() for row in rows]

    def public() -> list[bool]:
        return [
            row in type(row).objects.public(at=LATER) and row in type(row).objects.public_in(article)
            for row in rows
        ]

    assert public() == [True] * 6
    when = {"withdrawn_at": THEN, "withdrawal_reason": "Doppione."} if state == "withdrawn" else {}
    Annotation.objects.filter(article=article).update(state=state, generator="prova 1.0", **when)
    assert public() == [False] * 6


@pytest.mark.parametrize("model", [Appearance, Attribution, Mention, Target])
def test_what_hangs_on_a_draft_is_not_public(model: type) -> None:
    article = make_article(published_at=None)
    make_appearance(article)
    make_mention(article, "la sindaca")
    make_attribution(article)
    ours = model.objects.filter(annotation__article=article)
    assert ours.exists()
    assert not (ours & model.objects.public(at=LATER)).exists()


def test_a_claim_is_shown_where_it_stands_in_a_published_article() -> None:
    claim = make_appearance(make_article(published_at=THEN)).claim
    assert claim not in Claim.objects.shown(at=THEN - MOMENT)
    assert claim in Claim.objects.shown(at=THEN)


def test_a_claim_that_stands_nowhere_is_not_shown() -> None:
    assert make_claim() not in Claim.objects.shown(at=LATER)


def test_a_withdrawn_claim_is_shown_as_withdrawn_and_is_not_public() -> None:
    claim = make_appearance(claim=make_claim(withdrawn_at=THEN, withdrawal_reason="Errore.")).claim
    assert claim in Claim.objects.shown(at=LATER)
    assert claim not in Claim.objects.public(at=LATER)


def test_a_claim_of_a_withdrawn_article_is_not_shown() -> None:
    claim = make_appearance(make_article(withdrawn_at=LATER, withdrawal_reason="Errore.")).claim
    assert claim not in Claim.objects.shown(at=LATER)


def test_a_claim_in_two_articles_is_shown_once() -> None:
    claim = make_appearance().claim
    make_appearance(claim=claim)
    assert Claim.objects.shown(at=LATER).filter(pk=claim.pk).count() == 1


def test_a_target_is_placed_until_it_is_orphaned() -> None:
    target = make_annotation(make_article(), "Il ponte").targets.get()
    assert target in Target.objects.placed()
    assert target not in Target.objects.orphaned()
    target.fate, target.start, target.end = Target.Fate.ORPHANED, None, None
    target.save()
    assert target not in Target.objects.placed()
    assert target in Target.objects.orphaned()


@pytest.mark.parametrize(
    ("state", "current", "public"),
    [
        ("proposed", False, False),
        ("published", True, True),
        ("stale", True, True),
        ("superseded", False, True),
        ("withdrawn", False, False),
    ],
)
def test_readers_see_reviews_that_were_published(state: str, current: bool, public: bool) -> None:
    review = make_review(state=state, withdrawal_reason="Errore." if state == "withdrawn" else "")
    assert (review in Review.objects.current()) is current
    assert review.is_current is current
    assert (review in Review.objects.public()) is public


@pytest.mark.parametrize(
    "hidden",
    [
        {"desk_only": True},
        {"pseudonymous": True},
        {"withdrawn_at": THEN, "withdrawal_reason": "Errore."},
    ],
)
def test_a_source_has_a_page_unless_something_hides_it(hidden: dict) -> None:
    known, unknown = make_source(), make_source(**hidden)
    assert (known in Source.objects.public(), known.has_page) == (True, True)
    assert (unknown in Source.objects.public(), unknown.has_page) == (False, False)


@pytest.mark.parametrize(
    "hidden",
    [
        {"privacy": "minor"},
        {"privacy": "victim"},
        {"privacy": "delisted"},
        {"pseudonymous": True},
        {"withdrawn_at": THEN, "withdrawal_reason": "Errore."},
        {"merged": True},
    ],
)
def test_an_entity_has_a_page_unless_something_hides_it(hidden: dict) -> None:
    known, merged = make_entity(), hidden.pop("merged", False)
    unknown = make_entity(**hidden)
    if merged:
        unknown.merge = Deed.objects.create(verb="entity.merge", actor=make_user(), at=THEN)
        unknown.merged_into = known
        unknown.save()
    assert (known in Entity.objects.public(), known.has_page) == (True, True)
    assert (unknown in Entity.objects.public(), unknown.has_page) == (False, False)


def test_only_the_latest_version_of_a_scale_is_current() -> None:
    first = level("true").scale
    assert first in RatingScale.objects.current()
    second = RatingScale.objects.create(
        code_name=first.code_name, version=2, name="Scala", in_force_since=THEN
    )
    other = RatingScale.objects.create(code_name="altra", version=1, name="Altra", in_force_since=THEN)
    assert set(RatingScale.objects.current()) == {second, other}


def test_there_is_one_newsroom_and_it_has_a_name_before_it_is_written() -> None:
    assert Newsroom.objects.current() == Newsroom.objects.get()
    assert Newsroom.objects.none().current().name == "Controluce"


# Codes


@pytest.mark.parametrize("queryset", [Claim.objects.all(), Source.objects.all(), Entity.objects.all()])
def test_a_code_finds_its_row_and_no_other(queryset: QuerySet) -> None:
    for row in queryset:
        assert list(queryset.with_code(row.code)) == [row]


def test_the_first_and_the_last_uuid_of_a_code_have_it() -> None:
    first, last = codes.uuid_range("k3f9x2abcd")
    claims = [make_claim(uuid=first), make_claim(uuid=last)]
    assert set(Claim.objects.with_code("k3f9x2abcd")) == set(claims)


@pytest.mark.parametrize(
    "malformed",
    [
        "",
        "k3f9x2abc",
        "k3f9x2abcde",
        "K3F9X2ABCD",
        "k3f9x2abci",
        "k3f9x2ab d",
        "k3f9x2abc\0",
        "%",
        "١٢٣٤٥٦٧٨٩٠",
    ],
)
def test_a_malformed_code_finds_nothing(malformed: str) -> None:
    assert not Claim.objects.with_code(malformed).exists()


def test_a_row_has_its_uuid_as_natural_key() -> None:
    claim = make_claim()
    assert Claim.objects.get_by_natural_key(*claim.natural_key()) == claim


def test_a_draft_and_what_is_to_be_published_later_have_had_no_readers() -> None:
    assert not make_article(published_at=None).has_had_readers(at=LATER)
    article = make_article(published_at=LATER, withdrawn_at=LATER, withdrawal_reason="Errore.")
    assert not article.has_had_readers(at=LATER - MOMENT)
    assert article.has_had_readers(at=LATER)


def test_a_deed_touches_the_rows_that_it_names_and_no_others() -> None:
    article = make_article()
    annotation, other = make_annotation(article, "la sindaca"), make_annotation(article, "i tecnici")
    person = make_user()
    named = [["annotation", str(annotation.uuid)], ["claim", str(make_claim().uuid)]]
    for at in (THEN, LATER):
        Deed.objects.create(
            verb="annotation.move", actor=person, at=at, article=article, objects_touched=named
        )
    assert [deed.at for deed in Deed.objects.touching(annotation)] == [LATER, THEN]
    assert not Deed.objects.touching(other).exists()


def test_only_what_went_stale_by_its_words_follows_them() -> None:
    states = ("published", "stale", "proposed")
    reviews = [make_review(make_appearance(), state=state) for state in states]
    found = Review.objects.following_words()
    assert [review in found for review in reviews] == [True, True, False]


@pytest.mark.parametrize("state", Annotation.State.values)
def test_an_annotation_lives_until_it_is_rejected_or_withdrawn(state: str) -> None:
    annotation = make_annotation(make_article(), "la sindaca", state=state, generator="prova 1.0")
    lives = state in ("accepted", "suggested")
    assert annotation.is_live == (annotation in Annotation.objects.live()) == lives
    assert (annotation.targets.get() in Target.objects.live()) == lives
