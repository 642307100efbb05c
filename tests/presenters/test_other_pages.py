"""The front page and the pages of claims, sources, entities: what they gather, and what they do not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from newsroom.models import ClaimRelation, Policy, RatingLabel, RatingLevel, RatingScale, Review, Target
from newsroom.presenters import relations
from newsroom.presenters.claim import claim_page
from newsroom.presenters.entity import entity_page
from newsroom.presenters.front import front_page
from newsroom.presenters.in_context import passages
from newsroom.presenters.method import method_page
from newsroom.presenters.ratings import Ratings
from newsroom.presenters.source import source_page
from tests.making import (
    LATER,
    THEN,
    level,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_document,
    make_entity,
    make_evidence,
    make_mention,
    make_relation,
    make_review,
    make_revision,
    make_source,
    make_target,
    make_user,
)
from tests.reading import tree

pytestmark = pytest.mark.django_db


# Ratings


@pytest.mark.parametrize("lang", ["it", "en"])
def test_every_level_has_its_words_in_both_languages(lang: str) -> None:
    with translation.override(lang):
        known = Ratings.load()
        assert {label.lang for label in known.labels.values()} == {lang}
        for row in known.levels():
            badge = known.of_level(row.pk)
            assert badge.label and badge.meaning and badge.icon and badge.tone and badge.underline


def test_a_level_without_words_in_this_language_keeps_those_of_another() -> None:
    scale = RatingScale.objects.create(code_name="prova", name="Prova")
    row = RatingLevel.objects.create(
        scale=scale, code_name="vero", position=1, icon="check", tone="true", underline="solid"
    )
    RatingLabel.objects.create(level=row, lang="it", label="Vero", meaning="Così.")
    with translation.override("en"):
        assert Ratings.load().of_level(row.pk).label == "Vero"


@pytest.mark.parametrize("lang", ["it", "en"])
def test_a_checked_attribution_never_wears_the_words_or_the_tone_of_truth(lang: str) -> None:
    with translation.override(lang):
        known = Ratings.load()
        tones = {row.tone for row in known.levels()}
        for row in known.levels():
            if row.is_opinion:
                continue
            said, content = known.of_level(row.pk, attribution=True), known.of_level(row.pk)
            assert said.is_attribution and said.tone == "attribution" and said.icon == "quote"
            assert said.tone not in tones
            assert said.label and said.label != content.label


def test_what_nobody_reviewed_is_unchecked_and_not_unverifiable() -> None:
    badge = Ratings.load().badge(None)
    assert (badge.key, badge.tone) == ("unchecked", "unchecked")
    assert badge.label == "Non ancora verificato"


# Front page


def test_the_newest_article_leads() -> None:
    make_article(headline="Vecchio", published_at=THEN)
    newest = make_article(headline="Nuovo", published_at=LATER.replace(year=2100))
    page = front_page(at=LATER.replace(year=2101))
    assert page.lead.article == newest
    assert "Vecchio" in [line.article.headline for line in page.articles]


def test_counts_are_filters_of_the_article_and_agree_with_it(reader: Client) -> None:
    article = make_article(published_at=LATER.replace(year=2026, day=30), headline="Conti")
    make_review(make_appearance(article, "Il ponte"))
    make_review(make_appearance(article, "maggio"), judges="attribution")
    make_review(make_appearance(article, "Costerà"), state=Review.State.STALE)
    make_appearance(article, "Secondo")
    gone = make_appearance(article, "finite")
    gone.annotation.targets.update(fate=Target.Fate.ORPHANED, start=None, end=None)
    page = front_page(at=LATER.replace(year=2101))
    (line,) = [row for row in (page.lead, *page.articles) if row.article == article]
    assert {count.badge.key: count.number for count in line.counts} == {
        "false": 1,
        "attribution": 1,
        "stale": 1,
        "unchecked": 1,
    }
    for count in line.counts:
        assert count.url == f"{article.get_absolute_url()}?rating={count.badge.key}"


def test_words_that_came_back_are_counted_again() -> None:
    article = make_article()
    annotation = make_appearance(article, "Il ponte vecchio").annotation
    annotation.targets.update(fate=Target.Fate.ORPHANED, start=None, end=None)
    article.current_revision = make_revision(article)
    article.save()
    start = article.current_revision.text.index("Il ponte vecchio")
    make_target(annotation, start, start + len("Il ponte vecchio"))
    page = front_page(at=LATER)
    (line,) = [row for row in (page.lead, *page.articles) if row.article == article]
    assert [count.number for count in line.counts] == [1]


def test_a_claim_in_several_spans_is_counted_once() -> None:
    make_appearance(article := make_article(), "Il ponte sarà", "resterà chiuso")
    page = front_page(at=LATER)
    (line,) = [row for row in (page.lead, *page.articles) if row.article == article]
    assert [count.number for count in line.counts] == [1]


def test_a_withdrawn_claim_is_not_counted_on_the_front_page() -> None:
    article = make_article()
    make_appearance(article, claim=make_claim(withdrawn_at=THEN, withdrawal_reason="Errore."))
    page = front_page(at=LATER)
    (line,) = [row for row in (page.lead, *page.articles) if row.article == article]
    assert line.counts == ()


def test_reviews_of_drafts_are_not_latest_reviews() -> None:
    make_review(make_appearance(make_article(published_at=None)), published_at=LATER.replace(year=2100))
    assert all(line.published_at.year < 2100 for line in front_page(at=LATER.replace(year=2101)).reviews)


# Claims


def test_a_claim_tells_how_its_rating_changed() -> None:
    appearance = make_appearance()
    first = make_review(appearance, state="superseded", published_at=THEN, summary="Prima.")
    make_review(
        appearance,
        level=level("true"),
        published_at=LATER,
        summary="Poi.",
        supersedes=first,
        author=make_user(signature="name", first_name="Ada", last_name="Neri"),
    )
    page = claim_page(appearance.claim, at=LATER)
    assert [view.review.summary for view in page.history] == ["Poi.", "Prima."]
    assert (page.current.review.summary, page.current.reviewer) == ("Poi.", "Ada Neri")
    assert (page.badge.key, page.history[1].state_label) == ("true", "Superata")


def test_proposed_and_withdrawn_reviews_are_not_told() -> None:
    appearance = make_appearance()
    make_review(appearance, state="proposed")
    page = claim_page(appearance.claim, at=LATER)
    assert (page.current, page.history, page.badge.key) == (None, (), "unchecked")


def test_evidence_is_grouped_by_stance_and_says_how_far_it_was_checked() -> None:
    claim = make_appearance().claim
    for stance, checked in (("refutes", "whole"), ("supports", "known"), ("supports", "address")):
        make_evidence(claim, stance=stance, checked=checked)
    page = claim_page(claim, at=LATER)
    assert [(group.stance, len(group.items)) for group in page.evidence] == [("supports", 2), ("refutes", 1)]
    assert page.unopened == 2


def test_evidence_of_a_withdrawn_document_is_not_shown() -> None:
    claim = make_appearance().claim
    make_evidence(claim, document=make_document(withdrawn_at=THEN, withdrawal_reason="Era un falso."))
    assert claim_page(claim, at=LATER).evidence == ()


def test_relations_are_told_from_both_sides() -> None:
    one, other, hidden = make_appearance().claim, make_appearance().claim, make_claim()
    ClaimRelation.objects.create(source=one, target=other, kind="supports")
    ClaimRelation.objects.create(source=one, target=hidden, kind="supports")
    assert [(line.label, line.words) for line in claim_page(one, at=LATER).related] == [
        ("Sostiene", other.text)
    ]
    assert [(line.label, line.words) for line in claim_page(other, at=LATER).related] == [
        ("Sostenuta da", one.text)
    ]


@pytest.mark.parametrize("kind", ClaimRelation.Kind.values)
def test_a_related_claim_comes_with_its_rating_and_the_newest_article_where_it_stands(kind: str) -> None:
    claim, other = make_appearance().claim, make_claim()
    older, newer = make_article(), make_article(published_at=LATER, headline="Il viadotto")
    for article in (newer, older):
        make_appearance(article, claim=other)
    make_appearance(make_article(published_at=None, headline="Bozza"), claim=other)
    make_review(claim=other)
    make_relation(other, claim, kind=kind)
    [line] = claim_page(claim, at=LATER).related
    assert (line.words, line.badge.label, line.article_title) == (other.text, "Falso", "Il viadotto")
    assert line.article_url == f"{newer.get_absolute_url()}#claim-{other.code}"
    [back] = claim_page(other, at=LATER).related
    assert back.label != line.label


def test_a_withdrawn_claim_is_related_to_nothing_that_is_shown() -> None:
    claim, gone = make_appearance().claim, make_appearance().claim
    make_relation(gone, claim, note="Lo dice il verbale.")
    gone.withdrawn_at, gone.withdrawal_reason = THEN, "Doppione."
    gone.save()
    assert claim_page(claim, at=LATER).related == ()


def test_related_claims_cost_the_same_for_one_and_for_many_and_are_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claim, article = make_appearance().claim, make_article()
    one = make_claim()
    make_appearance(article, claim=one)
    make_relation(claim, one)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            claim_page(claim, at=LATER)
        return len(queries)

    first = cost()
    for words in ("Costerà dieci", "Secondo i tecnici", "Il ponte vecchio"):
        make_relation(make_appearance(article, words).claim, claim, kind="repeats")
    assert cost() == first
    monkeypatch.setattr(relations, "MOST_RELATED", 2)
    assert len(claim_page(claim, at=LATER).related) == 2


def test_a_claim_whose_words_are_gone_says_nothing_with_empty_words(reader: Client) -> None:
    article = make_article()
    claim = make_appearance(article).claim
    attribution = make_attribution(article, claim=claim)
    attribution.annotation.targets.update(fate=Target.Fate.ORPHANED, start=None, end=None)
    assert claim_page(claim, at=LATER).says == ()
    assert "«»" not in reader.get(claim.get_absolute_url()).content.decode()


# Sources and entities


def test_a_source_speaks_in_context() -> None:
    article, source = make_article(), make_source()
    make_attribution(article, ["dieci milioni"], source=source)
    (line,) = source_page(source, at=LATER).said
    assert (line.passage.before, line.passage.words, line.passage.after) == (
        "Costerà ",
        "dieci milioni",
        " di euro.",
    )


def test_a_source_does_not_lead_to_a_claim_that_is_not_public() -> None:
    article, source = make_article(), make_source()
    hidden, shown = make_claim(), make_appearance(article, "Costerà").claim
    make_attribution(article, ["maggio"], source=source, claim=hidden)
    make_attribution(article, ["dieci"], source=source, claim=shown)
    assert [line.claim_url for line in source_page(source, at=LATER).said] == [
        "",
        shown.get_absolute_url(),
    ]


def test_an_entity_gathers_the_claims_that_name_it() -> None:
    article, entity = make_article(), make_entity()
    naming = make_appearance(article, "ha detto la sindaca").claim
    make_appearance(article, "Costerà")
    make_mention(article, "la sindaca", entity=entity)
    page = entity_page(entity, at=LATER)
    assert [line.words for line in page.claims] == [naming.text]
    assert [passage.words for passage in page.mentions] == ["la sindaca"]


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "1e3", "9" * 5000, "٣", "\0"])
def test_a_page_that_is_none_shows_one_that_is(reader: Client, number: str) -> None:
    entity = make_entity()
    make_mention(make_article(), "la sindaca", entity=entity)
    page = tree(reader.get(entity.get_absolute_url(), {"page": number}))
    assert page.xpath("//blockquote")


def test_passages_are_read_in_one_query(django_assert_num_queries) -> None:
    article = make_article()
    annotations = [make_appearance(article, words).annotation_id for words in ("maggio", "Costerà", "finite")]
    with django_assert_num_queries(1):
        assert [passage.words for passage in passages(annotations, at=LATER)] == [
            "maggio",
            "Costerà",
            "finite",
        ]


# Method


@pytest.mark.parametrize("lang", ["it", "en"])
def test_the_method_explains_every_level_in_the_readers_language(lang: str) -> None:
    with translation.override(lang):
        page = method_page()
    (scale,) = page.scales
    assert (scale.version, len(scale.levels)) == (1, 7)
    assert [level.of_attribution is None for level in scale.levels].count(True) == 1
    assert {policy.lang for policy in page.policies} == {lang}
    assert {policy.kind for policy in page.policies} == set(Policy.Kind)
