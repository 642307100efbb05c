"""Who is in an article: noted and said, for a moment, at little cost and without a record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from newsroom.models import Article, Deed, Presence, User
from newsroom.models.presence import HERE, KEPT
from tests.making import make_article, make_user
from tests.reading import tree

SignedIn = Callable[[User], Client]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def article(rows: None) -> Article:
    return make_article()


@pytest.fixture
def client(signed_in: SignedIn, reporter: User) -> Client:
    return signed_in(reporter)


def address(article: Article, lang: str = "it") -> str:
    return ("" if lang == "it" else "/en") + reverse("desk:presence", args=[article.slug])


def poll(client: Client, article: Article, known: str = "", lang: str = "it") -> HttpResponse:
    return client.post(address(article, lang), {"known": known}, headers=HTMX)


def words(answer: HttpResponse) -> str:
    return tree(answer).text_content().strip()


def comes(article: Article, user: User, ago: timedelta = timedelta()) -> None:
    Presence.objects.note(user, article, at=now() - ago)


def test_who_comes_is_noted_once_and_sees_who_is_there(
    client: Client, article: Article, reporter: User, editor: User
) -> None:
    assert poll(client, article).status_code == 204
    comes(article, editor)
    assert words(poll(client, article)) == "Livia Scarpato è qui"
    assert poll(client, article).status_code == 200
    assert Presence.objects.filter(user=reporter, article=article).count() == 1


def test_a_page_that_shows_it_already_gets_nothing_to_speak(
    client: Client, article: Article, editor: User, checker: User
) -> None:
    comes(article, editor)
    known = tree(poll(client, article)).xpath("//input[@name='known']")[0].get("value")
    assert poll(client, article, known).status_code == 204
    comes(article, checker)
    told = poll(client, article, known)
    assert words(told) == "Livia Scarpato e Ornella Vismara sono qui"
    comes(article, checker, ago=HERE)
    comes(article, editor, ago=HERE)
    gone = poll(client, article, tree(told).xpath("//input[@name='known']")[0].get("value"))
    assert (gone.status_code, words(gone)) == (200, "")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("it", "Ada, Livia Scarpato e Ornella Vismara sono qui"),
        ("en", "Ada, Livia Scarpato and Ornella Vismara are here"),
    ],
)
def test_several_are_named_in_the_order_of_their_names(
    client: Client, article: Article, editor: User, checker: User, lang: str, said: str
) -> None:
    for user in (checker, make_user(username="Ada"), editor):
        comes(article, user)
    assert words(poll(client, article, lang=lang)) == said


def test_who_is_in_another_article_or_left_is_not_here(
    client: Client, article: Article, editor: User
) -> None:
    comes(make_article(), editor)
    comes(article, editor, ago=HERE)
    assert poll(client, article).status_code == 204


def test_what_is_older_than_a_day_goes_when_somebody_comes(
    client: Client, article: Article, editor: User, checker: User
) -> None:
    comes(make_article(), checker, ago=KEPT)
    comes(article, editor, ago=KEPT)
    comes(article, checker, ago=HERE)
    poll(client, article)
    assert set(Presence.objects.values_list("user__username", flat=True)) == {"checker", "reporter"}


def test_no_deed_is_recorded(client: Client, article: Article) -> None:
    count = Deed.objects.count()
    poll(client, article)
    assert Deed.objects.count() == count


def test_it_costs_three_queries_at_most_besides_the_two_that_say_who_asks(
    client: Client, article: Article, editor: User
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            poll(client, article)
        return len(queries) - 2

    assert cost() == 3  # nobody has been here before
    assert cost() == 2
    for _user in range(5):
        comes(article, make_user())
    assert cost() == 2
    comes(article, User.objects.get(username="reporter"), ago=HERE)
    assert cost() == 3  # back again: what is old is swept out


def test_it_is_for_the_desk_and_is_only_posted(reader: Client, client: Client, article: Article) -> None:
    assert reader.post(address(article)).status_code == 302
    assert client.get(address(article)).status_code == 405
    assert client.post(reverse("desk:presence", args=["non-esiste"])).status_code == 404
    assert not Presence.objects.exists()


def test_a_session_that_ended_is_told_to_the_page(reader: Client, article: Article) -> None:
    here = reverse("desk:threads-article", args=[article.slug])
    answer = reader.post(address(article), headers=HTMX | {"HX-Current-URL": f"http://testserver{here}"})
    assert (answer.status_code, answer.headers["X-Session"]) == (401, "ended")
    assert f'?next={quote(here)}"' in answer.content.decode()


@pytest.mark.parametrize("name", ["article", "text", "threads-article"])
def test_the_pages_of_an_article_ask(client: Client, article: Article, name: str) -> None:
    page = tree(client.get(reverse(f"desk:{name}", args=[article.slug])))
    [asking] = page.xpath("//*[@id='presence']")
    assert asking.get("hx-post") == address(article)
    assert asking.get("role") == "status"


def test_no_public_page_asks(reader: Client, article: Article) -> None:
    assert "presence" not in reader.get(article.get_absolute_url()).content.decode()
