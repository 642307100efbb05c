"""Web Annotations that programs send: tagged, changed, withdrawn; or refused, and nothing kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from newsroom.actions import articles
from newsroom.models import Annotation, Article, Claim, Deed, Newsroom, Review, User
from tests.making import (
    HTML,
    LATER,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_entity,
    make_evidence,
    make_mention,
    make_review,
    make_source,
    make_token,
)

pytestmark = pytest.mark.django_db

HOME = "https://redazione.example"
ALL = "/annotations/"
SECRET = "ctl_" + "s" * 43
TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
SAMPLES = json.loads((Path(__file__).parents[1] / "standards/webannotation/samples.json").read_text())
NOBODYS = "80a2226a-2813-404d-9053-616e6728ab3b"


@pytest.fixture(autouse=True)
def at_home() -> None:
    Newsroom.objects.update(address=HOME)


@pytest.fixture
def program(reporter: User) -> Client:
    """With a token of every scope, of a reporter."""
    make_token(SECRET, user=reporter)
    return Client(headers={"Authorization": f"Bearer {SECRET}"})


def send(client: Client, body: Any, address: str = ALL, method: str = "POST", **headers: str) -> HttpResponse:
    sent = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.generic(method, address.removeprefix(HOME), sent, content_type=TYPE, headers=headers)


def read(client: Client, address: str) -> tuple[dict[str, Any], str]:
    answer = client.get(address.removeprefix(HOME))
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content), answer.headers["ETag"]


def words(article: Article, exact: str, **more: Any) -> dict[str, Any]:
    selector = {"type": "TextQuoteSelector", "exact": exact}
    return {"source": HOME + article.get_absolute_url(), "selector": selector} | more


def naming(article: Article, exact: str = "la sindaca", **more: Any) -> dict[str, Any]:
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "motivation": "identifying",
        "body": HOME + make_entity().get_absolute_url(),
        "target": words(article, exact),
    } | more


def refused(client: Client, body: Any, status: int = 422, address: str = ALL) -> dict[str, Any]:
    """What is said of it; nothing was kept."""
    kept = Annotation.objects.count(), Claim.objects.count(), Deed.objects.count()
    answer = send(client, body, address)
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (Annotation.objects.count(), Claim.objects.count(), Deed.objects.count()) == kept
    return json.loads(answer.content)


# -- the protocol --------------------------------------------------------------------------------------------


def test_an_annotation_is_made_changed_and_withdrawn(program: Client, reporter: User) -> None:
    article = make_article()
    canonical = "urn:uuid:3a05c4a2-6f2a-4b7e-9d3f-0f6f7f1f0d11"
    answer = send(program, naming(article, canonical=canonical, id="https://elsewhere.example/a/1"))
    made = json.loads(answer.content)
    assert answer.status_code == 201
    assert made["id"] == answer.headers["Location"]
    assert made["id"].startswith(HOME + ALL)
    assert (made["canonical"], made["via"]) == (canonical, ["https://elsewhere.example/a/1"])
    assert Deed.objects.first().actor == reporter
    row = Annotation.objects.get(uuid=made["id"].rpartition("/")[2])
    assert (row.state, row.by, row.targets.get().exact) == ("accepted", reporter, "la sindaca")

    etag = answer.headers["ETag"]
    assert read(program, made["id"]) == (made, etag)
    made["target"] = words(article, "dieci milioni")
    assert send(program, made, made["id"], "PUT").status_code == 428
    changed = send(program, made, made["id"], "PUT", **{"If-Match": etag})
    assert changed.status_code == 200, changed.content
    told = json.loads(changed.content)
    assert told["target"]["selector"][0]["exact"] == "dieci milioni"
    assert told["modified"]
    assert send(program, made, made["id"], "PUT", **{"If-Match": etag}).status_code == 412
    assert send(program, "", made["id"], "DELETE", **{"If-Match": etag}).status_code == 412
    gone = send(program, "", made["id"], "DELETE", **{"If-Match": changed.headers["ETag"]})
    assert (gone.status_code, gone.content) == (204, b"")
    assert program.get(made["id"].removeprefix(HOME)).status_code == 410
    assert send(program, made, made["id"], "PUT", **{"If-Match": etag}).status_code == 410


def test_a_container_says_what_it_takes(reader: Client) -> None:
    article = make_article()
    for address in (ALL, f"{article.get_absolute_url()}annotations/"):
        answer = reader.get(address)
        assert "POST" in answer.headers["Allow"]
        assert answer.headers["Accept-Post"] == TYPE
        preflight = reader.options(address)
        assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
        assert {"Authorization", "Content-Type", "If-Match", "Slug"} <= set(
            preflight.headers["Access-Control-Allow-Headers"].split(", ")
        )


def test_an_article_takes_its_own_alone(program: Client) -> None:
    article, other = make_article(), make_article()
    refused(program, naming(article), address=f"{other.get_absolute_url()}annotations/")
    answer = send(program, naming(article), f"{article.get_absolute_url()}annotations/")
    assert answer.status_code == 201
    assert answer.headers["Location"].startswith(HOME + ALL)


def test_a_slug_that_is_a_free_name_is_taken(program: Client) -> None:
    article = make_article()
    assert send(program, naming(article), Slug=NOBODYS).headers["Location"] == f"{HOME}{ALL}{NOBODYS}"
    assert send(program, naming(article), Slug=NOBODYS).status_code == 201
    assert send(program, naming(article), Slug="la-sindaca").status_code == 201


def test_who_may_not_is_refused(reader: Client, reporter: User) -> None:
    article = make_article()
    tag = make_mention(article, "la sindaca").annotation
    for method, address in (("POST", ALL), ("PUT", f"{ALL}{tag.uuid}"), ("DELETE", f"{ALL}{tag.uuid}")):
        assert send(reader, naming(article), address, method).status_code == 401
        make_token(f"ctl_{method}" + "s" * 30, user=reporter, scopes=["read", "claims"])
        headers = {"Authorization": f"Bearer ctl_{method}" + "s" * 30}
        assert send(reader, naming(article), address, method, **headers).status_code == 403
    make_token("ctl_" + "n" * 43)
    nobody = Client(headers={"Authorization": "Bearer ctl_" + "n" * 43})
    assert send(nobody, naming(article)).status_code == 403


def test_ratings_and_evidence_are_for_reading(program: Client) -> None:
    appearance = make_appearance()
    for row in (make_review(appearance), make_evidence(appearance.claim)):
        told, etag = read(program, f"{ALL}{row.uuid}")
        for method in ("PUT", "DELETE"):
            answer = send(program, told, f"{ALL}{row.uuid}", method, **{"If-Match": etag})
            assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


# -- what it says --------------------------------------------------------------------------------------------


def test_a_claim_is_named_by_its_address_or_its_wording(program: Client, reporter: User) -> None:
    article, claim = make_article(), make_claim()
    body = naming(article, "dieci milioni", motivation="classifying")
    by_address = send(program, body | {"body": {"id": HOME + claim.get_absolute_url()}})
    assert by_address.status_code == 201, by_address.content
    assert claim.appearances.count() == 1
    known = [{"type": "TextualBody", "value": claim.text, "language": "it"}]
    assert send(program, body | {"body": known, "target": words(article, "le prove")}).status_code == 201
    assert claim.appearances.count() == 2
    new = [
        {"type": "TextualBody", "value": "Costa dieci milioni.", "language": "it"},
        {"type": "TextualBody", "value": "It costs ten million.", "language": "en"},
    ]
    assert send(program, body | {"body": new}).status_code == 201
    made = Claim.objects.latest("pk")
    assert (made.text, made.wordings.get().text) == ("Costa dieci milioni.", "It costs ten million.")
    assert not Review.objects.filter(claim=made).exists()
    make_token("ctl_" + "a" * 43, user=reporter, scopes=["annotate"])
    limited = Client(headers={"Authorization": "Bearer ctl_" + "a" * 43})
    refused(limited, body | {"body": [{"type": "TextualBody", "value": "Altro."}]}, 403)


def test_an_entity_is_named_by_another_catalogue(program: Client) -> None:
    article, ada = make_article(), make_entity(name="Ada Neri")
    ada.identifiers.create(scheme="wikidata", value="Q42")
    body = {"source": {"id": "https://elsewhere.example/e/1", "sameAs": "https://www.wikidata.org/wiki/Q42"}}
    made = send(program, naming(article, body=body | {"purpose": "identifying"}))
    assert made.status_code == 201, made.content
    assert ada.mentions.count() == 1
    minor = make_entity(privacy="minor")
    said = refused(program, naming(article, body=HOME + minor.get_absolute_url()))
    assert "no such entity" in said["detail"]


@pytest.mark.parametrize("kind", ["claim", "mention", "attribution"])
def test_what_is_read_and_sent_elsewhere_stands_on_the_same_words(kind: str, program: Client) -> None:
    article, elsewhere = make_article(), make_article()
    tag = {
        "claim": lambda: make_appearance(article, "dieci milioni", ("hedge", "dieci")).annotation,
        "mention": lambda: make_mention(article, "Il ponte vecchio").annotation,
        "attribution": lambda: make_attribution(article, claim=make_appearance(article).claim).annotation,
    }[kind]()
    told, _etag = read(program, f"{ALL}{tag.uuid}")
    sent = json.loads(json.dumps(told).replace(article.get_absolute_url(), elsewhere.get_absolute_url()))
    answer = send(program, sent)
    assert answer.status_code == 201, answer.content
    again = json.loads(answer.content)
    assert again["body"] == told["body"]
    assert json.dumps(again["target"]).replace(
        elsewhere.get_absolute_url(), article.get_absolute_url()
    ) == json.dumps(told["target"])
    assert again["via"] == [told["id"]]


@pytest.mark.parametrize("kind", ["claim", "mention", "attribution"])
def test_what_is_read_can_be_sent_back_and_nothing_is_lost(kind: str, program: Client) -> None:
    article = make_article()
    hidden = make_source(name="Zoe Nascosta", desk_only=True)
    minor = make_entity(privacy="minor")
    tag = {
        "claim": lambda: make_appearance(article, "dieci milioni", ("hedge", "dieci")).annotation,
        "mention": lambda: make_mention(article, "la sindaca", note="Lei.").annotation,
        "attribution": lambda: make_attribution(article, source=hidden, note="Lei.").annotation,
    }[kind]()
    if kind == "mention":
        tag.mentions.create(entity=minor, note="E lei.")
    told, etag = read(program, f"{ALL}{tag.uuid}")
    before = sorted(tag.targets.values_list("role", "start", "end"))
    answer = send(program, told, told["id"], "PUT", **{"If-Match": etag})
    assert answer.status_code == 200, answer.content
    again = json.loads(answer.content)
    assert (again["body"], again["target"]) == (told["body"], told["target"])
    assert sorted(tag.targets.values_list("role", "start", "end")) == before
    if kind == "mention":
        assert {row.note for row in tag.mentions.all()} == {"Lei.", "E lei."}
    if kind == "attribution":
        tag.attribution.refresh_from_db()
        assert (tag.attribution.source, tag.attribution.note) == (hidden, "Lei.")


# -- where it stands -----------------------------------------------------------------------------------------


def test_words_are_found_by_what_stands_around_them_or_by_their_place(program: Client) -> None:
    article = make_article()
    text = article.current_revision.text
    second = text.rindex("Il ponte")
    around = {"type": "TextQuoteSelector", "exact": "Il ponte", "suffix": " vecchio"}
    place = {"type": "TextPositionSelector", "start": second, "end": second + 8}
    both = [{"type": "TextQuoteSelector", "exact": "Il ponte"}, place]
    for selector in (around, place, both):
        answer = send(program, naming(article, target=words(article, "", selector=selector)))
        assert answer.status_code == 201, answer.content
        assert json.loads(answer.content)["target"]["selector"][1]["start"] == second
    assert "places: 2" in refused(program, naming(article, "Il ponte"))["detail"]
    assert "do not stand" in refused(program, naming(article, "Il traghetto"))["detail"]


def test_an_article_is_known_by_its_original(program: Client) -> None:
    article = make_article(original_url="https://giornale.example/ponte")
    target = words(article, "la sindaca", source="http://www.giornale.example/ponte/")
    assert send(program, naming(article, target=target)).status_code == 201
    make_article(original_url="https://giornale.example/ponte")
    refused(program, naming(article, target=target))


def test_on_an_earlier_version_the_new_place_is_proposed(program: Client, editor: User) -> None:
    article = make_article()
    html = "<p>Una premessa.</p>" + HTML.replace(" Costerà dieci milioni di euro.", "")
    articles.revise(
        article, html=html, kind="correction", note="Non è così.", by=editor, at=LATER, based_on=1
    )
    state = {"type": "TimeState", "sourceDate": "2024-05-06T09:00:00Z"}
    version = HOME + f"{article.get_absolute_url()}revisions/1/"
    text = Article.objects.get(pk=article.pk).current_revision.text
    for target in (
        words(article, "la sindaca", state=state),
        words(article, "la sindaca", state=state | {"cached": version}),
        words(article, "la sindaca", source=version),
    ):
        said = refused(program, naming(article, target=target), 409)
        [proposed] = said["proposal"]
        assert proposed["fate"] == "exact"
        assert proposed["target"]["selector"][1]["start"] == text.index("la sindaca")
        accepted = send(program, naming(article, target=proposed["target"]))
        assert accepted.status_code == 201, accepted.content
    lost = refused(program, naming(article, target=words(article, "dieci milioni", source=version)), 409)
    assert (lost["proposal"][0]["fate"], lost["proposal"][0]["target"]) == ("orphaned", None)


# -- what is not taken ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("motivation", "said"),
    [
        ("assessing", "by a review"),
        ("linking", "at the desk"),
        ("commenting", "stay inside"),
        ("questioning", "not taken"),
        ("bookmarking", "not taken"),
        (["identifying", "classifying"], "one motivation"),
        (None, "one motivation"),
    ],
    ids=["assessing", "linking", "commenting", "questioning", "bookmarking", "two", "none"],
)
def test_another_motivation_is_refused_with_the_reason(motivation: Any, said: str, program: Client) -> None:
    assert said in refused(program, naming(make_article(), motivation=motivation))["detail"]


@pytest.mark.parametrize("sample", SAMPLES["correct"] + SAMPLES["incorrect"], ids=lambda each: each["name"])
def test_samples_of_the_model_are_refused_by_what_is_not_kept_here(sample: Any, program: Client) -> None:
    assert refused(program, sample["annotation"])["errors"]


WRONG: dict[str, dict[str, Any]] = {
    "no context": {"@context": "http://schema.org"},
    "no annotation": {"type": "Bookmark"},
    "unknown key": {"audience": "https://a.example/"},
    "two ids": {"id": ["https://a.example/1", "https://a.example/2"]},
    "body of another kind": {"body": {"type": "Choice", "items": []}},
    "body is a number": {"body": 7},
    "body and bodyValue": {"bodyValue": "x"},
    "text for an entity": {"body": {"type": "TextualBody", "value": "Ada"}},
    "HTML": {"body": {"type": "TextualBody", "value": "<p>", "format": "text/html"}},
    "no body": {"body": []},
    "unknown purpose": {"body": {"source": "https://a.example/", "purpose": "tagging"}},
    "no target": {"target": []},
    "target is an address": {"target": f"{HOME}/articles/x/"},
    "NUL": {"canonical": "urn:a\0b"},
    "no address": {"canonical": "la sindaca"},
    "via is long": {"via": ["urn:a"] * 51},
    "generator is long": {"generator": {"name": "x" * 81}},
    "generator is a list": {"generator": [["x"]]},
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_not_understood_is_refused_and_never_dropped(wrong: str, program: Client) -> None:
    assert refused(program, naming(make_article()) | WRONG[wrong])["detail"]


PLACES: dict[str, Any] = {
    "outside": {"type": "TextPositionSelector", "start": 5, "end": 99_999},
    "huge": {"type": "TextPositionSelector", "start": 0, "end": 10**30},
    "negative": {"type": "TextPositionSelector", "start": -1, "end": 3},
    "backwards": {"type": "TextPositionSelector", "start": 9, "end": 3},
    "words": {"type": "TextPositionSelector", "start": "0", "end": True},
    "NUL": {"type": "TextQuoteSelector", "exact": "la\0sindaca"},
    "empty": {"type": "TextQuoteSelector", "exact": " "},
    "list of nothing": [None],
    "another kind": {"type": "XPathSelector", "value": "/p"},
    "two quotations": [
        {"type": "TextQuoteSelector", "exact": "la sindaca"},
        {"type": "TextQuoteSelector", "exact": "dieci"},
    ],
}


@pytest.mark.parametrize("wrong", PLACES)
def test_a_place_that_is_none_is_refused(wrong: str, program: Client) -> None:
    article = make_article()
    refused(program, naming(article, target=words(article, "", selector=PLACES[wrong])))


def test_only_published_articles_are_tagged(program: Client) -> None:
    draft = make_article(published_at=None)
    refused(program, naming(draft))
    refused(program, naming(draft, target=words(draft, "x", source=f"{HOME}/claims/x/")))
    refused(program, naming(draft, target=words(draft, "x", source=f"{HOME}/articles/no/revisions/9/")))


def test_a_body_that_is_hostile_is_refused(program: Client) -> None:
    refused(program, "[" * 100_000, 400)
    refused(program, '{"a":' * 900 + "1" + "}" * 900, 422)
    refused(program, "", 415)
    refused(program, b"\xff\xfe", 400)
    refused(program, '"\\ud800"', 400)
    refused(program, "[]", 422)
    refused(program, '{"type": "Annotation", "body": "' + "x" * 1_500_000 + '"}', 413)
    refused(program, "x" * 10_000_000, 413)
    answer = program.post(ALL, "a=b", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 415
