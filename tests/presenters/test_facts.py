"""The fact box of an article: it counts what the page shows, and tells nothing of who is not named."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsroom.models import Article, ConfidentialSource
from newsroom.presenters.annotated_article import annotated_article
from newsroom.presenters.annotated_article.facts import Facts
from tests.making import (
    make_appearance,
    make_article,
    make_assignment,
    make_attribution,
    make_entity,
    make_review,
    make_source,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    article = make_article()
    make_review(make_appearance(article, "Costerà dieci milioni"))
    make_appearance(article, "Il ponte sarà aperto")
    make_assignment(claim=make_appearance(article, "le prove sono finite").claim)
    return article


def facts(article: Article) -> Facts:
    return annotated_article(article, article.current_revision, in_full=True).facts


def test_what_nobody_rated_is_counted_apart(article: Article) -> None:
    found = facts(article)
    assert (found.claims, found.not_rated) == (3, 2)
    assert sum(count.number for count in found.rated) == 1
    assert {count.badge.key for count in found.unrated} == {"unchecked", "checking"}


def test_sources_are_counted_by_kind_and_of_who_is_confidential_only_the_passages(article: Article) -> None:
    named, hidden = make_source(kind="organisation"), make_source(kind="person", desk_only=True)
    ConfidentialSource.objects.create(source=hidden, real_name="Ada", reason="Rischia il posto.")
    make_attribution(article, source=named)
    before = facts(article)
    assert (before.sources, before.unnamed) == ((("organizzazione", 1),), 0)
    for words in ("le prove sono finite", "Costerà dieci milioni"):
        make_attribution(article, [words], source=hidden)
    after = facts(article)
    assert (after.sources, after.unnamed) == (before.sources, 2)


def test_a_person_under_protection_is_no_source_of_a_kind(article: Article) -> None:
    make_attribution(article, source=make_source(kind="person", entity=make_entity(privacy="minor")))
    assert (facts(article).sources, facts(article).unnamed) == ((), 1)


def test_each_passage_that_is_counted_as_unnamed_stands_on_the_page(reader: Client, article: Article) -> None:
    make_attribution(article, source=make_source(desk_only=True))
    make_attribution(article, ["le prove sono finite"], anonymity_reason="Non vuole essere nominata.")
    html = reader.get(article.get_absolute_url()).content.decode()
    assert "in <b>2</b> passi" in html
    for why in ("fonte riservata", "Non vuole essere nominata."):
        assert why in html


def test_the_page_says_it_before_the_text_and_asks_nothing_for_it(reader: Client, article: Article) -> None:
    html = reader.get(article.get_absolute_url()).content.decode()
    assert "3 affermazioni, 2 non ancora valutate" in html
    assert html.index("fact-box") < html.index("data-o=")
    with CaptureQueriesContext(connection) as queries:
        page = annotated_article(article, article.current_revision, in_full=True)
        first = len(queries)
        assert page.facts.claims == 3
    assert len(queries) == first
