"""The models that are in use: read once, and never more than what can be read."""

from __future__ import annotations

from functools import cache

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.models import TrainedModel
from newsroom.outside.crfsuite import trained
from newsroom.presenters.learned import Learned, is_usable, learned_models
from newsroom.text.check_worthiness.learned import OPINION, WORTH
from newsroom.text.check_worthiness.learned import learned as learned_sentences
from newsroom.text.mentions.model import ALGORITHM, SETTINGS, examples, learned, packed
from tests.making import make_model

pytestmark = pytest.mark.django_db


@cache
def names() -> bytes:
    articles = [[(["ieri", name, "parla"], ["O", "B-person", "O"])] for name in ("Ada", "Ida", "Eva")]
    known = learned(articles)
    return packed(trained(examples(articles, known), ALGORITHM, SETTINGS), known)


@cache
def sentences(kind: str) -> bytes:
    taught = [("Costa dieci euro.", True), ("Che bello il ponte!", False)] * 3
    return learned_sentences(taught, kind=kind).to_bytes()


def test_a_newsroom_that_trained_nothing_goes_by_rules() -> None:
    make_model(names())
    assert learned_models("it") == Learned()


def test_each_kind_is_read_in_its_language() -> None:
    make_model(names(), active=True)
    make_model(sentences(WORTH), kind="worth", active=True)
    make_model(sentences(OPINION), kind="opinion", active=True)
    found = learned_models("it-IT")
    assert found.names and found.names.kinds == {"person"}
    assert found.worth and found.worth.kind == WORTH
    assert found.opinions and found.opinions.kind == OPINION
    assert learned_models("en") == Learned()


def test_a_file_is_read_once_and_another_version_at_once() -> None:
    row = make_model(sentences(WORTH), kind="worth", active=True)
    first = learned_models("it").worth
    with CaptureQueriesContext(connection) as queries:
        assert learned_models("it").worth is first
    assert len(queries) == 1
    TrainedModel.objects.filter(pk=row.pk).update(active=False)
    make_model(sentences(WORTH), kind="worth", active=True)
    assert learned_models("it").worth is not first


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("names", b"lCRF" + bytes(400)),
        ("names", names()[:-7]),
        ("names", sentences(WORTH)),
        ("worth", sentences(OPINION)),
        ("opinion", b"controluce sentences 1 0\n"),
        ("worth", b"\x80\x04cos\nsystem\n(S'true'\ntR."),
    ],
)
def test_a_poisoned_or_cut_file_is_told_and_the_rules_are_used(
    kind: str, file: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    row = make_model(file, kind=kind, active=True)
    assert learned_models("it") == Learned(unusable=(kind,))
    assert "the rules are" in caplog.text
    assert not is_usable(row)


def test_a_file_that_was_exchanged_is_not_the_one_that_was_trained() -> None:
    make_model(sentences(WORTH), kind="worth", active=True, sha256="0" * 64)
    assert learned_models("it").unusable == ("worth",)
