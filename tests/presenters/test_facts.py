"""The fact box of an article: it counts what the page shows, and tells nothing of who is not named."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from newsroom.actions import articles
from newsroom.models import Article, ConfidentialSource, User
from newsroom.presenters.annotated_article import annotated_article
from newsroom.presenters.annotated_article.facts import Facts
from tests.making import (
    HTML,
    make_appearance,
    make_article,
    make_assignment,
    make_attribution,
    make_entity,
    make_evidence,
    make_review,
    make_source,
)
from tests.reading import tree

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


def test_what_is_not_rated_or_may_not_hold_is_no_rated_claim(reader: Client, article: Article) -> None:
    make_review(make_appearance(article, "le prove"), judges="attribution")
    make_review(make_appearance(article, "dieci milioni"), state="stale")
    found = facts(article)
    assert [(count.badge.key, count.number) for count in found.rated] == [("false", 1)]
    assert (found.claims, found.not_rated, found.attributions, found.stale) == (5, 3, 1, 1)
    box = tree(reader.get(article.get_absolute_url())).find_class("fact-box")[0]
    assert "5 affermazioni, 3 non ancora valutate, 1 da riverificare" in box.text_content()
    rows = dict(zip((dt.text_content() for dt in box.iter("dt")), box.iter("dd"), strict=True))
    assert rows["Affermazioni valutate"].text_content() == "Falso 1"
    assert rows["Da riverificare"].text_content() == "1"
    assert rows["Attribuzione verificata"].text_content().startswith("1 (")
    assert rows["Senza valutazione"].text_content() == "In verifica 1 · Non ancora verificato 1"


def test_where_only_who_said_it_was_judged_nobody_reads_that_none_is_without_a_rating(reader: Client) -> None:
    article = make_article()
    make_review(make_appearance(article, "dieci milioni"), judges="attribution")
    text = tree(reader.get(article.get_absolute_url())).find_class("fact-box")[0].text_content()
    assert "1 affermazione, 1 non ancora valutata" in text
    assert "Attribuzione verificata" in text and "Senza valutazione" not in text


def test_of_an_earlier_version_todays_documents_are_not_counted(reader: Client, editor: User) -> None:
    article = make_article()
    make_evidence(make_review(make_appearance(article, "dieci milioni")).claim)
    first = article.current_revision
    articles.revise(
        article, html=HTML.replace("aperto", "chiuso"), based_on=first.number, kind="minor", note="Parola.",
        by=editor, at=now(),
    )  # fmt: skip
    article.refresh_from_db()
    assert facts(article).documents == 1
    earlier = reverse("reader:revision", args=[article.slug, first.number])
    for address, told in ((article.get_absolute_url(), True), (earlier, False)):
        box = tree(reader.get(address)).find_class("fact-box")[0].text_content()
        assert ("Documenti a riscontro" in box) == told, address


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
