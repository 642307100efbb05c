"""The map of an article's claims: the seed's relations, what is public, how much is drawn, what it costs."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from lxml import html

from newsroom.models import Annotation, Article, Claim, ClaimRelation, Review
from newsroom.presenters import claim_map as presenter
from newsroom.presenters.annotated_article import annotated_article
from newsroom.presenters.claim_map import MapPage, claim_map
from newsroom.presenters.ratings import Ratings
from newsroom.templatetags.claim_map import map_entries, map_picture
from newsroom.text.arcs import TALL
from tests.making import (
    LATER,
    THEN,
    make_appearance,
    make_article,
    make_claim,
    make_crowd,
    make_relation,
    make_review,
)

pytestmark = pytest.mark.django_db


def seed() -> Article:
    return Article.objects.select_related("current_revision").earliest("pk")


def picture(page: MapPage) -> html.HtmlElement:
    return html.fragment_fromstring(map_picture(page))


def arcs(page: MapPage) -> list[html.HtmlElement]:
    return picture(page).xpath(".//g[contains(concat(' ', @class, ' '), ' map-arc ')]")


def listed(page: MapPage) -> list[tuple[str, str, str]]:
    """(claim, relation in words, other claim) of every line."""
    return [
        (entry.claim.words, line.label, line.other.words) for entry in page.entries for line in entry.lines
    ]


def crowded(claims: int, relations: int) -> Article:
    """An article with as many claims, and relations between them that are the same each time."""
    article = make_article(html="".join(f"<p>Frase numero {number} del testo.</p>" for number in range(400)))
    make_crowd(article, 2 * claims)
    keys = list(Claim.objects.filter(appearances__annotation__article=article).values_list("pk", flat=True))
    chance = Random(5)
    ends = [chance.sample(keys[:claims], 2) for _number in range(relations)]
    ClaimRelation.objects.bulk_create(
        (
            ClaimRelation(source_id=one, target_id=other, kind=ClaimRelation.Kind.values[number % 5])
            for number, (one, other) in enumerate(ends)
        ),
        ignore_conflicts=True,
    )
    return Article.objects.select_related("current_revision").get(pk=article.pk)


# The seed


def test_the_seed_has_its_claims_and_all_its_relations_in_the_picture() -> None:
    page = claim_map(seed(), at=LATER)
    assert (len(page.claims), page.relations, len(page.arcs)) == (44, 39, 39)
    assert page.is_whole
    assert len(picture(page).xpath(".//a")) == 44
    assert len(arcs(page)) == 39
    drawn = {(page.drawn[arc.source].words, arc.kind, page.drawn[arc.target].words) for arc in page.arcs}
    assert drawn == set(ClaimRelation.objects.values_list("source__text", "kind", "target__text"))


def test_the_list_says_the_same_without_the_picture() -> None:
    page = claim_map(seed(), at=LATER)
    words = {"supports": "Sostiene", "contradicts": "Contraddice", "repeats": "Ripete"}
    back = {"supports": "Sostenuta da", "contradicts": "Contraddetta da", "repeats": "Ripetuta da"}
    said = [
        line
        for source, kind, target in ClaimRelation.objects.values_list("source__text", "kind", "target__text")
        for line in ((source, words[kind], target), (target, back[kind], source))
    ]
    assert Counter(listed(page)) == Counter(said)
    names = {entry.claim.words for entry in page.entries} | {claim.words for claim in page.unrelated}
    assert names == set(Claim.objects.values_list("text", flat=True))


def test_claims_bear_the_numbers_and_ratings_of_the_article() -> None:
    article = seed()
    notes = annotated_article(article, article.current_revision, in_full=True).register
    page = claim_map(article, at=LATER)
    assert [(claim.number, claim.code, claim.badge) for claim in page.claims] == [
        (note.number, note.code, note.badge) for note in notes
    ]


def test_each_link_says_its_number_rating_and_words_and_they_stand_in_the_order_of_the_text() -> None:
    page = claim_map(seed(), at=LATER)
    links = picture(page).xpath(".//a")
    names = [link.get("aria-label") for link in links]
    assert [int(name.split(",")[0]) for name in names] == list(range(1, 45))
    assert names[0].startswith("1, Fuorviante: «Dopo una fase di collaborazione")
    assert names[0].endswith(", 1 relazione")
    assert [link.get("href") for link in links] == [claim.url for claim in page.claims]


def test_the_picture_carries_no_style_and_is_the_same_each_time() -> None:
    page = claim_map(seed(), at=LATER)
    drawn = map_picture(page)
    assert "style" not in drawn
    assert map_picture(claim_map(seed(), at=LATER)) == drawn


def test_every_arc_begins_and_ends_at_its_claims() -> None:
    page = claim_map(seed(), at=LATER)
    for drawn, arc in zip(
        sorted(page.arcs, key=lambda one: (not one.arc.edge.left, -one.arc.reach)), arcs(page), strict=True
    ):
        path = arc.xpath("./path")[0].get("d")
        start, _width, _high, _turn, _large, _sweep, _x, end = map(
            float, re.findall(r"-?\d+(?:\.\d+)?", path.removeprefix("M0 "))
        )
        for y, place in ((start, drawn.source), (end, drawn.target)):
            assert page.drawing.tops[place] < y < page.drawing.tops[place] + TALL
        assert arc.get("data-ends") == f"{drawn.source} {drawn.target}"


def test_it_speaks_english_too() -> None:
    with translation.override("en"):
        page = claim_map(seed(), at=LATER)
        assert {line.label for entry in page.entries for line in entry.lines} == {
            "Supports",
            "Supported by",
            "Contradicts",
            "Contradicted by",
            "Repeats",
            "Repeated by",
        }


# What is shown


def test_a_claim_that_is_withdrawn_or_stands_there_no_more_is_not_in_it() -> None:
    article = make_article()
    one, gone, lost = (
        make_appearance(article, words).claim
        for words in ("Il ponte sarà aperto", "Costerà dieci milioni", "le prove sono finite")
    )
    for other in (gone, lost):
        make_relation(one, other)
    gone.withdrawn_at, gone.withdrawal_reason = THEN, "Doppione."
    gone.save()
    lost.appearances.get().annotation.targets.update(fate="orphaned", start=None, end=None)
    page = claim_map(article, at=LATER)
    assert [claim.words for claim in page.claims] == [one.text]
    assert page.arcs == ()
    # The one whose words are gone keeps its page: it is told of, as one that is not in this text.
    assert listed(page) == [(one.text, "Sostiene", lost.text)]
    assert "non in questo testo" in map_entries(page.entries, article.get_absolute_url())


def test_a_suggested_claim_is_not_in_it() -> None:
    article = make_article()
    one = make_appearance(article).claim
    proposed = make_appearance(
        article, "le prove sono finite", state=Annotation.State.SUGGESTED, generator="prova"
    ).claim
    make_relation(one, proposed)
    assert [claim.words for claim in claim_map(article, at=LATER).claims] == [one.text]
    assert claim_map(article, at=LATER).entries == ()


def test_relations_to_public_claims_of_other_articles_are_listed_and_not_drawn() -> None:
    article = make_article()
    one = make_appearance(article).claim
    public, draft, nowhere = (
        make_appearance().claim,
        make_appearance(make_article(published_at=None)).claim,
        make_claim(),
    )
    gone = make_appearance().claim
    gone.withdrawn_at, gone.withdrawal_reason = THEN, "Doppione."
    gone.save()
    for other in (public, draft, nowhere, gone):
        make_relation(other, one, kind="contradicts")
    page = claim_map(article, at=LATER)
    assert listed(page) == [(one.text, "Contraddetta da", public.text)]
    assert page.arcs == ()
    at_the_desk = claim_map(article, at=LATER, claim_url=lambda claim: f"/{claim.code}/")
    assert {line[2] for line in listed(at_the_desk)} == {public.text, draft.text, nowhere.text}


def test_a_claim_that_stands_twice_is_one_with_its_first_number() -> None:
    article = make_article()
    claim = make_appearance(article).claim
    make_appearance(article, "Costerà dieci milioni", claim=claim)
    other = make_appearance(article, "le prove sono finite").claim
    make_relation(claim, other)
    page = claim_map(article, at=LATER)
    assert [(one.number, one.words) for one in page.claims] == [(1, claim.text), (3, other.text)]


def test_a_stale_rating_says_so_in_word() -> None:
    article = make_article()
    appearance = make_appearance(article)
    make_review(appearance, state=Review.State.STALE)
    make_relation(appearance.claim, make_appearance(article, "le prove sono finite").claim)
    drawn = picture(claim_map(article, at=LATER))
    assert "Da riverificare" in drawn.xpath(".//a")[0].text_content()
    assert "(da riverificare)" in drawn.xpath(".//a")[0].get("aria-label")


def test_what_somebody_typed_is_no_markup() -> None:
    article = make_article()
    one = make_appearance(article, claim=make_claim(text='<b onload="x">Ponte</b> & "così"')).claim
    make_relation(one, make_appearance(article, "le prove sono finite").claim)
    page = claim_map(article, at=LATER)
    assert not picture(page).xpath(".//b")
    assert "<b" not in map_entries(page.entries, article.get_absolute_url())


# How much


def test_it_asks_the_same_whatever_the_number() -> None:
    few, many = crowded(4, 3), crowded(120, 200)

    def cost(article: Article) -> int:
        with CaptureQueriesContext(connection) as queries:
            claim_map(article, at=LATER)
        return len(queries)

    assert cost(few) == cost(many) <= 9
    make_relation(
        Claim.objects.filter(appearances__annotation__article=many).first(), make_appearance().claim
    )
    assert cost(many) <= 12


def test_of_a_long_article_the_picture_shows_the_beginning_and_the_list_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(presenter, "MOST_CLAIMS", 40)
    monkeypatch.setattr(presenter, "MOST_RELATIONS", 10)
    page = claim_map(crowded(120, 200), at=LATER)
    assert (len(page.drawn), len(page.arcs)) == (40, 10)
    assert not page.is_whole
    assert len(page.claims) >= 120
    assert len(listed(page)) == 2 * page.relations


def test_three_hundred_claims_with_five_hundred_relations_are_all_drawn() -> None:
    page = claim_map(crowded(300, 500), at=LATER)
    assert page.is_whole
    assert len(page.claims) >= 300 and len(page.arcs) > 480
    assert len(picture(page).xpath(".//a")) == len(page.claims)


def test_ratings_are_read_once() -> None:
    page = claim_map(seed(), at=LATER)
    known = Ratings.load()
    reviews = known.current_of(Claim.objects.values_list("pk", flat=True))
    by_words = {claim.text: claim.pk for claim in Claim.objects.all()}
    for claim in page.claims:
        assert claim.badge == known.badge(reviews.get(by_words[claim.words]))
