"""Web Annotations as everybody reads them: the model, the protocol, and no more than readers see.

The checks of the protocol are a port of `annotation-protocol/server/server-manual.html` of
web-platform-tests; those of the model run on what stands under `tests/standards/webannotation/`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft4Validator, FormatChecker
from pytest_django import DjangoAssertNumQueries, Settings
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from newsroom.models import Annotation, Article, Evidence, Newsroom, Review, Target
from newsroom.presenters import web_annotation as presented
from tests.making import (
    LATER,
    THEN,
    make_annotation,
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
    make_revision,
    make_source,
    make_user,
)
from tests.reading import SEED

pytestmark = pytest.mark.django_db

STANDARD = Path(__file__).parents[1] / "standards/webannotation"
MUSTS = json.loads((STANDARD / "musts.json").read_text())
CONTEXT = json.loads((STANDARD / "anno.jsonld").read_text())["@context"]
HOME = "https://redazione.example"
ALL = "/annotations/"
MINIMAL = 'return=representation;include="http://www.w3.org/ns/ldp#PreferMinimalContainer"'
IRIS = 'return=representation;include="http://www.w3.org/ns/oa#PreferContainedIRIs"'
DESCRIPTIONS = 'return=representation;include="http://www.w3.org/ns/oa#PreferContainedDescriptions"'
OA = Namespace("http://www.w3.org/ns/oa#")


@pytest.fixture(autouse=True)
def at_home() -> None:
    Newsroom.objects.update(address=HOME)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presented, "ON_A_PAGE", 3)


def ask(reader: Client, address: str, **headers: str) -> HttpResponse:
    return reader.get(address.removeprefix(HOME), headers=headers)


def read(reader: Client, address: str, **headers: str) -> dict[str, Any]:
    answer = ask(reader, address, **headers)
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"].startswith("application/ld+json")
    return json.loads(answer.content)


def address_of(row: Annotation | Review | Evidence) -> str:
    return f"{ALL}{row.uuid}"


def container_of(article: Article) -> str:
    return f"/articles/{article.slug}/annotations/"


def pages(reader: Client, container: str, way: str = "next") -> list[dict[str, Any]]:
    found, address = [], read(reader, container, Prefer=MINIMAL)["first" if way == "next" else "last"]
    while address:
        found.append(read(reader, address))
        address = found[-1].get(way, "")
    return found


def ids(reader: Client, container: str) -> list[str]:
    return [item["id"] for page in pages(reader, container) for item in page["items"]]


def failed(what: str, data: Any) -> list[str]:
    """The assertions of the suite that do not hold of an annotation, a collection, a page."""
    checker = FormatChecker()
    return [
        name
        for name, schema in MUSTS[what].items()
        if not Draft4Validator(
            schema | {"definitions": MUSTS["definitions"]}, format_checker=checker
        ).is_valid(data)
    ]


def everything() -> Article:
    """An article with a tag of each kind, a rating and evidence; another one with a claim."""
    article = make_article()
    ada = make_entity(name="Ada Neri")
    ada.identifiers.create(scheme="wikidata", value="Q42")
    appearance = make_appearance(article, "Il ponte sarà aperto a maggio", ("hedge", "sarà"))
    appearance.claim.wordings.create(lang="en", text="The bridge will open in May.")
    make_mention(article, "la sindaca", entity=ada)
    make_attribution(article, claim=appearance.claim)
    make_review(appearance)
    document = make_document(title="La delibera", url="https://example.org/delibera", publisher="Comune")
    make_evidence(appearance.claim, document=document, quotation="Si apre a maggio")
    make_appearance()
    return article


# -- the protocol --------------------------------------------------------------------------------------------


def test_a_container_answers_as_the_suite_of_the_protocol_wants_it(reader: Client, small_pages: None) -> None:
    article = everything()
    for container in (ALL, container_of(article)):
        answer = ask(reader, container)
        data = json.loads(answer.content)
        assert container.endswith("/")
        assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["Allow"].split(", "))
        assert (
            answer.headers["Content-Type"]
            == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
        )
        assert {"BasicContainer", "AnnotationCollection"} <= set(data["type"])
        assert answer.headers["ETag"]
        assert {"Accept", "Prefer"} <= set(answer.headers["Vary"].split(", "))
        links = answer.headers["Link"]
        assert '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"' in links
        protocol = "<http://www.w3.org/TR/annotation-protocol/>"
        assert f'{protocol}; rel="http://www.w3.org/ns/ldp#constrainedBy"' in links
        assert answer.headers["Content-Location"] == data["id"]
        assert reader.head(container).status_code == 200
        assert reader.head(container).headers["ETag"] == answer.headers["ETag"]
        assert reader.options(container).status_code == 200
        first, last = read(reader, data["first"]["id"]), read(reader, data["last"])
        assert first["partOf"] == last["partOf"] == HOME + container
        assert "next" in first
        assert "prev" not in first
        assert "prev" in last
        assert "next" not in last
        assert all("@context" in item for item in first["items"])


def test_a_minimal_container_has_no_annotations(reader: Client, small_pages: None) -> None:
    everything()
    answer = ask(reader, ALL, Prefer=MINIMAL)
    data = json.loads(answer.content)
    assert (data["id"], type(data["first"]), type(data["last"])) == (HOME + ALL, str, str)
    assert "items" not in answer.content.decode()
    assert data["total"] == len(ids(reader, ALL))
    assert "Prefer" in answer.headers["Vary"]
    assert "Prefer" not in answer.headers


@pytest.mark.parametrize(
    ("wanted", "kind"), [(IRIS, str), (DESCRIPTIONS, dict)], ids=["iris", "descriptions"]
)
def test_a_container_embeds_what_is_preferred(
    wanted: str, kind: type, reader: Client, small_pages: None
) -> None:
    everything()
    data = read(reader, ALL, Prefer=wanted)
    assert {type(item) for item in data["first"]["items"]} == {kind}
    assert {type(item) for item in read(reader, data["first"]["next"])["items"]} == {kind}
    # Its address gives the same again, whatever is preferred then.
    assert read(reader, data["id"]) == data
    named = [item if kind is str else item["id"] for item in data["first"]["items"]]
    assert named == [item["id"] for item in pages(reader, ALL)[0]["items"]]


def test_an_annotation_answers_as_the_suite_of_the_protocol_wants_it(reader: Client) -> None:
    everything()
    for row in (Annotation.objects.latest("pk"), Review.objects.latest("pk"), Evidence.objects.latest("pk")):
        answer = ask(reader, address_of(row))
        assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["Allow"].split(", "))
        assert answer.headers["Content-Type"].startswith("application/ld+json")
        assert '<http://www.w3.org/ns/ldp#Resource>; rel="type"' in answer.headers["Link"]
        assert answer.headers["ETag"]
        assert "Accept" in answer.headers["Vary"]
        assert json.loads(answer.content)["id"] == HOME + address_of(row)
        assert reader.head(address_of(row)).status_code == 200
        assert reader.options(address_of(row)).status_code == 200


def test_pages_of_other_sites_may_ask_and_read(reader: Client) -> None:
    for address in (ALL, container_of(everything()), address_of(Annotation.objects.latest("pk"))):
        answer = reader.get(address)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        exposed = set(answer.headers["Access-Control-Expose-Headers"].split(", "))
        assert {"Allow", "Content-Location", "ETag", "Link", "Vary"} <= exposed
        preflight = reader.options(address)
        assert preflight.headers["Access-Control-Allow-Methods"] == preflight.headers["Allow"]
        assert "Prefer" in preflight.headers["Access-Control-Allow-Headers"]
        assert not answer.cookies


def test_what_has_not_changed_is_not_sent_again(reader: Client) -> None:
    everything()
    for address in (ALL, address_of(Annotation.objects.latest("pk"))):
        first = ask(reader, address)
        assert first.headers["Cache-Control"] == "public, max-age=60"
        again = ask(reader, address, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_another_method_is_refused(reader: Client) -> None:
    answer = reader.patch(ALL)
    assert answer.status_code == 405
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "GET" in answer.headers["Allow"]


def test_pages_go_on_and_come_back_and_tell_everything_once(reader: Client, small_pages: None) -> None:
    article = everything()
    for container in (ALL, container_of(article)):
        forwards = [[item["id"] for item in page["items"]] for page in pages(reader, container)]
        backwards = [[item["id"] for item in page["items"]] for page in pages(reader, container, "prev")]
        told = sum(forwards, [])
        assert told == sum(reversed(backwards), [])
        assert len(told) == len(set(told)) == read(reader, container)["total"]
        assert len(forwards) > 1


def test_a_page_that_is_none_is_not_there(reader: Client) -> None:
    for name in ("", "0", "after", "after-t-", "after-x-0123456789", "before-t-0123456789", "after-t-%00"):
        assert ask(reader, f"{ALL}?page={name}").status_code == 404


def test_an_empty_container_has_a_page_of_nothing(reader: Client) -> None:
    data = read(reader, container_of(make_article()))
    assert (data["total"], data["first"]["items"]) == (0, [])
    assert failed("collection", data) == []


def test_of_very_many_there_is_no_total(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    article = everything()
    total = read(reader, container_of(article))["total"]
    monkeypatch.setattr(presented, "MOST_COUNTED", total)
    assert read(reader, container_of(article))["total"] == total
    monkeypatch.setattr(presented, "MOST_COUNTED", total - 1)
    data = read(reader, container_of(article))
    assert "total" not in data
    assert failed("collection", data) == []


def test_a_page_costs_as_much_whatever_stands_on_it(
    reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    article = everything()
    with CaptureQueriesContext(
        connection,
    ) as few:
        ask(reader, container_of(article))
    make_crowd(article, 120)
    with django_assert_max_num_queries(len(few)):
        assert json.loads(ask(reader, container_of(article)).content)["total"] > 100
    assert len(few) <= 22
    for address, most in ((f"{ALL}?page=first", 12), (address_of(Annotation.objects.latest("pk")), 8)):
        with django_assert_max_num_queries(most):
            ask(reader, address)


# -- the model -----------------------------------------------------------------------------------------------


def test_what_is_said_meets_every_must_of_the_model(reader: Client, small_pages: None) -> None:
    article = everything()
    for page in pages(reader, ALL):
        assert failed("page", page) == []
        for item in page["items"]:
            assert failed("annotation", item) == []
    for wanted in (MINIMAL, IRIS, DESCRIPTIONS):
        for container in (ALL, container_of(article)):
            data = read(reader, container, Prefer=wanted)
            assert failed("collection", data) == []
            if wanted != MINIMAL:
                # With its page inside, as the suite takes one too.
                assert failed("page", data) == []


def test_the_musts_refuse_what_is_wrong() -> None:
    assert "3.1-targetKeyFound" in failed("annotation", {"type": "Annotation"})
    wrong = {"target": {"source": "http://example.org/", "selector": {"type": "TextQuoteSelector"}}}
    assert "3.2-targetObjectsRecognized" in failed("annotation", wrong)
    assert "5.2-pageItemsValidated" in failed("page", {"type": "AnnotationPage", "items": [3]})


def as_graph(data: dict[str, Any]) -> Graph:
    """Its triples, with the standard's context from the file: nothing is fetched."""

    def at_hand(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: at_hand(each) for key, each in value.items()}
        if isinstance(value, list):
            return [at_hand(each) for each in value]
        return CONTEXT if value == "http://www.w3.org/ns/anno.jsonld" else value

    return Graph().parse(data=json.dumps(at_hand(data)), format="json-ld")


