"""The API: what it gives to readers and to the desk's programs, how it is asked, what it refuses."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsroom.models import Annotation, Claim, Deed, Review, User
from newsroom.views.api.describing import api, description
from newsroom.views.api.speaking import Token
from tests.making import (
    LATER,
    THEN,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_document,
    make_entity,
    make_evidence,
    make_mention,
    make_reply,
    make_review,
    make_source,
    make_token,
    make_user,
)

pytestmark = pytest.mark.django_db

NOBODYS = "80a2226a-2813-404d-9053-616e6728ab3b"
API = "/api/v1"
SECRET = "ctl_" + "s" * 43
READING = [path for path, operations in description()["paths"].items() if "get" in operations]


@pytest.fixture
def program(reporter: User) -> Client:
    """With a token of every scope, of a reporter."""
    make_token(SECRET, user=reporter)
    return Client(headers={"Authorization": f"Bearer {SECRET}"})


def data(answer: Any) -> Any:
    return json.loads(answer.content)


def post(client: Client, path: str, body: Any = None, **headers: str) -> Any:
    return client.post(f"{API}{path}", body or {}, content_type="application/json", headers=headers)


# Reading


@pytest.mark.parametrize("path", [path for path in READING if "{" not in path])
def test_a_list_answers_a_reader_without_a_session(path: str, reader: Client) -> None:
    answer = reader.get(path, {"q": "ponte"})
    assert answer.status_code == 200, answer.content
    assert not answer.cookies
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    again = reader.get(path, {"q": "ponte"}, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert reader.head(path, {"q": "ponte"}).headers["ETag"] == answer.headers["ETag"]


def test_one_row_of_each_kind_is_read(reader: Client) -> None:
    for kind in ("articles", "claims", "sources", "entities", "reviews", "documents"):
        first = data(reader.get(f"{API}/{kind}"))["items"][0]
        one = data(reader.get(f"{API}/{kind}/{first['id']}"))
        assert first.items() <= one.items() or kind == "claims"
        assert one["id"] == first["id"]


def test_a_list_is_turned_forwards_and_back(reader: Client) -> None:
    seen, url = [], f"{API}/claims?limit=7&lang=it"
    while url:
        answer = reader.get(url)
        page = data(answer)
        assert ('rel="next"' in answer.headers.get("Link", "")) == bool(page["next"])
        seen += [row["id"] for row in page["items"]]
        last, url = page, page["next"]
    assert len(seen) == len(set(seen)) > 14
    before = data(reader.get(last["previous"]))
    assert [row["id"] for row in before["items"]] == seen[-len(last["items"]) - 7 : -len(last["items"])]


def test_a_language_is_asked_for_with_its_regional_kinds(reader: Client) -> None:
    articles = {lang: make_article(lang=lang) for lang in ("it", "it-IT", "en-GB", "ita")}

    def found(lang: str) -> set[str]:
        rows = data(reader.get(f"{API}/articles", {"lang": lang, "limit": 100}))["items"]
        return {row["id"] for row in rows} & {str(article.uuid) for article in articles.values()}

    def ids(*langs: str) -> set[str]:
        return {str(articles[lang].uuid) for lang in langs}

    assert found("it") == found("IT") == ids("it", "it-IT")
    assert found("it-it") == ids("it-IT")
    assert found("en") == ids("en-GB")
    assert found("i") == found("it%") == set()


def test_claims_say_how_they_stand_and_unchecked_is_no_rating(reader: Client) -> None:
    unchecked = make_appearance().claim
    rated = make_review(make_appearance(make_article(), "dieci milioni")).claim
    one = data(reader.get(f"{API}/claims/{unchecked.uuid}"))
    assert (one["status"], one["rating"]) == ("unchecked", None)
    other = data(reader.get(f"{API}/claims/{rated.uuid}", headers={"Accept-Language": "it"}))
    assert (other["status"], other["rating"]["label"]) == ("rated", "Falso")
    assert other["appearances"][0]["exact"] == ["dieci milioni"]
    assert [review["state"] for review in other["reviews"]] == ["published"]


def test_claims_are_filtered_by_rating_days_words_and_whom_they_name(reader: Client) -> None:
    article = make_article()
    rated = make_review(make_appearance(article, "dieci milioni")).claim
    rated.text, rated.date = "Il viadotto Ombrone costa dieci milioni", "2021-05-04"
    rated.save()
    named = make_mention(article, "dieci milioni").entity

    def found(**asked: str) -> list[str]:
        answer = reader.get(f"{API}/claims", {"limit": "100"} | asked)
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in data(answer)["items"]]

    one = [str(rated.uuid)]
    assert one[0] in found(rating="false")
    assert one[0] not in found(rating="unchecked")
    assert found(since="2021-05-04", until="2021-05-04") == one
    assert found(q="viadotto ombrone") == found(q="ombrone", rating="false", since="2021-01-01") == one
    assert found(q="ombrone", until="2020-12-31") == []
    assert found(entity=str(named.uuid)) == one
    assert found(entity=NOBODYS) == []


def test_a_rating_that_is_on_no_scale_is_a_problem(reader: Client) -> None:
    answer = reader.get(f"{API}/claims", {"rating": "quasi"})
    assert answer.status_code == 422
    assert "unchecked" in data(answer)["detail"]


def test_names_are_found_by_their_words(reader: Client) -> None:
    source = make_source(name="Ornella Zuccherini")
    make_attribution(make_article(), source=source)
    assert [row["id"] for row in data(reader.get(f"{API}/sources", {"q": "zuccherini"}))["items"]] == [
        str(source.uuid)
    ]
    assert data(reader.get(f"{API}/entities", {"q": "zuccherini"}))["items"] == []


def test_a_withdrawn_review_keeps_its_reason_alone(reader: Client) -> None:
    review = make_review(make_appearance())
    Review.objects.filter(pk=review.pk).update(state="withdrawn", withdrawal_reason="Errore.")
    [said] = data(reader.get(f"{API}/claims/{review.claim.uuid}"))["reviews"]
    assert (said["withdrawal_reason"], said["rating"], said["summary"]) == ("Errore.", None, "")


def test_an_article_that_is_only_quoted_gives_no_text(reader: Client) -> None:
    article = make_article(rights="quotation")
    make_appearance(article, "dieci milioni")
    said = data(reader.get(f"{API}/articles/{article.uuid}"))
    assert (said["shown_in_full"], said["text"]) == (False, None)
    [tag] = data(reader.get(f"{API}/articles/{article.uuid}/annotations"))["items"]
    [target] = tag["targets"]
    assert (target["exact"], target["prefix"], target["suffix"]) == ("dieci milioni", "", "")


def test_who_is_protected_or_may_not_be_named_is_not(reader: Client) -> None:
    article = make_article()
    minor = make_entity(name="Nina Segreta", privacy="minor")
    make_mention(article, "la sindaca", entity=minor)
    hidden = make_source(name="Zoe Nascosta", desk_only=True)
    make_attribution(article, source=hidden)
    make_appearance(article, "dieci milioni", claim=make_claim(claimant=hidden))
    told = ""
    for path in READING:
        told += reader.get(path.replace("{id}", str(article.uuid))).content.decode()
    assert "Nina" not in told
    assert "Zoe" not in told
    kinds = [row["kind"] for row in data(reader.get(f"{API}/articles/{article.uuid}/annotations"))["items"]]
    assert sorted(kinds) == ["attribution", "claim"]


def test_a_draft_is_for_a_token_that_may_read(reader: Client, program: Client, reporter: User) -> None:
    draft = make_article(published_at=None)
    claim = make_appearance(draft).claim
    for path in (f"/articles/{draft.uuid}", f"/articles/{draft.uuid}/annotations", f"/claims/{claim.uuid}"):
        assert reader.get(API + path).status_code == 404
        answer = program.get(API + path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-cache")
    make_token("ctl_" + "x" * 43, user=reporter, scopes=["annotate"])
    other = Client(headers={"Authorization": "Bearer ctl_" + "x" * 43})
    assert other.get(f"{API}/articles/{draft.uuid}").status_code == 404
    make_token("ctl_" + "y" * 43, scopes=["read"])
    nobody = Client(headers={"Authorization": "Bearer ctl_" + "y" * 43})
    assert nobody.get(f"{API}/articles/{draft.uuid}").status_code == 404


@pytest.mark.parametrize("path", ["/claims", "/articles", "/sources", "/entities", "/reviews", "/documents"])
def test_a_list_costs_the_same_for_few_rows_and_for_many(path: str, reader: Client) -> None:
    def cost(limit: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(f"{API}{path}", {"limit": limit}).status_code == 200
        return len(queries)

    assert cost(100) == cost(2) <= 8


def test_tags_cost_the_same_for_few_and_for_many(reader: Client) -> None:
    article = make_article()
    make_appearance(article, "dieci milioni")
    make_mention(article, "la sindaca")
    make_attribution(article)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            reader.get(f"{API}/articles/{article.uuid}/annotations")
        return len(queries)

    few = cost()
    for words in ("maggio", "i tecnici", "le prove"):
        make_appearance(article, words)
        make_mention(article, words)
    assert cost() == few <= 8


# How it speaks


@pytest.mark.parametrize("path", ["/nothing", "/claims/nonsense", f"/claims/{NOBODYS}", "/articles/x/y"])
def test_what_is_not_there_is_a_problem(path: str, reader: Client) -> None:
    answer = reader.get(API + path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert data(answer)["title"] == "Not Found"


def test_a_method_that_is_not_there_says_which_are(reader: Client) -> None:
    answer = reader.delete(f"{API}/claims")
    assert (answer.status_code, data(answer)["status"]) == (405, 405)
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_another_site_may_read_and_not_write(reader: Client) -> None:
    answer = reader.options(f"{API}/claims", headers={"Origin": "https://elsewhere.example"})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_what_is_malformed_is_told_where(reader: Client) -> None:
    answer = reader.get(f"{API}/claims", {"limit": "many"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert data(answer)["errors"][0]["where"][-1] == "limit"


def test_a_bad_token_is_refused_even_for_reading(reader: Client) -> None:
    answer = reader.get(f"{API}/claims", headers={"Authorization": "Bearer ctl_wrong"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_who_is_signed_in_is_nobody_here(editor: User, signed_in: Any) -> None:
    client, draft = signed_in(editor), make_article(published_at=None)
    assert client.get(f"{API}/articles/{draft.uuid}").status_code == 404
    assert post(client, "/claims", {"text": "Il ponte."}).status_code == 401


# Writing


def writing() -> list[tuple[str, str, Any]]:
    return [
        (path, method, operation)
        for router in api._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
        if method != "GET"
    ]


def test_whatever_writes_asks_for_a_scope(reader: Client, reporter: User) -> None:
    make_token(SECRET, user=reporter, scopes=["read"])
    assert len(writing()) >= 10
    for path, method, operation in writing():
        assert [type(callback) for callback in operation.auth_callbacks] == [Token], path
        there = API + re.sub(r"{[^}]*}", NOBODYS, path)
        assert reader.generic(method, there, "{}").status_code == 401
        headers = {"Authorization": f"Bearer {SECRET}"}
        assert reader.generic(method, there, "{}", headers=headers).status_code == 403


def test_nothing_that_is_written_here_is_a_review() -> None:
    assert not [path for path, _method, _operation in writing() if "review" in path]


def test_words_are_tagged_moved_confirmed_and_withdrawn(program: Client, reporter: User) -> None:
    article, claim = make_article(published_at=None), make_claim()
    place = {"start": 0, "end": 8, "exact": "Il ponte"}
    body = {"article": str(article.uuid), "based_on": 1, "kind": "claim", "places": [place]}
    answer = post(program, "/annotations", body | {"claim": str(claim.uuid)})
    assert answer.status_code == 201, answer.content
    tag = data(answer)
    assert tag["claim"]["id"] == str(claim.uuid)
    assert Deed.objects.first().actor == reporter
    there, etag = f"/annotations/{tag['id']}", answer.headers["ETag"]
    moved = {"based_on": 1, "places": [{"start": 3, "end": 8, "exact": "ponte"}]}
    assert post(program, f"{there}/move", moved).status_code == 428
    answer = post(program, f"{there}/move", moved, **{"If-Match": etag})
    assert data(answer)["targets"][0]["exact"] == "ponte"
    again = post(program, f"{there}/move", moved, **{"If-Match": etag})
    assert (again.status_code, data(again)["code"]) == (412, "outdated")
    read = program.get(API + there).headers["ETag"]
    assert post(program, f"{there}/confirm", {}, **{"If-Match": read}).status_code == 200
    read = program.get(API + there).headers["ETag"]
    gone = post(program, f"{there}/withdraw", {"reason": "Doppione."}, **{"If-Match": read})
    assert (gone.status_code, gone.content) == (204, b"")
    assert Annotation.objects.get(uuid=tag["id"]).state == "withdrawn"
    assert program.get(API + there).status_code == 404


def test_names_and_sayings_are_tagged(program: Client) -> None:
    article, entity, source = make_article(), make_entity(), make_source()
    body = {"article": str(article.uuid), "based_on": 1}
    words = article.current_revision.text.index("la sindaca")
    place = {"start": words, "end": words + 10, "exact": "la sindaca"}
    named = body | {"kind": "mention", "places": [place], "entities": [str(entity.uuid)]}
    assert data(post(program, "/annotations", named))["entities"][0]["name"] == entity.name
    said = body | {"kind": "attribution", "places": [place], "source": str(source.uuid)}
    assert data(post(program, "/annotations", said))["attribution"]["speaker"] == source.name


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"based_on": 7}, 409),
        ({"places": [{"start": 0, "end": 8, "exact": "Un ponte"}]}, 422),
        ({"places": [{"start": 5, "end": 99_999, "exact": "ponte"}]}, 422),
        ({"places": []}, 422),
        ({"claim": None}, 422),
        ({"claim": NOBODYS}, 422),
        ({"article": NOBODYS}, 422),
        ({"state": "accepted"}, 422),
        ({"kind": "review"}, 422),
    ],
)
def test_a_tag_that_cannot_stand_is_refused_and_nothing_kept(
    program: Client, changes: dict[str, Any], status: int
) -> None:
    body = {
        "article": str(make_article().uuid),
        "based_on": 1,
        "kind": "claim",
        "places": [{"start": 0, "end": 8, "exact": "Il ponte"}],
        "claim": str(make_claim().uuid),
    }
    count = Annotation.objects.count()
    answer = post(program, "/annotations", body | changes)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert Annotation.objects.count() == count


def test_a_claim_and_its_evidence_are_added_and_changed(program: Client) -> None:
    answer = post(program, "/claims", {"text": "Il ponte è aperto.", "wordings": {"en": "It is open."}})
    assert (answer.status_code, data(answer)["status"]) == (201, "unchecked")
    claim = Claim.objects.get(uuid=data(answer)["id"])
    weighed = post(program, f"/claims/{claim.uuid}/weigh", {"accuses": "yes", "accused": "Il Comune"})
    assert weighed.status_code == 200
    document = data(post(program, "/documents", {"title": "Delibera", "url": "https://a.example/atto"}))
    body = {"document": document["id"], "stance": "refutes", "checked": "whole", "quotation": "È chiuso."}
    answer = post(program, f"/claims/{claim.uuid}/evidence", body)
    assert (answer.status_code, data(answer)["quotation"]) == (201, "È chiuso.")
    there = f"{API}/evidence/{data(answer)['id']}"
    etag = {"If-Match": answer.headers["ETag"]}
    change = {"content_type": "application/json", "headers": etag}
    assert data(program.patch(there, {"stance": "context"}, **change))["stance"] == "context"
    assert program.patch(there, {"stance": "context"}, **change).status_code == 412
    read = {"If-Match": program.get(there).headers["ETag"]}
    path = there.removeprefix(API)
    assert post(program, f"{path}/withdraw", {"reason": "Un altro ponte."}, **read).status_code == 204


@pytest.mark.parametrize(
    "change", [{"stance": "supports"}, {"quotation": "È aperto."}], ids=["stance", "words"]
)
def test_a_public_rating_follows_what_a_program_says_of_its_evidence(
    change: dict[str, str], program: Client
) -> None:
    item = make_evidence(make_claim(), stance="refutes", quotation="È chiuso.")
    review = make_review(claim=item.claim)
    etag = {"If-Match": f'"{item.row_version}.0"'}
    there = f"{API}/evidence/{item.uuid}"
    answer = program.patch(there, change, content_type="application/json", headers=etag)
    assert answer.status_code == 200
    review.refresh_from_db()
    assert (review.state, review.stale_cause) == ("stale", "document")


def test_what_a_program_finds_out_of_whom_a_claim_accuses_makes_no_approval_stand(program: Client) -> None:
    claim = make_claim(accuses="yes", accused="il Comune")
    confirmed = dict.fromkeys(Review.Confirmation.values, True)
    review = make_review(
        claim=claim, state="approved", accuses=True, no_request_reason="È morto.", **confirmed
    )
    weighed = post(program, f"/claims/{claim.uuid}/weigh", {"accuses": "yes", "accused": "la Provincia"})
    assert weighed.status_code == 200
    review.refresh_from_db()
    assert (review.state, review.approver) == ("proposed", None)


def test_a_token_may_no_more_than_its_person(rows: None) -> None:
    make_token(SECRET, user=make_user(is_staff=True))
    client = Client(headers={"Authorization": f"Bearer {SECRET}"})
    answer = post(client, "/claims", {"text": "Il ponte è aperto."})
    assert (answer.status_code, data(answer)["title"]) == (403, "Forbidden")
    item = make_evidence(make_claim(), document=make_document())
    withdrawn = post(client, f"/evidence/{item.uuid}/withdraw", {"reason": "No."}, **{"If-Match": '"1.0"'})
    assert withdrawn.status_code == 403


def test_a_body_that_is_no_json_is_a_problem(program: Client) -> None:
    answer = program.post(f"{API}/claims", "{", content_type="application/json")
    assert (answer.status_code, data(answer)["status"]) == (400, 400)


def test_its_description_is_openapi_with_a_problem_for_every_error(reader: Client) -> None:
    said = data(reader.get(f"{API}/openapi.json"))
    assert said["openapi"] == "3.1.0"
    for operations in said["paths"].values():
        for operation in operations.values():
            assert operation["description"] and operation["tags"]
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"]


@pytest.mark.parametrize(
    "moment", ["4741-03-01T20:57:28%2B21:55", "2024-05-06T09:00:00", "2024-05-06T09:00:00Z"]
)
def test_a_moment_is_read_with_any_offset_and_with_none(reader: Client, moment: str) -> None:
    for path in ("/articles", "/reviews"):
        assert reader.get(f"{API}{path}?updated_since={moment}").status_code == 200


def test_a_review_comes_once_more_when_a_reply_stands_beside_it(reader: Client) -> None:
    review = make_review(make_appearance(), published_at=THEN)
    asked = {"claim": review.claim.uuid, "updated_since": (LATER - timedelta(minutes=1)).isoformat()}
    assert reader.get(f"{API}/reviews", asked).json()["items"] == []
    make_reply(claim=review.claim, state="accepted")
    assert [one["id"] for one in reader.get(f"{API}/reviews", asked).json()["items"]] == [str(review.uuid)]


def test_a_moment_beyond_the_calendar_is_refused(reader: Client) -> None:
    answer = reader.get(f"{API}/articles?updated_since=9999-12-31T23:59:59-10:00")
    assert answer.status_code == 422
