"""Two names become one and two again, one becomes two; nothing is lost, whoever is at work beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, models, reset_queries
from django.test.utils import CaptureQueriesContext

from newsroom.actions import annotations, entities
from newsroom.actions.annotations import Place
from newsroom.actions.entities.merging import links
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.models import (
    Annotation,
    Deed,
    Entity,
    EntityAlias,
    EntityIdentifier,
    Mention,
    Source,
    User,
)
from tests.making import (
    LATER,
    THEN,
    make_annotation,
    make_article,
    make_entity,
    make_mention,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db

Rows = dict[str, list[dict[str, Any]]]


def two() -> tuple[Entity, Entity]:
    """Two entities that share a name, a number, and words that mean both; each has more of its own."""
    one = make_entity(name="Ada Neri", description="Sindaca.")
    other = make_entity(name="A. Neri")
    for entity, names in ((one, ("la sindaca", "Neri")), (other, ("Neri", "l’assessora"))):
        for name in names:
            EntityAlias.objects.create(entity=entity, name=name)
        EntityIdentifier.objects.create(entity=entity, scheme="wikidata", value="Q42")
    EntityIdentifier.objects.create(entity=other, scheme="viaf", value="7")
    article = make_article()
    both = make_annotation(article, "Il ponte", kind="mention")
    for entity in (one, other):
        make_mention(article, "la sindaca", entity=entity)
        Mention.objects.create(annotation=both, entity=entity)
        make_source(entity=entity)
    return one, other


def all_rows() -> Rows:
    """All that refers to an entity, and the entities themselves."""
    models_of = [Entity, *(link.model for link in links())]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models_of}


def merged(checker: User) -> tuple[Entity, Entity]:
    one, other = two()
    entities.merge(other, into=one, by=checker, at=LATER)
    return fresh(one), fresh(other)


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


# Merging


def test_all_that_is_said_of_the_one_is_said_of_the_other(checker: User) -> None:
    one, other = merged(checker)
    assert other.merged_into == one
    assert set(one.aliases.values_list("name", flat=True)) == {"la sindaca", "Neri", "l’assessora", "A. Neri"}
    assert set(one.identifiers.values_list("value", flat=True)) == {"Q42", "7"}
    assert one.mentions.count() == 3
    assert one.sources.count() == 2


def test_what_would_stand_there_twice_stays_behind_and_nothing_is_deleted(checker: User) -> None:
    one, other = two()
    before = {link.name: link.model._base_manager.count() for link in links()}
    entities.merge(other, into=one, by=checker, at=LATER)
    after = {link.name: link.model._base_manager.count() for link in links()}
    assert after == before | {"entityalias": before["entityalias"] + 1}
    assert [alias.name for alias in other.aliases.all()] == ["Neri"]
    assert [number.value for number in other.identifiers.all()] == ["Q42"]
    assert other.mentions.count() == 1


def test_the_record_says_all_that_moved(checker: User) -> None:
    one, other = two()
    moving = {str(row.uuid) for row in other.mentions.all() if row.annotation.mentions.count() == 1}
    entities.merge(other, into=one, by=checker, at=LATER)
    deed = Deed.objects.get(verb="entity.merge")
    assert fresh(other).merge == deed
    assert set(deed.after["moved"]["mention"]) == moving
    assert {name: len(keys) for name, keys in deed.after["moved"].items()} == {
        "entityalias": 1, "entityidentifier": 1, "mention": 1, "source": 1,
    }  # fmt: skip
    assert {name: len(keys) for name, keys in deed.after["stays"].items()} == {
        "entityalias": 1, "entityidentifier": 1, "mention": 1,
    }  # fmt: skip


def test_every_key_to_an_entity_moves_whatever_the_model() -> None:
    """Found in the models: what a later one adds is here without being named."""
    keys = {
        (model, field.name)
        for model in Entity._meta.apps.get_models(include_auto_created=True)
        if not model.__name__.startswith("Historical")
        for field in model._meta.fields
        if field.related_model is Entity
    }
    names = {(link.model, link.field) for link in links()}
    assert {(model.__name__, field) for model, field in keys - names} == {
        ("Entity", "merged_into"),
        ("EntityEntry", "row"),
    }


def test_a_source_that_moves_has_it_in_its_history(checker: User) -> None:
    one, other = two()
    [source] = other.sources.all()
    entities.merge(other, into=one, by=checker, at=LATER)
    change = source.history.get(history_type="~")
    assert (change.entity, change.history_user, change.history_date) == (one, checker, LATER)


def test_words_of_the_search_move_along(checker: User) -> None:
    one, _other = merged(checker)
    assert list(Entity.objects.public().search("assessora")) == [one]


def test_no_entity_is_merged_into_itself_nor_a_withdrawn_one(checker: User) -> None:
    one, other = two()
    with pytest.raises(Refused) as refusal:
        entities.merge(one, into=one, by=checker, at=LATER)
    assert refusal.value.code == "same"
    Entity.objects.filter(pk=one.pk).update(withdrawn_at=THEN, withdrawal_reason="Non esiste.")
    with pytest.raises(Refused) as refusal:
        entities.merge(other, into=one, by=checker, at=LATER)
    assert refusal.value.code == "withdrawn"


def test_a_pseudonym_is_not_merged_with_who_stands_behind_it(checker: User) -> None:
    one, other = make_entity(pseudonymous=True), make_entity()
    for pair in ((one, other), (other, one)):
        with pytest.raises(Refused) as refusal:
            entities.merge(pair[0], into=pair[1], by=checker, at=LATER)
        assert refusal.value.code == "pseudonym"


def test_what_stays_is_protected_if_either_was(checker: User) -> None:
    one, other = two()
    entities.protect(other, privacy="minor", reason="Ha dodici anni.", by=checker, at=THEN)
    entities.merge(other, into=one, by=checker, at=LATER)
    one = fresh(one)
    assert (one.privacy, one.protection_reason) == ("minor", "Ha dodici anni.")
    assert set(one.sources.values_list("protected", flat=True)) == {True}


def test_parting_ends_no_protection(checker: User) -> None:
    """Or who may not lift one would merge and part; and what was tagged in between may be of either."""
    one, other = two()
    entities.protect(other, privacy="minor", reason="Ha dodici anni.", by=checker, at=THEN)
    entities.merge(other, into=one, by=checker, at=LATER)
    make_mention(make_article(), "la sindaca", entity=one)
    entities.unmerge(other, by=checker, at=LATER)
    assert (fresh(one).privacy, fresh(other).privacy) == ("minor", "minor")
    assert set(Source.objects.filter(entity__in=[one, other]).values_list("protected", flat=True)) == {True}


@pytest.mark.parametrize("by_merging", [False, True], ids=["by a deed", "by a further merging"])
def test_who_was_protected_in_between_stays_so_on_both_sides(by_merging: bool, checker: User) -> None:
    one, other = merged(checker)
    if by_merging:
        third = make_entity(privacy="victim", protected_at=THEN)
        entities.merge(third, into=one, by=checker, at=LATER)
    else:
        entities.protect(one, privacy="victim", reason="Lo chiede.", by=checker, at=LATER)
    entities.unmerge(other, by=checker, at=LATER)
    assert (fresh(one).privacy, fresh(other).privacy) == ("victim", "victim")
    assert set(Source.objects.filter(entity__in=[one, other]).values_list("protected", flat=True)) == {True}


def test_who_was_protected_before_says_nothing_of_the_other(checker: User) -> None:
    one, other = two()
    entities.protect(one, privacy="minor", reason="Ha dodici anni.", by=checker, at=THEN)
    entities.merge(other, into=one, by=checker, at=LATER)
    entities.unmerge(other, by=checker, at=LATER)
    assert (fresh(one).privacy, fresh(other).privacy) == ("minor", "")


@pytest.mark.parametrize("stays", ["minor", "delisted"])
def test_the_protection_that_asks_for_more_stays(stays: str, checker: User) -> None:
    one, other = two()
    goes = "delisted" if stays == "minor" else "minor"
    entities.protect(one, privacy=stays, reason="Sì.", by=checker, at=THEN)
    entities.protect(other, privacy=goes, reason="Anche.", by=checker, at=THEN)
    entities.merge(other, into=one, by=checker, at=LATER)
    assert fresh(one).privacy == "delisted"
    entities.unmerge(other, by=checker, at=LATER)
    assert (fresh(one).privacy, fresh(other).privacy) == ("delisted", goes)


# Undoing


def test_undoing_gives_back_everything(checker: User) -> None:
    one, other = two()
    before = all_rows()
    entities.merge(other, into=one, by=checker, at=LATER)
    entities.unmerge(other, by=checker, at=LATER)
    assert all_rows() == before


def test_what_somebody_tagged_otherwise_since_stays_as_they_left_it(checker: User) -> None:
    one, other = two()
    third = make_entity()
    mention = other.mentions.get(annotation__targets__exact="la sindaca")
    entities.merge(other, into=one, by=checker, at=LATER)
    annotations.retag_mention(
        mention.annotation, entities=[third], form="name", by=checker, at=LATER, row_version=1
    )
    entities.unmerge(other, by=checker, at=LATER)
    assert third.mentions.count() == 1
    assert other.mentions.count() == 1
    deed = Deed.objects.get(verb="entity.unmerge")
    assert deed.after["left"] == {"mention": 1}
    assert deed.after["returned"]["source"] == 1


def test_what_was_merged_further_is_parted_from_the_end(checker: User) -> None:
    one, other = merged(checker)
    third = make_entity(name="Giunta")
    entities.merge(one, into=third, by=checker, at=LATER)
    assert fresh(other).standing() == third
    with pytest.raises(Refused, match="Giunta"):
        entities.unmerge(other, by=checker, at=LATER)
    entities.unmerge(one, by=checker, at=LATER)
    entities.unmerge(other, by=checker, at=LATER)
    assert other.mentions.count() == 2


def test_two_names_cannot_be_parted_again(checker: User) -> None:
    with pytest.raises(Overtaken):
        entities.unmerge(make_entity(), by=checker, at=LATER)


# Splitting


def test_what_is_chosen_goes_to_a_new_name_and_the_rest_stays(checker: User) -> None:
    one, _other = two()
    mention = one.mentions.get(annotation__targets__exact="la sindaca")
    [source] = one.sources.all()
    alias = one.aliases.get(name="la sindaca")
    part = entities.split(
        one, name="La  sindaca", mentions=[mention], aliases=[alias], sources=[source], by=checker, at=LATER
    )
    assert (part.name, part.kind) == ("La sindaca", "person")
    assert [list(part.mentions.all()), list(part.aliases.all()), list(part.sources.all())] == [
        [mention],
        [alias],
        [source],
    ]
    assert one.mentions.count() == 1
    assert Deed.objects.get(verb="entity.split").after["moved"]["mention"] == [str(mention.uuid)]


def test_a_part_of_who_is_protected_is_protected(checker: User) -> None:
    one = make_entity(privacy="victim")
    mention = make_mention(make_article(), "la sindaca", entity=one)
    assert entities.split(one, name="Un’altra", mentions=[mention], by=checker, at=LATER).privacy == "victim"


def test_a_part_has_a_name_and_something_that_belongs_to_it(checker: User) -> None:
    one, _other = two()
    with pytest.raises(Refused) as refusal:
        entities.split(one, name="Altra", by=checker, at=LATER)
    assert refusal.value.code == "nothing"
    with pytest.raises(Refused) as refusal:
        entities.split(one, name=" ", mentions=one.mentions.all(), by=checker, at=LATER)
    assert refusal.value.code == "name"


def test_what_moved_meanwhile_is_not_split_off(checker: User) -> None:
    one, other = two()
    chosen = list(other.mentions.all())
    entities.split(other, name="Terza", mentions=chosen[:1], by=checker, at=LATER)
    before = all_rows()
    with pytest.raises(Overtaken):
        entities.split(other, name="Quarta", mentions=chosen, by=checker, at=LATER)
    assert all_rows() == before


# Two people at once


def test_who_comes_second_is_told_who_was_first(checker: User) -> None:
    one, other = merged(checker)
    for deed in (
        lambda: entities.merge(other, into=make_entity(), by=checker, at=LATER),
        lambda: entities.merge(make_entity(), into=other, by=checker, at=LATER),
        lambda: entities.split(other, name="X", mentions=[], by=checker, at=LATER),
        lambda: entities.protect(other, privacy="minor", reason="Sì.", by=checker, at=LATER),
    ):
        with pytest.raises(Overtaken, match=f"{checker}.*{one.name}"):
            deed()


def test_a_name_that_was_merged_while_it_was_chosen_is_the_other_one(checker: User) -> None:
    one, other = two()
    stale = fresh(other)
    entities.merge(other, into=one, by=checker, at=LATER)
    tag = {"places": [Place(3, 8, "ponte")], "by": checker, "at": LATER}
    tagged = annotations.tag_mention(make_article(), entities=[stale, one], **tag)
    several = annotations.tag_mentions(make_article(), entities=[stale], **tag)
    for annotation in (tagged, *several):
        assert [mention.entity for mention in annotation.mentions.all()] == [one]
    annotations.retag_mention(tagged, entities=[stale], form="name", by=checker, at=LATER, row_version=1)
    assert tagged.mentions.get().entity == one


def test_what_is_taken_back_after_a_merging_names_the_other_one(checker: User) -> None:
    one, other = two()
    third, article = make_entity(), make_article()
    tagged = annotations.tag_mention(
        article, entities=[other], places=[Place(3, 8, "ponte")], by=checker, at=LATER
    )
    annotations.retag_mention(tagged, entities=[third], form="name", by=checker, at=LATER, row_version=1)
    entities.merge(other, into=one, by=checker, at=LATER)
    annotations.undo(article, by=checker, at=LATER)
    assert tagged.mentions.get().entity == one


# Many


def test_ten_thousand_mentions_cost_as_many_statements_as_ten(checker: User) -> None:
    def cost(number: int) -> list[int]:
        article, person = make_article(), make_user()
        one, other = make_entity(), make_entity()
        rows = Annotation.objects.bulk_create(
            Annotation(article=article, kind="mention", by=person, at=THEN) for _ in range(number)
        )
        Mention.objects.bulk_create(Mention(annotation=row, entity=other) for row in rows)
        costs = []
        reset_queries()
        for deed in (
            lambda: entities.merge(other, into=one, by=checker, at=LATER),
            lambda: entities.unmerge(other, by=checker, at=LATER),
            lambda: entities.split(
                other, name="Altra", mentions=list(other.mentions.all()), by=checker, at=LATER
            ),
        ):
            with CaptureQueriesContext(connection) as queries:
                deed()
            costs.append(len(queries))
        return costs

    checker.has_perm("newsroom.merge_entity")  # read once for all
    few = cost(10)
    assert cost(10_000) == few
    assert max(few) < 60


# Protection


def test_protecting_is_for_all_and_lifting_it_for_editors(
    reporter: User, checker: User, editor: User
) -> None:
    entity = make_entity()
    source = make_source(entity=entity)
    entities.protect(entity, privacy="victim", reason="Lo chiede la famiglia.", by=reporter, at=LATER)
    protected = fresh(entity)
    assert (protected.privacy, protected.protected_by, protected.protected_at) == ("victim", reporter, LATER)
    assert fresh(source).protected
    with pytest.raises(PermissionDenied):
        entities.unprotect(entity, reason="Non serve più.", by=checker, at=LATER)
    entities.unprotect(entity, reason="Non serve più.", by=editor, at=LATER)
    assert fresh(entity).privacy == ""
    assert not fresh(source).protected


@pytest.mark.parametrize(("privacy", "reason"), [("", "Sì."), ("odd", "Sì."), ("minor", " ")])
def test_a_protection_has_its_kind_and_its_reason(reporter: User, privacy: str, reason: str) -> None:
    with pytest.raises(Refused):
        entities.protect(make_entity(), privacy=privacy, reason=reason, by=reporter, at=LATER)


def test_what_is_not_protected_cannot_be_freed(editor: User) -> None:
    entity = make_entity()
    with pytest.raises(Refused) as refusal:
        entities.unprotect(entity, reason="Sì.", by=editor, at=LATER)
    assert refusal.value.code == "privacy"


@pytest.mark.parametrize("write", ["save", "update", "bulk_update", "bulk_create"])
def test_a_source_follows_the_protection_of_its_entity_however_it_is_written(write: str) -> None:
    protected, free = make_entity(privacy="minor"), make_entity()

    def give(source: Source, entity: Entity) -> None:
        source.entity = entity
        if write == "save":
            source.save()
        elif write == "update":
            Source.objects.filter(pk=source.pk).update(entity=entity)
        else:
            Source.objects.bulk_update([source], ["entity"])

    if write == "bulk_create":
        [source] = Source.objects.bulk_create([Source(kind="person", name="Ida", entity=protected)])
        assert fresh(source).protected
        return
    source = make_source()
    give(source, protected)
    assert fresh(source).protected
    give(source, free)
    assert not fresh(source).protected


def test_the_models_know_who_may_be_shown() -> None:
    assert make_entity().is_shown
    assert not make_entity(privacy="minor").is_shown
    assert isinstance(Entity._meta.get_field("merged_into"), models.ForeignKey)
