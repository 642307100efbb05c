"""The page on how well the assistant does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from newsroom.models import Suggestion, User
from newsroom.presenters.assistant import KINDS, WEEKS, assistant_page
from tests.making import make_article, make_model, make_suggestion

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
RULES = "controluce names, rules"


@pytest.fixture
def desk(signed_in: SignedIn, editor: User) -> Client:
    return signed_in(editor)


def decide(
    decision: str,
    *,
    days: int = 0,
    generator: str = RULES,
    by: User | None = None,
    **given: Any,
) -> None:
    row = make_suggestion(**given)
    row.annotation.generator = generator
    row.annotation.save()
    person = None if decision == "outdated" else by or User.objects.first()
    Suggestion.objects.filter(pk=row.pk).update(
        decision=decision, decided_by=person, decided_at=now() - timedelta(days=days)
    )


def page(desk: Client) -> str:
    answer = desk.get(reverse("desk:assistant"))
    assert answer.status_code == 200
    return answer.content.decode()


def rows(html: str, number: int = 0) -> list[list[str]]:
    table = lxml.html.fromstring(html).xpath("//table")[number]
    return [[cell.text_content() for cell in row.xpath("./th|./td")] for row in table.xpath("./tbody/tr")]


def test_a_newsroom_that_decided_nothing_is_told_so(desk: Client) -> None:
    told = page(desk)
    assert "nessuno ha deciso su una proposta" in told
    assert "Ancora niente: segue le regole." in told
    assert "L’assistente" in told and "Che cosa non sa fare" in told
    assert '<svg class="bars"' not in told


def test_what_became_of_proposals_is_counted_by_kind_and_week(desk: Client) -> None:
    for _ in range(3):
        decide("accepted")
    decide("corrected")
    decide("rejected", generator="controluce names, model")
    decide("rejected", days=7 * WEEKS + 7)
    decide("outdated")
    decide("accepted", kind="claim", generator="controluce claims, rules")
    make_suggestion()
    told = page(desk)
    assert [row[1:] for row in rows(told)] == [["3", "1", "1"]]
    assert "5 decise; accolte 80 su cento." in told
    assert told.count('<svg class="bars"') == 2
    made_by = {row[0]: row[1:] for row in rows(told, 2)}
    assert made_by["regole per i nomi"] == ["3", "1", "0", "100"]
    assert made_by["nomi come li ha imparati qui"] == ["0", "0", "1", "0"]


def test_bars_stand_on_one_another_within_the_picture(rows: None) -> None:
    for days in (0, 0, 8, 30):
        for decision in ("accepted", "corrected", "rejected"):
            decide(decision, days=days)
    found = assistant_page(at=now())
    kind = found.kinds[0]
    assert (kind.counts.total, kind.most) == (12, 6)
    for week in kind.weeks:
        assert sum(bar.height for bar in week.bars) == pytest.approx(
            week.counts.total / kind.most * (found.floor - found.top), abs=0.2
        )
        assert all(found.top <= bar.y + 0.1 and bar.x + bar.width <= found.wide for bar in week.bars)
    assert len(kind.weeks) == WEEKS


def test_who_decided_stands_nowhere(desk: Client, checker: User) -> None:
    decide("rejected", by=checker)
    told = page(desk)
    for name in (checker.username, checker.last_name):
        assert name not in told


def test_the_last_training_is_told_and_what_is_in_use(desk: Client) -> None:
    make_model(state="worse", before=0.61, after=0.52, rejections=7)
    make_model(b"guasto", kind="worth", active=True)
    told = page(desk)
    [names, worth] = rows(told)
    assert names[0] == "nomi, italiano" and "non conservato" in names[1]
    assert (names[3], names[4], names[6]) == ("0,61", "0,52", "le regole")
    assert "7 proposte rifiutate" in names[5]
    assert worth[6] == "le regole: la versione in uso è guasta"
    assert reverse("admin:newsroom_trainedmodel_changelist") in told


def test_however_many_were_decided_it_costs_the_same(desk: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(desk)
        return len(queries)

    decide("accepted")
    first = cost()
    article = make_article()
    for kind in ("mention", "claim"):
        for number in range(6):
            decide("rejected", days=9 * number, kind=kind, article=article, generator=f"programma {number}")
    for kind in ("names", "worth", "opinion"):
        make_model(kind=kind, state="worse")
    assert cost() == first <= 9


def test_all_kinds_of_tags_have_a_name() -> None:
    assert set(KINDS) == {"mention", "attribution", "claim"}


@pytest.mark.parametrize("who", ["reporter", "checker"])
def test_it_is_for_editors(signed_in: SignedIn, rows: None, who: str) -> None:
    client = signed_in(User.objects.get(username=who))
    assert client.get(reverse("desk:assistant")).status_code == 403
    assert reverse("desk:assistant") not in client.get(reverse("desk:home")).content.decode()
