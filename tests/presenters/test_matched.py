"""Which claims are like another one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.models import Claim
from newsroom.models.search_entries import ClaimEntry
from newsroom.presenters.matched import MOST, Unsearchable, matched_claims, matched_in
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


@pytest.mark.parametrize("sentences", [1, 20])
def test_however_many_there_are_few_are_found_by_few_questions(sentences: int) -> None:
    counted = []
    for number in (5, 300):
        Claim.objects.bulk_create(Claim(text=DAM) for _time in range(number))
        with CaptureQueriesContext(connection) as queries:
            found = matched_in([DAM] * sentences, "it", among=Claim.objects.all())
        assert [len(some) for some in found] == [min(MOST, number)] * sentences
        counted.append(len(queries))
    # How rare words are, who holds them, who is among, their words in two queries, those found; a savepoint.
    assert counted[0] == counted[1] <= 6 + 2


def test_as_many_words_as_one_statement_cannot_ask_for() -> None:
    claim = make_claim(text=DAM)
    many = [" ".join(f"parola{one}{two}" for one in range(20)) for two in range(40)]
    found = matched_in([*many, DAM], "it", among=Claim.objects.all())
    assert [[one.claim for one in some] for some in found] == [[]] * 40 + [[claim]]


@pytest.mark.parametrize(
    "text", ["تزود السد خمسين بلدة بالمياه", "parola " * 100_000, "x" * 100_000, "\x00 \ud800"]
)
def test_whatever_is_asked_nothing_breaks(text: str) -> None:
    make_claim(text=DAM)
    assert matched_claims(text, "", among=Claim.objects.all()) == []


def test_an_arabic_claim_is_found_in_arabic() -> None:
    claim = make_claim(text="يزود السد خمسين بلدة بالمياه", lang="ar")
    [found] = matched_claims("السد يزود خمسين مدينة", "ar", among=Claim.objects.all())
    assert found.claim == claim


def test_where_the_index_is_broken_nothing_is_found_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    claim, other = make_claim(text=DAM), make_claim(text=DAM)
    assert similar_claims(claim) == [other]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("UPDATE newsroom_claimentry_index_data SET block = x'00ff00ff'")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE newsroom_claimentry DROP COLUMN everything")
    with pytest.raises(Unsearchable):
        matched_claims(DAM, "it", among=Claim.objects.all())
    assert similar_claims(claim) == []
    assert "rebuild_search" in caplog.text


def test_where_the_index_knows_no_word_nothing_is_found_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    claim = make_claim(text=DAM)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT INTO newsroom_claimentry_index(newsroom_claimentry_index) VALUES ('delete-all')"
            )
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE newsroom_claimentry ALTER COLUMN everything DROP EXPRESSION")
            cursor.execute("UPDATE newsroom_claimentry SET everything = ''")
    assert similar_claims(claim) == []
    assert "rebuild_search" in caplog.text


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


def test_frequent_words_are_looked_for_in_what_rarer_ones_found(monkeypatch):
    claim = make_claim(text="La diga di Ridracoli fornisce acqua pulita.")
    most = make_claim(text="Acqua pulita viene dalla diga di Forlì.")
    for _ in range(2 * Claim.objects.count()):
        make_claim(text="Una diga.")
    # What an earlier test may have kept of other claims.
    monkeypatch.setattr("newsroom.presenters.matched._kept", {})
    assert similar_claims(claim)[0] == most
    monkeypatch.setattr("newsroom.presenters.matched.MOST_LIKELY", 2)
    monkeypatch.setattr("newsroom.presenters.matched.FREQUENT", 1 / 2)
    monkeypatch.setattr("newsroom.presenters.matched.FEW", 0)
    asked = []
    first_with_each = ClaimEntry.first_with_each
    monkeypatch.setattr(
        ClaimEntry, "first_with_each", lambda terms, most: asked.append(terms) or first_with_each(terms, most)
    )
    assert similar_claims(claim) == [most]
    said = [token for terms in asked for term in terms for token in term.tokens]
    assert "=itacqua" in said and "=itdig" not in said, said


def test_words_that_too_many_claims_have_are_asked_for_by_the_rarest_and_all_of_them_count(monkeypatch):
    claim = make_claim(text="Acqua pulita dalla diga nuova di Forlì.")
    most = make_claim(text="Acqua pulita viene dalla diga nuova di Forlì.")
    for _ in range(3):
        make_claim(text="Acqua pulita a Forlì.")
        make_claim(text="Una diga nuova e ancora acqua.")
    monkeypatch.setattr("newsroom.presenters.matched._kept", {})
    # No word is in so few, none is asked for before the others, and of those only two.
    for name, number in (("FEW", 0), ("MOST_HITS", 1), ("MOST_FREQUENT", 2)):
        monkeypatch.setattr(f"newsroom.presenters.matched.{name}", number)
    asked = []
    first_with_each = ClaimEntry.first_with_each
    monkeypatch.setattr(
        ClaimEntry,
        "first_with_each",
        lambda terms, most: asked.append(len(terms)) or first_with_each(terms, 9),
    )
    assert similar_claims(claim)[0] == most
    assert asked == [0, 2]