def test_as_triples_it_says_the_same(reader: Client) -> None:
    article = everything()
    graph = as_graph(read(reader, container_of(article)))
    total = int(read(reader, container_of(article))["total"])
    assert len(set(graph.subjects(RDF.type, OA.Annotation))) == total == 5
    row = Annotation.objects.get(article=article, kind="claim")
    me = URIRef(HOME + address_of(row))
    assert graph.value(me, OA.motivatedBy) == OA.classifying
    roles = {
        str(graph.value(target, URIRef(f"{HOME}/method/#role"))) for target in graph.objects(me, OA.hasTarget)
    }
    assert roles == {"content", "hedge"}
    quotations = {str(words) for words in graph.objects(None, OA.exact)}
    assert {"la sindaca", "ha detto", "Si apre a maggio"} <= quotations
    same = URIRef("http://schema.org/sameAs")
    assert (None, same, URIRef("https://www.wikidata.org/wiki/Q42")) in graph
    languages = URIRef("http://purl.org/dc/elements/1.1/language")
    assert (None, languages, Literal("en")) in graph


def test_a_target_is_quoted_placed_and_dated(reader: Client) -> None:
    article = make_article(html="<p>🚒 Il ponte è aperto. Il ponte è chiuso.</p>")
    mention = make_mention(article, "chiuso", entity=make_entity())
    target = read(reader, address_of(mention.annotation))["target"]
    text = article.current_revision.text
    quotation, place = target["selector"]
    assert text[place["start"] : place["end"]] == quotation["exact"] == "chiuso"
    assert text.endswith(quotation["prefix"] + "chiuso" + quotation["suffix"])
    assert target["source"] == f"{HOME}/articles/{article.slug}/"
    assert target["state"] == {
        "type": "TimeState",
        "sourceDate": THEN.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "cached": f"{HOME}/articles/{article.slug}/revisions/1/",
    }


