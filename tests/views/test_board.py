"""The board of states: what stands in which list, its filters and views, its pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from newsroom.actions import assignments
from newsroom.models import Assignment, Claim, Review, SavedView, User
from tests.making import (
    LATER,
    THEN,
    make_appearance,
    make_article,
    make_claim,
    make_review,
    make_user,
)
from tests.reading import faults, tree

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
LISTS = ["unchecked", "assigned", "proposed", "changes", "approved", "stale", "published"]
#: After today whatever the day, since no claim is assigned to be checked before.
SOON = date.today() + timedelta(days=3)


@pytest.fixture
def empty() -> None:
    """Without the seed's claims, which fill the lists."""
    Claim.objects.update(withdrawn_at=LATER, withdrawal_reason="Prova.")
    Review.objects.update(published_at=THEN)


def board(client: Client, **query: str):
    answer = client.get(f"/desk/reviews/?{urlencode(query)}")
    assert (answer.status_code, faults(answer)) == (200, [])
    return tree(answer)


def claims_in(page, name: str) -> list[str]:
    return page.xpath(f"//section[@aria-labelledby='list-{name}']//li//a/text()")


def assign(claim: Claim, to: User, due: date | None = None) -> Claim:
    Assignment.objects.create(claim=claim, assignee=to, due=due, by=to, at=THEN)
    return claim


def waiting(state: str, **given) -> Review:
    claim = given.pop("claim", None) or make_claim(text=f"È {state}.")
    fields = {"approver": None, "published_at": None}
    if state == "approved":
        fields = {"approver": make_user(), "approved_at": THEN, "published_at": None}
    if state == "changes":
        fields |= {"changes_note": "Manca la data."}
    return make_review(claim=claim, state=state, **(fields | given))


def test_each_claim_stands_in_the_list_of_its_state(
    signed_in: SignedIn, editor: User, checker: User, empty: None
) -> None:
    make_claim(text="Non vista.")
    assign(make_claim(text="Assegnata."), checker)
    for state in ("proposed", "changes", "approved"):
        waiting(state)
    make_review(claim=make_claim(text="Scaduta."), state="stale")
    make_review(claim=make_claim(text="Fresca."), published_at=now())
    make_review(claim=make_claim(text="Vecchia."))
    page = board(signed_in(editor))
    assert {name: claims_in(page, name) for name in LISTS} == {
        "unchecked": ["Non vista."],
        "assigned": ["Assegnata."],
        "proposed": ["È proposed."],
        "changes": ["È changes."],
        "approved": ["È approved."],
        "stale": ["Scaduta."],
        "published": ["Fresca."],
    }


def test_what_is_proposed_is_no_longer_among_the_assigned(
    signed_in: SignedIn, editor: User, checker: User, empty: None
) -> None:
    waiting("proposed", claim=assign(make_claim(text="Già proposta."), checker))
    page = board(signed_in(editor))
    assert (claims_in(page, "assigned"), claims_in(page, "proposed")) == ([], ["Già proposta."])


def test_it_is_filtered_by_person(signed_in: SignedIn, editor: User, checker: User, empty: None) -> None:
    make_claim(text="Di nessuno.")
    assign(make_claim(text="Sua."), checker)
    assign(make_claim(text="D’altri."), editor)
    waiting("proposed", author=checker)
    waiting("changes", author=editor, claim=assign(make_claim(text="Assegnata a lei."), checker))
    waiting("approved", author=editor)
    page = board(signed_in(editor), who="checker")
    found = {name: claims_in(page, name) for name in LISTS}
    assert found["assigned"] == ["Sua."]
    assert (found["proposed"], found["changes"]) == (["È proposed."], ["Assegnata a lei."])
    assert found["unchecked"] == found["approved"] == []
    assert page.xpath("//option[@selected]/@value") == ["checker"]


def test_it_is_filtered_by_the_day_it_is_due(
    signed_in: SignedIn, editor: User, checker: User, empty: None
) -> None:
    assign(make_claim(text="Tardi."), checker, date.today() - timedelta(days=2))
    assign(make_claim(text="Presto."), checker, SOON)
    assign(make_claim(text="Senza."), checker)
    client = signed_in(editor)
    assert claims_in(board(client), "assigned") == ["Tardi.", "Presto.", "Senza."]
    assert claims_in(board(client, due="late"), "assigned") == ["Tardi."]
    assert claims_in(board(client, due="week"), "assigned") == ["Presto."]
    assert claims_in(board(client, due="none"), "assigned") == ["Senza."]
    assert "in ritardo" in board(client, due="late").xpath("string(//*[@class='due due-late'])")


