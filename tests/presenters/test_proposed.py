"""What is read out of a text, put together from the rooms that find it and from what the newsroom knows."""

from __future__ import annotations

from collections import Counter
from time import process_time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.models import Article, Entity, EntityAlias, Mention, Target
from newsroom.presenters import known_names
from newsroom.presenters import proposed as proposing
from newsroom.presenters.known_names import known_names as names_known
from newsroom.presenters.matched import Unsearchable
from newsroom.presenters.proposed import NothingLearned, proposed
from newsroom.text.check_worthiness import WORTH, SentenceModel, learned
from newsroom.text.proposed import Proposed
from tests.making import make_article, make_claim, make_entity, make_mention, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    known_names._kept.clear()


def words(article: Article, one: Proposed, role: str = "content") -> list[str]:
    text = article.current_revision.text
    return [text[part.start : part.end] for part in one.parts if part.role == role]


def of(article: Article, kind: str) -> list[Proposed]:
    return [one for one in proposed(article) if one.kind == kind]


def test_of_the_seed_all_names_are_proposed_and_nothing_else(rows: None) -> None:
    article = Article.objects.earliest("pk")
    tagged = Target.objects.current().filter(annotation__article=article, annotation__kind="mention")
    places = set(tagged.values_list("start", "end"))
    found = of(article, "mention")
    assert len(found) == 103 and {one.content[0] for one in found} <= places
    accepted = {
        (mention.annotation.targets.get().start): mention.entity_id
        for mention in Mention.objects.filter(annotation__article=article).exclude(entity=None)
    }
    first = [
        one.offers[0].key == accepted[one.content[0][0]] for one in found if one.content[0][0] in accepted
    ]
    assert sum(first) / len(first) > 0.95


def test_parts_stand_in_the_order_of_their_places_inside_the_text(rows: None) -> None:
    article = Article.objects.earliest("pk")
    length = len(article.current_revision.text)
    for one in proposed(article):
        starts = [part.start for part in one.parts]
        assert starts == sorted(starts)
        assert all(0 <= part.start < part.end <= length for part in one.parts)
        assert 0 <= one.confidence <= 1 and len(one.generator) <= 80


def test_who_says_it_is_offered_by_the_name_in_the_text() -> None:
    source = make_source(name="Mario Rossi")
    article = make_article(html="<p>Mario Rossi ha detto che il ponte è chiuso.</p>")
    [said] = of(article, "attribution")
    assert words(article, said) == ["il ponte è chiuso"]
    assert (words(article, said, "source"), words(article, said, "cue")) == (
        ["Mario Rossi"],
        ["ha detto che"],
    )
    assert [offered.key for offered in said.offers] == [source.pk]


def test_a_short_name_follows_the_long_one() -> None:
    article = make_article(html="<p>Il ministro Mario Rossi è a Roma. Rossi ha firmato.</p>")
    found = proposed(article)
    [short] = [one for one in found if one.kind == "mention" and words(article, one) == ["Rossi"]]
    assert words(article, found[short.follows]) == ["Mario Rossi"]


def test_only_sentences_that_are_worth_it_are_proposed_with_what_gave_them_away() -> None:
    article = make_article(
        html="<p>Che bella giornata di sole. Il ponte è costato dieci milioni, il doppio del 2020.</p>"
    )
    [claim] = of(article, "claim")
    assert words(article, claim) == ["Il ponte è costato dieci milioni, il doppio del 2020."]
    assert "figure" in dict(claim.reasons)


def test_what_was_learned_is_asked_too() -> None:
    sentences = [(f"Il ponte numero {number} è chiuso.", number % 2 == 0) for number in range(200)]
    model = SentenceModel.from_bytes(learned(sentences, kind=WORTH, lang="it").to_bytes())
    article = make_article(
        html="<p>Il ponte è costato dieci milioni, il doppio del 2020, dice il sindaco.</p>"
    )
    found = proposed(article, models=NothingLearned(worth=model))
    assert all("learned" in dict(one.reasons) for one in found if one.kind == "claim")