def test_a_draft_is_dated_by_when_it_was_published(reader: Client) -> None:
    article = make_article(published_at=LATER)
    target = read(reader, address_of(make_appearance(article).annotation))["target"]
    assert target["state"]["sourceDate"] == LATER.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_each_kind_says_why_it_is_there(reader: Client) -> None:
    article = everything()
    told = {
        item["motivation"]: item for page in pages(reader, container_of(article)) for item in page["items"]
    }
    assert set(told) == {"classifying", "identifying", "describing", "assessing", "linking"}
    claim = article.annotations.get(kind="claim").appearance.claim
    thing, *wordings = told["classifying"]["body"]
    assert thing["source"]["id"] == HOME + claim.get_absolute_url()
    assert [(each["value"], each["language"]) for each in wordings] == [
        (claim.text, "it"),
        ("The bridge will open in May.", "en"),
    ]
    assert told["identifying"]["body"]["source"]["sameAs"] == "https://www.wikidata.org/wiki/Q42"
    roles = [target["role"] for target in told["describing"]["target"]]
    assert sorted(roles) == ["content", "cue", "source"]
    rating, summary, page = told["assessing"]["body"]
    assert (rating["value"], rating["language"], summary["purpose"]) == ("Falso", "it", "assessing")
    assert page["source"]["id"].startswith(f"{HOME}/reviews/")
    words, whole = told["assessing"]["target"]
    assert words["selector"][0]["exact"] == "Il ponte sarà aperto a maggio"
    assert whole == told["linking"]["target"] == thing["source"]["id"]
    stance, document = told["linking"]["body"]
    assert (stance["value"], document["source"]["id"]) == ("supports", "https://example.org/delibera")
    assert document["selector"]["exact"] == "Si apre a maggio"


