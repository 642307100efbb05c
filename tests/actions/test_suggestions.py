"""What a program proposes becomes rows, and a person accepts, corrects or rejects it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.actions import annotations, articles, suggestions
from newsroom.actions.annotations import Place
from newsroom.actions.refusals import Outdated, Overtaken, Refused
from newsroom.models import (
    Annotation,
    Article,
    Claim,
    Deed,
    Entity,
    Mention,
    Reading,
    Suggestion,
    Target,
    User,
)
from newsroom.text.annotated import Part
from newsroom.text.proposed import Offered, Proposed
from tests.making import (
    HTML,
    LATER,
    make_appearance,
    make_article,
    make_claim,
    make_entity,
    make_mention,
    make_review,
    make_source,
    make_suggestion,
)

pytestmark = pytest.mark.django_db


def part(article: Article, words: str, role: str = "content") -> Part:
    start = article.current_revision.text.index(words)
    return Part(start, start + len(words), role)


def place(article: Article, words: str, role: str = "content") -> Place:
    start, end, role = part(article, words, role)
    return Place(start, end, words, role)


def a_name(article: Article, words: str, *entities: Entity, **given: Any) -> Proposed:
    usual = {"entity_kind": "person", "form": "name", "reasons": (("title", ("sindaca",)),)}
    offers = tuple(Offered(entity.pk, (("alias", ()),)) for entity in entities)
    return Proposed("mention", (part(article, words),), "prova 1", 0.8, offers=offers, **(usual | given))


def who_says(article: Article, **given: Any) -> Proposed:
    parts = (
        part(article, "Secondo", "cue"),
        part(article, "i tecnici", "source"),
        part(article, "le prove sono finite"),
    )
    return Proposed("attribution", parts, "prova 1", 0.7, quote_type="indirect", **given)


def a_claim(article: Article, words: str = "Costerà dieci milioni di euro.", **given: Any) -> Proposed:
    return Proposed("claim", (part(article, words),), "prova 1", 0.9, (("figure", ()),), **given)


def proposed(article: Article, *found: Proposed, by: User) -> list[Annotation]:
    article.refresh_from_db()
    number = article.current_revision.number
    return suggestions.propose(article, proposals=found, by=by, at=LATER, based_on=number)


def decision_on(annotation: Annotation) -> str:
    return Suggestion.objects.get(annotation=annotation).decision


def pending() -> set[Suggestion]:
    return set(Suggestion.objects.pending())


def accept(annotation: Annotation, by: User, **given: Any) -> Annotation:
    annotation.refresh_from_db()
    return suggestions.accept(annotation, by=by, at=LATER, row_version=annotation.row_version, **given)


def reject(annotation: Annotation, by: User) -> Annotation:
    annotation.refresh_from_db()
    return suggestions.reject(annotation, by=by, at=LATER, row_version=annotation.row_version)


def revise(article: Article, was: str, now: str, *, by: User) -> None:
    article.refresh_from_db()
    html = article.current_revision.html.replace(was, now)
    number = article.current_revision.number
    articles.revise(article, html=html, kind="minor", note="Refuso.", by=by, at=LATER, based_on=number)
    article.refresh_from_db()


# Proposed


def test_what_is_proposed_waits_with_its_places_reasons_and_offers(reporter: User) -> None:
    article, entity, other = make_article(), make_entity(), make_entity()
    [annotation] = proposed(article, a_name(article, "la sindaca", entity, other), by=reporter)
    assert (annotation.state, annotation.generator, annotation.confidence) == ("suggested", "prova 1", 0.8)
    [target] = annotation.targets.all()
    assert (target.exact, target.fate, target.confirmed_by) == ("la sindaca", "exact", None)
    assert target.prefix.endswith("ha detto ")
    suggestion = annotation.suggestion
    assert suggestion.reasons == [["title", ["sindaca"]]]
    assert (suggestion.entity_kind, suggestion.form) == ("person", "name")
    assert (suggestion.revision, suggestion.decision) == (article.current_revision, "")
    assert [offer.thing for offer in suggestion.offers.order_by("ordinal")] == [entity, other]
    assert not annotation.mentions.exists()


def test_what_hangs_on_another_says_so(reporter: User) -> None:
    article = make_article()
    long = a_name(article, "la sindaca")
    proposed(article, long, a_name(article, "sindaca", follows=0, form="coreference"), by=reporter)
    first, second = Suggestion.objects.of(article).order_by("pk")
    assert (first.follows, second.follows) == (None, first)


def test_words_that_bear_a_tag_of_that_kind_are_left(reporter: User) -> None:
    article = make_article()
    make_mention(article, "la sindaca")
    make_appearance(article, "Costerà dieci milioni di euro")
    again = [a_name(article, "sindaca"), a_claim(article)]
    assert proposed(article, *again, a_claim(article, "Il ponte vecchio"), by=reporter) != []
    assert [row.annotation.kind for row in Suggestion.objects.pending().of(article)] == ["claim"]


def test_done_twice_nothing_is_written_twice_and_nothing_recorded(reporter: User) -> None:
    article = make_article()
    found = [a_name(article, "la sindaca"), who_says(article), a_claim(article)]
    assert len(proposed(article, *found, by=reporter)) == 3
    deeds = Deed.objects.count()
    assert proposed(article, *found, by=reporter) == []
    assert Deed.objects.count() == deeds


def test_who_says_what_may_stand_in_what_another_says(reporter: User) -> None:
    article = make_article()
    proposed(article, who_says(article), by=reporter)
    inner = Proposed(
        "attribution",
        (part(article, "sono", "cue"), part(article, "finite")),
        "prova 1",
        0.5,
        quote_type="indirect",
    )
    assert len(proposed(article, inner, by=reporter)) == 1


def test_a_text_that_came_in_between_is_not_tagged(reporter: User) -> None:
    article = make_article()
    found = [a_name(article, "la sindaca")]
    revise(article, "dieci", "dodici", by=reporter)
    with pytest.raises(Outdated):
        suggestions.propose(article, proposals=found, by=reporter, at=LATER, based_on=1)


def test_the_record_says_how_many_of_each_kind(reporter: User) -> None:
    article = make_article()
    proposed(article, a_name(article, "la sindaca"), a_claim(article), by=reporter)
    deed = Deed.objects.get(verb="suggestion.propose")
    assert deed.after == {"revision": 1, "proposed": {"claim": 1, "mention": 1}}
    assert deed.objects_touched[0] == ["article", str(article.uuid)]


def test_the_statements_do_not_grow_with_the_proposals(reporter: User) -> None:
    costs = []
    words = ["ponte", "maggio", "sindaca", "milioni", "tecnici", "prove"]
    for some in (words[:2], words):
        article, entity = make_article(), make_entity()
        reporter.has_perm("newsroom.add_annotation")
        with CaptureQueriesContext(connection) as queries:
            proposed(article, *(a_name(article, one, entity) for one in some), by=reporter)
        costs.append(len(queries))
    assert costs[0] == costs[1]


# Pending


def test_pending_ones_of_an_article_are_read_in_two_queries(django_assert_num_queries: Any) -> None:
    article = make_article()
    for words in ("la sindaca", "i tecnici"):
        make_suggestion(article, words, offers=[make_entity(), make_entity()])
    make_suggestion()
    with django_assert_num_queries(2):
        found = list(Suggestion.objects.pending().of(article).whole())
        assert [row.first_offer.thing.name for row in found]
        assert {row.annotation.article_id for row in found} == {article.pk}


@pytest.mark.parametrize("code", ["opinion", "question", "prediction"])
def test_a_claim_says_if_it_looks_like_something_else(code: str) -> None:
    suggestion = Suggestion(reasons=[["figure", []], [code, []]])
    told = {name: getattr(suggestion, f"is_{name}") for name in ("opinion", "question", "prediction")}
    assert [name for name, is_so in told.items() if is_so] == [code]


# Accepted


def test_a_name_is_accepted_as_the_first_that_it_may_stand_for(checker: User) -> None:
    entity = make_entity()
    annotation = accept(make_suggestion(offers=[entity, make_entity()]).annotation, checker)
    annotation.refresh_from_db()
    assert (annotation.state, annotation.by, annotation.row_version) == ("accepted", checker, 2)
    assert [(one.entity, one.form) for one in annotation.mentions.all()] == [(entity, "name")]
    assert annotation.targets.get().confirmed_by == checker
    suggestion = annotation.suggestion
    assert (suggestion.decision, suggestion.decided_by, suggestion.decided_at) == ("accepted", checker, LATER)


def test_a_name_is_accepted_as_another_and_elsewhere(checker: User) -> None:
    article, other = make_article(), make_entity()
    suggestion = make_suggestion(article, "la sindaca", offers=[make_entity()])
    accept(suggestion.annotation, checker, entities=[other], places=[place(article, "sindaca")], based_on=1)
    suggestion.refresh_from_db()
    assert suggestion.decision == "corrected"
    assert suggestion.annotation.mentions.get().entity == other
    assert suggestion.annotation.targets.get().exact == "sindaca"


def test_the_same_said_again_is_no_correction(checker: User) -> None:
    article, entity = make_article(), make_entity()
    suggestion = make_suggestion(article, "la sindaca", offers=[entity])
    accept(
        suggestion.annotation, checker, entities=[entity], form="name", places=[place(article, "la sindaca")]
    )
    suggestion.refresh_from_db()
    assert suggestion.decision == "accepted"


def test_a_name_that_nobody_knows_becomes_a_new_entity_of_the_guessed_kind(checker: User) -> None:
    annotation = accept(make_suggestion(entity_kind="place").annotation, checker)
    entity = annotation.mentions.get().entity
    assert (entity.name, entity.kind, entity.lang) == ("la sindaca", "place", "it")
    assert decision_on(annotation) == "accepted"


def test_who_has_that_name_by_now_is_taken_and_not_made_again(checker: User) -> None:
    suggestion = make_suggestion()
    entity = make_entity(name="La sindaca", kind="person")
    assert accept(suggestion.annotation, checker).mentions.get().entity == entity


def test_the_same_words_and_their_short_form_may_stand_for_who_was_accepted(checker: User) -> None:
    article = make_article()
    long = make_suggestion(article, "la sindaca")
    short = make_suggestion(article, "sindaca", follows=long, form="coreference")
    other = make_suggestion(article, "i tecnici")
    entity = accept(long.annotation, checker).mentions.get().entity
    assert short.first_offer.entity == entity
    assert short.first_offer.reasons == [["accepted-here", ["la sindaca"]]]
    assert other.first_offer is None


def test_a_name_of_no_kind_has_to_be_said(checker: User) -> None:
    suggestion = make_suggestion(entity_kind="")
    with pytest.raises(Refused) as refused:
        accept(suggestion.annotation, checker)
    assert refused.value.code == "entity"
    with pytest.raises(Refused):
        accept(suggestion.annotation, checker, entities=[])


def test_who_says_it_is_accepted_with_the_source_that_is_known(checker: User) -> None:
    article, source = make_article(), make_source()
    [annotation] = proposed(article, who_says(article, offers=(Offered(source.pk),)), by=checker)
    said = accept(annotation, checker).attribution
    assert (said.source, said.quote_type, said.anonymity_reason) == (source, "indirect", "")
    assert decision_on(annotation) == "accepted"


def test_who_says_it_has_to_be_named(checker: User) -> None:
    article = make_article()
    [annotation] = proposed(article, who_says(article), by=checker)
    with pytest.raises(Refused) as refused:
        accept(annotation, checker)
    assert refused.value.code == "source"
    source = make_source()
    assert accept(annotation, checker, source=source).attribution.source == source
    assert decision_on(annotation) == "accepted"


def test_that_nobody_is_named_is_said_in_the_language_of_the_article(checker: User) -> None:
    article = make_article(lang="en")
    [annotation] = proposed(article, who_says(article, unspoken="passive"), by=checker)
    said = accept(annotation, checker).attribution
    assert (said.source, said.anonymity_reason) == (None, "it was said, nobody says by whom")


def test_another_source_and_another_way_of_quoting_correct_it(checker: User) -> None:
    article, source = make_article(), make_source()
    found = who_says(article, offers=(Offered(make_source().pk),))
    [annotation] = proposed(article, found, by=checker)
    said = accept(annotation, checker, source=source, quote_type="mixed").attribution
    assert (said.source, said.quote_type) == (source, "mixed")
    assert decision_on(annotation) == "corrected"


def test_who_says_it_stands_in_what_was_accepted_before(checker: User) -> None:
    article, source = make_article(), make_source()
    outer = make_suggestion(
        article, ("cue", "Secondo"), "le prove sono finite", kind="attribution", offers=[source]
    )
    inner = make_suggestion(article, "le prove", kind="attribution", offers=[source], follows=outer)
    parent = accept(outer.annotation, checker).attribution
    assert accept(inner.annotation, checker).attribution.parent == parent


def test_a_sentence_worth_a_check_becomes_a_claim_that_nobody_has_checked(checker: User) -> None:
    article = make_article()
    [annotation] = proposed(article, a_claim(article), by=checker)
    claim = accept(annotation, checker).appearance.claim
    assert (claim.text, claim.lang) == ("Costerà dieci milioni di euro.", "it")
    assert not claim.reviews.exists()
    assert Deed.objects.touching(claim).get().verb == "claim.add"


def test_a_claim_that_says_the_same_is_taken_only_if_a_person_says_so(checker: User) -> None:
    article, known = make_article(), make_claim()
    first = make_suggestion(article, "Costerà dieci milioni di euro", kind="claim", offers=[known])
    second = make_suggestion(article, "Il ponte vecchio", kind="claim", offers=[known])
    assert accept(first.annotation, checker).appearance.claim != known
    assert accept(second.annotation, checker, claim=known).appearance.claim == known
    assert set(Suggestion.objects.of(article).values_list("decision", flat=True)) == {"accepted"}


def test_what_was_brought_keeps_what_it_came_with(checker: User) -> None:
    article, claim = make_article(), make_claim()
    appearance = make_appearance(article, "dieci milioni", claim=claim, state="suggested", generator="spacy")
    assert accept(appearance.annotation, checker).appearance.claim == claim
    assert decision_on(appearance.annotation) == "accepted"
    claims = Claim.objects.count()
    mention = make_mention(article, "la sindaca")
    Annotation.objects.filter(pk=mention.annotation_id).update(state="suggested", generator="spacy")
    accept(mention.annotation, checker)
    assert Mention.objects.get(annotation=mention.annotation).entity == mention.entity
    assert Claim.objects.count() == claims


def test_who_comes_second_is_told(checker: User, editor: User) -> None:
    annotation = make_suggestion(offers=[make_entity()]).annotation
    suggestions.accept(annotation, by=checker, at=LATER, row_version=1)
    for late in (suggestions.accept, suggestions.reject):
        with pytest.raises(Overtaken, match=str(checker)):
            late(annotation, by=editor, at=LATER, row_version=1)
        with pytest.raises(Overtaken):
            late(annotation, by=editor, at=LATER, row_version=2)


def test_who_looked_at_an_older_text_is_told(checker: User) -> None:
    annotation = make_suggestion(offers=[make_entity()]).annotation
    with pytest.raises(Outdated):
        accept(annotation, checker, based_on=7)


# All of one


def test_all_names_of_one_are_accepted_in_one_step_and_taken_back_in_one(checker: User) -> None:
    article, entity = make_article(), make_entity()
    mine = [make_suggestion(article, words, offers=[entity]) for words in ("la sindaca", "i tecnici")]
    other = make_suggestion(article, "le prove", offers=[make_entity(), entity])
    elsewhere = make_suggestion(offers=[entity])
    found = suggestions.accept_all(article, entity=entity, by=checker, at=LATER, based_on=1)
    assert found == [one.annotation for one in mine]
    assert Mention.objects.filter(entity=entity).count() == 2
    assert pending() == {other, elsewhere}
    assert Deed.objects.filter(verb="suggestion.accept").count() == 1
    annotations.undo(article, by=checker, at=LATER)
    assert pending() == {*mine, other, elsewhere}
    assert not Mention.objects.filter(entity=entity).exists()


def test_accepting_all_costs_the_same_for_two_and_for_many(checker: User) -> None:
    costs = []
    words = ["ponte", "maggio", "sindaca", "milioni", "tecnici", "prove"]
    checker.has_perm("newsroom.change_annotation")
    for some in (words[:2], words):
        article, entity = make_article(), make_entity()
        for one in some:
            make_suggestion(article, one, offers=[entity])
        with CaptureQueriesContext(connection) as queries:
            suggestions.accept_all(article, entity=entity, by=checker, at=LATER)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_where_nothing_waits_for_a_name_nothing_is_accepted(checker: User) -> None:
    with pytest.raises(Refused) as refused:
        suggestions.accept_all(make_article(), entity=make_entity(), by=checker, at=LATER)
    assert refused.value.code == "nothing"


# Rejected


def test_what_was_rejected_is_not_proposed_again_in_a_later_text_neither(checker: User) -> None:
    article = make_article()
    found = [a_name(article, "la sindaca"), a_claim(article)]
    for annotation in proposed(article, *found, by=checker):
        reject(annotation, checker)
    assert proposed(article, *found, by=checker) == []
    revise(article, "<p>Il ponte sarà", "<p>Ieri era festa. Il ponte sarà", by=checker)
    revise(article, "Ieri era festa.", "Ieri era festa, oggi no.", by=checker)
    again = [a_name(article, "la sindaca"), a_claim(article)]
    assert proposed(article, *again, by=checker) == []
    assert len(proposed(article, a_name(article, "i tecnici"), by=checker)) == 1


def test_what_was_rejected_as_one_thing_may_be_proposed_as_another(checker: User) -> None:
    article, one, other = make_article(), make_entity(), make_entity()
    [annotation] = proposed(article, a_name(article, "la sindaca", one), by=checker)
    reject(annotation, checker)
    assert proposed(article, a_name(article, "la sindaca", one), by=checker) == []
    assert len(proposed(article, a_name(article, "la sindaca", other), by=checker)) == 1


def test_other_words_than_those_that_were_rejected_are_proposed(checker: User) -> None:
    article = make_article()
    [annotation] = proposed(article, a_claim(article), by=checker)
    reject(annotation, checker)
    revise(article, "dieci milioni", "dodici miliardi", by=checker)
    assert len(proposed(article, a_claim(article, "Costerà dodici miliardi di euro."), by=checker)) == 1


def test_what_is_withdrawn_while_it_waits_is_rejected(checker: User) -> None:
    """Withdrawn, it would seem to have been public once."""
    appearance = make_appearance(state="suggested", generator="spacy")
    annotations.withdraw(appearance.annotation, reason="Doppione.", by=checker, at=LATER, row_version=1)
    appearance.annotation.refresh_from_db()
    assert appearance.annotation.state == "rejected"
    assert decision_on(appearance.annotation) == "rejected"
    assert Deed.objects.latest("pk").after["reason"] == "Doppione."


# Taken back


@pytest.mark.parametrize("decide", [accept, reject])
@pytest.mark.parametrize("kind", ["mention", "attribution", "claim"])
def test_a_decision_is_taken_back(checker: User, kind: str, decide: Any) -> None:
    article = make_article()
    thing = {"mention": make_entity, "attribution": make_source, "claim": make_claim}[kind]()
    suggestion = make_suggestion(article, "i tecnici", kind=kind, offers=[thing])
    decide(suggestion.annotation, checker)
    annotations.undo(article, by=checker, at=LATER)
    suggestion = Suggestion.objects.get(pk=suggestion.pk)
    assert (suggestion.decision, suggestion.decided_by, suggestion.decided_at) == ("", None, None)
    annotation = suggestion.annotation
    assert (annotation.state, annotation.row_version) == ("suggested", 3)
    assert annotation.targets.get().confirmed_by is None
    assert not annotation.mentions.exists()
    assert not (hasattr(annotation, "appearance") or hasattr(annotation, "attribution"))
    accept(annotation, checker)


def test_what_waits_is_offered_what_is_known_since(checker: User) -> None:
    article = make_article()
    one, other, third = (make_entity(name=name) for name in ("Ada Neri", "Eva Neri", "Ida Neri"))
    [waiting, rejected, taken] = suggestions.propose(
        article,
        proposals=[a_name(article, words, one) for words in ("la sindaca", "i tecnici", "le prove")],
        by=checker,
        at=LATER,
        based_on=1,
    )
    reject(rejected, checker)
    accept(taken, checker)
    again = [a_name(article, words, other, one) for words in ("la sindaca", "i tecnici", "le prove")]
    read = {"by": checker, "at": LATER, "based_on": 1}
    made = suggestions.propose(article, proposals=again, **read)
    # As another one than was rejected, the words are proposed anew, as ever.
    assert [annotation.targets.get().exact for annotation in made] == ["i tecnici"]
    assert list(waiting.suggestion.offers.values_list("entity", flat=True)) == [other.pk, one.pk]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.row_version) == ("suggested", 2)
    with pytest.raises(Overtaken):
        suggestions.accept(waiting, by=checker, at=LATER, row_version=1)
    for annotation, decision in ((rejected, "rejected"), (taken, "accepted")):
        row = Suggestion.objects.get(annotation=annotation)
        assert (row.decision, list(row.offers.values_list("entity", flat=True))) == (decision, [one.pk])
    deeds = Deed.objects.filter(verb="suggestion.propose").count()
    assert suggestions.propose(article, proposals=again, **read) == []
    assert Deed.objects.filter(verb="suggestion.propose").count() == deeds
    # What a person's decision offered stays behind what is known.
    waiting.suggestion.offers.create(ordinal=2, entity=third, reasons=[["accepted-here", ["Neri"]]])
    suggestions.propose(article, proposals=[a_name(article, "la sindaca", one)], **read)
    assert list(waiting.suggestion.offers.values_list("entity", flat=True)) == [one.pk, third.pk]


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("claim", lambda: {"claim": make_claim()}),
        ("mention", lambda: {"entities": [make_entity()]}),
        ("attribution", lambda: {"source": make_source()}),
        ("attribution", lambda: {"anonymity_reason": "Non si sa chi sia."}),
    ],
)
def test_what_is_something_else_is_replaced_in_one_step_and_taken_back_in_one(
    checker: User, kind: str, given: Any
) -> None:
    article = make_article()
    was = "claim" if kind != "claim" else "mention"
    suggestion = make_suggestion(article, "i tecnici", kind=was)
    made = suggestions.replace(
        suggestion.annotation,
        kind=kind,
        places=[place(article, "Secondo i tecnici")],
        by=checker,
        at=LATER,
        row_version=1,
        based_on=1,
        **given(),
    )
    assert (made.kind, made.state, made.targets.get().exact) == (kind, "accepted", "Secondo i tecnici")
    suggestion.refresh_from_db()
    assert (suggestion.decision, suggestion.annotation.state) == ("rejected", "rejected")
    [deed] = Deed.objects.filter(article=article, verb__in=("suggestion.replace", "suggestion.reject"))
    assert {uuid for _noun, uuid in deed.objects_touched} >= {str(made.uuid), str(suggestion.annotation.uuid)}
    annotations.undo(article, by=checker, at=LATER)
    made.refresh_from_db()
    assert made.state == "withdrawn"
    assert pending() == {suggestion}
    accept(Suggestion.objects.get(pk=suggestion.pk).annotation, checker, **(
        {} if was == "claim" else {"entities": [make_entity()]}
    ))  # fmt: skip


def test_a_replacement_that_says_nothing_is_refused_whole(checker: User) -> None:
    article = make_article()
    suggestion = make_suggestion(article, "i tecnici", kind="mention")
    for kind in ("claim", "attribution", "mention"):
        with pytest.raises(Refused):
            suggestions.replace(
                suggestion.annotation,
                kind=kind,
                places=[place(article, "i tecnici")],
                by=checker,
                at=LATER,
                row_version=1,
            )
    assert pending() == {suggestion}
    assert article.annotations.count() == 1


def test_a_correction_of_the_place_is_taken_back(checker: User) -> None:
    article = make_article()
    suggestion = make_suggestion(article, "la sindaca", offers=[make_entity()])
    accept(suggestion.annotation, checker, places=[place(article, "sindaca")])
    annotations.undo(article, by=checker, at=LATER)
    assert suggestion.annotation.targets.get().exact == "la sindaca"


def test_what_was_rated_since_is_not_taken_back(checker: User) -> None:
    article = make_article()
    [annotation] = proposed(article, a_claim(article), by=checker)
    make_review(accept(annotation, checker).appearance)
    with pytest.raises(Refused) as refused:
        annotations.undo(article, by=checker, at=LATER)
    assert refused.value.code == "rated"


# Other deeds on what waits


def test_what_waits_is_not_changed_as_if_it_were_a_tag(checker: User) -> None:
    article = make_article()
    who = {"by": checker, "at": LATER, "row_version": 1}
    name = make_suggestion(article).annotation
    said = make_suggestion(article, "le prove", kind="attribution").annotation
    claim = make_suggestion(article, "Costerà dieci", kind="claim").annotation
    tag = make_mention(article, "i tecnici").annotation
    attempts = [
        lambda: annotations.retag_mention(name, entities=[make_entity()], form="name", **who),
        lambda: annotations.retag_attribution(said, quote_type="mixed", source=make_source(), **who),
        lambda: annotations.retag_claim(claim, claim=make_claim(), **who),
        lambda: annotations.split(name, where=20, based_on=1, **who),
        lambda: annotations.merge(tag, other=name, other_version=1, **who),
        lambda: annotations.merge(name, other=tag, other_version=1, **who),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "suggested"


# A new text


def test_a_new_text_carries_what_stands_in_it_and_ends_what_does_not(checker: User) -> None:
    article = make_article()
    stays = make_suggestion(article, "la sindaca", offers=[make_entity()])
    changes = make_suggestion(article, "Costerà dieci milioni di euro.", kind="claim")
    goes = make_suggestion(article, "i tecnici")
    revise(article, "dieci milioni di euro", "dodici miliardi di lire", by=checker)
    revise(article, "Secondo i tecnici le prove", "Le prove", by=checker)
    assert pending() == {stays}
    for suggestion in (changes, goes):
        suggestion.refresh_from_db()
        assert (suggestion.decision, suggestion.decided_by) == ("outdated", None)
        assert suggestion.annotation.state == "rejected"
    assert not Target.objects.to_check().filter(annotation__article=article).exists()
    assert not Target.objects.lost().filter(annotation__article=article).exists()
    deed = Deed.objects.filter(verb="article.revise").latest("pk")
    assert deed.after["suggestions_ended"] == 1
    accept(stays.annotation, checker)


def test_what_ended_with_a_text_may_be_proposed_again(checker: User) -> None:
    article = make_article()
    make_suggestion(article, "Costerà dieci milioni di euro.", kind="claim")
    revise(article, "dieci milioni", "dodici miliardi", by=checker)
    revise(article, "dodici miliardi", "dieci milioni", by=checker)
    assert len(proposed(article, a_claim(article), by=checker)) == 1


def test_what_was_brought_waits_like_a_tag(checker: User) -> None:
    article = make_article()
    appearance = make_appearance(article, "dieci milioni", state="suggested", generator="Hypothesis")
    Suggestion.objects.create(annotation=appearance.annotation)
    revise(article, "Costerà dieci milioni di euro.", "", by=checker)
    assert pending()
    assert Target.objects.lost().filter(annotation=appearance.annotation).exists()


def test_every_text_leaves_word_that_it_is_to_be_read(reporter: User) -> None:
    article = articles.create(html=HTML, headline="Il ponte", by=reporter, at=LATER)
    revise(article, "dieci", "dodici", by=reporter)
    waiting = Reading.objects.filter(revision__article=article)
    assert sorted(waiting.values_list("revision__number", "state")) == [(1, "waiting"), (2, "waiting")]
