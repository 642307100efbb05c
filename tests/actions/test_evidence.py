"""Evidence is given and changed; documents are known by their address."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from newsroom.actions import documents, evidence
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.models import Deed, Evidence, User
from tests.making import LATER, THEN, make_claim, make_document, make_evidence

pytestmark = pytest.mark.django_db


def test_an_item_stands_behind_the_others_with_the_moment_it_was_opened(reporter: User) -> None:
    claim = make_claim()
    make_evidence(claim, ordinal=4)
    item = evidence.add(
        claim,
        document=make_document(),
        stance="refutes",
        checked="whole",
        quotation=" No. ",
        by=reporter,
        at=THEN,
    )
    assert (item.ordinal, item.quotation, item.checked_at) == (5, "No.", THEN)
    known = evidence.add(
        claim, document=make_document(), stance="context", checked="known", by=reporter, at=THEN
    )
    assert known.checked_at is None
    assert Deed.objects.latest("pk").objects_touched[0] == ["evidence", str(known.uuid)]


def test_the_same_words_of_one_document_are_refused_twice(reporter: User) -> None:
    item = make_evidence(make_claim(), quotation="No.")
    said = {"stance": item.stance, "checked": "known", "quotation": "No."}
    with pytest.raises(ValidationError):
        evidence.add(item.claim, document=item.document, by=reporter, at=THEN, **said)
    assert Evidence.objects.filter(claim=item.claim).count() == 1


def test_a_withdrawn_document_is_evidence_for_nothing(reporter: User) -> None:
    gone = make_document(withdrawn_at=LATER, withdrawal_reason="Falso.")
    with pytest.raises(Refused):
        evidence.add(make_claim(), document=gone, stance="context", checked="known", by=reporter, at=THEN)


def test_who_changes_an_item_second_is_told(reporter: User) -> None:
    item = make_evidence(make_claim(), checked="known")
    version = item.row_version
    evidence.change(item, changes={"checked": "excerpt"}, row_version=version, by=reporter, at=LATER)
    item.refresh_from_db()
    assert (item.checked, item.checked_at) == ("excerpt", LATER)
    with pytest.raises(Overtaken):
        evidence.change(item, changes={"checked": "whole"}, row_version=version, by=reporter, at=LATER)


def test_an_address_that_is_known_names_its_document(reporter: User) -> None:
    known = make_document(url="https://example.org/atto")
    with pytest.raises(documents.Known) as refusal:
        documents.add(title="Altro titolo", url="https://example.org/atto", by=reporter, at=THEN)
    assert refusal.value.document == known
