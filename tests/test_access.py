"""Who gets into the desk: every address of it, as the URL configuration has them, asked by everybody.

An address with an argument that nobody here knows how to make fails, until it stands in `ARGUMENTS`; a page
for some of the cast only, until it stands in `RESERVED`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from newsroom.models import (
    Annotation,
    Article,
    Claim,
    ClaimRelation,
    Comment,
    Document,
    Entity,
    Evidence,
    Flag,
    Import,
    Original,
    Reply,
    RequestForComment,
    Review,
    SavedView,
    StoredCopy,
    Thread,
    User,
)
from tests.making import (
    HTML,
    make_appearance,
    make_article,
    make_claim,
    make_copy,
    make_evidence,
    make_flag,
    make_import,
    make_original,
    make_reply,
    make_request,
    make_review,
    make_revision,
    make_thread,
    make_user,
)
from tests.samples import sampled

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]

CAST = {"reporter", "checker", "editor"}
#: Name of an address -> who of the cast may come there. The others are for all of it.
RESERVED: dict[str, set[str]] = dict.fromkeys(
    (
        "relation", "relation-remove", "relations-undo", "claim-propose", "claim-assign", "claim-release",
        "claim-request", "request-answer", "claim-ask", "request-close", "review-amend",
        "review-stale", "review-withdraw",
        "entity-merge", "entity-unmerge", "entity-split",
        "flag-add", "flag-letter", "flag-assign", "flag-answer", "flag-merge",
    ),
    {"checker", "editor"},
) | dict.fromkeys(
    (
        "review-approve", "review-publish", "review-changes", "review-hold", "entity-unprotect",
        "assistant", "imports", "import", "import-file", "import-report",
        "flag-accept", "flag-publish", "flag-reject", "flag-reopen", "reply-accept", "reply-refuse",
        "reply-keep", "reply-reopen",
    ),
    {"editor"},
) | {"erase": set(), "flag-withdraw": set(), "personal-data": set()}  # fmt: skip
#: What staff without any role may see: that somebody works there, what is read before it is published, and
#: what is their own.
FOR_ALL_STAFF = {
    "article", "changes", "compare", "home", "me", "my-data", "presence", "revisions", "view-drop", "views",
}  # fmt: skip
#: What is one person's own is not there for another.
OF_ITS_OWNER = {"comment", "view-drop"}

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


def make_rows() -> None:
    """An article of two texts with a tag in both, what was brought in, a claim with evidence, a request and a
    proposal, a thread and a view that was kept."""
    article = make_article(slug="il-ponte")
    appearance = make_appearance(article, "Il ponte")
    article.current_revision = make_revision(article, html=HTML.replace("dieci", "dodici"))
    article.save()
    [target] = appearance.annotation.targets.all()
    target.pk, target.uuid, target.revision = None, appearance.uuid, article.current_revision
    target.save()
    make_original()
    make_import()
    claim = make_claim(accuses="yes", accused="Il Comune")
    make_evidence(claim)
    make_request(claim=claim)
    make_review(claim=claim, state="proposed")
    make_thread(claim)
    make_flag(article, "Il ponte")
    make_reply()
    make_copy(make_evidence(appearance.claim).document)
    make_review(appearance)
    SavedView.objects.create(user=User.objects.get(username="editor"), name="Bozze", query="state=drafts")


@pytest.fixture(scope="module", autouse=True)
def rows_of_all(shared: Callable[..., Any]) -> None:
    shared(make_rows)


def relation_of(claim: Claim) -> ClaimRelation:
    """One of its relations, with the oldest claim."""
    other = Claim.objects.earliest("pk")
    relation, _made = ClaimRelation.objects.get_or_create(source=claim, target=other, kind="supports")
    return relation


#: The argument, with what stands before it in the route -> a value for it.
ARGUMENTS: dict[str, Callable[[], object]] = {
    "articles/slug": lambda: Article.objects.get(slug="il-ponte").slug,
    "articles/new/code": lambda: Original.objects.latest("pk").code,
    "annotations/code": lambda: Annotation.objects.latest("pk").code,
    "revisions/number": lambda: 1,
    "revisions/before": lambda: 1,
    "revisions/after": lambda: 2,
    "tags/kind": lambda: "claim",
    "claims/code": lambda: Claim.objects.latest("pk").code,
    "relations/relation": lambda: relation_of(Claim.objects.latest("pk")).code,
    "entities/code": lambda: Entity.objects.latest("pk").code,
    "comments/code": lambda: Comment.objects.latest("pk").code,
    "documents/code": lambda: Document.objects.latest("pk").code,
    "copies/code": lambda: StoredCopy.objects.latest("pk").code,
    "threads/code": lambda: Thread.objects.latest("pk").code,
    "evidence/code": lambda: Evidence.objects.latest("pk").code,
    "requests/code": lambda: RequestForComment.objects.latest("pk").code,
    "reviews/code": lambda: Review.objects.latest("pk").code,
    "replies/code": lambda: Reply.objects.latest("pk").code,
    "flags/code": lambda: Flag.objects.latest("pk").code,
    "imports/code": lambda: Import.objects.latest("pk").code,
    "views/code": lambda: SavedView.objects.latest("pk").code,
}


def desk_routes() -> Iterator[tuple[str, str]]:
    """(name, route) of every address in the namespace of the desk."""

    def walk(
        patterns: list[URLPattern | URLResolver], namespace: str, before: str
    ) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, pattern.namespace or namespace, route)
            elif namespace == "desk":
                yield pattern.name, route

    return walk(get_resolver().url_patterns, "", "")


ROUTES = dict(desk_routes())
every_address = pytest.mark.parametrize("name", sorted(ROUTES))


def address(name: str) -> str:
    """An address that leads somewhere; a route that is not understood fails."""
    arguments = {}
    place = ""
    for segment in ROUTES[name].removeprefix("desk/").split("/"):
        found = ARGUMENT.findall(segment)
        for argument in found:
            key = f"{place}/{argument}"
            assert key in ARGUMENTS, f"desk:{name}: say in ARGUMENTS how to make {key}"
            arguments[argument] = ARGUMENTS[key]()
        if not found:
            # «articles/new/<code>» is another thing than «articles/<slug>/revisions/<number>».
            place = f"{place}/{segment}" if place and not arguments else segment
    return reverse(f"desk:{name}", kwargs=arguments)


def login(next_page: str) -> str:
    return f"{reverse('admin:login')}?next={next_page}"


def test_the_desk_has_its_addresses_and_each_has_its_name() -> None:
    listed = list(desk_routes())
    assert len(listed) == len(ROUTES) > 20
    assert {route.split("/")[0] for _name, route in listed} == {"desk"}
    assert RESERVED.keys() | FOR_ALL_STAFF | OF_ITS_OWNER <= ROUTES.keys()


@every_address
@pytest.mark.parametrize("who", sorted(CAST))
def test_the_cast_comes_in_where_it_may(
    name: str, who: str, signed_in: SignedIn, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(who))
    answer = client.get(address(name))
    if answer.status_code == 404:
        assert name in OF_ITS_OWNER
        return
    if who in RESERVED.get(name, CAST):
        assert answer.status_code in (200, 302, 405)
        assert not answer.headers.get("Location", "").startswith(reverse("admin:login"))
    else:
        assert answer.status_code == 403
        return
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    assert {"HX-Request", "Cookie"} <= set(answer.headers["Vary"].split(", "))


@every_address
@pytest.mark.parametrize("who", sorted(CAST))
def test_nothing_that_is_sent_empty_breaks_a_page(
    name: str, who: str, signed_in: SignedIn, request: pytest.FixtureRequest
) -> None:
    client, there = signed_in(request.getfixturevalue(who)), address(name)
    for headers in sampled([{}, {"HX-Request": "true"}], 1, of=(name, who)):
        answer = client.post(there, headers=headers)
        assert answer.status_code < 500
        assert answer.status_code >= 400 or answer.status_code in (200, 204, 302)


#: Fields that a page of the desk reads from an address or a form.
FIELDS = (
    "accused", "accuses", "address", "after", "aliases", "also", "although_known", "anonymity_reason",
    "answer", "answered_at", "appearance", "article", "asked", "asked_at", "based_on", "body", "byline",
    "checked", "claim", "code", "confirmed", "cue_words", "date", "date_note", "description",
    "document", "document_kind", "due", "end", "entity", "exchange", "explanation", "facts_judged", "find",
    "focus", "format", "from", "headline", "how", "html", "identifiers", "instead_of", "into", "judges",
    "kind", "lang", "layer", "level", "list", "markup", "mentions", "name", "next", "no_evidence_reason",
    "no_primary_reason", "no_request_reason", "note", "of", "original_find", "other", "outcome",
    "override_reason",
    "page", "parent", "part", "place", "privacy", "publisher", "q", "query", "quotation", "rating",
    "reason", "removed", "rights", "row_version", "said", "seen", "seen_by", "since", "source",
    "source_words", "sources", "stance", "start", "state", "strength", "summary", "text", "title", "to",
    "until", "url", "version", "way", "where", "who", "wikidata", "words",
)  # fmt: skip


#: The ways in which a page is asked for something.
WAYS = [("post", {}), ("post", {"HX-Request": "true"}), ("get", {})]


@every_address
def test_a_character_that_no_database_takes_breaks_no_page(
    name: str, editor: User, signed_in: SignedIn
) -> None:
    client, there = signed_in(editor), address(name)
    for value, (method, headers) in sampled(product(("\0", "a\0b"), WAYS), 3, of=name):
        answer = getattr(client, method)(there, dict.fromkeys(FIELDS, value), headers=headers)
        assert answer.status_code < 500


@every_address
def test_a_form_of_the_desk_needs_its_token(name: str, editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(address(name)).status_code == 403


@every_address
def test_a_reader_is_sent_to_sign_in_and_comes_back(name: str, reader: Client) -> None:
    there = address(name)
    answer = reader.get(there)
    assert (answer.status_code, answer.headers["Location"]) == (302, login(there))
    assert reader.post(there).headers["Location"] == login("/desk/")
    page = "/desk/checks/?article=il-ponte"
    posted = reader.post(there, headers={"Referer": f"http://testserver{page}"})
    assert posted.headers["Location"] == login(page.replace("?", "%3F").replace("=", "%3D"))
    elsewhere = reader.post(there, headers={"Referer": "http://elsewhere.example/desk/"})
    assert elsewhere.headers["Location"] == login("/desk/")


@every_address
@pytest.mark.parametrize("method", ["get", "post"])
def test_htmx_without_a_session_is_told_where_to_sign_in(name: str, method: str, reader: Client) -> None:
    """Beside a page that stays as it is."""
    page = "http://testserver/desk/checks/"
    headers = {"HX-Request": "true", "HX-Current-URL": page}
    answer = getattr(reader, method)(address(name), headers=headers)
    assert (answer.status_code, answer.headers["X-Session"]) == (401, "ended")
    assert f'href="{login("/desk/checks/")}"' in answer.content.decode()
    strayed = getattr(reader, method)(
        address(name), headers=headers | {"HX-Current-URL": "http://elsewhere.example/desk/"}
    )
    assert f'href="{login("/desk/")}"' in strayed.content.decode()


@every_address
def test_who_is_not_staff_or_not_active_any_more_is_sent_to_sign_in(
    name: str, signed_in: SignedIn, editor: User
) -> None:
    there = address(name)
    assert signed_in(make_user()).get(there).headers["Location"] == login(there)
    client = signed_in(editor)
    editor.is_active = False
    editor.save()
    assert client.get(there).headers["Location"] == login(there)


@every_address
def test_staff_without_a_role_see_no_more_than_what_is_for_all_of_them(
    name: str, signed_in: SignedIn
) -> None:
    client = signed_in(make_user(is_staff=True))
    assert (client.get(address(name)).status_code != 403) == (name in FOR_ALL_STAFF)
    assert (client.post(address(name)).status_code == 403) == (name not in FOR_ALL_STAFF)


# The rule itself: an address that nobody knows how to make is found.


def test_an_address_with_an_unknown_argument_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROUTES, "odd", "desk/oddities/<slug:code>/")
    with pytest.raises(AssertionError, match="oddities/code"):
        address("odd")
