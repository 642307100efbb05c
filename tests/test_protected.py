"""Who is protected is named in the articles' own words and nowhere else: every public address is asked.

The addresses are found in the URL configuration; one with an argument that nobody here knows how to make
fails, until it stands in `ARGUMENTS`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import product

import lxml.html
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from newsroom.actions import articles, entities
from newsroom.models import (
    Annotation,
    Article,
    Attribution,
    Claim,
    Entity,
    EntityAlias,
    EntityIdentifier,
    Newsroom,
    Page,
    Review,
    Source,
    User,
)
from tests.making import (
    HTML,
    LATER,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_entity,
    make_flag,
    make_follow,
    make_mention,
    make_page,
    make_review,
    make_source,
)
from tests.public_pages import followed, inviting, secret_of
from tests.reading import said_by
from tests.samples import sampled
from tests.test_canaries import addresses as every

pytestmark = pytest.mark.django_db

#: The name of who is protected, as only the desk has it; and as the article itself has it.
CANARY, SLUG, NUMBER = "Zelinda Canarini", "zelinda-canarini", "Q987654321"
IN_THE_TEXT = "Zoraide Parrocchetti"
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
KINDS = [*Entity.Privacy.values]


def protected(privacy: str) -> Entity:
    """Somebody who speaks, claims, is named twice in an article of two texts, and was merged with another."""
    Newsroom.objects.update_or_create(pk=1, defaults={"address": "https://controluce.example"})
    html = HTML + f"<p>Con lei c’era {IN_THE_TEXT}.</p>"
    article = make_article(slug="il-ponte", html=html)
    make_page(slug="chi-siamo")
    entity, twin = make_entity(name=CANARY, description=f"{CANARY}, studentessa."), make_entity(name=CANARY)
    for name in (f"{CANARY} detta Zizì", IN_THE_TEXT):
        EntityAlias.objects.create(entity=entity, name=name)
    EntityIdentifier.objects.create(entity=entity, scheme="wikidata", value=NUMBER)
    source = make_source(name=CANARY, description=CANARY, entity=entity)
    claim = make_claim(claimant=source)
    make_review(make_appearance(article, "Costerà dieci milioni", claim=claim))
    make_review(make_appearance(article, claim=make_claim(claimant=source)), judges="attribution")
    said = make_attribution(article, source=source, claim=claim)
    make_attribution(article, ["le prove sono finite"], source=make_source(), parent=said)
    make_mention(article, "la sindaca", entity=entity)
    make_mention(article, IN_THE_TEXT, entity=entity)
    editor = User.objects.get(username="editor")
    articles.revise(
        article,
        html=html.replace("dieci", "dodici"),
        kind="correction",
        note="Erano dodici.",
        by=editor,
        at=LATER,
        based_on=1,
    )
    entities.merge(twin, into=entity, by=editor, at=LATER)
    entities.protect(entity, privacy=privacy, reason=f"{CANARY} ha dodici anni.", by=editor, at=LATER)
    entity.refresh_from_db()
    return entity


def of(model: type, **found: object) -> Callable[[], str]:
    """An address of which the code decides: the words in it would tell the name."""
    return lambda: f"x-{model.objects.filter(**found).latest('pk').code}"


#: The argument, with what stands before it in the route -> values for it.
ARGUMENTS: dict[str, list[Callable[[], object]]] = {
    "articles/slug": [lambda: Article.objects.get(slug="il-ponte").slug],
    "history/before": [lambda: 1],
    "history/after": [lambda: 2],
    "revisions/number": [lambda: 1],
    "versions/number": [lambda: 1],
    "about/slug": [lambda: Page.objects.get(slug="chi-siamo").slug],
    "reviews/code": [lambda: Review.objects.public().latest("pk").code],
    "sources/address": [of(Source, name=CANARY)],
    "flags/secret": [
        lambda: followed(make_flag(Article.objects.get(slug="il-ponte"))).rstrip("/").rpartition("/")[2]
    ],
    "replies/secret": [lambda: inviting(Claim.objects.latest("pk")).rstrip("/").rpartition("/")[2]],
    "following/secret": [lambda: secret_of(make_follow(Entity.objects.get(merged_into=None, name=CANARY)))],
    "passages/address": [of(Annotation, kind="claim", appearance__claim__claimant__name=CANARY)],
    "entities/address": [of(Entity, merged_into=None, name=CANARY), of(Entity, merged_into__isnull=False)],
}


def public_routes() -> Iterator[tuple[str, str]]:
    def walk(patterns: list[URLPattern | URLResolver], namespace: str, before: str):
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, pattern.namespace or namespace, route)
            elif namespace == "reader":
                yield pattern.name, route

    return walk(get_resolver().url_patterns, "", "")


ROUTES = dict(public_routes())


def addresses(name: str) -> list[str]:
    """All addresses of this name that lead to something of the protected one's."""
    known = ARGUMENTS | {
        "claims/address": [
            lambda claim=claim: claim.get_absolute_url().strip("/").rpartition("/")[2]
            for claim in Claim.objects.filter(claimant__name=CANARY)
        ]
    }
    place, found = "", [{}]
    for segment in ROUTES[name].split("/"):
        arguments = ARGUMENT.findall(segment)
        for argument in arguments:
            key = f"{place}/{argument}"
            assert key in known, f"reader:{name}: say in ARGUMENTS how to make {key}"
            found = [one | {argument: make()} for one in found for make in known[key]]
        place = place if arguments else segment
    return [reverse(f"reader:{name}", kwargs=kwargs) for kwargs in found]


