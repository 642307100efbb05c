"""The reconciliation service, as OpenRefine and its like use it: the schemas of both, and what is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from newsroom.formats.reconciliation import (
    MOST_QUERIES,
    BadQuestion,
    read_batch,
    read_extension,
    read_queries,
)
from newsroom.models import Entity, EntityAlias, EntityIdentifier
from newsroom.presenters import reconciling
from newsroom.text.reconciling import resemblance
from tests.making import (
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_entity,
    make_mention,
    make_review,
    make_source,
)

STANDARDS = Path(__file__).parents[1] / "standards/reconciliation"
SCHEMAS = {
    version: json.loads((STANDARDS / f"{version}.json").read_text()) for version in ("0.2", "1.0-draft")
}
EXAMPLES = json.loads((STANDARDS / "examples.json").read_text())
OLD, DRAFT = "/reconcile", "/reconcile/1.0-draft"


@pytest.fixture
def named(db: None) -> Entity:
    """Somebody whom a published article names."""
    entity = make_entity(name="Ildegarda Pontremoli", description="Ingegnera.")
    EntityAlias.objects.create(entity=entity, name="la signora dei ponti")
    EntityIdentifier.objects.create(entity=entity, scheme="wikidata", value="Q42999")
    make_mention(make_article(), "dieci milioni", entity=entity)
    return entity


def valid(answer: Any, version: str, name: str) -> Any:
    assert answer.status_code == 200, answer.content
    data = json.loads(answer.content)
    errors = list(Draft202012Validator(SCHEMAS[version][name]).iter_errors(data))
    assert not errors, errors[0]
    return data


def ask(reader: Client, **queries: Any) -> dict[str, list[dict[str, Any]]]:
    """The candidates of each query, of 0.2."""
    data = valid(reader.post(OLD, {"queries": json.dumps(queries)}), "0.2", "result-batch")
    return {key: found["result"] for key, found in data.items()}


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [each["id"] for each in found]


# What the standard says


@pytest.mark.django_db
def test_its_manifests_are_those_of_both_versions(reader: Client) -> None:
    old = valid(reader.get(OLD), "0.2", "manifest")
    new = valid(reader.get(DRAFT), "1.0-draft", "manifest")
    assert (old["versions"], new["versions"]) == (["0.2"], ["1.0-draft"])
    assert old["suggest"]["entity"]["service_url"].endswith(OLD)


@pytest.mark.parametrize(
    ("version", "name"),
    [(version, name) for version, kinds in EXAMPLES.items() for name in kinds["valid"]],
)
def test_the_batches_of_the_standard_are_understood(version: str, name: str) -> None:
    read = read_queries if version == "0.2" else read_batch
    asked: Any = read(json.dumps(EXAMPLES[version]["valid"][name]))
    first = next(iter(asked.values())) if isinstance(asked, dict) else asked[0]
    assert first.names == ("Christel Hanewinckel",)
    assert (first.kinds, first.limit) == (("DifferentiatedPerson",), 5)
    assert first.wanted[0].property == "professionOrOccupation"
    assert first.wanted[0].values[0] == "Politik*"


@pytest.mark.parametrize(
    ("version", "name"),
    [(version, name) for version, kinds in EXAMPLES.items() for name in kinds["invalid"]],
)
def test_the_invalid_batches_of_the_standard_are_refused(version: str, name: str) -> None:
    read = read_queries if version == "0.2" else read_batch
    with pytest.raises(BadQuestion):
        read(json.dumps(EXAMPLES[version]["invalid"][name]))


#: What the questions are made of.
NAMES = "queries query type limit properties conditions matchType pid v ids id".split()
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)


@given(ANYTHING)
def test_whatever_is_sent_is_read_or_refused(sent: Any) -> None:
    read = 0
    for reads in (read_queries, read_batch, read_extension):
        try:
            reads(json.dumps(sent))
            read += 1
        except BadQuestion as bad:
            assert str(bad)
    assert read <= 3


# Who is meant


def test_the_very_name_alone_is_a_match(reader: Client, named: Entity) -> None:
    [found] = ask(reader, q={"query": "PONTREMOLI, Ildegarda"})["q"]
    assert (found["id"], found["score"], found["match"]) == (f"entities/{named.code}", 100, True)
    assert found["type"] == [{"id": "person", "name": "person"}]
    [by_alias] = ask(reader, q={"query": "la signora dei ponti"})["q"]
    assert by_alias["id"] == found["id"]


def test_a_name_spelled_otherwise_is_a_candidate_and_no_match(reader: Client, named: Entity) -> None:
    [found] = ask(reader, q={"query": "Ildegarda Pontremolli"})["q"]
    assert found["id"] == f"entities/{named.code}"
    assert 90 < found["score"] < 100
    assert not found["match"]


def test_two_of_one_name_are_both_told_and_neither_is_a_match(reader: Client, named: Entity) -> None:
    other = make_entity(name=named.name, kind="work")
    make_mention(make_article(), "dieci milioni", entity=other)
    found = ask(reader, q={"query": named.name}, only={"query": named.name, "type": "work"})
    assert set(ids(found["q"])) == {f"entities/{named.code}", f"entities/{other.code}"}
    assert not any(each["match"] for each in found["q"])
    assert [(each["id"], each["match"]) for each in found["only"]] == [(f"entities/{other.code}", True)]


def test_sources_and_claims_are_found_by_their_kind(reader: Client, db: None) -> None:
    source = make_source(name="Ufficio del catasto di Bormio")
    claim = make_claim(text="Il catasto di Bormio ha perso tremila mappe.", claimant=source)
    make_appearance(make_article(), "dieci milioni", claim=claim)
    make_attribution(make_article(), source=source)
    found = ask(
        reader,
        source={"query": "ufficio catasto Bormio", "type": "source"},
        claim={"query": "Il catasto di Bormio ha perso 3.000 mappe", "type": ["claim"]},
        other={"query": "catasto Bormio", "type": "Q5"},
    )
    assert ids(found["source"]) == [f"sources/{source.code}"]
    assert ids(found["claim"]) == [f"claims/{claim.code}"]
    assert found["other"] == []


def test_a_number_of_another_catalogue_is_a_match_without_a_name(reader: Client, named: Entity) -> None:
    [found] = ask(reader, q={"properties": [{"pid": "wikidata", "v": "Q42999"}]})["q"]
    assert (found["id"], found["match"]) == (f"entities/{named.code}", True)


def test_a_property_that_differs_lowers_the_score_and_one_that_is_required_decides(
    reader: Client, named: Entity
) -> None:
    def score(value: str, **more: Any) -> list[float]:
        condition = {"matchType": "property", "pid": "description", "v": value} | more
        asked = {"queries": [{"conditions": [{"matchType": "name", "v": named.name}, condition]}]}
        answer = reader.post(f"{DRAFT}/match", asked, content_type="application/json")
        [found] = valid(answer, "1.0-draft", "result-batch")["results"]
        return [each["score"] for each in found["candidates"]]

    assert score("ingegnera") == [100]
    [other] = score("cantante lirica")
    assert other < 85
    assert score("cantante lirica", required=True) == []


def test_only_whom_readers_meet_is_found(reader: Client, db: None) -> None:
    unnamed = make_entity(name="Gervasio Mastrobuoni")
    protected = make_entity(name="Lucilla Mastrobuoni", privacy="minor")
    make_mention(make_article(), "dieci milioni", entity=protected)
    silent = make_source(name="Fonte Mastrobuoni", desk_only=True)
    make_attribution(make_article(), source=silent)
    draft = make_claim(text="Mastrobuoni ha mentito.")
    assert ask(reader, q={"query": "Mastrobuoni", "limit": 50})["q"] == []
    assert valid(reader.get(f"{OLD}/suggest/entity?prefix=mastro"), "0.2", "suggest-entities")["result"] == []
    hidden = [
        f"entities/{unnamed.code}",
        f"entities/{protected.code}",
        f"sources/{silent.code}",
        f"claims/{draft.code}",
    ]
    for id in hidden:
        assert reader.get(f"{OLD}/preview", {"id": id}).status_code == 404
    data = reader.post(OLD, {"extend": json.dumps({"ids": hidden, "properties": [{"id": "name"}]})})
    assert all(row == {"name": []} for row in valid(data, "0.2", "extension-response")["rows"].values())


# What is known of them


def test_what_is_typed_is_completed(reader: Client, named: Entity) -> None:
    for path, version in ((OLD, "0.2"), (DRAFT, "1.0-draft")):
        found = valid(reader.get(f"{path}/suggest/entity?prefix=ildeg"), version, "suggest-entities")
        assert ids(found["result"]) == [f"entities/{named.code}"]
        kinds = valid(reader.get(f"{path}/suggest/type?prefix=pers"), version, "suggest-types")
        assert ids(kinds["result"]) == ["person"]
        some = valid(reader.get(f"{path}/suggest/property?prefix=wiki"), version, "suggest-properties")
        assert ids(some["result"]) == ["wikidata"]
    proposed = reader.get(f"{DRAFT}/extend/propose?type=claim")
    assert "claimant" in ids(valid(proposed, "1.0-draft", "property-proposal")["properties"])


def test_a_table_is_extended_by_what_is_public(reader: Client, named: Entity) -> None:
    source = make_source(name="Ada Neri", entity=named)
    review = make_review(make_appearance(make_article(), "dieci milioni", claim=make_claim(claimant=source)))
    unchecked = make_appearance(make_article(), "dieci milioni").claim
    rated = f"claims/{review.claim.code}"
    asked = {
        "ids": [rated, f"claims/{unchecked.code}", f"entities/{named.code}", f"sources/{source.code}", "x"],
        "properties": [
            {"id": name} for name in ("rating", "claimant", "alias", "wikidata", "entity", "shoe")
        ],
    }
    old = valid(reader.post(OLD, {"extend": json.dumps(asked)}), "0.2", "extension-response")["rows"]
    assert old[rated]["rating"] == [{"str": "False"}]
    assert old[rated]["claimant"] == [{"id": f"sources/{source.code}", "name": "Ada Neri"}]
    assert old[f"claims/{unchecked.code}"]["rating"] == []
    assert old[f"entities/{named.code}"]["wikidata"] == [{"str": "Q42999"}]
    assert old[f"entities/{named.code}"]["alias"] == [{"str": "la signora dei ponti"}]
    assert old[f"sources/{source.code}"]["entity"][0]["id"] == f"entities/{named.code}"
    assert not any(old["x"].values())
    answer = reader.post(f"{DRAFT}/extend", asked, content_type="application/json")
    new = valid(answer, "1.0-draft", "extension-response")
    assert [row["id"] for row in new["rows"]] == asked["ids"]
    assert [each["id"] for each in new["meta"]] == ["rating", "claimant", "alias", "wikidata", "entity"]


def test_a_preview_may_stand_in_a_frame_of_any_page(reader: Client, named: Entity) -> None:
    answer = reader.get(f"{OLD}/preview", {"id": f"entities/{named.code}"}, headers={"Accept-Language": "it"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert named.get_absolute_url() in page
    assert "Ingegnera." in page
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert not answer.cookies
    assert "<script" not in page


# How it is spoken with


@pytest.mark.django_db
def test_any_site_may_ask_and_is_told_how(reader: Client) -> None:
    answer = reader.options(f"{DRAFT}/match")
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Methods"] == "OPTIONS, POST"
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    assert reader.get(OLD).headers["Access-Control-Allow-Origin"] == "*"
    assert reader.get(f"{DRAFT}/match").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"queries": "no"}, 400),
        ({"queries": "[" * 100_000}, 400),
        ({"queries": json.dumps({f"q{n}": {"query": "a"} for n in range(MOST_QUERIES + 1)})}, 413),
        ({"queries": "x" * 300_000}, 413),
        ({"extend": "{}"}, 400),
        ({}, 400),
    ],
    ids=["no JSON", "deep", "too many", "too large", "nothing wanted", "nothing"],
)
def test_what_is_no_question_is_a_problem(reader: Client, body: dict[str, str], status: int) -> None:
    answer = reader.post(OLD, body)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.django_db
def test_a_body_that_is_no_text_is_a_problem(reader: Client) -> None:
    answer = reader.post(f"{DRAFT}/match", b"\xff\xfe", content_type="application/json")
    assert answer.status_code == 400


def test_it_answers_in_the_language_that_is_asked_for(reader: Client, named: Entity) -> None:
    answer = reader.get(f"{OLD}/suggest/type", headers={"Accept-Language": "it"})
    assert {"id": "claim", "name": "Affermazione"} in json.loads(answer.content)["result"]


def test_a_query_costs_the_same_whatever_the_newsroom_holds(reader: Client, named: Entity) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            ask(reader, q={"query": "Ildegarda Pontremoli"})
        return len(queries)

    few = cost()
    for _number in range(20):
        make_mention(make_article(), "dieci milioni", entity=make_entity(name="Ildegarda Malaspina"))
    # Who is found has aliases to be looked at.
    assert abs(cost() - few) <= 1
    assert few <= 25


def test_a_batch_costs_as_much_as_one_name_whatever_their_number(reader: Client, named: Entity) -> None:
    names = ["Ildegarda Pontremoli", "Comune di Ridracoli", "Ildegarda Malaspina", "Anna Neri", "Nessuno Mai"]
    for name in names[1:4]:
        make_mention(make_article(), "dieci milioni", entity=make_entity(name=name))
    asked = {f"q{number}": {"query": name} for number, name in enumerate(names * 4)}
    with CaptureQueriesContext(connection) as queries:
        together = ask(reader, **asked)
    assert len(queries) <= 25
    # And each is told what it is told alone.
    for key in ("q0", "q1", "q2", "q3", "q4"):
        assert together[key] == ask(reader, q=asked[key])["q"]
    assert [each["name"] for each in together["q1"]][:1] == ["Comune di Ridracoli"]
    assert not [each for each in together["q4"] if each["match"]]


def test_who_is_met_is_found_behind_many_who_are_not(
    reader: Client, named: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "LOOKED_AT", (2, 3))
    for _number in range(6):
        make_entity(name="Ildegarda")
    assert named.code in str(ask(reader, q={"query": "Ildegarda P"}))


# How alike


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Neri, Ada", "Ada Nèri", 100, 100),
        ("Databricks", "databriks", 90, 99),
        ("Ada Neri", "Bruno Bianchi", 0, 50),
        ("…", "…", 100, 100),
    ],
    ids=["order, case and accent", "spelling", "another", "no words"],
)
def test_names_resemble(one: str, other: str, least: float, most: float) -> None:
    assert least <= resemblance(one, other) <= most


@given(st.text(max_size=40), st.text(max_size=40))
def test_resemblance_has_no_direction(one: str, other: str) -> None:
    assert resemblance(one, other) == pytest.approx(resemblance(other, one))
    assert 0 <= resemblance(one, other) <= 100
    assert resemblance(one, one) == 100
