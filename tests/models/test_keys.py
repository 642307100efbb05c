"""Many keys are asked for as one parameter, on either database."""

from __future__ import annotations

import pytest

from newsroom.models import Appearance, Claim
from tests.making import make_appearance, make_article, make_claim

pytestmark = pytest.mark.django_db


def test_rows_are_found_by_many_keys_as_one_parameter() -> None:
    claims = [make_claim() for _number in range(3)]
    wanted = Claim.objects.filter(pk__among={claims[0].pk, claims[2].pk, 10**12})
    _sql, parameters = wanted.query.sql_with_params()
    assert len(parameters) == 1
    assert set(wanted) == {claims[0], claims[2]}
    assert not Claim.objects.filter(pk__among=[]).exists()


def test_rows_are_found_by_the_keys_of_what_they_hang_on() -> None:
    article = make_article()
    here, there = (make_appearance(article, "dieci milioni", claim=make_claim()) for _number in range(2))
    assert list(Appearance.objects.filter(claim__pk__among=[here.claim_id])) == [here]
    assert list(article.annotations.filter(appearance__claim__pk__among=[there.claim_id])) == [
        there.annotation
    ]
