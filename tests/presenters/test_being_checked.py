"""*In verifica*: a claim that is assigned and that nobody has rated: a state for readers, never a rating."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from newsroom.actions import assignments, reviews
from newsroom.models import Article, Claim, Newsroom, RatingLevel, Review, User
from newsroom.presenters import ratings, register
from newsroom.presenters.ratings import NO_RATINGS, Ratings
from tests.making import (
    LATER,
    THEN,
    make_appearance,
    make_article,
    make_assignment,
    make_claim,
    make_review,
    make_revision,
    make_source,
)
from tests.reading import json_ld, tree

pytestmark = pytest.mark.django_db

#: How the current review of an assigned claim may stand.
CURRENT = ["published", "stale"]
NOT_CURRENT = ["proposed", "changes", "approved", "superseded", "withdrawn"]


def being_checked(article: Article | None = None, words: str = "dieci milioni") -> Claim:
    claim = make_appearance(article, words, claim=make_claim(claimant=make_source())).claim
    make_assignment(claim=claim)
    return claim


def counted(client: Client, address: str) -> dict[str, str]:
    """The keys of the register by which a page filters, with their words."""
    page = tree(client.get(address))
    links = page.xpath("//a[contains(@href, 'rating=')]")
    return {
        link.get("href").rpartition("rating=")[2]: re.sub(r"\s+", " ", link.text_content()).strip()
        for link in links
    }


def test_an_assigned_claim_is_in_verifica_in_its_note_its_register_and_on_its_page(reader: Client) -> None:
    claim = being_checked(article := make_article())
    make_appearance(article, "Il ponte vecchio")
    page = tree(reader.get(article.get_absolute_url()))
    [note] = page.xpath(f"//li[@id='note-{claim.code}']")
    assert "In verifica" in note.text_content() and "tone-unchecked" in note.get("class")
    assert counted(reader, article.get_absolute_url()).keys() == {"checking", "unchecked"}
    filtered = tree(reader.get(f"{article.get_absolute_url()}?rating=checking"))
    assert filtered.xpath(f"//li[@id='note-{claim.code}']")
    assert len(filtered.xpath("//li[starts-with(@id, 'note-')]")) == 1
    for address in (claim.get_absolute_url(), f"{claim.get_absolute_url()}card/"):
        assert "In verifica" in reader.get(address).content.decode()


def test_the_front_page_and_the_desk_count_it(reader: Client) -> None:
    being_checked(article := make_article())
    make_appearance(article, "Il ponte vecchio")
    make_review(make_appearance(article, "la sindaca"))
    [numbers] = register.of_articles([article]).values()
    assert {key: number for key, number in numbers.items() if number} == {
        "checking": 1,
        "unchecked": 1,
        "false": 1,
    }


@pytest.mark.parametrize("state", CURRENT)
def test_a_rating_that_readers_see_comes_before_it(reader: Client, state: str) -> None:
    claim = being_checked(article := make_article())
    make_review(claim.appearances.get(), state=state)
    known = Ratings.load()
    assert known.badge(known.current_of([claim.pk])[claim.pk]).key == "false"
    [numbers] = register.of_articles([article]).values()
    assert numbers["checking"] == numbers["unchecked"] == 0
    assert "In verifica<" not in reader.get(claim.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", NOT_CURRENT)
def test_a_review_that_is_not_current_leaves_it_in_verifica(reader: Client, state: str) -> None:
    claim = being_checked()
    make_review(claim.appearances.get(), state=state, withdrawal_reason="Errore.")
    known = Ratings.load()
    assert known.badge(known.current_of([claim.pk])[claim.pk]).key == "checking"
    assert "In verifica" in reader.get(claim.get_absolute_url()).content.decode()


def test_what_is_released_is_not_yet_checked_again(reader: Client, checker: User) -> None:
    claim = being_checked(article := make_article())
    assignments.release(claim, by=checker, at=LATER)
    assert counted(reader, article.get_absolute_url()).keys() == {"unchecked"}


def test_an_old_text_shows_what_was_being_checked_then(reader: Client) -> None:
    article = make_article()
    then, later = make_appearance(article, "dieci milioni"), make_appearance(article, "la sindaca")
    make_assignment(claim=then.claim, at=THEN, closed_at=LATER.replace(day=8))
    make_assignment(claim=later.claim, at=LATER.replace(day=9))
    article.current_revision = make_revision(article, at=LATER)
    article.save()
    address = f"{article.get_absolute_url()}revisions/1/"
    assert counted(reader, address).keys() == {"checking", "unchecked"}


@pytest.mark.parametrize("number", [1, 4])
def test_it_costs_no_query_more_for_many(
    reader: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    article = make_article()
    for words in ("dieci milioni", "la sindaca", "i tecnici", "Il ponte vecchio")[:number]:
        being_checked(article, words)
    with django_assert_num_queries(14):
        reader.get(article.get_absolute_url())


# Never a rating


def test_no_state_of_an_unrated_claim_is_a_level() -> None:
    assert not RatingLevel.objects.filter(code_name__in=NO_RATINGS).exists()
    levels = {level.code_name for level in Ratings.load().levels_of_all_versions()}
    assert not levels & set(NO_RATINGS)
    badges = [ratings.unchecked(), ratings.checking()]
    tones = {level.tone for level in Ratings.load().levels_of_all_versions()}
    assert {badge.key for badge in badges} == set(NO_RATINGS)
    assert not {badge.tone for badge in badges} & tones


@pytest.mark.parametrize("assigned", [False, True])
@pytest.mark.parametrize("state", ["", *NOT_CURRENT, "stale"])
def test_what_is_not_rated_never_leaves_as_claim_review(
    reader: Client, settings: Settings, assigned: bool, state: str
) -> None:
    settings.DEMO = False
    Newsroom.objects.update(address="https://redazione.example")
    appearance = make_appearance(claim=make_claim(claimant=make_source()))
    claim = appearance.claim
    if assigned:
        make_assignment(claim=claim)
    if state:
        make_review(appearance, state=state, withdrawal_reason="Errore.")
    article = appearance.annotation.article
    for address in ("/", article.get_absolute_url(), claim.get_absolute_url()):
        answer = reader.get(address)
        assert "ClaimReview" not in answer.content.decode()
        said = json.dumps(json_ld(answer))
        assert "unchecked" not in said and "checking" not in said
    for review in Review.objects.filter(claim=claim):
        assert "ClaimReview" not in reader.get(review.get_absolute_url()).content.decode()


def test_what_is_published_leaves_as_claim_review_by_the_scale_of_its_time(
    reader: Client, settings: Settings, checker: User, editor: User
) -> None:
    settings.DEMO = False
    Newsroom.objects.update(address="https://redazione.example")
    appearance = make_appearance(claim=make_claim(claimant=make_source()))
    make_assignment(claim=appearance.claim)
    reviews.publish(make_review(appearance, state="proposed", author=checker), by=editor, at=LATER)
    [review] = json_ld(reader.get(appearance.claim.get_absolute_url()))
    assert review["@type"] == "ClaimReview" and review["reviewRating"]["alternateName"] == "Falso"
