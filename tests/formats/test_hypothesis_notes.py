"""What the API of Hypothesis answers, read as notes; what does not come is told."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from newsroom.formats import hypothesis_notes
from newsroom.formats.annotated import BadFile, Losses
from newsroom.text.web_annotations import Note


def row(name: str = "a", exact: str = "Il ponte", **more: Any) -> dict[str, Any]:
    """One annotation, in the shape of the API; made here."""
    selectors = [
        {"type": "RangeSelector", "startContainer": "/p[1]", "endContainer": "/p[1]", "startOffset": 0,
         "endOffset": 8},
        {"type": "TextPositionSelector", "start": 120, "end": 128},
        {"type": "TextQuoteSelector", "exact": exact, "prefix": "prima ", "suffix": " dopo"},
    ]  # fmt: skip
    return {
        "id": name,
        "created": "2024-05-06T09:00:00.000000+00:00",
        "updated": "2024-05-06T09:00:00.000000+00:00",
        "user": "acct:anna@hypothes.is",
        "user_info": {"display_name": None},
        "uri": "https://faro.example/ponte",
        "text": "*Davvero?*",
        "tags": ["costo"],
        "group": "__world__",
        "permissions": {"read": ["group:__world__"], "update": ["acct:anna@hypothes.is"]},
        "target": [{"source": "https://faro.example/ponte", "selector": selectors}],
        "document": {"title": ["Il ponte"]},
        "links": {},
        "hidden": False,
        **more,
    }


def page_note(**more: Any) -> dict[str, Any]:
    return row("nota", target=[{"source": "https://faro.example/ponte"}], **more)


def body(*rows: Any, **more: Any) -> bytes:
    return json.dumps({"total": len(rows), "rows": rows, **more}).encode()


def read(data: bytes) -> tuple[list[Note], Losses]:
    losses = Losses()
    return list(hypothesis_notes.read(io.BytesIO(data), losses)), losses


def test_a_note_has_its_quotation_and_what_was_said() -> None:
    [note], losses = read(body(row()))
    assert note == Note(
        id="a", addresses=["https://faro.example/ponte"], exact="Il ponte", prefix="prima ", suffix=" dopo",
        start=120, said="*Davvero?*", tags=["costo"], who="anna@hypothes.is", day="2024-05-06",
    )  # fmt: skip
    assert not losses


def test_answers_come_with_what_they_answer_wherever_they_stand() -> None:
    answer = page_note(references=["a", "b"])
    for data in (body(row(), answer), body(row(), replies=[answer]), json.dumps([row(), answer]).encode()):
        notes, losses = read(data)
        assert [note.answers for note in notes] == ["", "a"] and not losses


def test_what_is_not_for_everyone_or_of_no_words_is_told() -> None:
    rows = (
        row("1", group="segreti"),
        row("2", permissions={"read": ["acct:anna@hypothes.is"]}),
        row("3", permissions={}),
        row("4", hidden=True),
        page_note(),
    )
    notes, losses = read(body(*rows))
    assert notes == [] and losses.counts == {"closed": 4, "unquoted": 1}


def position(start: Any, end: Any) -> bytes:
    selector = {"type": "TextPositionSelector", "start": start, "end": end}
    return body(row(target=[{"selector": [selector]}]))


HOSTILE = {
    "two of one name": body(row(), row()),
    "no rows": b'{"annotations": []}',
    "no object": body(1),
    "no id": body(row(id=None)),
    "no list": body(row(tags="costo")),
    "no words": body(row(text=7)),
    "an answer to no name": body(row(references=[7])),
    "negative": position(-1, 4),
    "reversed": position(4, 1),
    "a fraction": position(0.5, 1),
    "no place": position(None, 1),
    "NUL": body(row(text="a\0b")),
    "many tags": body(row(tags=["a"] * 200)),
    "latin-1": '{"rows": ["è"]}'.encode("latin-1"),
    "deep": b"[" * 100_000,
    "no JSON": b"ciao",
    "200 MB": b'{"rows": "' + b"a" * 200_000_000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_means_harm_or_is_none_is_said(what: str) -> None:
    with pytest.raises(BadFile) as caught:
        read(HOSTILE[what])
    assert 10 < len(str(caught.value)) < 300
