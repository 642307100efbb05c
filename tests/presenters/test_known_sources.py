"""Which sources the words of a text stand for."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from newsroom.models import Article, EntityAlias, Source
from newsroom.presenters import tag_form
from newsroom.presenters.known_sources import Fit, Known, linked
from tests.making import LATER, make_article, make_attribution, make_entity, make_mention, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_article()


def person(name: str, **given: Any) -> Source:
    return make_source(name=name, kind="person", **given)


def of(article: Article, words: str, *others: str) -> tuple[Known, ...]:
    return linked(article, [words, *others])[words]


def sources(article: Article, words: str, *others: str) -> list[Source]:
    return [known.source for known in of(article, words, *others)]


@pytest.mark.parametrize(
    ("words", "fit"),
    [
        ("Mario Rossi", Fit.NAME),
        ("MARIO  ROSSI", Fit.NAME),
        ("il ministro Mario Rossi", Fit.WITHIN),
        ("Mario Rossi, sindaco di Bra", Fit.WITHIN),
        ("il portavoce di Mario Rossi", Fit.PART),
        ("the spokesman of Mario Rossi", Fit.PART),
    ],
)
def test_a_source_is_known_by_its_name_and_by_what_stands_around_it(
    article: Article, words: str, fit: Fit
) -> None:
    rossi = person("Mario Rossi")
    [known] = of(article, words)
    assert (known.source, known.fit, known.sure) == (rossi, fit, fit is not Fit.PART)


def test_a_source_is_known_by_the_names_of_its_entity(article: Article) -> None:
    agency = make_entity(name="Agenzia delle Entrate")
    EntityAlias.objects.create(entity=agency, name="AdE")
    source = make_source(name="L'Agenzia", entity=agency)
    for words in ("l’AdE", "AdE", "Agenzia delle Entrate"):
        [known] = of(article, words)
        assert (known.source, known.fit) == (source, Fit.ALIAS)


def test_a_surname_stands_for_whom_the_article_has_in_full(article: Article) -> None:
    rossi = person("Mario Rossi")
    assert of(article, "Rossi") == ()
    [known] = of(article, "Rossi", "Mario Rossi")
    assert (known.source, known.fit, known.sure) == (rossi, Fit.SHORT, True)
    make_attribution(article, source=rossi)
    assert sources(article, "Rossi") == sources(article, "il signor Rossi") == [rossi]
    assert of(article, "la sorella di Rossi") == ()


def test_a_surname_stands_for_whose_entity_the_article_names(article: Article) -> None:
    entity = make_entity(name="Mario Rossi")
    rossi = person("Mario Rossi", entity=entity)
    make_mention(article, "la sindaca", entity=entity)
    assert sources(article, "Rossi") == [rossi]


def test_the_last_word_of_an_organisation_is_not_its_short_form(article: Article) -> None:
    bank = make_source(name="Banca d'Italia", kind="organisation")
    make_attribution(article, source=bank)
    assert of(article, "Italia") == ()


def test_of_namesakes_who_speaks_here_comes_first_and_then_who_speaks_most(article: Article) -> None:
    first, here, often = (person("Ada Neri", description=words) for words in ("a", "b", "c"))
    for _ in range(2):
        make_attribution(make_article(), source=often)
    assert sources(article, "Ada Neri") == [often, first, here]
    assert not of(article, "Ada Neri")[0].sure
    make_attribution(article, source=here)
    assert sources(article, "Ada Neri") == [here, often, first]
    assert [known.sure for known in of(article, "Ada Neri")] == [True, False, False]


def test_a_source_that_was_withdrawn_is_not_offered(article: Article) -> None:
    person("Ada Neri", withdrawn_at=LATER, withdrawal_reason="Doppia.")
    assert of(article, "Ada Neri") == ()


def test_all_words_of_an_article_cost_the_same_few_queries(article: Article) -> None:
    counted = []
    for number in (1, 60):
        words = [f"il ministro Ada Neri {index}" for index in range(number)]
        for index in range(number):
            person(f"Ada Neri {index}", description=str(number))
        with CaptureQueriesContext(connection) as queries:
            assert all(linked(article, words).values())
        counted.append(len(queries))
    assert counted[0] == counted[1] == 7
    with CaptureQueriesContext(connection) as queries:
        assert linked(article, []) == {}
    assert not queries.captured_queries


def test_the_form_of_a_tag_begins_with_the_source() -> None:
    rossi = person("Mario Rossi")
    text = "Il ponte è sicuro, ha detto il ministro Mario Rossi. «È chiuso da ieri», ha aggiunto Rossi."
    article = make_article(html=f"<p>{text}</p>")
    assert tag_form.guess(article, 0, 17)["source"] == rossi.code
    make_attribution(article, ["Il ponte è sicuro"], source=rossi)
    start = text.index("È chiuso")
    assert tag_form.guess(article, start, start + 16)["source"] == rossi.code


class WhateverIsAsked(TestCase):
    @given(st.lists(st.text(max_size=80), max_size=5))
    def test_it_is_answered(self, words: list[str]) -> None:
        assert linked(Article.objects.first(), words).keys() == set(words)
