"""The desk's front page: what waits, the articles with their registers, what was done lately."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from newsroom.actions import articles, reviews
from newsroom.models import User
from tests.actions.revising import revise
from tests.making import (
    LATER,
    THEN,
    level,
    make_annotation,
    make_appearance,
    make_article,
    make_claim,
    make_crowd,
    make_review,
)
from tests.reading import faults, tree

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


def page_of(client: Client, query: str = ""):
    answer = client.get(f"/desk/{query}")
    assert (answer.status_code, faults(answer)) == (200, [])
    return tree(answer)


def section(page, name: str) -> str:
    return " ".join(page.xpath(f"string(//section[@aria-labelledby='{name}'])").split())


def test_what_waits_is_told_with_its_number_and_its_place(
    signed_in: SignedIn, reporter: User, editor: User
) -> None:
    article = make_article(headline="Il ponte")
    make_annotation(article, "Costerà dieci milioni")
    make_annotation(article, "la sindaca")
    revise(article, ("dieci", "dodici"), (", ha detto la sindaca", ""), by=editor)
    page = page_of(signed_in(reporter))
    assert "1 passo da ricontrollare.1 passo non è più nel testo." in section(page, "waiting-title")
    links = page.xpath("//section[@aria-labelledby='waiting-title']//a/@href")
    assert links == ["/desk/checks/", "/desk/orphans/"]
    (line,) = page.xpath("//section[@aria-labelledby='articles-title']//li[contains(., 'Il ponte')]")
    assert f"/desk/checks/?article={article.slug}" in line.xpath(".//a/@href")


@pytest.mark.parametrize(("who", "sees"), [("reporter", False), ("checker", False), ("editor", True)])
def test_proposals_wait_for_who_may_publish_them(
    signed_in: SignedIn, checker: User, who: str, sees: bool, request: pytest.FixtureRequest
) -> None:
    make_review(make_appearance(), state="proposed", author=checker)
    page = page_of(signed_in(request.getfixturevalue(who)))
    assert bool(page.xpath("//*[@id='to-approve']")) == sees


def test_nobody_is_asked_to_approve_their_own_proposal(signed_in: SignedIn, editor: User) -> None:
    make_review(make_appearance(), state="proposed", author=editor)
    assert not page_of(signed_in(editor)).xpath("//*[@id='to-approve']")


def test_stale_ratings_wait_for_everybody(signed_in: SignedIn, reporter: User) -> None:
    make_review(make_appearance(), state="stale")
    assert "Da riverificare" in section(page_of(signed_in(reporter)), "waiting-title")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Bozza", "Pubblico", "Ritirato"}),
        ("?state=drafts", {"Bozza"}),
        ("?state=public", {"Pubblico"}),
        ("?state=withdrawn", {"Ritirato"}),
        ("?state=odd", {"Bozza", "Pubblico", "Ritirato"}),
        ("?q=bozza", {"Bozza"}),
        ("?q=niente", set()),
        ("?page=99999999999999999999", {"Bozza", "Pubblico", "Ritirato"}),
        ("?page=uno", {"Bozza", "Pubblico", "Ritirato"}),
    ],
)
def test_articles_are_filtered_and_found(
    signed_in: SignedIn, reporter: User, query: str, shown: set[str]
) -> None:
    make_article(headline="Bozza", published_at=None)
    make_article(headline="Pubblico")
    make_article(headline="Ritirato", withdrawn_at=LATER, withdrawal_reason="Errore.")
    page = page_of(signed_in(reporter), query)
    found = set(page.xpath("//section[@aria-labelledby='articles-title']//h3/a/text()"))
    assert found & {"Bozza", "Pubblico", "Ritirato"} == shown


def test_what_was_done_lately_is_told_in_words_and_once(
    signed_in: SignedIn, reporter: User, editor: User
) -> None:
    article = articles.create(headline="Il ponte", html="<p>Testo.</p>", by=reporter, at=now())
    for number in (2, 3):
        articles.revise(
            article,
            html=f"<p>Testo {number}.</p>",
            kind="minor",
            note="Prova.",
            by=editor,
            at=now(),
            based_on=number - 1,
        )
    page = page_of(signed_in(reporter))
    lines = [" ".join(line.text_content().split()) for line in page.xpath("//ol[@class='deeds']/li")]
    assert any(line.startswith(f"{editor} ha cambiato il testo ×2 Il ponte") for line in lines)
    assert any(line.startswith(f"{reporter} ha creato l’articolo Il ponte") for line in lines)
    assert "article." not in section(page, "deeds-title")


def test_an_override_is_told_with_its_reason(signed_in: SignedIn, reporter: User, editor: User) -> None:
    editor.user_permissions.add(Permission.objects.get(codename="override_review"))
    review = make_review(claim=make_claim(accuses="yes", accused="il Comune"), state="proposed")
    by = User.objects.get(pk=editor.pk)
    reviews.publish(review, override_reason="Lo decide la direzione.", by=by, at=now())
    page = page_of(signed_in(reporter))
    lines = [" ".join(line.text_content().split()) for line in page.xpath("//ol[@class='deeds']/li")]
    told = f"{editor} ha derogato a una regola per una verifica «Lo decide la direzione.»"
    assert any(line.startswith(told) for line in lines)


def test_a_rating_that_went_stale_leads_to_where_it_is_reviewed(
    signed_in: SignedIn, editor: User, checker: User
) -> None:
    appearance = make_appearance()
    review = reviews.propose(
        appearance.claim,
        level=level("true"),
        summary="Lo dicono gli atti.",
        no_evidence_reason="Nessun documento.",
        appearance=appearance,
        by=checker,
        at=THEN,
    )
    reviews.publish(review, by=editor, at=THEN)
    revise(appearance.annotation.article, ("maggio", "giugno"), by=editor)
    links = page_of(signed_in(checker)).xpath("//section[@aria-labelledby='waiting-title']//a/@href")
    assert reverse("desk:claim", args=[appearance.claim.code]) in links


def test_the_page_asks_the_same_of_the_database_for_any_number_of_articles(
    signed_in: SignedIn, editor: User
) -> None:
    client = signed_in(editor)
    counted = []
    for number in (2, 12):
        for _time in range(number):
            article = make_article()
            make_crowd(article, 12)
            revise(article, ("dieci milioni", "dodici milioni"), by=editor)
        with CaptureQueriesContext(connection) as queries:
            page_of(client)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 24
