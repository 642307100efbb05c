"""Annotations: tagged where their words stand, confirmed, moved, withdrawn; two people notice each other."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission

from newsroom.actions import annotations
from newsroom.actions.annotations import Place
from newsroom.actions.erasure import redact
from newsroom.actions.refusals import Outdated, Overtaken, Refused
from newsroom.models import Annotation, Article, Deed, Mention, Target, User
from tests.actions.revising import revise, target_in
from tests.making import (
    LATER,
    make_annotation,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_entity,
    make_review,
    make_revision,
    make_source,
)

pytestmark = pytest.mark.django_db


def place(article: Article, words: str, role: str = "content", ordinal: int = 0) -> Place:
    start = article.current_revision.text.index(words)
    return Place(start, start + len(words), words, role, ordinal)


# Tagged


def test_words_that_an_erasure_took_meanwhile_are_not_tagged(reporter: User, editor: User) -> None:
    article, claim = make_article(), make_claim()
    where = place(article, "dieci milioni")
    assert article.current_revision.text  # as who opened the form has it
    editor.user_permissions.add(Permission.objects.get(codename="redact"))
    chief = User.objects.get(pk=editor.pk)
    redact(["dieci milioni"], reason="Lo ordina il Garante.", by=chief, at=LATER)
    with pytest.raises(Refused):
        annotations.tag_claim(article, claim=claim, places=[where], by=reporter, at=LATER)
    assert not Target.objects.filter(exact__contains="dieci").exists()


def test_a_tag_stands_on_its_words_and_keeps_their_neighbours(reporter: User) -> None:
    article, claim = make_article(), make_claim()
    appearance = annotations.tag_claim(
        article, claim=claim, places=[place(article, "dieci milioni")], by=reporter, at=LATER
    )
    annotation, target = appearance.annotation, appearance.annotation.targets.get()
    assert (annotation.state, annotation.kind, annotation.by, annotation.at, annotation.generator) == (
        "accepted",
        "claim",
        reporter,
        LATER,
        "",
    )
    assert target.revision == article.current_revision
    assert article.current_revision.text[target.start : target.end] == target.exact == "dieci milioni"
    assert target.prefix.endswith("Costerà ") and target.suffix.startswith(" di euro.")
    assert (target.confirmed_by, target.confirmed_at) == (reporter, LATER)
    assert not claim.reviews.exists()


def test_a_claim_may_stand_on_several_spans_and_hedges(reporter: User) -> None:
    article = make_article()
    places = [
        place(article, "Il ponte"),
        place(article, "resterà chiuso"),
        place(article, "Secondo i tecnici", "hedge"),
    ]
    appearance = annotations.tag_claim(article, claim=make_claim(), places=places, by=reporter, at=LATER)
    found = appearance.annotation.targets.values_list("role", "ordinal", "exact")
    assert set(found) == {
        ("content", 0, "Il ponte"),
        ("content", 1, "resterà chiuso"),
        ("hedge", 0, "Secondo i tecnici"),
    }


@pytest.mark.parametrize(
    ("start", "end", "exact"),
    [
        (0, 8, "Il monte"),
        (1, 9, "Il ponte"),
        (0, 0, ""),
        (8, 0, "Il ponte"),
        (-8, 0, ""),
        (-1, 8, "Il ponte"),
        (0, 10_000, "Il ponte"),
        (10_000, 10_008, ""),
    ],
)
def test_words_that_do_not_stand_there_are_refused(reporter: User, start: int, end: int, exact: str) -> None:
    article = make_article()
    with pytest.raises(Refused) as refused:
        annotations.tag_claim(
            article, claim=make_claim(), places=[Place(start, end, exact)], by=reporter, at=LATER
        )
    assert refused.value.code == "words"
    assert not article.annotations.exists()


def test_the_last_words_of_a_text_can_be_tagged(reporter: User) -> None:
    article = make_article()
    annotations.tag_claim(
        article, claim=make_claim(), places=[place(article, "chiuso.")], by=reporter, at=LATER
    )
    assert article.annotations.get().targets.get().suffix == ""


def test_the_words_must_stand_in_the_current_text(reporter: User) -> None:
    article = make_article()
    words = place(article, "dieci milioni")
    article.current_revision = make_revision(article, html="<p>Costa molto.</p>")
    article.save()
    with pytest.raises(Refused) as refused:
        annotations.tag_claim(article, claim=make_claim(), places=[words], by=reporter, at=LATER)
    assert refused.value.code == "words"


def test_no_words_at_all_are_refused(reporter: User) -> None:
    with pytest.raises(Refused) as refused:
        annotations.tag_mention(make_article(), entities=[make_entity()], places=[], by=reporter, at=LATER)
    assert refused.value.code == "empty"


def test_a_collective_names_each_of_its_entities(reporter: User) -> None:
    article, entities = make_article(), [make_entity(), make_entity(), None]
    annotation = annotations.tag_mention(
        article,
        entities=entities,
        places=[place(article, "i tecnici")],
        form=Mention.Form.COREFERENCE,
        note="collettivo",
        by=reporter,
        at=LATER,
    )
    found = annotation.mentions.values_list("entity", "form", "note")
    assert set(found) == {(entity and entity.pk, "coreference", "collettivo") for entity in entities}


def test_an_attribution_has_its_source_cue_and_content(reporter: User) -> None:
    article, source, claim = make_article(), make_source(), make_claim()
    parent = make_attribution(article)
    attribution = annotations.tag_attribution(
        article,
        places=[
            place(article, "le prove sono finite"),
            place(article, "i tecnici", "source"),
            place(article, "Secondo", "cue"),
        ],
        quote_type="indirect",
        source=source,
        claim=claim,
        parent=parent,
        by=reporter,
        at=LATER,
    )
    assert (attribution.source, attribution.claim, attribution.parent) == (source, claim, parent)
    assert set(attribution.annotation.targets.values_list("role", "exact")) == {
        ("content", "le prove sono finite"),
        ("source", "i tecnici"),
        ("cue", "Secondo"),
    }


def test_an_unnamed_source_has_its_reason(reporter: User) -> None:
    article = make_article()
    attribution = annotations.tag_attribution(
        article,
        places=[place(article, "le prove")],
        quote_type="indirect",
        anonymity_reason=" teme per il suo posto ",
        by=reporter,
        at=LATER,
    )
    assert (attribution.source, attribution.anonymity_reason) == (None, "teme per il suo posto")


@pytest.mark.parametrize(
    ("role", "given", "code"),
    [
        ("cue", {"anonymity_reason": "teme"}, "content"),
        ("content", {}, "source"),
        ("content", {"anonymity_reason": "  "}, "source"),
    ],
)
def test_half_an_attribution_is_refused(reporter: User, role: str, given: dict[str, Any], code: str) -> None:
    article = make_article()
    with pytest.raises(Refused) as refused:
        annotations.tag_attribution(
            article,
            places=[place(article, "le prove", role)],
            quote_type="indirect",
            by=reporter,
            at=LATER,
            **given,
        )
    assert refused.value.code == code
    assert not Annotation.objects.filter(article=article).exists()


# Confirmed


def test_an_altered_passage_is_confirmed_by_a_person(editor: User, checker: User) -> None:
    article = make_article()
    annotation = make_annotation(article, "Costerà dieci milioni")
    after = revise(article, ("dieci", "dodici"), by=editor)
    assert annotation in {target.annotation for target in Target.objects.to_check()}

    confirmed = annotations.confirm(annotation, by=checker, at=LATER, row_version=1)
    target = target_in(after, annotation)
    assert (target.exact, target.fate, target.needs_check) == ("Costerà dodici milioni", "altered", False)
    assert (target.confirmed_by, target.confirmed_at) == (checker, LATER)
    assert annotation not in {target.annotation for target in Target.objects.to_check()}
    assert confirmed.row_version == 2


def test_a_lost_passage_is_not_confirmed(editor: User) -> None:
    article = make_article()
    annotation = make_annotation(article, "dieci milioni")
    revise(article, ("dieci milioni", "molto"), by=editor)
    with pytest.raises(Refused) as refused:
        annotations.confirm(annotation, by=editor, at=LATER, row_version=1)
    assert refused.value.code == "orphan"


# Moved


def test_a_lost_passage_is_given_a_place_and_carried_from_there(editor: User) -> None:
    article = make_article()
    annotation = make_annotation(article, "dieci milioni")
    revise(article, ("dieci milioni", "molto"), by=editor)
    article.refresh_from_db()
    there = place(article, "molto di euro")
    annotations.move(annotation, places=[there], by=editor, at=LATER, row_version=1, based_on=2)
    target = annotation.targets.get(revision=article.current_revision)
    assert (target.exact, target.fate, target.confirmed_by) == ("molto di euro", "altered", editor)
    assert (target.score, target.needs_check, target.reason, target.candidates) == (1.0, False, "", [])

    after = revise(article, ("maggio", "giugno"), by=editor)
    assert target_in(after, annotation).exact == "molto di euro"


@pytest.mark.parametrize(
    ("words", "fate"),
    [("la sindaca", "exact"), ("ponte vecchio", "altered")],
)
def test_a_moved_passage_says_whether_its_words_are_the_same(editor: User, words: str, fate: str) -> None:
    article = make_article()
    annotation = make_annotation(article, "la sindaca")
    annotations.move(
        annotation, places=[place(article, words)], by=editor, at=LATER, row_version=1, based_on=1
    )
    assert annotation.targets.get().fate == fate


def test_the_same_words_in_another_place_have_moved(editor: User) -> None:
    article = make_article()
    annotation = make_annotation(article, "Il ponte")
    start = article.current_revision.text.rindex("Il ponte")
    there = Place(start, start + len("Il ponte"), "Il ponte")
    annotations.move(annotation, places=[there], by=editor, at=LATER, row_version=1, based_on=1)
    assert annotation.targets.get().fate == "moved"


def test_of_several_places_only_the_one_that_is_named_moves(editor: User) -> None:
    article = make_article()
    annotation = make_annotation(article, "Il ponte", "dieci milioni", ("hedge", "Secondo i tecnici"))
    before = {target.pk: target for target in annotation.targets.all()}
    annotations.move(
        annotation,
        places=[place(article, "le prove", ordinal=1)],
        by=editor,
        at=LATER,
        row_version=1,
        based_on=1,
    )
    assert {target.pk: target.exact for target in annotation.targets.all()} == {
        pk: "le prove" if target.exact == "dieci milioni" else target.exact for pk, target in before.items()
    }
    deed = Deed.objects.latest("pk")
    text = article.current_revision.text
    stood, stands = (
        {text[start:end] for _role, start, end in state["annotations"][str(annotation.uuid)]["places"]}
        for state in (deed.before, deed.after)
    )
    assert (stood - stands, stands - stood) == ({"dieci milioni"}, {"le prove"})


@pytest.mark.parametrize(("role", "ordinal"), [("cue", 0), ("content", 1)])
def test_a_part_that_it_has_not_is_not_moved(editor: User, role: str, ordinal: int) -> None:
    article = make_article()
    annotation = make_annotation(article, "la sindaca")
    there = place(article, "le prove", role, ordinal)
    with pytest.raises(Refused) as refused:
        annotations.move(annotation, places=[there], by=editor, at=LATER, row_version=1, based_on=1)
    assert refused.value.code == "role"
    assert annotation.targets.get().exact == "la sindaca"


def test_a_rating_is_stale_when_its_claim_is_moved_to_other_words(editor: User) -> None:
    article = make_article()
    appearance = make_appearance(article, "dieci milioni")
    review = make_review(appearance)
    for words, state in (("le prove", "stale"), ("dieci milioni", "published")):
        annotations.move(
            appearance.annotation,
            places=[place(article, words)],
            by=editor,
            at=LATER,
            row_version=Annotation.objects.get(pk=appearance.annotation.pk).row_version,
            based_on=1,
        )
        review.refresh_from_db()
        assert review.state == state


def test_a_place_in_an_older_text_is_outdated(editor: User, checker: User) -> None:
    article = make_article()
    annotation = make_annotation(article, "la sindaca")
    there = place(article, "le prove")
    revise(article, ("dieci", "dodici"), by=checker)
    with pytest.raises(Outdated) as refused:
        annotations.move(annotation, places=[there], by=editor, at=LATER, row_version=1, based_on=1)
    assert str(checker) in refused.value.messages[0]


# Two people on one annotation


def attempts(annotation: Annotation, by: User) -> dict[str, Any]:
    given: dict[str, Any] = {"by": by, "at": LATER, "row_version": 1}
    there = place(annotation.article, "le prove")
    return {
        "confirm": lambda: annotations.confirm(annotation, **given),
        "move": lambda: annotations.move(annotation, places=[there], based_on=1, **given),
        "withdraw": lambda: annotations.withdraw(annotation, reason="Doppione.", **given),
    }


@pytest.mark.parametrize("mine", ["confirm", "move", "withdraw"])
@pytest.mark.parametrize("theirs", ["confirm", "move", "withdraw"])
def test_the_second_on_an_annotation_is_told_who_was_first_and_when(
    editor: User, checker: User, theirs: str, mine: str
) -> None:
    annotation = make_annotation(make_article(), "la sindaca")
    attempts(annotation, checker)[theirs]()
    before = list(Target.objects.filter(annotation=annotation).values())
    count = Deed.objects.count()
    with pytest.raises(Overtaken) as refused:
        attempts(annotation, editor)[mine]()
    message = refused.value.messages[0]
    assert str(checker) in message and "07/05/2024" in message
    assert ("Doppione." in message) == (theirs == "withdraw")
    assert refused.value.code == ("withdrawn" if theirs == "withdraw" else "outdated")
    assert list(Target.objects.filter(annotation=annotation).values()) == before
    assert Deed.objects.count() == count


def test_a_change_that_left_no_record_is_told_without_a_name(editor: User) -> None:
    annotation = make_annotation(make_article(), "la sindaca", state="rejected", generator="prova 1.0")
    with pytest.raises(Overtaken) as refused:
        annotations.confirm(annotation, by=editor, at=LATER, row_version=1)
    assert refused.value.code == "outdated"
