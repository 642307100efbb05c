"""Articles, claims and reviews as linked data: as the standards want it, and no more than readers see."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jsonschema
import pyshacl
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from prov.model import ProvDocument, ProvEntity
from pytest_django import DjangoAssertNumQueries, Settings
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import PROV, SDO, SH, XSD

from newsroom.actions import reviews
from newsroom.formats.nif import ITSRDF, NIF
from newsroom.models import Article, Claim, Newsroom, Policy, Review, Rights, User
from tests.making import (
    LATER,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_crowd,
    make_document,
    make_entity,
    make_evidence,
    make_mention,
    make_review,
    make_source,
)
from tests.public_pages import corrected, superseded_claim
from tests.reading import SEED, json_ld

pytestmark = pytest.mark.django_db

STANDARDS = Path(__file__).parents[1] / "standards"
SCHEMA = json.loads((STANDARDS / "ninjs/schema.json").read_text())
SUITE = json.loads((STANDARDS / "ninjs/suite.json").read_text())
HOME = "https://redazione.example"
OWN = Namespace(f"{HOME}/method/#")


@pytest.fixture
def at_home() -> None:
    Newsroom.objects.update(address=HOME)


@pytest.fixture
def in_earnest(at_home: None, settings: Settings) -> None:
    settings.DEMO = False


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """schema.org's shapes as pySHACL brings them along: those of datashapes.org."""
    return Graph().parse(Path(pyshacl.__file__).parent / "assets/schema.ttl", format="turtle")


def body(response: HttpResponse) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def reviewed(claim: Claim | None = None, **given: Any) -> Review:
    claim = claim or make_claim(claimant=make_source(name="Ada Neri"), date="2024-05")
    return make_review(make_appearance(claim=claim), **given)


def feed(reader: Client) -> dict[str, Any]:
    return json.loads(body(reader.get("/claimreview.json")))


def reviews_in(reader: Client) -> list[dict[str, Any]]:
    return [review for element in feed(reader)["dataFeedElement"] for review in element["item"]]


# -- schema.org --------------------------------------------------------------------------------------------


DATES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
#: schema.org's Date is any of ISO 8601, and a month is often all that is known; the shapes know whole days
#: alone. It is the one thing that they are not believed.
UNKNOWN_TO_THE_SHAPES = {XSD.gYear, XSD.gYearMonth}


def ranges(shapes: Graph) -> dict[str, set[URIRef]]:
    """By property: the datatypes that the shapes know for it, and `sh:IRI` where it may be an address."""
    found: dict[str, set[URIRef]] = {}
    for shape, path in shapes.subject_objects(SH.path):
        ways = [shape, *(way for one in shapes.objects(shape, SH["or"]) for way in Collection(shapes, one))]
        taken = {
            kind for way in ways for of in (SH.datatype, SH.nodeKind) for kind in shapes.objects(way, of)
        }
        found.setdefault(str(path).rpartition("/")[2], set()).update(taken)
    return found