def test_who_made_it_is_said_as_they_sign(reader: Client) -> None:
    tag = make_appearance(
        make_article(), generator="claimbuster 2", confidence=0.8, by=make_user(first_name="Eva")
    )
    said = read(reader, address_of(tag.annotation))
    assert said["generator"] == {"type": "Software", "name": "claimbuster 2"}
    assert said["confidence"] == 0.8
    assert said["creator"]["type"] == "Organization"
    assert "Eva" not in json.dumps(said)
    ida = make_user(first_name="Ida", last_name="Rossi", signature="name")
    named = read(reader, address_of(make_review(tag, author=ida)))
    assert named["creator"] == {"type": "Person", "name": "Ida Rossi"}
    shy = make_review(make_appearance(), author=make_user(first_name="Zoe", last_name="Blu"))
    assert "Zoe" not in json.dumps(read(reader, address_of(shy)))


# -- what readers see, and no more ---------------------------------------------------------------------------


def test_only_what_is_public_goes_out(reader: Client) -> None:
    article, draft = make_article(), make_article(published_at=None)
    minor = make_entity(name="Nina Segreta", privacy="minor")
    hidden = [
        make_appearance(article, "dieci milioni", state="suggested", generator="prova").annotation,
        make_appearance(article, "dieci milioni", state="rejected", generator="prova").annotation,
        make_appearance(draft).annotation,
        make_mention(article, "la sindaca", entity=minor).annotation,
        make_attribution(article, source=make_source(entity=minor)).annotation,
        make_appearance(
            article, claim=make_claim(withdrawn_at=LATER, withdrawal_reason="Doppia.")
        ).annotation,
    ]
    appearance = make_appearance(article)
    for state in (Review.State.PROPOSED, Review.State.STALE, Review.State.SUPERSEDED):
        hidden.append(make_review(make_appearance(article), state=state))
    gone = make_evidence(appearance.claim)
    Evidence.objects.filter(pk=gone.pk).update(withdrawn_at=LATER, withdrawal_reason="No.")
    told = ids(reader, container_of(article)) + ids(reader, ALL)
    assert HOME + address_of(appearance.annotation) in told
    for row in [*hidden, gone]:
        assert HOME + address_of(row) not in told
        assert ask(reader, address_of(row)).status_code == 404
    assert "Nina" not in "".join(json.dumps(page) for page in pages(reader, ALL))