def test_the_queries_are_as_many_for_a_long_text_as_for_a_short_one() -> None:
    make_source(name="Mario Rossi")
    costs = []
    for times in (6, 30):
        article = make_article(html="<p>Mario Rossi ha detto che a Roma il ponte costa 10 euro.</p>" * times)
        names_known()
        with CaptureQueriesContext(connection) as queries:
            proposed(article)
        costs.append(len(queries))
    assert costs[0] == costs[1] < 60


def test_a_claim_that_says_the_same_is_offered_with_what_they_share() -> None:
    known = make_claim(text="Il ponte di Brescia è costato dieci milioni, il doppio del 2020.")
    make_claim(text="La scuola di Pavia riapre a settembre.")
    article = make_article(html="<p>Il ponte di Brescia è costato dieci milioni, il doppio del 2020.</p>")
    [claim] = of(article, "claim")
    assert claim.offers[0].key == known.pk
    [(code, shared)] = claim.offers[0].reasons
    assert code == "same" and "Brescia" in " ".join(shared)


def test_where_the_index_is_broken_no_claim_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **given: object) -> None:
        raise Unsearchable

    monkeypatch.setattr(proposing, "matched_in", broken)
    article = make_article(html="<p>Il ponte di Brescia è costato dieci milioni, il doppio del 2020.</p>")
    [claim] = of(article, "claim")
    assert claim.offers == ()


def test_the_seed_article_is_read_in_time(rows: None) -> None:
    """The bar is 150 ms once the models are loaded; the machine may be busy, so the best of five counts."""
    article = Article.objects.select_related("current_revision").earliest("pk")
    taken = []
    for _time in range(5):
        begun = process_time()
        proposed(article)
        taken.append(process_time() - begun)
    assert min(taken) < 0.15


# Names that are known


def test_names_are_made_once_and_again_when_one_changes() -> None:
    entity = make_entity(name="Ildegarda Bassi", kind="person")
    first = names_known()
    assert names_known() is first
    alias = EntityAlias.objects.create(entity=entity, name="La Ilde")
    second = names_known()
    assert second is not first and second.find("Dice La Ilde oggi")
    EntityAlias.objects.filter(pk=alias.pk).update(name="La Bassi")
    assert names_known().find("Dice La Bassi oggi")
    Entity.objects.filter(pk=entity.pk).update(
        withdrawn_at="2024-01-01T00:00:00Z", withdrawal_reason="Doppio."
    )
    assert not names_known().find("Ildegarda Bassi")


def test_namesakes_are_told_apart_by_the_words_near_accepted_mentions() -> None:
    one = make_entity(name="Marco Ferri", kind="person", description="")
    other = make_entity(name="Marco Ferri", kind="person", description="")
    for number in range(3):
        for entity, near in ((one, "tribunale avvocato giudice"), (other, "violino orchestra concerto")):
            article = make_article(html=f"<p>Caso {number}: {near} con Marco Ferri.</p>")
            make_mention(article, "Marco Ferri", entity=entity)
    article = make_article(html="<p>In orchestra, al concerto per violino, c'era Marco Ferri.</p>")
    [named] = [one for one in of(article, "mention") if words(article, one) == ["Marco Ferri"]]
    assert [offered.key for offered in named.offers] == [other.pk, one.pk]
    reasons = Counter(code for code, _words in named.offers[0].reasons)
    assert reasons["context"] == 1


def test_ten_thousand_names_are_read_in_two_queries(django_assert_num_queries) -> None:
    Entity.objects.bulk_create(
        Entity(name=f"Persona Numero{number}", kind="person", sort_key=f"persona numero{number}")
        for number in range(200)
    )
    names_known()
    with django_assert_num_queries(2):
        assert names_known().find("Ecco Persona Numero77.")