@pytest.mark.parametrize("privacy", KINDS)
def test_no_public_address_names_who_is_protected(privacy: str, reader: Client) -> None:
    protected(privacy)
    queries = [
        "",
        "?layer=claims&layer=attributions&layer=entities&layer=linear",
        "?q=sindaca",
        "?q=studentessa",
    ]
    asked = 0
    ways = list(product(("", "/en"), queries, ({}, {"HX-Request": "true"})))
    for name in ROUTES:
        for address in addresses(name):
            for prefix, query, headers in sampled(ways, 6, of=(privacy, address)):
                answer = reader.get(prefix + address + query, headers=headers)
                said = said_by(answer) + repr(answer.headers)
                told = [word for word in (CANARY, SLUG, NUMBER, "Zizì") if word in said]
                assert told == [], prefix + address + query
                asked += 1
    assert asked > 100


def asked_of_data(entity: Entity, twin: Entity) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(address, method, what is sent): feeds, maps, linked data, annotations, the API, reconciliation."""
    searched = [{"q": words} for words in ("sindaca", "studentessa", "Zelinda")]
    suggested = [{"prefix": start} for start in ("Zel", "Ziz", NUMBER[:6])]
    found = [{"queries": json.dumps({"a": {"query": name}})} for name in ("Zelinda", "Zizì", "Canarini")]
    by_id = [str(row) for row in (entity.uuid, entity.code, twin.uuid, twin.code)]
    extended = [
        {"extend": json.dumps({"ids": by_id, "properties": [{"id": name} for name in ("alias", "wikidata")]})}
    ]
    for address in set(every("data")):
        yield address, "get", {}
        if "/reconcile" in address:
            for sent in suggested:
                yield address, "get", sent
            for sent in (*found, *extended):
                yield address, "get", sent
                yield address, "post", sent
            for id in by_id:
                yield address, "get", {"id": id}
        elif "?" not in address and not re.search(r"[0-9a-f]{8}-", address):  # one row is not searched
            for sent in searched:
                yield address, "get", sent


@pytest.mark.parametrize("privacy", KINDS)
def test_no_program_is_told_who_is_protected(privacy: str, reader: Client) -> None:
    """Whatever is asked of the addresses of data; nor are they led to the row of who is protected."""
    entity = protected(privacy)
    twin = Entity.objects.get(merged_into=entity)
    rows = [entity, twin, *Source.objects.filter(entity=entity)]
    keys = [word for row in rows for word in (str(row.uuid), row.code)]
    asked = set()
    for address, method, sent in asked_of_data(entity, twin):
        answer = getattr(reader, method)(address, sent)
        said = answer.getvalue().decode() + repr(answer.headers)
        told = [word for word in (CANARY, SLUG, NUMBER, "Zizì") if word in said]
        led = [key for key in keys if key in said and key not in address and key not in repr(sent)]
        assert (told, led) == ([], []), (address, method, sent)
        asked.add((address, answer.status_code == 200))
    assert len({address for address, came in asked if came}) > 50


@pytest.mark.parametrize("privacy", KINDS)
def test_a_name_in_the_text_is_plain_text_and_stands_nowhere_else(privacy: str, reader: Client) -> None:
    protected(privacy)
    for name in ("article", "revision"):
        for address in addresses(name):
            answer = reader.get(address, {"layer": ["claims", "attributions", "entities"]})
            page = lxml.html.fromstring(answer.content.decode())
            [place] = page.xpath(f"//*[contains(text(), '{IN_THE_TEXT}')]")
            assert place.tag == "p" and place.get("data-o")
            assert not place.xpath(".//a | .//span")
            assert answer.content.decode().count(IN_THE_TEXT) == 1


@pytest.mark.parametrize("privacy", KINDS)
def test_who_speaks_is_said_to_be_protected(privacy: str, reader: Client) -> None:
    protected(privacy)
    page = reader.get("/articles/il-ponte/?layer=attributions").content.decode()
    assert "persona tutelata" in page
    assert Attribution.objects.filter(source__protected=True).count() == 1


@pytest.mark.parametrize("privacy", KINDS)
def test_who_is_protected_has_no_page_and_leads_to_none(privacy: str, reader: Client) -> None:
    protected(privacy)
    for name in ("entity", "source"):
        for address in addresses(name):
            assert reader.get(address).status_code == 404


@pytest.mark.parametrize("name", ["article", "history", "changes", "revision"])
def test_search_engines_pass_by_what_names_who_is_delisted(
    name: str, reader: Client, settings: pytest.FixtureRequest
) -> None:
    settings.DEMO = False
    entity = protected("delisted")
    [address] = addresses(name)
    noindex = '<meta name="robots" content="noindex">'
    assert noindex in reader.get(address).content.decode()
    editor = User.objects.get(username="editor")
    entities.unprotect(entity, reason="Lo ha chiesto.", by=editor, at=LATER)
    assert (noindex in reader.get(address).content.decode()) == (name == "revision")


def test_protection_counts_from_the_next_request_and_ends_with_the_deed(reader: Client) -> None:
    entity = protected("minor")
    page = "/articles/il-ponte/?layer=entities"
    assert CANARY not in reader.get(page).content.decode()
    editor = User.objects.get(username="editor")
    entities.unprotect(entity, reason="Ora ne ha venti.", by=editor, at=LATER)
    assert CANARY in reader.get(page).content.decode()
    assert Review.objects.current().filter(claim__claimant__protected=False).exists()
    entities.protect(entity, privacy="minor", reason="No.", by=editor, at=LATER)
    assert CANARY not in reader.get(page).content.decode()


# The rule itself: an address that nobody knows how to make is found.


def test_an_address_with_an_unknown_argument_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROUTES, "odd", "oddities/<slug:code>/")
    with pytest.raises(AssertionError, match="oddities/code"):
        addresses("odd")
