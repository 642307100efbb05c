"""Claims as a table: what stands in it is read again as it was, and nothing of it is a formula."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from newsroom.formats import claims_csv
from newsroom.text.spreadsheets import LONGEST, ClaimRow, harmless

ROW = ClaimRow(
    code="k3f9x2ab",
    text='Il ponte costa «dieci; milioni», dice "lui".',
    lang="it",
    claimant='=HYPERLINK("https://male.example")',
    date="2023-08~",
    articles=["Uno", "Due"],
    article_urls=["https://a.example/1/", "https://a.example/2/"],
    rating="",
    rated="",
    status="Non ancora verificata",
    summary="",
    evidence=2,
    evidence_urls=["https://b.example/"],
    url="https://a.example/claims/x-k3f9x2ab/",
)


def table(lang: str, *rows: ClaimRow) -> list[list[str]]:
    with translation.override(lang):
        body = b"".join(claims_csv.write(rows, lang=lang))
    assert body.startswith(b"\xef\xbb\xbf") and body.endswith(b"\r\n")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=claims_csv.SEPARATORS[lang]))


@pytest.mark.parametrize("lang", ["it", "en"])
def test_a_claim_is_a_line_under_the_names_of_its_columns(lang: str) -> None:
    header, line = table(lang, ROW)
    assert len(header) == len(line) == len(set(header)) == 14
    assert line[1] == ROW.text and line[5] == "Uno | Due" and line[11] == "2"
    assert header[7] == {"it": "Valutazione", "en": "Rating"}[lang] and line[7] == ""
    assert line[3] == "'" + ROW.claimant


@pytest.mark.parametrize(
    "begin", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\0=", " =", "＝", "＋", "－", "＠"]
)
def test_no_cell_is_a_formula(begin: str) -> None:
    assert harmless(f"{begin}1+1").startswith("'")


@given(st.text(max_size=50))
def test_a_cell_is_one_line_of_words(words: str) -> None:
    cell = harmless(words)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell.isprintable() or any(each.isspace() for each in cell)
    assert harmless(cell.removeprefix("'")) in (cell, cell.removeprefix("'"))


def test_a_cell_is_no_longer_than_excel_takes() -> None:
    assert len(harmless("=" + "a" * 50_000)) == LONGEST + 1