def test_who_may_not_be_named_is_not_and_their_words_neither(reader: Client) -> None:
    article = make_article()
    hidden = make_source(name="Zoe Nascosta", desk_only=True)
    said = make_attribution(article, source=hidden, anonymity_reason="teme per il lavoro")
    data = read(reader, address_of(said.annotation))
    assert [target["role"] for target in data["target"]] == ["content", "cue"]
    assert data["body"][0]["value"] == "teme per il lavoro"
    assert "Zoe" not in json.dumps(data)


def test_of_an_article_that_is_only_quoted_no_word_beyond_the_sentence_goes_out(reader: Client) -> None:
    html = "<p>Nessuno lo sa. Il ponte costa. Poi si vedrà.</p>"
    article = make_article(html=html, rights="quotation")
    make_review(make_appearance(article, "ponte"))
    for page in pages(reader, container_of(article)):
        for item in page["items"]:
            targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
            quotation = targets[0]["selector"][0]
            assert (quotation["prefix"], quotation["suffix"]) == ("Il ", " costa.")
        assert not re.search("Nessuno|vedrà", json.dumps(page))


def test_words_that_are_lost_are_in_no_container(reader: Client) -> None:
    article = make_article()
    annotation = make_appearance(article).annotation
    Target.objects.filter(annotation=annotation).update(start=None, end=None, fate="orphaned")
    assert ids(reader, container_of(article)) == []
    assert ask(reader, address_of(annotation)).status_code == 404


def test_a_tag_is_said_where_it_stands_now(reader: Client) -> None:
    article = make_article()
    annotation = make_annotation(article, "dieci milioni", kind="mention")
    annotation.mentions.create(entity=make_entity())
    revision = make_revision(article, html="<p>Nuovo inizio.</p><p>Costerà dieci milioni.</p>", at=LATER)
    Article.objects.filter(pk=article.pk).update(current_revision=revision)
    start = revision.text.index("dieci")
    target = annotation.targets.get()
    target.pk, target.uuid, target.revision = None, Annotation(article=article).uuid, revision
    target.start, target.end = start, start + len("dieci milioni")
    target.save()
    said = read(reader, address_of(annotation))["target"]
    assert said["selector"][1]["start"] == start
    assert said["state"]["cached"].endswith("/revisions/2/")


def test_what_was_withdrawn_is_gone(reader: Client) -> None:
    article = make_article()
    tag = make_appearance(article, state="withdrawn").annotation
    review = make_review(make_appearance(article))
    Review.objects.filter(pk=review.pk).update(state="withdrawn", withdrawal_reason="Errore.")
    for row in (tag, review):
        answer = ask(reader, address_of(row))
        assert (answer.status_code, answer.headers["Content-Type"]) == (410, "application/problem+json")
    Article.objects.filter(pk=article.pk).update(withdrawn_at=LATER, withdrawal_reason="Falso.")
    assert ask(reader, container_of(article)).status_code == 410
    assert ask(reader, address_of(tag)).status_code == 404


def test_an_old_slug_leads_to_the_container(reader: Client) -> None:
    article = make_article()
    article.old_addresses.create(slug="un-tempo")
    answer = ask(reader, "/articles/un-tempo/annotations/")
    assert (answer.status_code, answer.headers["Location"]) == (301, container_of(article))
    assert ask(reader, "/articles/mai-esistito/annotations/").status_code == 404


def test_the_page_of_an_article_names_its_container(reader: Client, settings: Settings) -> None:
    answer = reader.get(SEED)
    service = f"{SEED}annotations/"
    assert answer.headers["Link"] == f'<{service}>; rel="http://www.w3.org/ns/oa#annotationService"'
    assert f'rel="http://www.w3.org/ns/oa#annotationService" href="{service}"' in answer.content.decode()
    assert read(reader, service)["total"] > 100
