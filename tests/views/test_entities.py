"""The care of names at the desk: found, compared, merged and parted, protected; and where readers are led."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from newsroom.actions import entities
from newsroom.models import Annotation, Entity, EntityAlias, EntityIdentifier, Mention, User
from newsroom.outside.reconciliation import MOST
from tests.local_web import LocalWeb
from tests.making import LATER, THEN, make_article, make_entity, make_mention, make_source, make_user

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


@pytest.fixture
def desk(signed_in: SignedIn, checker: User) -> Client:
    return signed_in(checker)


def at(name: str, entity: Entity, query: str = "") -> str:
    return reverse(f"desk:{name}", args=[entity.code]) + query


def fresh(entity: Entity) -> Entity:
    return Entity.objects.get(pk=entity.pk)


def pair() -> tuple[Entity, Entity]:
    one, other = make_entity(name="Ada Nerissima"), make_entity(name="Nerissima, Ada")
    for entity in (one, other):
        EntityAlias.objects.create(entity=entity, name="la Nerissima")
    make_mention(make_article(), "la sindaca", entity=other)
    return one, other


# The list


def test_names_are_found_by_alias_as_one_types(desk: Client) -> None:
    one, _other = pair()
    answer = desk.get(reverse("desk:entities"), {"q": "nerissi"}, headers={"HX-Request": "true"})
    assert at("entity", one) in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert at("entity", one) not in desk.get(reverse("desk:entities"), {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("shared", ["name", "alias", "name and alias", "number"])
def test_doubles_are_proposed_with_what_they_share(desk: Client, shared: str) -> None:
    one = make_entity(name="Ada Nerissima")
    other = make_entity(name="ADA  Nerissima" if shared == "name" else "Tutt’altro")
    if shared == "alias":
        for entity in (one, other):
            EntityAlias.objects.create(entity=entity, name="la Nerissima")
    elif shared == "name and alias":
        EntityAlias.objects.create(entity=other, name="Ada Nerissima")
    elif shared == "number":
        for entity in (one, other):
            EntityIdentifier.objects.create(entity=entity, scheme="viaf", value="987")
    page = desk.get(reverse("desk:entities"), {"state": "duplicates"})
    [line] = [line for line in page.context["page"].lines if line.entity == one]
    [twin] = line.twins
    assert (twin.entity, bool(twin.shared)) == (other, True)
    assert other not in [line.entity for line in page.context["page"].lines]
    assert at("entity-merge", other, f"?into={one.code}") in page.content.decode()


def test_the_protected_and_the_merged_have_lists_of_their_own(desk: Client, checker: User) -> None:
    one, other = pair()
    hidden = make_entity(privacy="minor")
    entities.merge(other, into=one, by=checker, at=LATER)

    def listed(state: str) -> list[Entity]:
        page = desk.get(reverse("desk:entities"), {"state": state}).context["page"]
        return [line.entity for line in page.lines]

    assert listed("protected") == [hidden]
    assert listed("merged") == [other]
    assert other not in listed("") and other not in listed("duplicates")


def crowd(number: int) -> None:
    article, person, entity = make_article(), make_user(), make_entity(name="Folla")
    rows = Annotation.objects.bulk_create(
        Annotation(article=article, kind="mention", by=person, at=THEN) for _ in range(number)
    )
    Mention.objects.bulk_create(Mention(annotation=row, entity=entity) for row in rows)
    for index in range(number):
        other = make_entity(name="Folla")
        EntityAlias.objects.create(entity=other, name=f"Folla {index % 3}")
        make_source(entity=entity)
        EntityIdentifier.objects.create(entity=other, scheme="viaf", value=str(index % 3))


@pytest.mark.parametrize(
    "address",
    [
        lambda entity: reverse("desk:entities") + "?q=folla",
        lambda entity: reverse("desk:entities") + "?state=duplicates",
        lambda entity: at("entity", entity),
        lambda entity: at("entity-merge", entity),
        lambda entity: at("entity-merge", entity, f"?into={Entity.objects.latest('pk').code}"),
    ],
    ids=["list", "doubles", "entity", "merge with whom", "preview"],
)
def test_a_page_costs_the_same_for_few_and_for_many(desk: Client, address: Callable[[Entity], str]) -> None:
    def cost() -> int:
        entity = Entity.objects.filter(name="Folla").earliest("pk")
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address(entity)).status_code == 200
        return len(queries)

    crowd(3)
    cost()
    few = cost()
    crowd(20)
    assert cost() == few
    assert few < 25


# Merging


def test_a_preview_says_what_moves_and_writes_nothing(desk: Client) -> None:
    one, other = pair()
    page = desk.get(at("entity-merge", other, f"?into={one.code}"))
    words = page.content.decode()
    assert "Nerissima, Ada" in words and "<strong>la sindaca</strong>" in words
    assert page.context["page"].aliases == ("Nerissima, Ada",)
    assert fresh(other).merged_into is None


def test_two_are_merged_and_the_old_address_leads_to_the_one_that_stays(desk: Client, reader: Client) -> None:
    one, other = pair()
    old = other.get_absolute_url()
    answer = desk.post(at("entity-merge", other), {"into": one.code}, follow=True)
    assert answer.redirect_chain == [(at("entity", one), 302)]
    moved = reader.get(old)
    assert (moved.status_code, moved.headers["Location"]) == (301, one.get_absolute_url())
    assert moved.headers["Cache-Control"] == "no-cache"
    assert one.name in desk.get(at("entity", other)).content.decode()


def test_a_chain_of_mergings_leads_to_the_end_at_once(checker: User, reader: Client) -> None:
    one, other = pair()
    third = make_entity()
    entities.merge(other, into=one, by=checker, at=LATER)
    entities.merge(one, into=third, by=checker, at=LATER)
    assert reader.get(other.get_absolute_url()).headers["Location"] == third.get_absolute_url()


def test_a_merging_is_taken_back_where_it_is_shown(desk: Client, reader: Client, checker: User) -> None:
    one, other = pair()
    entities.merge(other, into=one, by=checker, at=LATER)
    assert at("entity-unmerge", other) in desk.get(at("entity", one)).content.decode()
    assert desk.post(at("entity-unmerge", other)).status_code == 302
    assert fresh(other).merged_into is None
    assert reader.get(other.get_absolute_url()).status_code == 200


def test_who_comes_second_gets_409_with_who_was_first(desk: Client, editor: User) -> None:
    one, other = pair()
    entities.merge(other, into=one, by=editor, at=LATER)
    answer = desk.post(at("entity-merge", other), {"into": make_entity().code})
    assert answer.status_code == 409
    assert str(editor) in answer.content.decode()
    answer = desk.post(at("entity-protect", other), {"privacy": "minor", "reason": "Sì."})
    assert answer.status_code == 409


def test_what_is_refused_is_said_before_and_after(desk: Client) -> None:
    one, other = make_entity(pseudonymous=True), make_entity()
    shown = desk.get(at("entity-merge", other, f"?into={one.code}"))
    assert shown.status_code == 200 and shown.context["errors"]
    assert 'name="into"' not in shown.content.decode()
    assert desk.post(at("entity-merge", other), {"into": one.code}).status_code == 422
    assert desk.post(at("entity-merge", other), {"into": "zzzz"}).status_code == 404


# Splitting


def test_chosen_mentions_become_another_name(desk: Client) -> None:
    _one, other = pair()
    mention = other.mentions.get()
    given = {"name": "La vice", "kind": "person", "mentions": [mention.code]}
    answer = desk.post(at("entity-split", other), given)
    part = Entity.objects.get(name="La vice")
    assert answer.headers["Location"] == at("entity", part)
    assert part.mentions.get() == mention


def test_a_split_that_is_refused_keeps_what_was_typed(desk: Client) -> None:
    _one, other = pair()
    answer = desk.post(at("entity-split", other), {"name": "La vice", "kind": "person"})
    assert answer.status_code == 422
    assert 'value="La vice"' in answer.content.decode()
    nowhere = {"name": "La vice", "kind": "person", "mentions": ["zzzz"]}
    assert desk.post(at("entity-split", other), nowhere).status_code == 422
    theirs = make_mention(make_article(), "la sindaca")
    taken = {"name": "La vice", "kind": "person", "mentions": [theirs.code]}
    assert desk.post(at("entity-split", other), taken).status_code == 409


# Protection


def test_a_name_is_protected_and_says_by_whom_and_why(desk: Client, checker: User) -> None:
    one, _other = pair()
    desk.post(at("entity-protect", one), {"privacy": "victim", "reason": "Lo chiede la famiglia."})
    page = desk.get(at("entity", one)).content.decode()
    assert "Lo chiede la famiglia." in page and str(checker) in page
    assert desk.post(at("entity-protect", one), {"privacy": "victim"}).status_code == 422
    assert desk.post(at("entity-unprotect", one), {"reason": "No."}).status_code == 403


def test_a_protection_is_lifted_by_an_editor(signed_in: SignedIn, editor: User) -> None:
    one = make_entity(privacy="minor")
    desk = signed_in(editor)
    assert desk.post(at("entity-unprotect", one), {}).status_code == 422
    assert desk.post(at("entity-unprotect", one), {"reason": "Ora ne ha venti."}).status_code == 302
    assert fresh(one).privacy == ""


# Other catalogues


def candidates(web: LocalWeb, name: str, *found: tuple[str, str]) -> str:
    """The address of a service that knows these by that name."""
    query = {"queries": json.dumps({"q": {"query": name, "limit": MOST}}, ensure_ascii=False)}
    result = [{"id": id, "name": known, "description": "architetta"} for id, known in found]
    web.serve(
        f"/api?{urlencode(query)}", json.dumps({"q": {"result": result}}), content_type="application/json"
    )
    return web.url("/api")


def test_a_name_is_looked_up_where_the_newsroom_said_and_its_number_written_down(
    desk: Client, web: LocalWeb, settings: Settings
) -> None:
    one = make_entity(name="Ada Nerissima")
    settings.RECONCILE_WITH = {"wikidata": candidates(web, one.name, ("Q7", "Ada N."), ("Q8", "Ada M."))}
    assert "127.0.0.2" in desk.get(at("entity", one)).content.decode()
    assert web.asked == []
    page = desk.post(at("entity-look-up", one), {"scheme": "wikidata"}).content.decode()
    assert "Ada M." in page and 'value="Q7"' in page
    given = {"scheme": "wikidata", "value": "Q7"}
    assert desk.post(at("entity-identify", one), given).status_code == 302
    assert one.identifiers.get().url == "https://www.wikidata.org/wiki/Q7"
    again = desk.post(at("entity-look-up", one), {"scheme": "wikidata"}).content.decode()
    assert 'value="Q7"' not in again and 'value="Q8"' in again
    assert desk.post(at("entity-identify", one), given).status_code == 422
    assert one.identifiers.count() == 1


@pytest.mark.parametrize(
    "given", [{"privacy": "minor"}, {"pseudonymous": True}], ids=["protected", "pseudonymous"]
)
def test_who_is_protected_is_not_named_to_anybody(
    desk: Client, web: LocalWeb, settings: Settings, given: dict[str, Any]
) -> None:
    one = make_entity(name="Ada Nerissima", **given)
    settings.RECONCILE_WITH = {"wikidata": candidates(web, one.name)}
    assert at("entity-look-up", one) not in desk.get(at("entity", one)).content.decode()
    assert desk.post(at("entity-look-up", one), {"scheme": "wikidata"}).status_code == 422
    assert web.asked == []


def test_nothing_is_asked_of_a_catalogue_that_is_not_named(desk: Client, web: LocalWeb) -> None:
    one = make_entity()
    assert at("entity-look-up", one) not in desk.get(at("entity", one)).content.decode()
    assert desk.post(at("entity-look-up", one), {"scheme": "viaf"}).status_code == 422
    assert desk.get(at("entity-look-up", one)).status_code == 302


def test_a_catalogue_that_does_not_answer_is_said_so(desk: Client, web: LocalWeb, settings: Settings) -> None:
    settings.RECONCILE_WITH = {"wikidata": web.url("/nothing")}
    answer = desk.post(at("entity-look-up", make_entity()), {"scheme": "wikidata"})
    assert answer.status_code == 422
    assert "404" in answer.content.decode()


def test_a_number_that_cannot_be_is_said_where_it_was_typed(desk: Client) -> None:
    one = make_entity()
    answer = desk.post(at("entity-identify", one), {"scheme": "other", "value": "javascript:alert(1)"})
    assert answer.status_code == 422
    assert "javascript:alert(1)" in answer.content.decode()
    assert one.identifiers.count() == 0