def as_graph(data: dict[str, Any], shapes: Graph) -> Graph:
    """JSON-LD of schema.org, whose context is not fetched: every name is one of schema.org's.

    As that context does, words are addresses where a property takes no words, and dates are dates: by XSD,
    which is what the shapes know them by, and so are numbers.
    """
    known = ranges(shapes)

    def typed(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: typed(key, inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [typed(name, inner) for inner in value]
        kinds = known.get(name, set())
        if isinstance(value, str) and XSD.dateTime in kinds:
            kind = DATES.get(len(value), XSD.dateTime) if value[:4].isdecimal() else XSD.date
            return {"@value": value, "@type": str(kind)}
        if isinstance(value, str) and SH.IRI in kinds and XSD.string not in kinds:
            return {"@id": value}
        if isinstance(value, int) and XSD.float in kinds:
            return {"@value": str(value), "@type": str(XSD.float)}
        return value

    told = typed("", json.loads(json.dumps(data)) | {"@context": {"@vocab": "http://schema.org/"}})
    return Graph().parse(data=json.dumps(told), format="json-ld")


def names_in(data: Any) -> Iterable[str]:
    if isinstance(data, dict):
        yield from (key for key in data if not key.startswith("@"))
        yield data["@type"]
        for value in data.values():
            yield from names_in(value) if isinstance(value, dict | list) else ()
    else:
        for value in data:
            yield from names_in(value) if isinstance(value, dict | list) else ()


def violations(data: dict[str, Any], shapes: Graph) -> list[str]:
    _conforms, report, _text = pyshacl.validate(as_graph(data, shapes), shacl_graph=shapes, ont_graph=shapes)
    return sorted(
        str(report.value(result, SH.resultPath)).rpartition("/")[2]
        for result in report.subjects(RDF.type, SH.ValidationResult)
        if getattr(report.value(result, SH.value), "datatype", None) not in UNKNOWN_TO_THE_SHAPES
    )


def test_what_pages_and_feed_say_conforms_to_the_shapes_of_schema_org(
    reader: Client, in_earnest: None, shapes: Graph
) -> None:
    Article.objects.update(rights=Rights.OURS)
    claim = Claim.objects.earliest("pk")
    found = [*json_ld(reader.get(SEED)), *json_ld(reader.get(claim.get_absolute_url())), feed(reader)]
    found += json_ld(reader.get(corrected().get_absolute_url()))
    found += json_ld(reader.get(make_appearance().claim.get_absolute_url()))
    types = [data["@type"] for data in found]
    assert types == ["NewsArticle", "ClaimReview", "DataFeed", "NewsArticle", "Claim"]
    for data in found:
        assert violations(data, shapes) == []
        assert [name for name in set(names_in(data)) if name not in SDO] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("firstAppearance", {"@type": "Person", "name": "Ada"}),
        ("dateCreated", "ieri mattina"),
        ("dateCreated", "2024-02-31"),
        ("sameAs", {"@value": "nessun indirizzo"}),
        ("inLanguage", 3),
    ],
)
def test_the_shapes_refuse_what_is_wrong(name: str, value: Any, shapes: Graph) -> None:
    wrong = {"@type": "Claim", name: value}
    assert violations(wrong, shapes) == [name]


def test_an_article_says_how_it_was_made(reader: Client, at_home: None) -> None:
    told = make_article(backstory="Tre visite al cantiere.")
    (data,) = json_ld(reader.get(told.get_absolute_url()))
    assert data["backstory"] == "Tre visite al cantiere."
    (data,) = json_ld(reader.get(make_article().get_absolute_url()))
    assert "backstory" not in data


def test_an_article_names_its_evidence_and_whom_it_mentions(reader: Client, at_home: None) -> None:
    article = make_article(headline="Il ponte di Ada Neri")
    appearance = make_appearance(article, "Costerà dieci milioni")
    document = make_document(title="La delibera", url="https://example.org/delibera", publisher="Comune")
    for quotation in ("uno", "due"):
        make_evidence(appearance.claim, document=document, quotation=quotation)
    ada, town = make_entity(name="Ada Neri", kind="person"), make_entity(name="Il Comune", kind="place")
    minor = make_entity(name="Lia Canario", privacy="minor", protection_reason="minore")
    ada.identifiers.create(scheme="wikidata", value="Q42")
    ada.identifiers.create(scheme="viaf", value="7")
    for words, entity in (("Il ponte", ada), ("dieci milioni", town), ("le prove", minor)):
        make_mention(article, words, entity=entity)
    (data,) = json_ld(reader.get(article.get_absolute_url()))
    assert [(one["name"], one["url"]) for one in data["citation"]] == [("La delibera", document.url)]
    assert [one["name"] for one in data["mentions"]] == ["Il Comune"]
    (about,) = data["about"]
    assert about["@type"] == "Person"
    assert about["sameAs"] == ["https://viaf.org/viaf/7", "https://www.wikidata.org/wiki/Q42"]
    assert "Canario" not in json.dumps(data)


def test_the_newsroom_says_where_its_policies_are_that_exist(reader: Client, at_home: None) -> None:
    article = make_article(publisher="")
    for kind in ("method", "corrections", "sources"):
        assert Policy.objects.filter(kind=kind).exists()
    Policy.objects.filter(kind=Policy.Kind.SOURCES).delete()
    (data,) = json_ld(reader.get(article.get_absolute_url()))
    whose = data["publisher"]
    assert whose["correctionsPolicy"] == f"{HOME}/method/#corrections-title"
    assert whose["verificationFactCheckingPolicy"] == f"{HOME}/method/#method-title"
    assert "unnamedSourcesPolicy" not in whose
    Policy.objects.create(kind=Policy.Kind.SOURCES, text="Di rado.")
    (data,) = json_ld(reader.get(article.get_absolute_url()))
    assert data["publisher"]["unnamedSourcesPolicy"] == f"{HOME}/method/#sources-title"
    assert 'id="sources-title"' in reader.get("/method/").content.decode()