def test_it_is_filtered_by_article_and_kind(signed_in: SignedIn, editor: User, empty: None) -> None:
    bridge = make_article(slug="ponte", headline="Il ponte di Ada", published_at=None)
    make_appearance(bridge, claim=make_claim(text="Sul ponte.", kind="statistic"))
    make_appearance(claim=make_claim(text="Altrove."))
    client = signed_in(editor)
    assert claims_in(board(client, article="ponte"), "unchecked") == ["Sul ponte."]
    assert claims_in(board(client, article="ponte Ada"), "unchecked") == ["Sul ponte."]
    assert claims_in(board(client, article="nessuno"), "unchecked") == []
    assert claims_in(board(client, kind="statistic"), "unchecked") == ["Sul ponte."]
    assert claims_in(board(client, kind="opinion"), "unchecked") == []


def test_a_list_alone_goes_page_by_page_and_keeps_its_filter(
    signed_in: SignedIn, editor: User, empty: None
) -> None:
    for number in range(65):
        make_claim(text=f"Numero {number}.", kind="statistic")
    client = signed_in(editor)
    page = board(client)
    assert len(claims_in(page, "unchecked")) == 6
    assert page.xpath("string(//h2[@id='list-unchecked']/span)") == "65"
    seen, address = [], page.xpath("//h2[@id='list-unchecked']/a/@href")[0] + "&kind=statistic"
    while address:
        page = tree(client.get(address))
        seen += page.xpath("//ol[contains(@class, 'board-alone')]//a/text()")
        address = next(iter(page.xpath("//a[@rel='next']/@href")), "")
        assert not address or "kind=statistic" in address
    assert seen == [f"Numero {number}." for number in reversed(range(65))]


@pytest.mark.parametrize(
    "query",
    [
        {"list": "odd", "due": "odd", "kind": "odd"},
        {"page": "99999999999"},
        {"page": "-1", "list": "proposed"},
        {"page": "uno", "list": "stale"},
        {"who": "nobody", "article": "x" * 500},
        {"article": '"'},
    ],
)
def test_nonsense_in_the_address_breaks_nothing(
    signed_in: SignedIn, reporter: User, query: dict[str, str]
) -> None:
    board(signed_in(reporter), **query)


def test_a_filter_is_kept_as_a_view_of_this_list_alone(signed_in: SignedIn, checker: User) -> None:
    client = signed_in(checker)
    page = board(client, who="checker", due="late")
    [action] = page.xpath("//form[@class='view-form']/@action")
    answer = client.post(action, {"name": "Mie, tardi"})
    assert answer.headers["Location"] == "/desk/reviews/?who=checker&due=late"
    view = SavedView.objects.get()
    assert (view.of, view.query) == ("reviews", "who=checker&due=late")
    page = board(client, who="checker", due="late")
    assert page.xpath("//ul[@class='views']//a[@aria-current]/text()") == ["Mie, tardi"]
    assert not tree(client.get("/desk/")).xpath("//ul[@class='views']")
    again = client.post(action, {"name": "Mie, tardi"})
    assert (again.status_code, faults(again)) == (422, [])
    dropped = client.post(f"/desk/views/{view.code}/drop/")
    assert dropped.headers["Location"] == "/desk/reviews/"
    assert not SavedView.objects.exists()


def test_the_board_asks_the_same_of_the_database_for_any_number_of_claims(
    signed_in: SignedIn, editor: User, checker: User
) -> None:
    client = signed_in(editor)
    counted: dict[str, list[int]] = {"": [], "proposed": [], "unchecked": []}
    for number in (8, 40):
        for _time in range(number):
            make_appearance()
            assign(make_claim(), checker, SOON)
            for state in ("proposed", "changes", "approved"):
                waiting(state)
            make_review(make_appearance(), state="stale")
            make_review(make_appearance(), published_at=now())
        for name, numbers in counted.items():
            with CaptureQueriesContext(connection) as queries:
                board(client, list=name)
            numbers.append(len(queries))
    assert all(numbers[0] == numbers[1] <= 32 for numbers in counted.values()), counted


# The desk's front page


def test_what_is_mine_to_check_stands_on_the_front_page_with_its_date(
    signed_in: SignedIn, checker: User, editor: User
) -> None:
    late = assign(make_claim(text="Tardi."), checker, date.today() - timedelta(days=1))
    assign(make_claim(text="Senza data."), checker)
    claim = make_claim(text="Presto.")
    assignments.assign(claim, to=checker, due=SOON, by=editor, at=now())
    page = tree(signed_in(checker).get("/desk/"))
    lines = page.xpath("//ul[@aria-labelledby='mine']//li//a")
    assert [line.text for line in lines] == ["Tardi.", "Presto.", "Senza data."]
    assert lines[0].get("href") == f"/desk/claims/{late.code}/"
    assert not tree(signed_in(editor).get("/desk/")).xpath("//*[@id='mine']")


def test_what_was_approved_waits_on_the_front_page_to_be_published(signed_in: SignedIn, editor: User) -> None:
    review = waiting("approved")
    links = tree(signed_in(editor).get("/desk/")).xpath("//ul[@aria-labelledby='to-approve']//a/@href")
    assert links == [f"/desk/claims/{review.claim.code}/"]
