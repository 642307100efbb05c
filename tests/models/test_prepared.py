"""A prepared query gives what the query that it was made of gives, for whatever numbers."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.models import Target
from newsroom.models.prepared import Prepared
from tests.making import make_annotation, make_article, make_target

pytestmark = pytest.mark.django_db


def standing(revision: int, start: int):
    return (
        Target.objects.placed()
        .filter(revision=revision, start__gte=start)
        .order_by("start", "pk")
        .values_list("annotation", "annotation__uuid", "fate", "exact", "confirmed_at")
    )


def test_it_gives_the_rows_of_its_query_for_each_article_and_place() -> None:
    prepared = Prepared(Target, standing, "revision", "start")
    for _ in range(2):
        article = make_article()
        for start in (0, 3):
            make_target(make_annotation(article), start, start + 2)
        for start in (0, 1, 4):
            numbers = {"revision": article.current_revision.pk, "start": start}
            assert prepared.rows(**numbers) == list(standing(**numbers))
    assert prepared.rows(revision=numbers["revision"], start=0)


def test_it_is_one_statement_of_which_the_numbers_alone_change() -> None:
    prepared = Prepared(Target, standing, "revision", "start")
    with CaptureQueriesContext(connection) as queries:
        assert prepared.rows(revision=999_999_998, start=0) == []
        assert prepared.rows(revision=999_999_999, start=7) == []
    assert len(queries) == 2
    assert queries[0]["sql"] != queries[1]["sql"]