def test_a_claim_says_where_it_stands_and_how_it_reads_elsewhere(reader: Client, at_home: None) -> None:
    claim = make_claim(claimant=make_source(name="Ada Neri"), kind="prediction", text="Aprirà a maggio.")
    claim.wordings.create(lang="en", text="It will open in May.")
    first = make_appearance(make_article(), claim=claim).annotation.article
    make_appearance(make_article(published_at=LATER), claim=claim)
    (data,) = json_ld(reader.get(claim.get_absolute_url()))
    assert data["@type"] == "Claim"
    assert data["author"]["name"] == "Ada Neri"
    assert data["workTranslation"] == [{"@type": "Claim", "text": "It will open in May.", "inLanguage": "en"}]
    assert len(data["appearance"]) == 2
    assert data["firstAppearance"]["url"] == f"{HOME}{first.get_absolute_url()}#claim-{claim.code}"
    assert data["genre"]


# -- the feed ----------------------------------------------------------------------------------------------


def test_the_feed_has_every_review_that_a_page_has(reader: Client, in_earnest: None) -> None:
    review = reviewed()
    (on_page,) = json_ld(reader.get(review.claim.get_absolute_url()))
    in_feed = [one for one in reviews_in(reader) if one["url"] == on_page["url"]]
    assert in_feed == [{key: value for key, value in on_page.items() if key != "@context"}]
    data = feed(reader)
    assert data["@type"] == "DataFeed"
    assert {one["@type"] for one in data["dataFeedElement"]} == {"DataFeedItem"}
    for one in reviews_in(reader):
        assert one["claimReviewed"] and one["reviewRating"]["alternateName"] and one["url"]


@pytest.mark.parametrize("state", ["proposed", "stale", "superseded", "withdrawn"])
def test_what_is_not_in_force_is_in_no_feed(reader: Client, in_earnest: None, state: str) -> None:
    before = len(reviews_in(reader))
    reviewed(state=state, withdrawal_reason="Errore." if state == "withdrawn" else "")
    reviewed(make_claim(claimant=make_source(desk_only=True)))
    reviewed(make_claim(claimant=None))
    make_review(make_appearance(make_article(published_at=None), claim=make_claim(claimant=make_source())))
    assert len(reviews_in(reader)) == before


def test_the_demonstration_feeds_nobody(reader: Client) -> None:
    assert feed(reader)["dataFeedElement"] == []


