"""Relations between claims: what may be said, what may not, and that it can be taken back."""

from __future__ import annotations

from functools import partial

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from newsroom.actions import relations
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.models import ClaimRelation, Deed, User
from tests.making import LATER, THEN, make_claim, make_relation

pytestmark = pytest.mark.django_db

KINDS = ClaimRelation.Kind.values


def refused(code: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def relate(one, other, kind: str, by: User, **given):
    return relations.relate(one, to=other, kind=kind, by=by, at=LATER, **given)


def test_two_claims_are_related_with_all_that_is_said_of_it(checker: User) -> None:
    one, other = make_claim(), make_claim()
    relation = relate(one, other, "contradicts", checker, strength="weak", note=" Forse.\n")
    kept = ClaimRelation.objects.get(pk=relation.pk)
    assert (kept.source, kept.target, kept.kind, kept.strength, kept.note) == (
        one,
        other,
        "contradicts",
        "weak",
        "Forse.",
    )
    record = Deed.objects.touching(relation).get()
    assert record.after["kind"] == "contradicts"
    assert {uuid for _noun, uuid in record.objects_touched} == {
        str(row.uuid) for row in (relation, one, other)
    }


def test_a_claim_has_no_relation_to_itself(checker: User) -> None:
    claim = make_claim()
    with refused("itself"):
        relate(claim, claim, "repeats", checker)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_said_twice(kind: str, checker: User) -> None:
    relation = make_relation(kind=kind)
    with refused("twice"):
        relate(relation.source, relation.target, kind, checker)


@pytest.mark.parametrize("kind", KINDS)
def test_what_holds_both_ways_is_not_said_the_other_way_round(kind: str, checker: User) -> None:
    relation = make_relation(kind=kind)
    code = {"contradicts": "twice", "repeats": "twice", "part_of": "circle", "updates": "circle"}.get(kind)
    if code is None:
        relate(relation.target, relation.source, kind, checker)
        return
    with refused(code):
        relate(relation.target, relation.source, kind, checker)


@pytest.mark.parametrize("kind", ["part_of", "updates"])
def test_nothing_comes_back_to_itself_by_way_of_others(kind: str, checker: User) -> None:
    claims = [make_claim() for _number in range(5)]
    for one, other in zip(claims, claims[1:], strict=False):
        relate(one, other, kind, checker)
    with refused("circle"):
        relate(claims[-1], claims[0], kind, checker)
    relate(claims[0], claims[-1], kind, checker)
    turned = ClaimRelation.objects.get(source=claims[0], target=claims[-1])
    with refused("circle"):
        relations.change(turned, version=turned.version, kind=kind, turned=True, by=checker, at=LATER)


def test_another_kind_may_go_in_circles(checker: User) -> None:
    one, other = make_claim(), make_claim()
    relate(one, other, "part_of", checker)
    relate(other, one, "supports", checker)
    relate(one, other, "supports", checker)
    with refused("circle"):
        relation = ClaimRelation.objects.get(source=other, kind="supports")
        relations.change(relation, version=relation.version, kind="part_of", by=checker, at=LATER)


def test_more_parts_than_a_person_would_make_are_not_walked_over(
    checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relations, "MOST_WALKED", 3)
    claims = [make_claim() for _number in range(5)]
    for one, other in zip(claims, claims[1:], strict=False):
        make_relation(one, other, kind="part_of")
    with refused("many"):
        relate(make_claim(), claims[0], "part_of", checker)


def test_a_withdrawn_claim_gets_no_new_relation_and_keeps_its_old_ones(checker: User) -> None:
    relation = make_relation()
    gone = relation.source
    gone.withdrawn_at, gone.withdrawal_reason = THEN, "Doppione."
    gone.save()
    for ends in ((gone, make_claim()), (make_claim(), gone)):
        with refused("withdrawn"):
            relate(*ends, "supports", checker)
    relations.change(relation, version=relation.version, kind="supports", note="Sì.", by=checker, at=LATER)
    relation.refresh_from_db()
    assert relation.note == "Sì."


def test_a_kind_that_nobody_knows_is_refused(checker: User) -> None:
    with pytest.raises(ValidationError):
        relate(make_claim(), make_claim(), "odd", checker)
    with pytest.raises(ValidationError):
        relate(make_claim(), make_claim(), "supports", checker, strength="odd")


def test_a_change_says_what_was_before(checker: User) -> None:
    relation = make_relation()
    source, target = relation.source, relation.target
    relations.change(
        relation,
        version=relation.version,
        kind="updates",
        turned=True,
        strength="strong",
        note="Più nuova.",
        by=checker,
        at=LATER,
    )
    relation.refresh_from_db()
    assert (relation.source, relation.target, relation.kind) == (target, source, "updates")
    record = Deed.objects.touching(relation).get()
    assert (record.before["kind"], record.after["kind"]) == ("supports", "updates")


def test_what_is_left_as_it_is_leaves_no_record(checker: User) -> None:
    relation = make_relation()
    relations.change(relation, version=relation.version, kind="supports", by=checker, at=LATER)
    assert not Deed.objects.touching(relation).exists()


def test_who_comes_second_is_told_who_was_first(checker: User, editor: User) -> None:
    relation = make_relation()
    seen = relation.version
    relations.change(relation, version=seen, kind="repeats", by=editor, at=LATER)
    with pytest.raises(Overtaken) as told:
        relations.change(relation, version=seen, kind="contradicts", by=checker, at=LATER)
    assert str(editor) in told.value.messages[0]
    relations.unrelate(relation, by=editor, at=LATER)
    for deed in (
        partial(relations.change, relation, version=seen, kind="updates"),
        partial(relations.unrelate, relation),
    ):
        with pytest.raises(Overtaken):
            deed(by=checker, at=LATER)


def test_what_was_removed_is_put_back_as_it_was_by_who_removed_it(checker: User, editor: User) -> None:
    relation = make_relation(kind="contradicts", strength="weak", note="Forse.")
    was, uuid = relation.version, relation.uuid
    removal = relations.unrelate(relation, by=checker, at=LATER)
    with refused("nothing"):
        relations.restore(removal, by=editor, at=LATER)
    back = relations.restore(removal, by=checker, at=LATER)
    assert (back.uuid, back.version) == (uuid, was)
    with refused("twice"):
        relations.restore(removal, by=checker, at=LATER)


def test_what_was_said_again_meanwhile_is_not_put_back(checker: User) -> None:
    relation = make_relation(kind="contradicts")
    removal = relations.unrelate(relation, by=checker, at=LATER)
    relate(relation.target, relation.source, "contradicts", checker)
    with refused("twice"):
        relations.restore(removal, by=checker, at=LATER)


def test_another_deed_cannot_be_put_back(checker: User) -> None:
    relate(make_claim(), make_claim(), "supports", checker)
    with refused("nothing"):
        relations.restore(Deed.objects.latest("pk"), by=checker, at=LATER)


class AnyDeeds(TestCase):
    @given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 4), st.integers(0, 4)), max_size=30))
    def test_whatever_is_tried_the_rules_hold(self, tried: list[tuple[str, int, int]]) -> None:
        checker = User.objects.get(username="checker")
        claims = [make_claim() for _number in range(5)]
        for kind, one, other in tried:
            try:
                relate(claims[one], claims[other], kind, checker)
            except Refused:
                continue
        rows = ClaimRelation.objects.within(claims)
        said = list(rows.values_list("kind", "source", "target"))
        assert len(said) == len(set(said))
        mutual = [(kind, frozenset(ends)) for kind, *ends in said if kind in ClaimRelation.MUTUAL]
        assert len(mutual) == len(set(mutual))
        for kind in ClaimRelation.WITHOUT_CIRCLES:
            above = {claim.pk: set() for claim in claims}
            for _kind, source, target in (line for line in said if line[0] == kind):
                above[source].add(target)
            standing = set(above)
            while ends := {claim for claim in standing if not above[claim] & standing}:
                standing -= ends
            assert standing == set(), "a circle"
