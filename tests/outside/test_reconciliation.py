"""Names that are looked up in another catalogue: what is asked, what is understood of the answer."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from newsroom.outside.reconciliation import LONGEST, MOST, Likely, look_up
from newsroom.outside.unfetchable import NotUnderstood
from tests.local_web import LocalWeb


def answering(web: LocalWeb, answer: Any, name: str = "Ada Neri") -> list[Likely]:
    """What is found of this name by a service that answers so."""
    query = {"queries": json.dumps({"q": {"query": name, "limit": MOST}}, ensure_ascii=False)}
    body = answer if isinstance(answer, str) else json.dumps(answer)
    web.serve(f"/api?{urlencode(query)}", body, content_type="application/json")
    return look_up(web.url("/api"), name, web.policy())


def test_a_name_is_asked_and_nothing_else(web: LocalWeb) -> None:
    found = answering(web, {"q": {"result": [{"id": "Q1", "name": "Ada Neri", "score": 90, "type": ["Q5"]}]}})
    assert found == [Likely("Q1", "Ada Neri", "")]
    [(_host, path)] = web.asked
    assert json.loads(parse_qs(urlsplit(path).query)["queries"][0]) == {
        "q": {"query": "Ada Neri", "limit": MOST}
    }


def test_who_is_not_described_is_told_by_its_kinds(web: LocalWeb) -> None:
    result = [
        {
            "id": "Q1",
            "name": "Ada Neri",
            "description": "architetta",
            "type": [{"id": "Q5", "name": "umano"}],
        },
        {"id": "Q2", "name": "Neri", "type": [{"id": "Q101", "name": "cognome"}, {"id": "Q5"}]},
    ]
    assert [each.description for each in answering(web, {"q": {"result": result}})] == [
        "architetta",
        "cognome",
    ]


def test_of_a_long_answer_a_little_is_looked_at(web: LocalWeb) -> None:
    result = [{"id": f"Q{n}", "name": "x" * 3000} for n in range(100)] + [{"id": " ", "name": "y"}]
    found = answering(web, {"q": {"result": result[-1:] + result[:100]}})
    assert len(found) == MOST
    assert {len(each.name) for each in found} == {LONGEST}


@pytest.mark.parametrize(
    "answer",
    ["no", "[]", {"q": {}}, {"q": {"result": [{"name": "without id"}]}}, {"q": {"result": 5}}, "[" * 90_000],
    ids=["no JSON", "a list", "no result", "no id", "a number", "deep"],
)
def test_an_answer_that_is_none_is_said_so(web: LocalWeb, answer: Any) -> None:
    with pytest.raises(NotUnderstood):
        answering(web, answer)
