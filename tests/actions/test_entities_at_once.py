"""Several people at one name at the same moment: what is tagged while it is merged is not lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from newsroom.actions import annotations, entities
from newsroom.actions.annotations import Place
from newsroom.models import Entity, User
from tests.actions.at_once import at_once
from tests.making import LATER, make_article, make_entity


def tagging(entity: Entity, by: User) -> list[Callable[[], Any]]:
    def tag(slug: str) -> Callable[[], Any]:
        article = make_article(slug=slug)
        return lambda: annotations.tag_mention(
            article, entities=[entity], places=[Place(3, 8, "ponte")], by=by, at=LATER
        )

    return [tag(f"a-{number}") for number in range(3)]


def test_tags_that_are_made_during_a_merging_are_not_lost(committed: None, checker: User) -> None:
    one, other = make_entity(), make_entity()
    deeds = tagging(other, checker)
    deeds.insert(1, lambda: entities.merge(other, into=one, by=checker, at=LATER))
    answers = at_once(deeds)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert (one.mentions.count(), other.mentions.count()) == (3, 0)


def test_two_who_merge_two_names_into_each_other_lose_neither(committed: None, checker: User) -> None:
    one, other = make_entity(), make_entity()
    answers = at_once(
        [
            lambda: entities.merge(other, into=one, by=checker, at=LATER),
            lambda: entities.merge(one, into=other, by=checker, at=LATER),
        ]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Entity", "Overtaken"]
    assert Entity.objects.standing().filter(pk__in=[one.pk, other.pk]).count() == 1
