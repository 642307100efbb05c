"""What triggers refuse: to approve what one wrote, to change what was public, or a scale that is in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from newsroom.models import RatingLabel, RatingLevel, RatingScale, Review, guards
from tests.making import LATER, THEN, level, make_claim, make_review, make_user

pytestmark = pytest.mark.django_db


def refused(words: str) -> Any:
    return pytest.raises(IntegrityError, match=words)


def change(row: Any, **values: Any) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def test_every_guard_stands_on_its_table() -> None:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        there = {name for (name,) in cursor.fetchall()}
    assert {f"newsroom_{guard.name}" for guard in guards.guards(connection.vendor)} <= there


def test_nobody_approves_a_review_that_they_changed() -> None:
    review, person = make_review(state="proposed"), make_user()
    review.contributors.add(person)
    with refused("nobody approves"), transaction.atomic():
        change(review, state="approved", approver=person, approved_at=THEN)
    change(review, state="approved", approver=make_user(), approved_at=THEN)


def test_nobody_changes_a_review_that_they_approved() -> None:
    review = make_review(state="approved")
    with refused("nobody changes"), transaction.atomic():
        review.contributors.add(review.approver)
    review.contributors.add(make_user())
    with refused("nobody changes"), transaction.atomic():
        review.contributors.through.objects.update(user=review.approver)


@pytest.mark.parametrize("state", ["published", "stale", "superseded", "withdrawn"])
@pytest.mark.parametrize(
    "given",
    [
        lambda: {"level": level("true")},
        lambda: {"judges": "attribution"},
        lambda: {"claim": make_claim()},
        lambda: {"author": make_user()},
        lambda: {"approver": make_user()},
        lambda: {"state": "withdrawn", "published_at": None},
    ],
    ids=["level", "judges", "claim", "author", "approver", "published_at"],
)
def test_a_review_that_was_public_keeps_its_rating_and_who_stands_for_it(
    state: str, given: Callable[[], dict[str, Any]]
) -> None:
    review = make_review(state=state, withdrawal_reason="Errore.")
    with refused("keeps its rating"), transaction.atomic():
        change(review, **given())


@pytest.mark.parametrize("state", ["published", "stale", "superseded", "withdrawn"])
def test_a_review_that_was_public_is_not_deleted(state: str) -> None:
    review = make_review(state=state, withdrawal_reason="Errore.")
    with refused("withdrawn, not deleted"), transaction.atomic():
        Review.objects.filter(pk=review.pk).delete()
    assert Review.objects.filter(pk=review.pk).exists()


def test_what_nobody_saw_may_still_change() -> None:
    change(make_review(state="proposed"), level=level("true"), author=make_user())
    make_review(state="proposed").delete()


# The scale


def draft() -> RatingLevel:
    scale = RatingScale.objects.create(code_name="controluce", version=99, name="Bozza")
    row = RatingLevel.objects.create(
        scale=scale, code_name="vero", position=1, icon="check", tone="true", underline="solid"
    )
    RatingLabel.objects.create(level=row, lang="it", label="Vero", meaning="Così.")
    return row


@pytest.mark.parametrize(
    ("row", "values"),
    [
        (lambda row: row.scale, {"name": "Altra"}),
        (lambda row: row.scale, {"version": 98}),
        (lambda row: row.scale, {"in_force_since": None}),
        (lambda row: row.scale, {"in_force_since": LATER}),
        (lambda row: row, {"tone": "false"}),
        (lambda row: row, {"number": 9}),
        (lambda row: row, {"code_name": "altro"}),
        (lambda row: row, {"is_opinion": True}),
        (lambda row: row.labels.get(lang="it"), {"label": "Altro"}),
        (lambda row: row.labels.get(lang="it"), {"meaning": "Altro."}),
        (lambda row: row.labels.get(lang="it"), {"attribution_label": "Altro"}),
    ],
)
def test_a_scale_in_force_never_changes(row: Callable[[RatingLevel], Any], values: dict[str, Any]) -> None:
    with refused("never changes"), transaction.atomic():
        change(row(level("true")), **values)
    change(row(draft()), **values)


def test_nothing_of_a_scale_in_force_is_deleted() -> None:
    label = level("true").labels.get(lang="it")
    with refused("never changes"), transaction.atomic():
        label.delete()
    row = draft()
    row.delete()
    row.scale.delete()
    change(row := draft().scale, in_force_since=THEN)
    with refused("never changes"), transaction.atomic():
        RatingLevel.objects.filter(scale=row).delete()
    with refused("never changes"), transaction.atomic():
        RatingScale.objects.filter(
            pk=RatingScale.objects.create(code_name="vuota", name="Vuota", in_force_since=THEN).pk
        ).delete()
