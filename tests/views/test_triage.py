"""Triage of a pasted text: what was checked here, what is worth a call, the rest; and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from newsroom.forms.triage import LONGEST
from newsroom.models import Article, Claim, Deed, Original, User
from newsroom.presenters.triage import MOST_MATCHED, triage_page
from tests.making import LATER, make_appearance, make_article, make_claim, make_entity, make_review
from tests.reading import faults, tree

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]

PAGE = "/desk/triage/"
SAID = "La diga di Ridracoli fornisce acqua a cinquanta comuni della Romagna."
TEXT = f"{SAID} Il Comune di Forlì ha speso 12 milioni di euro nel 2022. Che bella giornata!"


@pytest.fixture
def desk(signed_in: SignedIn, reporter: User) -> Client:
    return signed_in(reporter)


def checked(words: str = SAID, **given):
    claim = make_claim(text=words)
    return make_review(make_appearance(claim=claim), **given)


def triaged(client: Client, text: str = TEXT, **given: str):
    answer = client.post(PAGE, {"text": text, "lang": "it", **given})
    assert (answer.status_code, faults(answer)) == (200, [])
    return tree(answer)


def lines(page, group: str) -> list[str]:
    return page.xpath(f"//section[@aria-labelledby='{group}-title']//li/p[@class='line-words']/text()")


def test_the_empty_page_is_whole_and_linked_from_where_one_looks(desk: Client) -> None:
    assert faults(desk.get(PAGE)) == []
    for page in ("/desk/", "/desk/articles/new/"):
        assert f'href="{PAGE}"' in desk.get(page).content.decode()


def test_a_name_that_is_known_here_makes_a_sentence_more_worth_a_call(desk: Client) -> None:
    said = "Ieri zefirotech ha chiuso tutto per protesta contro il traffico."
    before = triaged(desk, said)
    make_entity(name="zefirotech", kind="organisation")
    after = triaged(desk, said)
    whys = [" ".join(page.xpath("//p[contains(@class, 'triage-why')]/text()")) for page in (before, after)]
    assert whys[0] != whys[1]


def test_sentences_stand_in_three_groups_with_why(desk: Client) -> None:
    checked()
    page = triaged(desk)
    assert lines(page, "checked") == [SAID]
    assert lines(page, "worth") == ["Il Comune di Forlì ha speso 12 milioni di euro nel 2022."]
    assert lines(page, "rest") == ["Che bella giornata!"]
    [why] = page.xpath("//section[@aria-labelledby='worth-title']//p[contains(@class, 'triage-why')]/text()")
    assert "contiene una cifra" in why and "figure" not in why


def test_what_was_checked_comes_with_its_rating_its_link_and_a_sentence_to_copy(desk: Client) -> None:
    review = checked()
    page = triaged(desk)
    [link] = page.xpath("//div[contains(@class, 'triage-claim')]//a/@href")
    assert link == review.claim.get_absolute_url()
    [copied] = page.xpath("//input[@readonly]/@value")
    label = page.xpath(
        "string(//div[contains(@class, 'triage-claim')]//*[contains(@class, 'badge')])"
    ).strip()
    assert label and label in copied and SAID.rstrip(".") in copied
    assert copied.endswith(f"http://testserver{link}")


def test_a_denial_is_said_to_differ(desk: Client) -> None:
    checked()
    page = triaged(desk, "La diga di Ridracoli non fornisce acqua a cinquanta comuni della Romagna.")
    assert "non" in page.xpath("string(//div[contains(@class, 'triage-claim')])").lower()
    assert page.xpath("//div[contains(@class, 'triage-claim')]/p[contains(., '«non»')]")


def test_a_claim_that_nobody_checked_yet_is_worth_a_call_and_has_nothing_to_copy(desk: Client) -> None:
    claim = make_appearance(claim=make_claim(text=SAID)).claim
    page = triaged(desk)
    assert lines(page, "checked") == []
    assert SAID in lines(page, "worth")
    assert page.xpath("//div[contains(@class, 'triage-claim')]//a/@href") == [claim.get_absolute_url()]
    assert page.xpath("//input[@readonly]") == []


def test_a_claim_of_a_draft_leads_to_the_desk_and_cannot_be_copied(desk: Client) -> None:
    claim = make_claim(text=SAID)
    make_review(make_appearance(make_article(published_at=None), claim=claim))
    page = triaged(desk)
    assert lines(page, "checked") == [SAID]
    assert page.xpath("//div[contains(@class, 'triage-claim')]//a/@href") == [f"/desk/claims/{claim.code}/"]
    assert page.xpath("//input[@readonly]") == []


def test_what_was_withdrawn_is_not_found(desk: Client) -> None:
    claim = checked().claim
    Claim.objects.filter(pk=claim.pk).update(withdrawn_at=LATER, withdrawal_reason="Doppia.")
    assert lines(triaged(desk), "checked") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "obbligatorio"), (" \n ", "obbligatorio"), ("a " * LONGEST, str(LONGEST))],
)
def test_what_cannot_be_triaged_is_said_beside_the_field(desk: Client, text: str, said: str) -> None:
    answer = desk.post(PAGE, {"text": text, "lang": "it"})
    assert (answer.status_code, faults(answer)) == (422, [])
    assert said in tree(answer).xpath("string(//form[@method='post'][.//textarea])")


@pytest.mark.parametrize(
    "text",
    [
        "…",
        "123",
        "<script>alert(1)</script>",
        "{% now %}",
        "الجسر مغلق منذ أمس. قالت العمدة ذلك.",
        "𝕏" * 3000,
    ],
)
@pytest.mark.parametrize("lang", ["", "und"])
def test_any_text_is_answered_honestly(desk: Client, text: str, lang: str) -> None:
    answer = desk.post(PAGE, {"text": text, "lang": lang})
    assert answer.status_code in (200, 422)
    assert faults(answer) == []
    assert "<script>alert" not in answer.content.decode()


def test_of_an_unknown_language_the_page_says_so(desk: Client) -> None:
    assert triaged(desk, lang="und").xpath("//p[@class='notice']")
    assert not triaged(desk, lang="").xpath("//p[@class='notice']")


def test_an_index_that_cannot_be_read_is_said(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args, **_given):
        raise Unsearchable

    from newsroom.presenters import triage
    from newsroom.presenters.matched import Unsearchable

    checked()
    monkeypatch.setattr(triage, "matched_in", broken)
    page = triaged(desk)
    assert page.xpath("//*[@role='alert']")
    assert lines(page, "checked") == [] and SAID in lines(page, "worth") + lines(page, "rest")


def test_nothing_is_kept(desk: Client) -> None:
    def kept() -> list[int]:
        return [kind.objects.count() for kind in (Article, Claim, Deed, Original)]

    before = kept()
    triaged(desk)
    assert kept() == before


def test_however_long_the_text_and_many_the_claims_the_questions_are_bounded(desk: Client) -> None:
    text = " ".join(
        f"Nel {1900 + number} la diga di Ridracoli è costata {number} milioni." for number in range(90)
    )
    given = {"newsroom": "La redazione", "address": "https://a.example", "at": now()}
    counted = []
    for number in (3, 300):
        for made in Claim.objects.bulk_create(Claim(text=SAID) for _time in range(number)):
            assert made.pk
        with CaptureQueriesContext(connection) as queries:
            page = triage_page(text, "it", **given)
        counted.append(len(queries))
    assert page.left == 90 - MOST_MATCHED
    assert max(counted) <= 20


def test_a_sentence_of_few_words_is_not_held_against_claims() -> None:
    with CaptureQueriesContext(connection) as queries:
        page = triage_page("Di Ada. Di Eva.", "it", newsroom="", address="", at=now())
    assert len(queries) <= 8
    assert len(page.rest) == 2
