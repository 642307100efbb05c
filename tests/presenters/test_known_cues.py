"""The newsroom's own cues are read wherever it is asked who says what."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.models import Cue
from newsroom.presenters import tag_form
from newsroom.presenters.known_cues import lexicon_for
from newsroom.text.attribution import ENGLISH, ITALIAN, attributions
from newsroom.text.redaction import MASK
from tests.making import make_article, make_cue

pytestmark = pytest.mark.django_db

SAID = "La giunta sapeva, ha berciato l'assessora Ada Neri."


def found(text: str, lang: str = "it") -> int:
    return len(attributions(text, lang=lang, lexicon=lexicon_for(lang)))


def test_a_newsroom_without_cues_has_those_of_every_newsroom() -> None:
    assert lexicon_for("it") is ITALIAN
    assert lexicon_for("en-GB") is ENGLISH
    assert lexicon_for("ar") is None


def test_a_cue_is_known_at_once_in_its_language_and_gone_when_it_is_put_to_rest() -> None:
    assert found(SAID) == 0
    cue = make_cue(words="berciare")
    assert found(SAID) == 1
    assert lexicon_for("en") is ENGLISH
    Cue.objects.filter(pk=cue.pk).update(active=False)
    assert found(SAID) == 0


@pytest.mark.parametrize(
    ("kind", "words", "text"),
    [
        (
            "preposition",
            "a giudizio insindacabile di",
            "A giudizio insindacabile della sindaca il ponte è chiuso.",
        ),
        ("noun", "spiffero/spifferi", "Lo spiffero della sindaca che il ponte è chiuso ha stupito tutti."),
        ("verb", "mettere nero", "La sindaca ha messo nero che il ponte è chiuso."),
    ],
)
def test_each_kind_of_cue_finds_its_sentence(kind: str, words: str, text: str) -> None:
    before = found(text)
    make_cue(kind=kind, words=words)
    assert found(text) > before


def test_it_costs_one_query_and_builds_the_same_lexicon_once() -> None:
    make_cue(words="berciare")
    with CaptureQueriesContext(connection) as queries:
        assert lexicon_for("it") is lexicon_for("it")
    assert len(queries) == 2


def test_a_cue_whose_words_were_erased_is_left_out_and_the_others_are_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    make_cue(words=MASK)
    make_cue(words="berciare")
    assert found(SAID) == 1
    assert "left out" in caplog.text


def test_the_form_of_a_tag_begins_with_what_a_new_cue_finds() -> None:
    article = make_article(html=f"<p>{SAID}</p>")
    assert tag_form.guess(article, 0, 16) == {}
    make_cue(words="berciare")
    guessed = tag_form.guess(article, 0, 16)
    assert guessed["words"] == "La giunta sapeva" and guessed["cue_words"] == "ha berciato"
