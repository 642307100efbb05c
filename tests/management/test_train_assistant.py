"""`manage.py train_assistant`: from the newsroom's own tags, measured, kept if not worse."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from newsroom.actions import learning
from newsroom.models import Annotation, Article, Deed, Entity, Erasure, TrainedModel, User
from newsroom.presenters import teaching
from newsroom.presenters.learned import learned_models
from newsroom.tasks import training
from tests.making import (
    LATER,
    make_annotation,
    make_appearance,
    make_article,
    make_claim,
    make_entity,
    make_mention,
    make_user,
)

pytestmark = pytest.mark.django_db

#: Names that no rule takes for one: only who learned them finds them.
NAMES = ("velmo", "tarsia", "brenta")
FACT, OPINION, REST = "velmo ha perso {} milioni di euro.", "Che pena vedere velmo ridotto così.", "Piove."


@pytest.fixture(autouse=True)
def little_is_enough(monkeypatch: pytest.MonkeyPatch, rows: None) -> None:
    monkeypatch.setattr(training, "LEAST_NAMES", 10)
    monkeypatch.setattr(training, "LEAST_SENTENCES", 5)
    Article.objects.update(lang="de")  # the seed has but one


@pytest.fixture
def tagged(editor: User) -> list[Article]:
    """Articles with names and claims, tagged whole: ten to learn from, four held back."""
    return [tag(article) for article in made(learn=10, hold=4)]


def made(*, learn: int, hold: int) -> Iterator[Article]:
    wanted = {False: learn, True: hold}
    for number in range(1, 400):
        uuid = UUID(int=number)
        if wanted[teaching.is_held(uuid)]:
            wanted[teaching.is_held(uuid)] -= 1
            sentences = [
                FACT.format(number),
                f"Ieri tarsia {number} ha chiuso.",
                OPINION,
                REST,
                "Poi brenta.",
            ]
            yield make_article(html=f"<p>{' '.join(sentences)}</p>", uuid=uuid)


def tag(article: Article) -> Article:
    person = User.objects.first() or make_user()
    text = article.current_revision.text
    for name in NAMES:
        entity = Entity.objects.filter(name=name).first() or make_entity(name=name, kind="product")
        make_mention(article, name, entity=entity)
    fact = text[: text.index(".") + 1]
    make_appearance(article, fact, claim=make_claim(kind="statistic"), by=person)
    make_appearance(article, OPINION, claim=make_claim(kind="opinion"), by=person)
    make_annotation(article, REST, kind="claim", state="rejected", generator="worth", by=person)
    return article


def train(**given: Any) -> str:
    said = StringIO()
    call_command("train_assistant", **({"username": "editor", "stdout": said, "verbosity": 0} | given))
    return said.getvalue()


def test_a_newsroom_without_tags_is_told_so_and_goes_by_rules() -> None:
    said = train()
    assert said.count("too little to learn from, the rules are used") == 6
    assert not TrainedModel.objects.exists() and not Deed.objects.filter(verb="assistant.train").exists()


def test_it_learns_all_three_kinds_and_says_how_well(tagged: list[Article], editor: User) -> None:
    said = train(lang="it")
    assert said.count("in use from now on") == 3
    rows = {row.kind: row for row in TrainedModel.objects.in_use()}
    assert set(rows) == set(TrainedModel.Kind.values)
    assert {(row.articles, row.held_articles, row.by) for row in rows.values()} == {(10, 4, editor)}
    assert rows["names"].examples == 30 and rows["worth"].rejections == 10
    assert rows["names"].before == 0 and rows["names"].after > 0.9
    assert (
        "names it: 10 articles with 30 examples and 0 rejections, 4 held back; exact F1 0.000 before" in said
    )
    assert Deed.objects.filter(verb="assistant.train").count() == 3
    found = learned_models("it")
    assert found.names and found.worth and found.opinions
    assert [
        [name.kind for name in names]
        for names in found.names.read([["Ieri", "tarsia", "3", "ha", "chiuso", "."]])
    ] == [["product"]]
    assert found.opinions.probability(OPINION) > 0.5 > found.opinions.probability(FACT)


def test_nothing_new_is_not_learned_twice_and_what_is_new_is(tagged: list[Article]) -> None:
    train(kind="names", lang="it")
    assert "nothing new since the last training" in train(kind="names", lang="it")
    tag(make_article(html=tagged[0].current_revision.html))
    assert "exact F1" in train(kind="names", lang="it")


def test_a_trial_keeps_nothing(tagged: list[Article]) -> None:
    assert "would be kept" in train(kind="worth", lang="it", dry_run=True)
    assert not TrainedModel.objects.exists()


def test_what_is_worse_than_what_is_in_use_is_not_kept(
    tagged: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    train(kind="opinion", lang="it")
    make_appearance(tagged[0], "Poi brenta.", claim=make_claim(kind="fact"))
    before = learned_models("it").opinions
    figures = iter([0.9, 0.4])
    monkeypatch.setattr(training, "macro_f1", lambda pairs: next(figures))
    assert "0.900 before, 0.400 after" in (said := train(kind="opinion", lang="it"))
    assert "worse, so not kept" in said
    assert learned_models("it").opinions is before


def test_an_article_in_which_something_waits_teaches_nothing_yet(tagged: list[Article]) -> None:
    make_annotation(tagged[0], REST, kind="mention", state="suggested", generator="rules")
    about = teaching.taught(Annotation.Kind.MENTION, "it", most=50)
    assert len(about) == len(tagged) - 1
    assert len(teaching.taught(Annotation.Kind.CLAIM, "it", most=50)) == len(tagged)


def test_an_interruption_leaves_nothing_half(tagged: list[Article], monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_args: Any, **_given: Any) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "trained", stopped)
    with pytest.raises(CommandError, match="Interrupted"):
        train(lang="it")
    assert not TrainedModel.objects.exists()


def test_words_that_are_erased_meanwhile_are_in_no_model(
    tagged: list[Article], editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = training.macro_f1

    def meanwhile(pairs: Any) -> float:
        Erasure.objects.create(by=editor, at=LATER, reason="Sentenza.", hashes=[])
        return measured(pairs)

    monkeypatch.setattr(training, "macro_f1", meanwhile)
    assert "words were erased meanwhile" in train(kind="opinion", lang="it")
    assert not TrainedModel.objects.exists()


def test_after_an_erasure_the_same_tags_are_learned_again(tagged: list[Article], editor: User) -> None:
    train(kind="opinion", lang="it")
    learning.forget(by=editor, at=LATER)
    assert learned_models("it").opinions is None
    assert "in use from now on" in train(kind="opinion", lang="it")


@pytest.mark.parametrize("username", ["reporter", "nessuno"])
def test_who_may_not_train_is_refused(username: str) -> None:
    with pytest.raises(CommandError, match="nobody who may train"):
        train(username=username)


def test_it_reads_all_articles_in_few_queries(tagged: list[Article], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        teaching.taught(Annotation.Kind.MENTION, "it", most=50)
