"""Tags are moved, said to be of something else, cut in two, made one, withdrawn and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from newsroom.actions import annotations, articles
from newsroom.actions.annotations import Place
from newsroom.actions.refusals import Outdated, Overtaken, Refused
from newsroom.models import Annotation, Article, Claim, Deed, Mention, Review, Target, User
from tests.making import (
    HTML,
    LATER,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_entity,
    make_mention,
    make_review,
    make_source,
)

pytestmark = pytest.mark.django_db


def place(article: Article, words: str, role: str = "content") -> Place:
    start = article.current_revision.text.index(words)
    return Place(start, start + len(words), words, role)


def words_of(annotation: Annotation) -> list[str]:
    targets = Target.objects.current().placed().filter(annotation=annotation, role="content")
    return list(targets.order_by("start").values_list("exact", flat=True))


def revise(article: Article, was: str, now: str, *, by: User) -> None:
    article.refresh_from_db()
    revision = article.current_revision
    html = revision.html.replace(was, now)
    articles.revise(
        article, html=html, kind="minor", note="Refuso.", by=by, at=LATER, based_on=revision.number
    )
    article.refresh_from_db()


# Moved


def test_a_tag_is_moved_to_other_words_and_confirmed_there(reporter: User) -> None:
    article = make_article()
    annotation = make_appearance(article, "Costerà dieci milioni").annotation
    annotations.move(
        annotation,
        places=[place(article, "dieci milioni di euro")],
        by=reporter,
        at=LATER,
        row_version=1,
        based_on=1,
    )
    assert words_of(annotation) == ["dieci milioni di euro"]
    assert annotation.targets.get().confirmed_by == reporter
    annotation.refresh_from_db()
    assert annotation.row_version == 2


def test_a_rating_goes_stale_when_its_tag_moves_off_the_words(reporter: User) -> None:
    article = make_article()
    appearance = make_appearance(article, "dieci milioni")
    review = make_review(appearance)
    annotations.move(
        appearance.annotation,
        places=[place(article, "Costerà dieci milioni")],
        by=reporter,
        at=LATER,
        row_version=1,
        based_on=1,
    )
    review.refresh_from_db()
    assert review.state == Review.State.STALE


def test_a_place_in_an_older_text_is_refused(reporter: User, editor: User) -> None:
    article = make_article()
    annotation = make_mention(article, "la sindaca").annotation
    words = place(article, "i tecnici")
    revise(article, "dieci", "dodici", by=editor)
    with pytest.raises(Outdated) as refused:
        annotations.move(annotation, places=[words], by=reporter, at=LATER, row_version=1, based_on=1)
    assert str(editor) in refused.value.messages[0]


@pytest.mark.parametrize("deed", ["move", "withdraw", "confirm"])
def test_who_comes_second_is_told_who_was_first(reporter: User, checker: User, deed: str) -> None:
    article = make_article()
    annotation = make_mention(article, "la sindaca").annotation
    annotations.move(
        annotation,
        places=[place(article, "i tecnici")],
        by=checker,
        at=LATER,
        row_version=1,
        based_on=1,
    )
    given: dict[str, dict[str, Any]] = {
        "move": {"places": [place(article, "Il ponte")], "based_on": 1},
        "withdraw": {"reason": "Doppione."},
        "confirm": {},
    }
    with pytest.raises(Overtaken) as refused:
        getattr(annotations, deed)(annotation, by=reporter, at=LATER, row_version=1, **given[deed])
    assert str(checker) in refused.value.messages[0]
    assert words_of(annotation) == ["i tecnici"]


def test_a_withdrawn_tag_is_not_changed(reporter: User, checker: User) -> None:
    annotation = make_mention(make_article(), "la sindaca").annotation
    annotations.withdraw(annotation, reason="Doppione.", by=checker, at=LATER, row_version=1)
    with pytest.raises(Overtaken) as refused:
        annotations.withdraw(annotation, reason="Doppione.", by=reporter, at=LATER, row_version=2)
    assert str(checker) in refused.value.messages[0]


# Said to be of something else


def test_a_tag_names_another_entity_on_other_words(reporter: User) -> None:
    article, entity = make_article(), make_entity()
    annotation = make_mention(article, "la sindaca").annotation
    annotations.retag_mention(
        annotation,
        entities=[entity],
        form="coreference",
        places=[place(article, "sindaca")],
        based_on=1,
        by=reporter,
        at=LATER,
        row_version=1,
    )
    assert [(row.entity, row.form) for row in annotation.mentions.all()] == [(entity, "coreference")]
    assert words_of(annotation) == ["sindaca"]


def test_words_that_were_rated_keep_their_claim(reporter: User) -> None:
    appearance = make_appearance()
    make_review(appearance)
    with pytest.raises(Refused) as refused:
        annotations.retag_claim(
            appearance.annotation, claim=make_claim(), by=reporter, at=LATER, row_version=1
        )
    assert refused.value.code == "rated"


def test_an_attribution_has_another_source_and_keeps_its_words(reporter: User) -> None:
    attribution, source = make_attribution(make_article()), make_source()
    annotations.retag_attribution(
        attribution.annotation, source=source, quote_type="mixed", by=reporter, at=LATER, row_version=1
    )
    attribution.refresh_from_db()
    assert (attribution.source, attribution.quote_type) == (source, "mixed")
    assert attribution.annotation.targets.count() == 3


# Cut in two and made one


def test_a_claim_is_cut_in_two_claims(reporter: User) -> None:
    article = make_article()
    appearance = make_appearance(article, "Il ponte sarà aperto a maggio")
    second = annotations.split(
        appearance.annotation, where=len("Il ponte "), by=reporter, at=LATER, row_version=1, based_on=1
    )
    assert words_of(appearance.annotation) == ["Il ponte"]
    assert words_of(second) == ["sarà aperto a maggio"]
    assert second.appearance.claim.text == "sarà aperto a maggio"
    assert second.appearance.claim != appearance.claim


def test_a_mention_is_cut_in_two_of_the_same_entity(reporter: User) -> None:
    article = make_article()
    mention = make_mention(article, "Il ponte vecchio")
    where = article.current_revision.text.index("vecchio")
    second = annotations.split(
        mention.annotation, where=where, by=reporter, at=LATER, row_version=1, based_on=1
    )
    assert (words_of(mention.annotation), words_of(second)) == (["Il ponte"], ["vecchio"])
    assert second.mentions.get().entity == mention.entity


@pytest.mark.parametrize("where", [0, 8, 10_000])
def test_a_cut_leaves_words_on_both_sides(reporter: User, where: int) -> None:
    annotation = make_mention(make_article(), "Il ponte").annotation
    with pytest.raises(Refused) as refused:
        annotations.split(annotation, where=where, by=reporter, at=LATER, row_version=1, based_on=1)
    assert refused.value.code == "words"
    assert Annotation.objects.filter(article=annotation.article).count() == 1


def test_who_says_what_is_not_cut(reporter: User) -> None:
    annotation = make_attribution(make_article()).annotation
    with pytest.raises(Refused) as refused:
        annotations.split(annotation, where=10, by=reporter, at=LATER, row_version=1, based_on=1)
    assert refused.value.code == "kind"


def test_two_tags_become_one_on_the_words_of_both(reporter: User) -> None:
    article = make_article()
    one, other = make_mention(article, "Il ponte"), make_mention(article, "ponte sarà")
    annotations.merge(
        one.annotation, other=other.annotation, by=reporter, at=LATER, row_version=1, other_version=1
    )
    assert words_of(one.annotation) == ["Il ponte sarà"]
    other.annotation.refresh_from_db()
    assert other.annotation.state == "withdrawn"


def test_words_apart_stay_apart_in_one_tag(reporter: User) -> None:
    article = make_article()
    one, other = make_appearance(article, "Il ponte"), make_appearance(article, "resterà chiuso")
    annotations.merge(
        one.annotation, other=other.annotation, by=reporter, at=LATER, row_version=1, other_version=1
    )
    assert words_of(one.annotation) == ["Il ponte", "resterà chiuso"]


@pytest.mark.parametrize("other", ["kind", "article", "itself"])
def test_only_two_tags_of_one_kind_in_one_article_become_one(reporter: User, other: str) -> None:
    article = make_article()
    annotation = make_mention(article, "Il ponte").annotation
    made = {
        "kind": lambda: make_appearance(article, "dieci").annotation,
        "article": lambda: make_mention(make_article(), "Il ponte").annotation,
        "itself": lambda: annotation,
    }[other]()
    with pytest.raises(Refused):
        annotations.merge(annotation, other=made, by=reporter, at=LATER, row_version=1, other_version=1)


# Taken back


def test_a_new_tag_is_taken_back(reporter: User) -> None:
    article = make_article()
    appearance = annotations.tag_claim(
        article, claim=make_claim(), places=[place(article, "dieci milioni")], by=reporter, at=LATER
    )
    annotations.undo(article, by=reporter, at=LATER)
    appearance.annotation.refresh_from_db()
    assert appearance.annotation.state == "withdrawn"
    assert Claim.objects.filter(pk=appearance.claim.pk).exists()


def test_changes_are_taken_back_one_after_the_other(reporter: User) -> None:
    article, first, second = make_article(), make_entity(), make_entity()
    annotation = annotations.tag_mention(
        article, entities=[first], places=[place(article, "la sindaca")], by=reporter, at=LATER
    )
    annotations.retag_mention(
        annotation, entities=[second], form="coreference", by=reporter, at=LATER, row_version=1
    )
    annotations.move(
        annotation,
        places=[place(article, "sindaca")],
        by=reporter,
        at=LATER,
        row_version=2,
        based_on=1,
    )
    annotations.withdraw(annotation, reason="Doppione.", by=reporter, at=LATER, row_version=3)

    def now() -> tuple[str, list[str], list[tuple[Any, str]]]:
        annotation.refresh_from_db()
        named = [(row.entity, row.form) for row in Mention.objects.filter(annotation=annotation)]
        return annotation.state, words_of(annotation), named

    annotations.undo(article, by=reporter, at=LATER)
    assert now() == ("accepted", ["sindaca"], [(second, "coreference")])
    annotations.undo(article, by=reporter, at=LATER)
    assert now() == ("accepted", ["la sindaca"], [(second, "coreference")])
    annotations.undo(article, by=reporter, at=LATER)
    assert now() == ("accepted", ["la sindaca"], [(first, "name")])
    annotations.undo(article, by=reporter, at=LATER)
    assert now()[0] == "withdrawn"
    with pytest.raises(Refused) as refused:
        annotations.undo(article, by=reporter, at=LATER)
    assert refused.value.code == "nothing"


def test_a_cut_and_a_joint_are_taken_back(reporter: User) -> None:
    article = make_article()
    annotation = make_appearance(article, "Il ponte sarà aperto").annotation
    second = annotations.split(annotation, where=9, by=reporter, at=LATER, row_version=1, based_on=1)
    annotations.undo(article, by=reporter, at=LATER)
    second.refresh_from_db()
    assert (words_of(annotation), second.state) == (["Il ponte sarà aperto"], "withdrawn")
    other = make_appearance(article, "dieci milioni").annotation
    annotation.refresh_from_db()
    annotations.merge(
        annotation,
        other=other,
        by=reporter,
        at=LATER + timedelta(minutes=1),
        row_version=annotation.row_version,
        other_version=1,
    )
    annotations.undo(article, by=reporter, at=LATER + timedelta(minutes=2))
    other.refresh_from_db()
    assert (words_of(annotation), words_of(other)) == (["Il ponte sarà aperto"], ["dieci milioni"])
    assert other.state == "accepted"


def test_an_attribution_is_given_back_with_all_its_parts(reporter: User) -> None:
    attribution = make_attribution(make_article())
    source, article = attribution.source, attribution.annotation.article
    parts = set(attribution.annotation.targets.values_list("role", "exact"))
    annotations.retag_attribution(
        attribution.annotation,
        source=None,
        anonymity_reason="Teme per il posto.",
        quote_type="direct",
        places=[place(article, "le prove")],
        based_on=1,
        by=reporter,
        at=LATER,
        row_version=1,
    )
    annotations.undo(article, by=reporter, at=LATER)
    attribution.refresh_from_db()
    assert (attribution.source, attribution.anonymity_reason, attribution.quote_type) == (
        source,
        "",
        "indirect",
    )
    assert set(attribution.annotation.targets.values_list("role", "exact")) == parts


def test_what_somebody_else_changed_since_is_not_taken_back(reporter: User, checker: User) -> None:
    article = make_article()
    annotation = annotations.tag_mention(
        article, entities=[make_entity()], places=[place(article, "la sindaca")], by=reporter, at=LATER
    )
    annotations.move(
        annotation, places=[place(article, "sindaca")], by=checker, at=LATER, row_version=1, based_on=1
    )
    with pytest.raises(Refused) as refused:
        annotations.undo(article, by=reporter, at=LATER)
    assert refused.value.code == "outdated"
    assert words_of(annotation) == ["sindaca"]


def test_places_in_an_older_text_are_not_given_back(reporter: User, editor: User) -> None:
    article = make_article()
    annotation = make_mention(article, "la sindaca").annotation
    annotations.move(
        annotation, places=[place(article, "sindaca")], by=reporter, at=LATER, row_version=1, based_on=1
    )
    revise(article, "dieci", "dodici", by=editor)
    with pytest.raises(Refused) as refused:
        annotations.undo(article, by=reporter, at=LATER)
    assert refused.value.code == "outdated"


def test_the_record_of_an_undo_says_which_deed_it_took_back(reporter: User) -> None:
    article = make_article(html=HTML)
    annotations.tag_mentions(
        article,
        entities=[make_entity()],
        places=[Place(0, 8, "Il ponte"), place(article, "la sindaca")],
        by=reporter,
        at=LATER,
    )
    tagged = Deed.objects.get(article=article, verb="mention.tag")
    undone = annotations.undo(article, by=reporter, at=LATER)
    assert undone.after["deed"] == str(tagged.uuid)
    assert set(article.annotations.values_list("state", flat=True)) == {"withdrawn"}
