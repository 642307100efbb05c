"""Comments are for the desk alone: no public address says a word of one, whatever is asked of it.

The addresses are read off the URL configuration, so one that is added later is asked as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from newsroom.actions import comments
from newsroom.models import Annotation, Article, Claim, Comment, Entity, Source, Thread, User
from newsroom.presenters.sitemaps import KINDS
from tests.making import (
    HTML,
    LATER,
    make_appearance,
    make_article,
    make_attribution,
    make_evidence,
    make_mention,
    make_review,
    make_revision,
)
from tests.reading import said_by

pytestmark = pytest.mark.django_db

CANARIES = ("gheppio", "canarino", "cardellino", "fringuello")
#: What readers have no business with.
INSIDE = ("admin", "desk")


@pytest.fixture
def public_article(reporter: User, checker: User) -> Article:
    """An article with two texts and everything in it commented on: open, changed, resolved, on a claim."""
    article = make_article(original_url="https://example.org/ponte")
    reviewed = make_appearance(article)
    make_review(reviewed)
    make_evidence(reviewed.claim, quotation="Aprirà a giugno.")
    subjects = [
        reviewed.annotation,
        reviewed.claim,
        make_attribution(article).annotation,
        make_mention(article, "la sindaca").annotation,
    ]
    for subject, canary in zip(subjects, CANARIES, strict=True):
        written = comments.comment(subject, body=f"@checker, un {canary}.", by=reporter, at=LATER)
        comments.comment(written.thread, body=f"Sì, un {canary}!", by=checker, at=LATER)
        comments.edit(written, body=f"@checker, un {canary}?", by=reporter, at=LATER)
    comments.resolve(Thread.objects.on(subjects[0]).get(), by=checker, at=LATER)
    article.current_revision = make_revision(article, html=HTML.replace("maggio", "giugno"), at=LATER)
    article.save()
    return article


def public_patterns() -> Iterator[tuple[str, URLPattern]]:
    """Every address that is not the desk's or the admin's, by the name that `reverse` knows."""

    def inside(resolver: URLResolver, namespace: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                yield f"{namespace}{pattern.name}", pattern
            elif pattern.namespace not in INSIDE:
                yield from inside(
                    pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                )

    return inside(get_resolver(), "")


def values(name: str, article: Article) -> list[object]:
    """What might stand at this place of an address: all that the desk spoke about, and what it said."""
    threads = Thread.objects.all()
    rows = [article, *Annotation.objects.filter(article=article), *threads]
    rows += [row for thread in threads for row in thread.comments.all()]
    claims = Claim.objects.filter(appearances__annotation__article=article)
    named = [*claims, *Source.objects.filter(attributions__annotation__article=article)]
    named += Entity.objects.filter(mentions__annotation__article=article)
    return {
        "slug": [article.slug],
        "address": [f"x-{row.code}" for row in [*named, *rows]],
        "code": [row.code for row in [*named, *rows]],
        "uuid": [row.uuid for row in [*named, *rows]],
        "id": [row.uuid for row in [*named, *rows]],
        "rest": ["nothing"],
        "secret": ["nothing"],
        "uidb36": ["1"],
        "key": ["set-password"],
        "pk": [1],
        "number": [1, 2],
        "before": [1],
        "after": [2],
        "kind": list(KINDS),
    }[name]


def addresses(article: Article) -> Iterator[tuple[str, str]]:
    for name, pattern in public_patterns():
        places = list(pattern.pattern.converters)
        for given in product(*(values(place, article) for place in places)):
            yield name, reverse(name, kwargs=dict(zip(places, given, strict=True)))


@pytest.mark.parametrize("lang", ["it", "en"])
def test_no_public_address_says_a_word_of_a_comment(
    reader: Client, public_article: Article, lang: str
) -> None:
    answered = set()
    secret = [*CANARIES, *(row.code for model in (Thread, Comment) for row in model.objects.all())]
    with translation.override(lang):
        asked = list(addresses(public_article))
    for name, address in asked:
        for headers in ({}, {"HX-Request": "true"}):
            query = {"layer": ["claims", "attributions", "entities"]}
            answer = reader.get(address, query, headers=headers, follow=True)
            told = said_by(answer) + str(answer.headers)
            told = told.replace(address.removeprefix("/en"), "")  # what was asked may be repeated
            assert not [word for word in secret if word in told], address
            if answer.status_code == 200:
                answered.add(name)
    assert {"robots", *(f"reader:{name}" for name in ("front", "article", "claim", "claim-card"))} <= answered
    assert {f"reader:{name}" for name in ("source", "entity", "history", "changes", "revision")} <= answered


def test_the_desk_says_them(public_article: Article, reporter: User) -> None:
    """The canaries do sing: what is asked above would be heard."""
    client = Client()
    client.force_login(reporter)
    page = client.get(reverse("desk:threads-article", args=[public_article.slug]), {"state": "all"})
    assert all(canary in page.content.decode() for canary in CANARIES)
