"""Which index serves what is asked of many rows, as SQLite tells it; PostgreSQL chooses by their number."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from newsroom.admin.listing import leading
from newsroom.models import (
    Annotation,
    Article,
    Attribution,
    Flag,
    Rectification,
    Review,
    Revision,
    Target,
)
from newsroom.presenters.board import Filters, _Board
from newsroom.presenters.web_annotation import Container
from tests.making import make_appearance, make_article, make_claim, make_mention, make_review

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="A plan on PostgreSQL is another for few rows."),
]


def plan(rows: QuerySet) -> str:
    return str(rows.explain())


@pytest.mark.parametrize("name", ["proposed", "changes", "approved", "stale", "published"])
def test_what_waits_on_the_board_is_not_looked_for_among_all_that_was_decided(name: str) -> None:
    rows = _Board(Filters(), now()).rows(name)
    for some in (rows[:7], rows[:100]):
        said = plan(some)
        index = {"published": "review_newest", "stale": "review_stale"}.get(name, "review_waiting")
        assert f"newsroom_review USING INDEX {index}" in said and "ORDER BY" not in said, said


def test_the_queues_of_the_desk_begin_with_what_is_in_them() -> None:
    assert "COVERING INDEX target_lost" in plan(Target.objects.lost().order_by().values("annotation"))
    assert "target_to_check" in plan(Target.objects.to_check().order_by().values("annotation"))


def test_the_newest_texts_are_found_without_reading_all_of_them() -> None:
    said = plan(Revision.objects.order_by("-at", "-pk")[:50])
    assert "revision_by_moment" in said and "ORDER BY" not in said, said


@pytest.mark.parametrize(
    ("rows", "index"),
    [(Article.objects, "article_by_language"), (Review.objects, "review_by_language")],
    ids=["articles", "reviews"],
)
def test_the_languages_of_a_filter_are_read_from_an_index(rows, index: str) -> None:
    assert f"COVERING INDEX {index}" in plan(rows.order_by("lang").values_list("lang", flat=True).distinct())


@pytest.mark.parametrize(
    ("rows", "way", "hanging"),
    [
        (Annotation.objects, "mentions__entity", "newsroom_mention"),
        (Annotation.objects, "appearance__claim", "newsroom_appearance"),
        (Annotation.objects, "attribution__source", "newsroom_attribution"),
        (Target.objects, "annotation__mentions__entity", "newsroom_mention"),
        (Target.objects, "annotation__appearance__claim", "newsroom_appearance"),
    ],
)
def test_what_hangs_on_a_row_is_asked_by_itself(rows, way: str, hanging: str) -> None:
    found = leading(rows.order_by("-pk"), way, [1, 2]).values("pk")
    assert hanging in str(found.query)
    assert f'JOIN "{hanging}"' not in str(found.query)
    if hanging == "newsroom_mention":
        assert "COVERING INDEX mention_by_entity" in plan(found)


def test_a_way_without_anything_that_hangs_is_a_filter() -> None:
    found = leading(Attribution.objects.order_by("-pk"), "annotation__article", [0])
    assert not list(found)


def test_what_a_program_asks_of_one_thing_lists_nothing_that_everybody_may_see(reader: Client) -> None:
    """Told that a row is among all public claims, annotations or names, SQLite lists those first."""
    article = make_article()
    mention = make_mention(article, "dieci milioni")
    appearance = make_appearance(article, claim=make_claim())
    make_review(claim=appearance.claim)
    addresses = [
        f"/api/v1/claims/{appearance.claim.uuid}",
        f"/annotations/{mention.annotation.uuid}",
        "/annotations/?iris=0&page=first",
        "/annotations/?iris=0&page=last",
        reverse("data:article-ninjs", args=[article.slug]),
        reverse("data:article-nif", args=[article.slug]),
    ]
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(address).status_code == 200, address
        for query in queries.captured_queries:
            assert " IN (SELECT " not in query["sql"], (address, query["sql"])


def test_what_came_of_flags_is_found_from_the_newest_on_without_listing_what_is_public() -> None:
    flags = Flag.objects.about_public(at=now()).with_outcome().order_by("-decided_at", "-pk")
    rectifications = Rectification.objects.public(at=now()).order_by("-at", "-pk")
    for rows, index in ((flags, "flag_outcome_newest"), (rectifications, "rectification_newest")):
        said = plan(rows[:30])
        assert index in said and "LIST SUBQUERY" not in said and "ORDER BY" not in said, said


def test_a_container_is_counted_in_the_order_of_its_pages_tag_by_tag() -> None:
    """Else PostgreSQL lists every claim that was ever tagged, or sorts all words, for a page of fifty."""
    make_appearance(make_article(), claim=make_claim())
    with CaptureQueriesContext(connection) as queries:
        assert Container(now()).total()
    counted = queries.captured_queries[0]["sql"]
    assert "ORDER BY 1 ASC LIMIT" in counted, counted
    for tagged in ("appearance", "attribution"):
        assert f'FROM "newsroom_{tagged}" U0' in counted and 'U0."annotation_id" >= ' in counted, counted
