"""Lists of the admin: they end, nothing is counted to the end, and words are found by the index of search."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.admin import listing
from newsroom.admin.listing import Bounded, Listed
from newsroom.admin.people import PersonAdmin
from newsroom.models import Claim, Target, User
from tests.making import (
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_comment,
    make_document,
    make_entity,
    make_evidence,
    make_mention,
    make_review,
    make_source,
    make_thread,
)

pytestmark = pytest.mark.django_db

LISTS = [page for model, page in admin.site._registry.items() if model._meta.app_label == "newsroom"]


@pytest.fixture
def client(signed_in: Callable[[User], Client], editor: User) -> Client:
    return signed_in(editor)


def found(client: Client, noun: str, words: str) -> list[int]:
    """The keys of the rows that a list shows for these words."""
    page = client.get(reverse(f"admin:newsroom_{noun}_changelist"), {"q": words})
    assert page.status_code == 200
    return [row.pk for row in page.context["cl"].result_list]


@pytest.mark.parametrize("page", LISTS, ids=lambda page: page.opts.model_name)
def test_every_list_ends(page: admin.ModelAdmin) -> None:
    """There are as many people as a newsroom has."""
    assert isinstance(page, Listed | PersonAdmin)
    assert page.paginator is Bounded or isinstance(page, PersonAdmin)


def test_a_list_shows_its_first_rows_and_says_where_it_ends(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST", 3)
    for _number in range(5):
        make_claim()
    page = client.get(reverse("admin:newsroom_claim_changelist"))
    assert page.context["cl"].result_count == 3
    assert "dopo 3 righe" in page.content.decode()


def test_a_row_is_found_by_the_words_of_what_it_hangs_on(client: Client) -> None:
    article = make_article()
    claim = make_claim(text="Il viadotto Ombrone è del 1971.", claimant=make_source(name="Zelinda Sordi"))
    appearance = make_appearance(article, "dieci milioni", claim=claim)
    mention = make_mention(article, "dieci milioni", entity=make_entity(name="Consorzio Ombrone"))
    said = make_attribution(article, source=make_source(name="Ufficio Ombrone"))
    evidence = make_evidence(claim=claim, document=make_document(title="Collaudo del viadotto Ombrone"))
    review = make_review(claim=claim)
    rows = {
        "claim": claim,
        "appearance": appearance,
        "mention": mention,
        "attribution": said,
        "evidence": evidence,
        "review": review,
        "document": evidence.document,
        "entity": mention.entity,
        "source": said.source,
    }
    for noun, row in rows.items():
        assert found(client, noun, "ombrone") == [row.pk], noun
        assert found(client, noun, "ombr") == [row.pk], noun
        assert found(client, noun, "tagliamento ombrone") == [], noun
    three = {appearance.annotation_id, mention.annotation_id, said.annotation_id}
    assert set(found(client, "annotation", "ombrone")) == three
    assert found(client, "claim", "zelinda") == [claim.pk]


def test_what_the_desk_said_to_itself_is_found_by_all_of_its_words(client: Client) -> None:
    """No index has them, for no reader may find a comment."""
    on_claim = make_thread(make_claim(text="Il viadotto Ombrone è del 1971."), body="Manca il collaudo.")
    make_thread(body="Il collaudo c’è.")
    comment = make_comment(on_claim, body="Il Collaudo manca DAVVERO.")
    assert found(client, "thread", "ombrone") == [on_claim.pk]
    assert found(client, "thread", "manca collaudo") == [on_claim.pk]
    assert found(client, "comment", "davvero collaudo") == [comment.pk]
    assert found(client, "comment", "davvero ombrone") == []
    assert found(client, "comment", comment.by.username) == [comment.pk]


@pytest.mark.parametrize("most", [1, 2, 200])
def test_the_newest_are_read_first_and_then_the_others(
    client: Client, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(listing, "READ", 1)
    thread = make_thread(make_claim(), body="Manca il collaudo.")
    comments = [thread.comments.get()] + [make_comment(thread, body="Il collaudo!") for _number in range(2)]
    newest = [comment.pk for comment in reversed(comments)]
    # Who has enough of the newest reads no others; who has not has them all, to so many more.
    monkeypatch.setattr(listing, "ROWS", most)
    assert found(client, "comment", "collaudo") == (newest if most > 1 else newest[:1])
    assert found(client, "thread", "collaudo") == [thread.pk]


def test_of_what_is_filtered_nothing_is_left_out_for_what_is_newer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "ROWS", 1)
    entity, article = make_entity(name="Consorzio Ombrone"), make_article()
    old = make_mention(article, "dieci milioni", entity=entity).annotation.targets.get()
    Target.objects.filter(pk=old.pk).update(fate="moved")
    make_mention(article, "dieci milioni", entity=entity)
    page = client.get(reverse("admin:newsroom_target_changelist"), {"q": "ombrone", "fate__exact": "moved"})
    assert [row.pk for row in page.context["cl"].result_list] == [old.pk]


def test_an_article_is_found_by_its_words_and_by_where_it_stood(client: Client) -> None:
    article = make_article(slug="ponte-di-prova", publisher="Il Ponente", byline="Zelinda Sordi")
    for words in ("milioni", "ponte-di-prova", "ponente", "zelinda sordi"):
        assert found(client, "article", words) == [article.pk], words


def test_a_search_costs_the_same_among_few_and_among_many(client: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            found(client, "appearance", "parolarara")
        return len(queries)

    make_appearance(make_article(), "dieci milioni", claim=make_claim(text="Parolarara uno."))
    few = cost()
    for _number in range(8):
        make_appearance(make_article(), "dieci milioni", claim=make_claim(text="Parolarara ancora."))
    assert Claim.objects.search("parolarara").count() == 9
    assert cost() == few


def test_a_search_looks_within_what_is_filtered(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the first hits might all be of those that the filter leaves out."""
    monkeypatch.setattr(listing, "HITS", 2)
    wanted = make_claim(text="Parolarara prima.", kind="statistic", date="2001-01-01")
    for _number in range(3):
        make_claim(text="Parolarara dopo.", date="2020-01-01")
    page = client.get(
        reverse("admin:newsroom_claim_changelist"), {"q": "parolarara", "kind__exact": "statistic"}
    )
    assert [row.pk for row in page.context["cl"].result_list] == [wanted.pk]