def test_who_has_the_feed_is_told_so_until_something_changes(reader: Client, in_earnest: None) -> None:
    review = reviewed()
    first = reader.get("/claimreview.json")
    assert body(first)
    again = reader.get("/claimreview.json", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again["ETag"] == first["ETag"]
    editor = User.objects.get(username="editor")
    reviews.withdraw(review, reason="Era un errore.", by=editor, at=timezone.now())
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        changed = reader.get("/claimreview.json", headers=headers)
        assert str(review.claim.code) not in body(changed).decode()


def test_the_feed_asks_as_often_for_few_as_for_many(
    reader: Client, in_earnest: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (1, 40):
        for _ in range(number):
            reviewed()
        with django_assert_num_queries(8):
            feed(reader)


# -- ninjs -------------------------------------------------------------------------------------------------


def ninjs_faults(item: dict[str, Any]) -> list[str]:
    validator = jsonschema.Draft202012Validator(
        SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    return [error.message for error in validator.iter_errors(item)]


@pytest.mark.parametrize("item", SUITE["should_pass"])
def test_the_schema_takes_what_it_should(item: dict[str, Any]) -> None:
    assert ninjs_faults(item) == []


@pytest.mark.parametrize("item", [*SUITE["should_fail"], {"uri": "urn:x", "ours": 1}])
def test_the_schema_refuses_what_it_should(item: dict[str, Any]) -> None:
    assert ninjs_faults(item)


def ninjs(reader: Client, address: str) -> dict[str, Any]:
    item = json.loads(body(reader.get(f"{address}ninjs.json")))
    assert ninjs_faults(item) == []
    return item


def test_the_seed_is_a_news_object(reader: Client, at_home: None) -> None:
    item = ninjs(reader, SEED)
    text = Article.objects.earliest("pk").current_revision.text
    assert item["uri"] == HOME + SEED
    assert [one["value"] for one in item["bodies"] if one["contentType"] == "text/plain"] == [text]
    assert len([one for one in item["associations"] if one["rel"] == "claim"]) == 44
    assert {one["name"] for one in item["organisations"]} >= {"Microsoft", "OpenAI"}
    assert {one["href"] for one in item["trustIndicators"]} >= {f"{HOME}/method/#corrections-title"}


def test_a_corrected_article_has_its_corrections(reader: Client, at_home: None) -> None:
    item = ninjs(reader, corrected().get_absolute_url())
    assert [one["rel"] for one in item["associations"]].count("correction") == 3


def test_a_text_that_is_not_shown_leaves_as_quotation(reader: Client, at_home: None) -> None:
    article = make_article(rights=Rights.QUOTATION)
    make_review(make_appearance(article, "Costerà dieci milioni"))
    item = ninjs(reader, article.get_absolute_url())
    assert item["representationType"] == "partial"
    (quoted,) = item["bodies"]
    assert "Costerà dieci milioni" in quoted["value"]
    assert "Il ponte vecchio" not in json.dumps(item, ensure_ascii=False)
    graph = nif(reader, article.get_absolute_url())
    assert list(graph.subject_objects(NIF.isString)) == []
    assert "Il ponte vecchio" not in graph.serialize()


# -- NIF ---------------------------------------------------------------------------------------------------


def nif(reader: Client, address: str) -> Graph:
    return Graph().parse(data=body(reader.get(f"{address}nif.ttl")), format="turtle")


def nif_faults(graph: Graph) -> list[str]:
    """What the validation of NIF (nif-core-val.ttl) demands: one value where it says so, kinds that exclude.

    And that every place is the words that it says it is.
    """
    once = ("referenceContext", "anchorOf", "isString", "beginIndex", "endIndex")
    faults = []
    for place in set(graph.subjects(RDF.type, NIF.RFC5147String)):
        faults += [f"{place} {name}" for name in once if len(list(graph.objects(place, NIF[name]))) > 1]
        if (place, RDF.type, NIF.OffsetBasedString) in graph:
            faults.append(f"{place} kinds")
        begin, end = (int(graph.value(place, NIF[name])) for name in ("beginIndex", "endIndex"))
        if not str(place).endswith(f"#char={begin},{end}"):
            faults.append(f"{place} name")
        context = graph.value(place, NIF.referenceContext)
        if (place, RDF.type, NIF.Context) in graph:
            continue
        if (context, RDF.type, NIF.Context) not in graph:
            faults.append(f"{place} context")
        text = graph.value(context, NIF.isString)
        if text is not None and text[begin:end] != str(graph.value(place, NIF.anchorOf)):
            faults.append(f"{place} words")
    return faults


def test_the_seed_is_a_text_with_its_names_and_claims(reader: Client, at_home: None) -> None:
    graph = nif(reader, SEED)
    assert nif_faults(graph) == []
    text = Article.objects.earliest("pk").current_revision.text
    (context,) = graph.subjects(RDF.type, NIF.Context)
    assert graph.value(context, NIF.isString) == Literal(text)
    assert URIRef("https://www.wikidata.org/wiki/Q2283") in set(graph.objects(None, ITSRDF.taIdentRef))
    assert len(set(graph.subjects(RDF.type, OWN.Claim))) == 44


def test_offsets_are_code_points(reader: Client, at_home: None) -> None:
    article = make_article(html="<p>Il 🌉 di Ada Neri è aperto.</p>")
    make_mention(article, "Ada Neri")
    make_attribution(article, ["è aperto", ("source", "Ada Neri")], source=make_source(name="Ada"))
    graph = nif(reader, article.get_absolute_url())
    assert nif_faults(graph) == []
    assert (None, NIF.anchorOf, Literal("Ada Neri")) in graph
    assert (None, OWN.speaker, Literal("Ada")) in graph


@pytest.mark.parametrize("number", [10, 300])
def test_the_queries_do_not_grow_with_the_tags(
    reader: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    article = make_article()
    make_crowd(article, number)
    with django_assert_num_queries(11):
        assert reader.get(f"{article.get_absolute_url()}nif.ttl").status_code == 200
    with django_assert_num_queries(13):
        assert reader.get(f"{article.get_absolute_url()}ninjs.json").status_code == 200


# -- PROV --------------------------------------------------------------------------------------------------


def prov(reader: Client, claim: Claim) -> ProvDocument:
    data = body(reader.get(f"{claim.get_absolute_url()}prov.json")).decode()
    return ProvDocument.deserialize(content=data, format="json")


def test_the_story_of_a_rating_is_told(reader: Client, at_home: None) -> None:
    claim = superseded_claim()
    document = prov(reader, claim)
    told = document.get_provn()
    entities = {str(record.identifier.uri) for record in document.get_records(ProvEntity)}
    versions = claim.reviews.versions()
    assert {HOME + review.get_absolute_url() for review in versions} <= entities
    assert told.count("wasRevisionOf") + told.count("prov:Revision") >= 2
    assert told.count("wasInvalidatedBy") == 1
    assert "Si fondava su un documento falso." not in told
    # Whatever is said of a thing, the thing is in the document: PROV-CONSTRAINTS' first one.
    assert {HOME + claim.get_absolute_url()} <= entities


def test_turtle_tells_the_same(reader: Client, at_home: None) -> None:
    claim = superseded_claim()
    data = body(reader.get(f"{claim.get_absolute_url()}prov.ttl"))
    graph = Graph().parse(data=data, format="turtle")
    for review in claim.reviews.versions():
        name = URIRef(HOME + review.get_absolute_url())
        assert (name, RDF.type, OWN.Review) in graph
        assert (name, PROV.wasAttributedTo, None) in graph


def test_who_signs_as_the_newsroom_is_not_told_apart(reader: Client, at_home: None) -> None:
    User.objects.update(signature=User.Signature.NEWSROOM)
    claim = superseded_claim()
    told = prov(reader, claim).get_provn()
    assert told.count("la redazione") == 1
    for user in User.objects.all():
        assert user.username not in told
        assert not user.get_full_name() or user.get_full_name() not in told


def test_primary_documents_are_primary_sources(reader: Client, at_home: None) -> None:
    review = reviewed()
    document = make_document(title="L’atto", url="https://example.org/atto", kind="primary")
    make_evidence(review.claim, document=document, quotation="Aprirà.")
    told = prov(reader, review.claim).get_provn()
    assert "hadPrimarySource" in told or "prov:PrimarySource" in told
    assert "https://example.org/atto" in told


def test_a_stale_rating_is_invalidated(reader: Client, at_home: None) -> None:
    assert "wasInvalidatedBy" in prov(reader, reviewed(state="stale").claim).get_provn()


def test_the_queries_do_not_grow_with_the_versions(
    reader: Client, at_home: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for claim in (reviewed().claim, superseded_claim()):
        with django_assert_num_queries(8):
            prov(reader, claim)


# -- all of them -------------------------------------------------------------------------------------------


def of_all(claim: Claim) -> list[str]:
    article = claim.appearances.get().annotation.article.get_absolute_url()
    return [
        "/claimreview.json",
        *(f"{article}{name}" for name in ("ninjs.json", "nif.ttl")),
        *(f"{claim.get_absolute_url()}{name}" for name in ("prov.json", "prov.ttl")),
    ]


def test_they_are_for_the_pages_of_any_site_and_know_nobody(reader: Client, in_earnest: None) -> None:
    for address in of_all(reviewed().claim):
        response = reader.get(address)
        assert body(response)
        assert response["Access-Control-Allow-Origin"] == "*"
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        again = reader.get(address, headers={"If-None-Match": response["ETag"]})
        assert again.status_code == 304
        assert again["Access-Control-Allow-Origin"] == "*"
        assert reader.post(address).status_code == 405


def test_what_is_not_public_is_nowhere(reader: Client) -> None:
    draft = make_appearance(make_article(published_at=None)).claim
    addresses = of_all(draft)[1:]
    assert {reader.get(address).status_code for address in addresses} == {404}
    gone = make_article(withdrawn_at=LATER, withdrawal_reason="Errore.")
    assert reader.get(f"{gone.get_absolute_url()}ninjs.json").status_code == 410


def test_pages_lead_to_them(reader: Client) -> None:
    review = reviewed()
    article = review.appearance.annotation.article
    for page, names in (
        (article.get_absolute_url(), ("ninjs.json", "nif.ttl")),
        (review.claim.get_absolute_url(), ("prov.json", "prov.ttl")),
    ):
        html = reader.get(page).content.decode()
        for name in names:
            assert html.count(name) == 2
    assert "/claimreview.json" in reader.get("/method/").content.decode()
