"""What goes out to machines: only what was judged, only as precisely as it is known."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from pytest_django import Settings

from newsroom.formats.schema_org import script
from newsroom.models import Newsroom, Review
from tests.making import (
    THEN,
    level,
    make_appearance,
    make_article,
    make_claim,
    make_review,
    make_source,
)
from tests.reading import SEED, json_ld, public_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_earnest(settings: Settings) -> None:
    """Not a demonstration, and the newsroom has its address."""
    settings.DEMO = False
    Newsroom.objects.update(address="https://redazione.example")


def of_type(reader: Client, address: str, name: str) -> list[dict]:
    return [data for data in json_ld(reader.get(address)) if data["@type"] == name]


def reviewed(**given: object) -> Review:
    claim = make_claim(claimant=make_source(name="Ada Neri"), date="2024-05", text="Il ponte è aperto.")
    return make_review(make_appearance(claim=claim), **given)


def test_a_review_has_what_fact_check_pages_need(reader: Client, in_earnest: None) -> None:
    review = reviewed()
    address = review.claim.get_absolute_url()
    (data,) = of_type(reader, address, "ClaimReview")
    assert data["@context"] == "https://schema.org"
    assert data["url"] == f"https://redazione.example{address}"
    assert data["claimReviewed"] == "Il ponte è aperto."
    assert data["datePublished"] == THEN.isoformat()
    assert data["author"] == {
        "@type": "NewsMediaOrganization",
        "name": Newsroom.objects.get().name,
        "url": "https://redazione.example",
    }
    numbers = [row.number for row in review.level.scale.levels.exclude(number=None)]
    assert data["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "Falso",
        "ratingExplanation": review.summary,
        "ratingValue": review.level.number,
        "bestRating": max(numbers),
        "worstRating": min(numbers),
    }
    item = data["itemReviewed"]
    assert item["author"] == {"@type": "Person", "name": "Ada Neri"}
    assert item["datePublished"] == "2024-05"
    article = review.appearance.annotation.article
    assert item["appearance"] == [
        {
            "@type": "CreativeWork",
            "url": f"https://redazione.example{article.get_absolute_url()}#claim-{review.claim.code}",
        }
    ]


def test_every_rated_claim_of_the_seed_leaves_as_a_review_once_it_is_in_earnest(
    reader: Client, in_earnest: None
) -> None:
    found = [
        data
        for _address, response in public_answers(reader, "claim")
        for data in json_ld(response)
        if data["@type"] == "ClaimReview"
    ]
    assert len(found) == 2 * 44
    for data in found:
        assert data["claimReviewed"] and data["url"] and data["reviewRating"]["alternateName"]


def test_nothing_leaves_as_a_review_from_a_demonstration(reader: Client) -> None:
    review = reviewed()
    assert of_type(reader, review.claim.get_absolute_url(), "ClaimReview") == []
    assert all(
        '"ClaimReview"' not in response.content.decode() for _, response in public_answers(reader, some=5)
    )


def test_an_unchecked_claim_does_not_leave_as_a_review(reader: Client, in_earnest: None) -> None:
    claim = make_appearance(claim=make_claim(claimant=make_source())).claim
    assert of_type(reader, claim.get_absolute_url(), "ClaimReview") == []


@pytest.mark.parametrize("state", ["proposed", "stale", "superseded", "withdrawn"])
def test_only_a_published_review_leaves(reader: Client, in_earnest: None, state: str) -> None:
    review = reviewed(state=state, withdrawal_reason="Errore." if state == "withdrawn" else "")
    response = reader.get(review.claim.get_absolute_url())
    assert response.status_code == 200
    assert "ClaimReview" not in response.content.decode()


@pytest.mark.parametrize(
    "hidden", [{"desk_only": True}, {"withdrawn_at": THEN, "withdrawal_reason": "Errore."}]
)
def test_a_claimant_who_is_not_named_does_not_leave(
    reader: Client, in_earnest: None, hidden: dict[str, object]
) -> None:
    claim = make_claim(claimant=make_source(name="Lia Canario", **hidden))
    make_review(make_appearance(claim=claim))
    assert "ClaimReview" not in reader.get(claim.get_absolute_url()).content.decode()
    assert "Canario" not in reader.get(claim.get_absolute_url()).content.decode()


def test_what_the_newsroom_itself_says_is_not_a_claim_of_somebody_else(
    reader: Client, in_earnest: None
) -> None:
    claim = make_claim(claimant=None)
    make_review(make_appearance(claim=claim))
    assert of_type(reader, claim.get_absolute_url(), "ClaimReview") == []


@pytest.mark.parametrize(("prefix", "words"), [("", "Ada Neri ha detto che: «"), ("/en", "Ada Neri said: “")])
def test_a_checked_attribution_reviews_that_it_was_said(
    reader: Client, in_earnest: None, prefix: str, words: str
) -> None:
    review = reviewed(judges="attribution", level=level("true"))
    (data,) = of_type(reader, prefix + review.claim.get_absolute_url(), "ClaimReview")
    assert data["claimReviewed"].startswith(words)
    assert "ratingValue" not in data["reviewRating"]
    assert data["reviewRating"]["alternateName"] not in ("Vero", "True")


@pytest.mark.parametrize(
    ("edtf", "out"),
    [
        ("2023", "2023"),
        ("2023-08", "2023-08"),
        ("2023-08-21", "2023-08-21"),
        ("2023-08~", None),
        ("2023?", None),
    ],
)
def test_a_date_leaves_only_as_precisely_as_it_is_known(
    reader: Client, in_earnest: None, edtf: str, out: str | None
) -> None:
    article = make_article(date=edtf)
    (data,) = of_type(reader, article.get_absolute_url(), "NewsArticle")
    assert data.get("datePublished") == out


def test_an_article_says_whose_it_is(reader: Client) -> None:
    (data,) = of_type(reader, SEED, "NewsArticle")
    assert data["publisher"] == {"@type": "Organization", "name": "ihal.it"}
    assert data["headline"] == "La strategia di Microsoft e la contromossa di OpenAI"
    assert data["isBasedOn"].startswith("https://ihal.it/")
    assert data["datePublished"] == "2023-08"


@pytest.mark.parametrize("words", ["</script><script>alert(1)</script>", "<!-- & -->", "\u2028“é”"])
def test_no_words_break_out_of_the_block(reader: Client, in_earnest: None, words: str) -> None:
    claim = make_claim(text=words, claimant=make_source())
    make_review(make_appearance(claim=claim))
    (data,) = of_type(reader, claim.get_absolute_url(), "ClaimReview")
    assert data["claimReviewed"] == words


def test_a_block_of_nothing_is_nothing() -> None:
    assert script(None) == ""
    assert json.loads(script({"a": "<&>"})) == {"a": "<&>"}
