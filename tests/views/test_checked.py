"""Was this checked already? What a reader is told of a sentence, and what never."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsroom.models import Annotation, Newsroom, Review
from newsroom.models.search_entries import ClaimEntry
from newsroom.outside.counters import Counters
from newsroom.presenters.checked import LONGEST, MOST, MOST_SENTENCES
from newsroom.presenters.matched import MOST_WORDS
from newsroom.views import pacing
from tests.making import LATER, make_appearance, make_article, make_assignment, make_claim, make_review
from tests.reading import faults, tree

pytestmark = pytest.mark.django_db

DAM = "La diga di Ridracoli fornisce acqua a 50 comuni della Romagna."
ASKED = "È vero che la diga di Ridracoli dà l’acqua a 50 comuni romagnoli?"


def ask(reader: Client, typed: str, *, lang: str = "it", status: int = 200) -> HttpResponse:
    response = reader.get(f"{'/en' if lang == 'en' else ''}/checked/?{urlencode({'q': typed})}")
    assert response.status_code == status
    assert faults(response) == []
    assert not response.cookies
    return response


def told(response: HttpResponse) -> list[str]:
    return [" ".join(title.text_content().split()) for title in tree(response).cssselect(".lines h3")]


def text(response: HttpResponse) -> str:
    return " ".join(tree(response).cssselect("main")[0].text_content().split())


def rate(words: str = DAM, **given: object) -> Review:
    return make_review(make_appearance(claim=make_claim(text=words)), **given)


# What is told


def test_the_claim_that_says_the_same_comes_first_with_rating_day_and_link(reader: Client) -> None:
    far, near = rate("La diga di Ridracoli ha un museo."), rate()
    response = ask(reader, ASKED)
    assert told(response) == [DAM, far.claim.text]
    line = tree(response).cssselect(".lines li")[0]
    assert line.cssselect("h3 a")[0].get("href") == near.claim.get_absolute_url()
    assert line.cssselect(".badge svg") and "Falso" in line.text_content()
    assert line.cssselect("time")[0].get("datetime")[:10] == near.published_at.date().isoformat()
    assert "In comune: Ridracoli, 50, diga, acqua, comuni" in " ".join(line.text_content().split())
    assert not line.cssselect(".checked-differs")


@pytest.mark.parametrize(
    ("asked", "difference"),
    [
        ("La diga di Ridracoli non fornisce acqua a 50 comuni.", "Una delle due dice «non»."),
        ("La diga di Ridracoli fornisce acqua a 70 comuni.", "Le cifre sono diverse."),
    ],
)
def test_what_turns_a_sentence_round_is_said_beside_the_claim(
    reader: Client, asked: str, difference: str
) -> None:
    rate()
    (said,) = tree(ask(reader, asked)).cssselect(".checked-differs")
    assert difference in said.text_content()


def test_a_text_is_looked_for_sentence_by_sentence(reader: Client) -> None:
    rate()
    museum = rate("Il museo della diga di Ridracoli apre di domenica.")
    response = ask(reader, f"{DAM} Ho fame davvero. Di domenica apre il museo della diga.")
    titles = [title.text_content() for title in tree(response).cssselect("h2")]
    assert titles[:3] == [
        f"«{DAM}»",
        "«Di domenica apre il museo della diga.»",
        "Nulla di ciò che abbiamo valutato dice questo",
    ]
    assert museum.claim.text in told(response)
    assert [one.text for one in tree(response).cssselect(".checked-unsaid li")] == ["«Ho fame davvero.»"]


def test_of_a_long_text_the_first_sentences_are_looked_for_and_that_is_said(reader: Client) -> None:
    rate()
    response = ask(reader, "Ho fame davvero. " * MOST_SENTENCES + DAM)
    assert told(response) == []
    assert "solo le prime frasi" in text(response)


def test_a_rating_in_doubt_says_so(reader: Client) -> None:
    rate(state=Review.State.STALE)
    assert "Da riverificare" in text(ask(reader, ASKED))


def test_of_many_a_few_are_told(reader: Client) -> None:
    for _ in range(MOST + 3):
        rate()
    assert len(told(ask(reader, ASKED))) == MOST


def test_it_speaks_english_under_its_address(reader: Client) -> None:
    rate()
    assert "Rated on" in text(ask(reader, ASKED, lang="en"))


# What is not told


def test_nothing_is_no_rating_and_there_is_something_to_do(reader: Client) -> None:
    Newsroom.objects.update(email="redazione@example.org")
    response = ask(reader, "Le balene azzurre cantano & <b>ballano</b>")
    said = text(response)
    assert "Nulla di ciò che abbiamo valutato dice questo" in said
    assert not tree(response).cssselect(".badge") and "verificabile" not in said
    ways = [way.get("href") for way in tree(response).cssselect(".checked-ways a")]
    assert ways[0] == "/search/?q=Le+balene+azzurre+cantano+%26+%3Cb%3Eballano%3C%2Fb%3E"
    assert ways[1:3] == ["/claims/", "/method/"]
    assert ways[3].startswith("mailto:redazione@example.org?subject=Da%20verificare&body=Le%20balene")
    for way in ways[:3]:
        assert reader.get(way).status_code == 200


def test_what_is_not_public_or_not_rated_is_not_told(reader: Client) -> None:
    make_review(make_appearance(make_article(published_at=None), claim=make_claim(text=DAM)))
    make_review(
        make_appearance(make_article(published_at=LATER.replace(year=2300)), claim=make_claim(text=DAM))
    )
    make_review(
        make_appearance(claim=make_claim(text=DAM), state=Annotation.State.SUGGESTED, generator="prova 1")
    )
    make_review(make_appearance(claim=make_claim(text=DAM, withdrawn_at=LATER, withdrawal_reason="Doppia.")))
    make_review(claim=make_claim(text=DAM))
    for state in (Review.State.PROPOSED, Review.State.CHANGES, Review.State.APPROVED):
        rate(state=state)
    make_assignment(claim=make_appearance(claim=make_claim(text=DAM)).claim)
    make_appearance(claim=make_claim(text=DAM))
    assert told(ask(reader, ASKED)) == []


def test_only_the_bare_page_is_for_search_engines(reader: Client, settings) -> None:
    settings.DEMO = False
    assert tree(ask(reader, ASKED)).cssselect("meta[name=robots]")[0].get("content") == "noindex"
    bare = reader.get("/checked/")
    assert not tree(bare).cssselect("meta[name=robots]") and not bare.cookies


def test_no_form_of_it_sends_a_token(reader: Client) -> None:
    for address in ("/", "/checked/"):
        (form,) = tree(reader.get(address)).cssselect("form.checked-form")
        assert form.get("method") is None
        assert [field.get("name") for field in form.cssselect("input, textarea")] == ["q"]


# What nobody should type


@pytest.mark.parametrize(
    "typed", ["", "  ", "\0", "…?!", "a", "\ud83d", "%", "<script>alert(1)</script>", "'; DROP TABLE x; --"]
)
def test_whatever_is_typed_is_answered(reader: Client, typed: str) -> None:
    response = ask(reader, typed.encode("utf-8", "surrogatepass"))
    assert b"<script>alert" not in response.content


def test_what_was_typed_is_kept_line_for_line(reader: Client) -> None:
    typed = "\n«Uno» & due.\r\nTre <b>"
    (field,) = tree(ask(reader, typed)).cssselect("#checked-words")
    assert field.text_content().strip().splitlines() == ["«Uno» & due.", "Tre <b>"]


def test_too_long_is_said_and_kept(reader: Client) -> None:
    ask(reader, "x" * LONGEST)
    ask(reader, "x\r\n" * (LONGEST // 2))
    response = ask(reader, "x " * LONGEST, status=422)
    assert f"{2 * LONGEST - 1} caratteri" in text(response)
    (field,) = tree(response).cssselect("#checked-words")
    assert field.get("aria-invalid") == "true"
    assert field.text.count("x") == LONGEST
    assert response["Cache-Control"] == "no-store"


def break_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {ClaimEntry._meta.db_table} RENAME TO gone")


def test_a_broken_index_is_a_fault_of_ours_and_not_an_answer(reader: Client) -> None:
    rate()
    break_index()
    response = ask(reader, ASKED, status=503)
    assert "è un nostro guasto" in text(response)
    assert "Nulla di ciò" not in text(response)
    answer = reader.get("/api/v1/claims/match", {"q": ASKED})
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")


def test_who_asks_too_often_is_told_when_to_ask_again(
    reader: Client, settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.PACES = settings.PACES | {"checked": 2}
    monkeypatch.setattr(pacing, "time", lambda: 60_020.5)
    monkeypatch.setattr(pacing, "counters", Counters(tmp_path / "counters", key="tests"))
    rate()
    for _ in range(2):
        ask(reader, ASKED)
    response = ask(reader, ASKED, status=429)
    assert response["Retry-After"] == "40"
    assert "Riprova tra 40 secondi" in text(response)
    assert reader.get("/checked/").status_code == 200


# What it costs


def test_the_questions_are_as_many_as_the_words_whatever_is_known(reader: Client) -> None:
    counted = []
    for number in (1, 40):
        for _ in range(number):
            rate()
        with CaptureQueriesContext(connection) as queries:
            ask(reader, ASKED)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= MOST_WORDS + 10


# The same for programs


def test_programs_are_told_the_same(reader: Client) -> None:
    review = rate()
    asked = f"Ho fame davvero. {ASKED.replace('50', '70')}"
    answer = reader.get("/api/v1/claims/match", {"q": asked, "lang": "it"})
    assert answer.status_code == 200 and answer["ETag"]
    hungry, dam = answer.json()["passages"]
    assert hungry == {"text": "Ho fame davvero.", "start": 0, "end": 16, "matches": []}
    assert asked[dam["start"] : dam["end"]] == dam["text"]
    (match,) = dam["matches"]
    assert match["claim"]["id"] == str(review.claim.uuid)
    assert match["claim"]["status"] == "rated" and match["claim"]["rating"]["key"] == "false"
    assert match["shared"] == {
        "words": ["diga", "acqua", "comuni"],
        "names": ["Ridracoli"],
        "figures": [],
    }
    assert (match["negation_differs"], match["figures_differ"]) == (False, True)
    again = reader.get(
        "/api/v1/claims/match", {"q": asked, "lang": "it"}, headers={"If-None-Match": answer["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("lang", ["", "xx", "it-CH", "tlh-Latn", "…"])
def test_any_language_may_be_named(reader: Client, lang: str) -> None:
    rate()
    assert reader.get("/api/v1/claims/match", {"q": ASKED, "lang": lang}).status_code == 200


def test_programs_are_refused_what_is_too_long(reader: Client) -> None:
    answer = reader.get("/api/v1/claims/match", {"q": "x " * LONGEST})
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert reader.get("/api/v1/claims/match").status_code == 422
    assert reader.get("/api/v1/claims/match", {"q": ""}).json()["passages"] == []


# Where it is found


def test_it_is_linked_where_readers_look(reader: Client) -> None:
    for address in ("/", "/claims/", "/search/?q=inesistente"):
        assert tree(reader.get(address)).cssselect("main [href^='/checked/'], main [action='/checked/']"), (
            address
        )
    assert tree(reader.get("/method/")).cssselect(".footer [href='/checked/']")
    assert not tree(reader.get("/search/?q=microsoft")).cssselect("main [href^='/checked/']")
