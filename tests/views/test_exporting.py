"""Articles are taken out: a format is picked, what it would lose is shown, then the file comes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from newsroom.formats import doccano
from newsroom.formats.annotated import Losses
from newsroom.formats.exchanges import outgoing
from newsroom.models import Article, ConfidentialSource, Deed, Revision, User
from tests.making import (
    THEN,
    make_appearance,
    make_article,
    make_attribution,
    make_mention,
    make_source,
)
from tests.reading import faults, tree

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]

PAGE = "/desk/export/"


@pytest.fixture
def desk(signed_in: SignedIn, reporter: User) -> Client:
    return signed_in(reporter)


@pytest.fixture
def editors(signed_in: SignedIn, editor: User) -> Client:
    return signed_in(editor)


@pytest.fixture
def article() -> Article:
    article = make_article(slug="il-ponte", headline="Il ponte", rights="ours", published_at=THEN)
    make_appearance(article, "Il ponte")
    make_attribution(article, ["Costerà dieci milioni"])
    return article


def address(**asked: Any) -> str:
    return f"{PAGE}?{'&'.join(f'{name}={value}' for name, value in asked.items())}"


def said(answer: HttpResponse) -> str:
    assert faults(answer) == []
    return " ".join(tree(answer).cssselect("main")[0].text_content().split())


def files(answer: HttpResponse) -> dict[str, bytes]:
    assert answer.status_code == 200 and answer.streaming
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_page_offers_every_format_that_can_be_written(desk: Client) -> None:
    answer = desk.get(PAGE)
    offered = [option.get("value") for option in tree(answer).cssselect("select[name=format] option")]
    assert offered == [exchange.key for exchange in outgoing()]
    assert faults(answer) == []


@pytest.mark.parametrize("key", [exchange.key for exchange in outgoing()])
def test_every_format_is_shown_and_taken(key: str, desk: Client, article: Article) -> None:
    there = address(article=article.slug, format=key)
    shown = said(desk.get(there))
    assert "1 articolo." in shown and "Il ponte" in shown
    came = files(desk.post(there))
    assert [name.partition(".")[0] for name in came] == ["articles", "report"]
    assert "Articoli esportati come" in came["report.txt"].decode()


def test_what_will_be_lost_is_said_before_and_in_the_report(desk: Client, article: Article) -> None:
    there = address(article=article.slug, format="doccano")
    shown = tree(desk.get(there)).cssselect(".losses li")
    lost = {item.cssselect("span")[0].text: item.cssselect("b")[0].text for item in shown}
    report = files(desk.post(there))["report.txt"].decode()
    assert lost
    for words, times in lost.items():
        assert f"- {words}: {times}" in report


def test_the_first_article_is_shown_as_it_would_look(desk: Client, article: Article) -> None:
    [sample] = tree(desk.get(address(article=article.slug, format="doccano"))).cssselect(".sample pre")
    assert json.loads(sample.text)["text"] == article.current_revision.text
    shown = tree(desk.get(address(article=article.slug, format="brat"))).cssselect(".sample figcaption")
    assert [caption.text.rpartition(".")[2].split()[0] for caption in shown] == ["txt", "ann"]


def test_what_comes_can_be_read_again(desk: Client, article: Article) -> None:
    came = files(desk.post(address(article=article.slug, format="doccano")))["articles.jsonl"]
    [text] = doccano.read(io.BytesIO(came), Losses())
    assert (text.id, len(text.tags)) == (str(article.uuid), 2)


def test_who_took_what_stands_in_the_log(desk: Client, reporter: User, article: Article) -> None:
    files(desk.post(address(article=article.slug, format="brat")))
    deed = Deed.objects.latest("pk")
    assert (deed.verb, deed.actor, deed.article) == ("article.export", reporter, article)
    assert deed.after == {"format": "brat", "articles": 1, "for_the_desk": False}
    assert "ha esportato articoli come file" in said(desk.get("/desk/"))


def test_to_look_leaves_no_record(desk: Client, article: Article) -> None:
    before = Deed.objects.count()
    desk.get(address(article=article.slug, format="brat"))
    assert Deed.objects.count() == before


def test_days_and_language_choose(desk: Client, article: Article) -> None:
    make_article(slug="the-bridge", lang="en", rights="ours", published_at=THEN)
    for asked, number in (
        ({"lang": "en"}, 1),
        ({"since": "2024-05-06", "until": "2024-05-06"}, 2),
        ({"since": "2024-05-07", "until": "2024-05-08"}, 0),
        ({}, Article.objects.count()),
    ):
        shown = said(desk.get(address(format="doccano", **asked)))
        words = {0: "non uscirebbe nulla", 1: "1 articolo."}.get(number, f"{number} articoli.")
        assert words in shown, asked


def test_nothing_is_not_taken_out(desk: Client) -> None:
    answer = desk.post(address(format="doccano", since="1999-01-01", until="1999-01-02"))
    assert answer.status_code == 422
    assert "non c’è nulla da esportare" in said(answer)


@pytest.mark.parametrize(
    "asked",
    [
        {"format": "niente"},
        {"format": "brat", "article": "non-esiste"},
        {"format": "brat", "article": "un%20altro"},
        {"format": "brat", "since": "ieri"},
        {"format": "brat", "since": "2024-05-02", "until": "2024-05-01"},
    ],
    ids=["format", "article", "slug", "day", "days"],
)
def test_what_is_asked_wrongly_is_said_and_kept(asked: dict[str, str], desk: Client) -> None:
    for answer in (desk.get(address(**asked)), desk.post(address(**asked))):
        assert answer.status_code == 422
        assert tree(answer).cssselect("[role=alert]")
        assert faults(answer) == []


# Who may take out what


def test_a_reporter_takes_out_what_readers_see(desk: Client) -> None:
    make_article(slug="bozza", published_at=None)
    theirs = make_article(slug="altrui", rights="quotation", published_at=THEN)
    make_appearance(theirs, "Il ponte")
    assert not tree(desk.get(PAGE)).cssselect("[name=seen_by]")
    assert "non uscirebbe nulla" in said(desk.get(address(article="bozza", format="doccano", seen_by="desk")))
    shown = said(desk.get(address(article="altrui", format="doccano", seen_by="desk")))
    assert "Di 1 il testo non è nostro" in shown
    came = files(desk.post(address(article="altrui", format="doccano", seen_by="desk")))
    text = json.loads(came["articles.jsonl"])["text"]
    assert "Il ponte sarà aperto" in text and "resterà chiuso" not in text


def test_an_editor_may_take_out_what_the_desk_sees(editors: Client) -> None:
    make_article(slug="bozza", rights="quotation", published_at=None)
    there = address(article="bozza", format="doccano", seen_by="desk")
    assert "1 articolo." in said(editors.get(there))
    came = files(editors.post(there))
    assert "resterà chiuso" in json.loads(came["articles.jsonl"])["text"]
    assert "non per i lettori" in came["report.txt"].decode()
    assert Deed.objects.latest("pk").after["for_the_desk"] is True


@pytest.mark.parametrize("key", [exchange.key for exchange in outgoing()])
def test_whom_a_confidential_source_is_leaves_in_no_format(
    key: str, editors: Client, editor: User, article: Article
) -> None:
    source = make_source(name="Un funzionario")
    ConfidentialSource.objects.create(source=source, real_name="Zelinda Canarini", reason="Rischia.")
    make_attribution(article, ["le prove sono finite"], source=source)
    came = files(editors.post(address(article=article.slug, format=key, seen_by="desk")))
    assert b"Zelinda" not in b"".join(came.values())
    assert "Zelinda" not in said(editors.get(address(article=article.slug, format=key, seen_by="desk")))


# From other pages


def test_the_article_s_page_at_the_desk_leads_to_every_format(desk: Client, article: Article) -> None:
    links = tree(desk.get(reverse("desk:article", args=[article.slug]))).cssselect(f"a[href^='{PAGE}']")
    assert len(links) == len(outgoing())
    assert "1 articolo scelto" in said(desk.get(links[0].get("href")))


def test_the_admin_leads_there_with_what_was_chosen(editors: Client, article: Article) -> None:
    other = make_article(slug="altro")
    answer = editors.post(
        reverse("admin:newsroom_article_changelist"),
        {"action": "take_out_selected", "_selected_action": [article.pk, other.pk]},
    )
    assert answer.headers["Location"] == f"{PAGE}?article=il-ponte&article=altro"
    assert "2 articoli scelti" in said(editors.get(answer.headers["Location"]))


def test_the_admin_says_when_too_many_are_chosen(editors: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.admin.articles.MOST_CHOSEN", 1)
    chosen = [make_article().pk, make_article().pk]
    answer = editors.post(
        reverse("admin:newsroom_article_changelist"),
        {"action": "take_out_selected", "_selected_action": chosen},
        follow=True,
    )
    assert "Scegli al massimo 1 articoli" in answer.content.decode()


# How much it asks


def test_a_preview_asks_the_database_as_often_whatever_their_number(
    desk: Client, article: Article, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(30):
        make_mention(make_article(rights="ours", published_at=THEN), "la sindaca")
    with django_assert_max_num_queries(28):
        shown = said(desk.get(address(format="doccano")))
    assert "Contate sui primi 20 articoli" in shown
    assert "Anteprima della redazione" not in shown, "which stands over articles that readers do not see"


def test_a_download_is_made_while_it_is_sent(desk: Client, article: Article) -> None:
    """The first bytes are there before the last article is read."""
    for _number in range(120):
        make_article(rights="ours", published_at=THEN)
    answer = desk.post(address(format="doccano"))
    pieces = iter(answer.streaming_content)
    first = next(pieces)
    Revision.objects.first()  # it goes on with the database while somebody else asks
    assert len(first) < len(b"".join(pieces))
