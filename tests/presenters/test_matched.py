"""Which claims are like another one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.models import Claim
from newsroom.presenters.matched import MOST, matched_in
from newsroom.presenters.matched import similar_claims as matched
from tests.making import LATER, make_claim

pytestmark = pytest.mark.django_db


def similar_claims(claim: Claim) -> list[Claim]:
    return [found.claim for found in matched(claim)]


DAM = "La diga di Ridracoli fornisce acqua a cinquanta comuni della Romagna."


def test_another_wording_of_the_same_is_found_and_comes_first() -> None:
    claim = make_claim(text=DAM)
    far = make_claim(text="La diga di Ridracoli ha un museo.")
    near = make_claim(text="Cinquanta comuni romagnoli bevono acqua fornita dalla diga di Ridracoli.")
    make_claim(text="In Romagna ci sono molte spiagge.")
    assert similar_claims(claim)[:1] == [near]
    assert set(similar_claims(claim)) <= {near, far}


def test_other_languages_find_it_by_their_wording() -> None:
    claim = make_claim(text=DAM)
    other = make_claim(text="The Ridracoli dam supplies fifty towns.", lang="en")
    other.wordings.create(lang="it", text="La diga di Ridracoli fornisce acqua a cinquanta città.")
    assert similar_claims(claim) == [other]


def test_neither_itself_nor_what_was_withdrawn_is_among_them() -> None:
    claim = make_claim(text=DAM)
    make_claim(text=DAM, withdrawn_at=LATER, withdrawal_reason="Doppia.")
    assert similar_claims(claim) == []


def test_what_shares_one_word_is_not_like_it() -> None:
    claim = make_claim(text=DAM)
    make_claim(text="Ridracoli è bella.")
    assert similar_claims(claim) == []


@pytest.mark.parametrize("text", ["…", "È vero", "-", '"', "a b c"])
def test_a_claim_of_few_words_breaks_nothing(text: str) -> None:
    assert similar_claims(make_claim(text=text)) == []


def test_however_many_there_are_few_are_found_by_few_questions() -> None:
    claim = make_claim(text=DAM)
    counted = []
    for number in (5, 300):
        Claim.objects.bulk_create(Claim(text=DAM) for _time in range(number))
        with CaptureQueriesContext(connection) as queries:
            assert len(similar_claims(claim)) == min(MOST, number)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 7


def test_each_sentence_of_a_text_is_answered_in_its_place() -> None:
    dam = make_claim(text=DAM)
    books = make_claim(text="Il comune di Milano ha speso 12.400 euro per i libri.")
    sentences = (
        "A Milano 12.400 euro sono stati spesi per libri.",
        "…",
        "La diga di Ridracoli dà acqua ai comuni.",
    )
    found = matched_in(sentences, "it", among=Claim.objects.all())
    assert [[one.claim for one in some] for some in found] == [[books], [], [dam]]
