"""The page of one review: it keeps its address for ever, and says what came after it."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from newsroom.actions import reviews
from newsroom.models import User
from tests.making import LATER, level, make_appearance, make_article, make_claim, make_review
from tests.public_pages import superseding_review
from tests.reading import tree

pytestmark = pytest.mark.django_db


def test_a_review_says_what_it_judged_how_when_and_by_which_scale(reader: Client, checker: User) -> None:
    review = make_review(
        make_appearance(make_article(), "dieci milioni"),
        author=checker,
        explanation="La delibera lo esclude.",
        facts_judged="il costo",
    )
    text = tree(reader.get(review.get_absolute_url())).text_content()
    for words in (
        "Falso", review.summary, "La delibera lo esclude.", "il costo", "«dieci milioni»", "6 maggio 2024",
        "Ornella Vismara", "versione 1", review.claim.text,
    ):  # fmt: skip
        assert words in text


def test_a_superseded_review_keeps_its_address_and_leads_to_the_later_one(reader: Client) -> None:
    later = superseding_review()
    earlier = later.supersedes
    address = earlier.get_absolute_url()
    page = tree(reader.get(address))
    assert "Superata" in page.text_content() and "superata il 7 maggio 2024" in page.text_content()
    assert later.get_absolute_url() in page.xpath("//main//a/@href")
    assert earlier.claim.get_absolute_url() in page.xpath("//main//a/@href")
    assert address in tree(reader.get(later.get_absolute_url())).xpath("//main//a/@href")
    linked = tree(reader.get(later.claim.get_absolute_url())).xpath("//main//a/@href")
    assert {address, later.get_absolute_url()} <= set(linked)


def test_what_it_says_of_itself_is_the_same_before_and_after_it_was_superseded(
    reader: Client, checker: User, editor: User
) -> None:
    review = make_review(make_appearance())

    def said() -> list[str]:
        page = tree(reader.get(review.get_absolute_url()))
        return [
            part.text_content()
            for part in page.xpath("//main//section[not(@aria-labelledby='around-title')]")
        ] + [badge.text_content() for badge in page.xpath("//main//*[contains(@class, 'badge-large')]")]

    before = said()
    proposal = reviews.propose(
        review.claim, level=level("true"), summary="Risulta.", no_evidence_reason="No.", by=checker, at=LATER
    )
    reviews.publish(proposal, by=editor, at=LATER)
    assert said() == before


@pytest.mark.parametrize("state", ["proposed", "changes", "approved"])
def test_what_nobody_published_has_no_page(reader: Client, state: str) -> None:
    assert reader.get(make_review(make_appearance(), state=state).get_absolute_url()).status_code == 404


def test_a_proposal_that_was_taken_back_has_no_page(reader: Client, editor: User) -> None:
    review = make_review(make_appearance(), state="proposed")
    reviews.withdraw(review, reason="Sbagliata.", by=editor, at=LATER)
    assert reader.get(review.get_absolute_url()).status_code == 404


def test_a_withdrawn_review_is_gone_and_says_why(reader: Client, editor: User) -> None:
    review = make_review(make_appearance())
    reviews.withdraw(review, reason="Il documento era falso.", by=editor, at=LATER)
    answer = reader.get(review.get_absolute_url())
    assert answer.status_code == 410
    text = tree(answer).text_content()
    assert "Il documento era falso." in text and "7 maggio 2024" in text
    assert review.summary not in text


@pytest.mark.parametrize(
    "make",
    [
        lambda: make_review(make_appearance(make_article(published_at=None))),
        lambda: make_review(),
        lambda: make_review(
            make_appearance(claim=make_claim(withdrawn_at=LATER, withdrawal_reason="Doppione."))
        ),
    ],
    ids=["of a draft", "of a claim that stands nowhere", "of a withdrawn claim"],
)
def test_of_what_readers_do_not_see_there_is_no_page(reader: Client, make) -> None:
    assert reader.get(make().get_absolute_url()).status_code == 404


def test_a_doubted_rating_says_since_when_and_why(reader: Client, checker: User) -> None:
    review = make_review(make_appearance(article := make_article()))
    reviews.mark_stale(review, reason="È uscita una nuova delibera.", by=checker, at=LATER)
    claim = review.claim.get_absolute_url()
    pages = [
        review.get_absolute_url(), claim, f"{claim}card/", article.get_absolute_url(),
        f"{article.get_absolute_url()}?layer=linear",
    ]  # fmt: skip
    for address in pages:
        text = tree(reader.get(address)).text_content()
        assert "È uscita una nuova delibera." in text, address
        assert "Da riverificare" in text and "parole sono cambiate" not in text, address


def test_its_queries_are_few(reader: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    address = superseding_review().supersedes.get_absolute_url()
    with django_assert_num_queries(12):
        assert reader.get(address).status_code == 200
