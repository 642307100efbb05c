from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given

from newsroom.text.folding import fold
from tests.text.hostile import TEXTS


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("  L’Unità\u00a0 di  Roma ", "l'unita di roma"),
        ("L'UNITA\u0300", "l'unita"),
        ("«Il Foglio»", '"il foglio"'),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("Ｄａｔａ\u200bbricks", "databricks"),
        ("ΟΔΥΣΣΕΎΣ", "οδυσσευσ"),
        ("", ""),
    ],
)
def test_names_that_differ_in_writing_only_have_one_key(name: str, key: str) -> None:
    assert fold(name) == key


@given(TEXTS)
@example("\u0345")
@example("İ\u0149\u00b4\u2033")
def test_folding_what_is_folded_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(TEXTS)
def test_the_unicode_form_and_the_case_make_no_difference(name: str) -> None:
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, name)) == fold(name)
    assert fold(name.casefold()) == fold(name)
