"""Indexes of a few rows among very many: each is named with the query that it serves, and serves it.

So few rows as a test has are read faster one after another: PostgreSQL is asked for the plan that it makes if
it may not do that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from newsroom.models import Annotation, Article, Delivery, Entity, Notice, Reading, Review, Suggestion, Target

pytestmark = pytest.mark.django_db

#: By the name of the index the query that it serves.
SERVES: dict[str, Callable[[], QuerySet[Any]]] = {
    # The front page and the sitemap: what is public, the newest first.
    "article_public": lambda: Article.objects.published(at=now()).order_by("-published_at"),
    # Of one article what is still only proposed, by kind: the counts beside the tags.
    "annotation_pending": lambda: Annotation.objects.filter(
        article=1, state="suggested", kind="claim"
    ).values("kind"),
    # The two queues of the desk.
    "target_lost": lambda: Target.objects.filter(start=None).order_by().values("annotation"),
    "target_to_check": lambda: Target.objects.filter(needs_check=True).order_by().values("annotation"),
    # What was merged into a name, whenever that name is shown.
    "entity_merged_into": lambda: Entity.objects.filter(merged_into=1).order_by().values("pk"),
    # The board: the first that wait, and the first that are checked again.
    "review_waiting": lambda: Review.objects.filter(published_at=None, state="proposed").order_by(
        "proposed_at", "pk"
    )[:7],
    "review_stale": lambda: Review.objects.filter(state="stale").order_by("stale_at", "pk")[:7],
    # The feed of what ceased to hold.
    "review_ceased": lambda: Review.objects.filter(state__in=["stale", "withdrawn"]).order_by(
        Coalesce("withdrawn_at", "stale_at").desc()
    )[:7],
    # The outboxes: what is due, the oldest first.
    "notice_due": lambda: Notice.objects.filter(state__in=["waiting", "sending", "failed"]).order_by("at")[
        :7
    ],
    "reading_due": lambda: Reading.objects.filter(state__in=["waiting", "taken", "failed"]).order_by("at")[
        :7
    ],
    "delivery_due": lambda: Delivery.objects.filter(
        state__in=["waiting", "sending", "failed"], next_at__lte=now()
    ).order_by("next_at")[:7],
    # What was decided lately, from which the assistant learns.
    "suggestion_by_decision": lambda: Suggestion.objects.exclude(decision="").order_by(
        F("decided_at").desc()
    )[:7],
}


def partial() -> set[str]:
    return {
        index.name
        for model in apps.get_app_config("newsroom").get_models()
        for index in model._meta.indexes
        if index.condition is not None or index.include
    }


def test_what_is_named_here_is_there() -> None:
    assert SERVES.keys() <= partial()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="tests/models/test_plans.py asks SQLite")
@pytest.mark.parametrize("name", SERVES)
def test_an_index_serves_the_query_that_it_is_for(name: str) -> None:
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    plan = SERVES[name]().explain()
    assert name in plan, plan
