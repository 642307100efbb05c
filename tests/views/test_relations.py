"""Relations of a claim at the desk: what each form answers with and without htmx, and what a page costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.actions import relations
from newsroom.models import Claim, ClaimRelation, Deed, User
from newsroom.presenters import relations as presenter
from tests.making import LATER, THEN, make_appearance, make_article, make_claim, make_relation, make_review
from tests.reading import faults, tree

SignedIn = Callable[[User], Client]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def claim(rows: None) -> Claim:
    return make_claim(text="Il ponte sarà aperto a maggio.")


@pytest.fixture
def other(rows: None) -> Claim:
    return make_claim(text="Il viadotto è chiuso per le piene.")


@pytest.fixture
def client(signed_in: SignedIn, checker: User) -> Client:
    return signed_in(checker)


def page_of(claim: Claim) -> str:
    return reverse("desk:relations", args=[claim.code])


def address(name: str, claim: Claim, relation: ClaimRelation) -> str:
    return reverse(f"desk:{name}", args=[claim.code, relation.code])


def text_of(answer: HttpResponse) -> str:
    return " ".join(tree(answer).text_content().split())


def focused(answer: HttpResponse) -> list[str]:
    return [element.get("id") or element.tag for element in tree(answer).xpath("//*[@data-focus]")]


def said(other: Claim, kind: str = "supports", **given: Any) -> dict[str, Any]:
    return {"other": other.code, "said": kind, "strength": "", "note": ""} | given


def change_of(relation: ClaimRelation, **given: Any) -> dict[str, Any]:
    return {
        "said": relation.kind,
        "strength": relation.strength,
        "note": relation.note,
        "version": relation.version,
    } | given


# Adding


def test_two_claims_are_related_from_either_side(client: Client, claim: Claim, other: Claim) -> None:
    answer = client.post(page_of(claim), said(other, "contradicts", strength="strong", note="Sul serio."))
    relation = ClaimRelation.objects.latest("pk")
    assert (relation.source, relation.target, relation.kind) == (claim, other, "contradicts")
    assert (answer.status_code, answer.url) == (302, f"{page_of(claim)}#relation-{relation.code}")
    shown = text_of(client.get(page_of(claim)))
    assert "Contraddice forte" in shown and "Sul serio." in shown
    assert "Contraddetta da" in text_of(client.get(page_of(other)))

    client.post(page_of(claim), said(other, "part_of-by"))
    relation = ClaimRelation.objects.latest("pk")
    assert (relation.source, relation.target, relation.kind) == (other, claim, "part_of")


def test_htmx_gets_the_part_with_the_focus_on_what_is_new(client: Client, claim: Claim, other: Claim) -> None:
    answer = client.post(page_of(claim), said(other), headers=HTMX)
    relation = ClaimRelation.objects.latest("pk")
    assert (answer.status_code, focused(answer)) == (200, [f"relation-{relation.code}"])
    assert "<html" not in answer.content.decode()


def test_the_other_claim_is_looked_for_as_somebody_types(client: Client, claim: Claim, other: Claim) -> None:
    found = client.get(reverse("desk:relations-find", args=[claim.code]), {"q": "viadot"}, headers=HTMX)
    assert tree(found).xpath("//input[@name='other']/@value") == [other.code]
    itself = client.get(reverse("desk:relations-find", args=[claim.code]), {"q": "ponte"}, headers=HTMX)
    assert claim.code not in tree(itself).xpath("//input/@value")


def test_without_javascript_a_button_looks_for_it_and_all_that_was_typed_stays(
    client: Client, claim: Claim, other: Claim
) -> None:
    count = ClaimRelation.objects.count()
    typed = {"q": "viadotto", "said": "updates", "strength": "weak", "note": "Forse.", "find": ""}
    answer = client.post(page_of(claim), typed)
    page = tree(answer)
    assert answer.status_code == 200
    assert page.xpath("//input[@name='other']/@value") == [other.code]
    assert page.xpath("//input[@name='q']/@value") == ["viadotto"]
    assert page.xpath("//select[@name='said']/option[@selected]/@value") == ["updates"]
    assert page.xpath("//select[@name='strength']/option[@selected]/@value") == ["weak"]
    assert page.xpath("//textarea[@name='note']")[0].text.strip() == "Forse."
    assert ClaimRelation.objects.count() == count


def test_a_withdrawn_claim_is_not_found_and_not_taken(client: Client, claim: Claim, other: Claim) -> None:
    other.withdrawn_at, other.withdrawal_reason = THEN, "Doppione."
    other.save()
    assert other.code not in client.get(page_of(claim), {"q": "viadotto"}).content.decode()
    assert client.post(page_of(claim), said(other)).status_code == 422


@pytest.mark.parametrize(
    "typed", [{}, {"said": "supports"}, {"other": "zzzzzzzzzz", "said": "supports"}, {"said": "odd"}]
)
def test_a_form_that_says_too_little_comes_back(client: Client, claim: Claim, typed: dict[str, str]) -> None:
    count = ClaimRelation.objects.count()
    for headers in ({}, HTMX):
        answer = client.post(page_of(claim), typed, headers=headers)
        assert answer.status_code == 422
        assert tree(answer).xpath("//*[@role='alert']")
    assert ClaimRelation.objects.count() == count


def test_what_a_rule_stands_against_is_refused_with_its_reason_and_nothing_typed_is_lost(
    client: Client, claim: Claim, other: Claim
) -> None:
    make_relation(other, claim, kind="contradicts")
    answer = client.post(page_of(claim), said(other, "contradicts", note="Di nuovo.", q="viadotto"))
    assert answer.status_code == 422
    assert "vale nei due sensi" in text_of(answer)
    assert tree(answer).xpath("//textarea[@name='note']")[0].text.strip() == "Di nuovo."
    assert tree(answer).xpath("//input[@name='other'][@checked]/@value") == [other.code]


def test_a_form_leads_back_to_the_page_that_it_stood_on_but_never_outside(
    client: Client, claim: Claim, other: Claim
) -> None:
    inside = client.post(page_of(claim), said(other, next="/desk/claims/x/review/?a=b#c"))
    assert inside.url.startswith("/desk/claims/x/review/?a=b#relation-")
    for there in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        outside = client.post(page_of(claim), said(make_claim(), next=there))
        assert outside.url.startswith(page_of(claim))


# Changing


def test_a_relation_is_changed_in_a_form_where_it_stands(client: Client, claim: Claim, other: Claim) -> None:
    relation = make_relation(other, claim, strength="weak", note="Forse.")
    form = tree(client.get(address("relation", claim, relation)))
    assert form.xpath("//select[@name='said']/option[@selected]/@value") == ["supports-by"]
    assert form.xpath("//input[@name='version']/@value") == [relation.version]

    turned = change_of(relation, said="updates", strength="strong", note="Sì.")
    answer = client.post(address("relation", claim, relation), turned)
    assert answer.url == f"{page_of(claim)}#relation-{relation.code}"
    relation.refresh_from_db()
    assert (relation.source, relation.target) == (claim, other)
    assert (relation.kind, relation.strength, relation.note) == ("updates", "strong", "Sì.")


def test_who_comes_second_sees_who_was_first_keeps_what_was_typed_and_may_save_again(
    client: Client, claim: Claim, other: Claim, editor: User
) -> None:
    relation = make_relation(claim, other)
    mine = change_of(relation, note="La mia.")
    relations.change(relation, version=relation.version, kind="repeats", by=editor, at=LATER)
    answer = client.post(address("relation", claim, relation), mine, headers=HTMX)
    page = tree(answer)
    assert answer.status_code == 409
    assert str(editor) in text_of(answer)
    assert page.xpath("//textarea[@name='note']")[0].text.strip() == "La mia."
    again = mine | {"version": page.xpath("//input[@name='version']/@value")[0]}
    assert client.post(address("relation", claim, relation), again).status_code == 302
    relation.refresh_from_db()
    assert (relation.kind, relation.note) == ("supports", "La mia.")


def test_a_change_that_a_rule_stands_against_is_refused(client: Client, claim: Claim, other: Claim) -> None:
    relation = make_relation(claim, other)
    make_relation(other, claim, kind="part_of")
    for headers in ({}, HTMX):
        answer = client.post(
            address("relation", claim, relation), change_of(relation, said="part_of"), headers=headers
        )
        assert answer.status_code == 422
        assert "farebbe parte di sé stessa" in text_of(answer)
    assert client.post(address("relation", claim, relation), {}).status_code == 422


def test_a_relation_is_found_by_its_own_claims_alone(client: Client, claim: Claim) -> None:
    relation = make_relation()
    assert client.get(address("relation", claim, relation)).status_code == 404
    assert client.post(address("relation", claim, relation), change_of(relation)).status_code == 404
    client.post(address("relation-remove", claim, relation))
    assert ClaimRelation.objects.filter(pk=relation.pk).exists()


# Removing, and putting back


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_relation_is_removed_and_put_back(
    client: Client, claim: Claim, other: Claim, headers: dict[str, str]
) -> None:
    relation = make_relation(other, claim, kind="contradicts", note="Forse.")
    answer = client.post(address("relation-remove", claim, relation), headers=headers)
    assert not ClaimRelation.objects.filter(pk=relation.pk).exists()
    if not headers:
        assert answer.status_code == 302
        answer = client.get(answer.url)
    assert "Rimossa: Contraddetta da «Il viadotto" in text_of(answer)
    [record] = tree(answer).xpath("//input[@name='removed']/@value")
    back = client.post(
        reverse("desk:relations-undo", args=[claim.code]), {"removed": record}, headers=headers
    )
    there = ClaimRelation.objects.get(uuid=relation.uuid)
    assert (there.source, there.kind, there.note) == (other, "contradicts", "Forse.")
    if headers:
        assert focused(back) == [f"relation-{there.code}"]
    else:
        assert back.url == f"{page_of(claim)}#relation-{there.code}"


def test_what_somebody_else_removed_is_nothing_to_put_back(
    client: Client, claim: Claim, other: Claim, editor: User
) -> None:
    removal = relations.unrelate(make_relation(claim, other), by=editor, at=LATER)
    undo = reverse("desk:relations-undo", args=[claim.code])
    for record in (str(removal.uuid), "", "non-un-codice"):
        assert client.post(undo, {"removed": record}).status_code == 422
    assert "Tolta" not in text_of(client.get(page_of(claim), {"removed": str(removal.uuid)}))


def test_what_cannot_be_put_back_says_why(client: Client, claim: Claim, other: Claim, checker: User) -> None:
    removal = relations.unrelate(make_relation(claim, other), by=checker, at=LATER)
    relations.relate(claim, to=other, kind="supports", by=checker, at=LATER)
    answer = client.post(
        reverse("desk:relations-undo", args=[claim.code]), {"removed": str(removal.uuid)}, headers=HTMX
    )
    assert answer.status_code == 422
    assert "già legate" in text_of(answer)


def test_who_removes_what_is_gone_already_sees_that_it_is(client: Client, claim: Claim, editor: User) -> None:
    relation = make_relation(claim)
    relations.unrelate(relation, by=editor, at=LATER)
    assert client.post(address("relation-remove", claim, relation), headers=HTMX).status_code == 200


# Who


def test_a_reporter_reads_them_and_changes_nothing(
    signed_in: SignedIn, reporter: User, claim: Claim, other: Claim
) -> None:
    relation = make_relation(claim, other)
    client = signed_in(reporter)
    page = tree(client.get(page_of(claim)))
    assert "Il viadotto" in page.text_content()
    assert page.xpath("//main//form") == [] and page.xpath("//main//a[@class='button']") == []
    count = Deed.objects.count()
    assert client.post(page_of(claim), said(make_claim())).status_code == 403
    for name in ("relation", "relation-remove"):
        assert client.post(address(name, claim, relation), change_of(relation)).status_code == 403
    assert Deed.objects.count() == count


# Pages


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_page_is_sound_in_every_state(client: Client, claim: Claim, headers: dict[str, str]) -> None:
    relation = make_relation(claim, note="Forse.")
    make_relation(target=claim, kind="repeats")
    for answer in (
        client.get(page_of(claim), headers=headers),
        client.get(page_of(claim), {"q": "microsoft"}, headers=headers),
        client.get(address("relation", claim, relation), headers=headers),
        client.post(page_of(claim), {}, headers=headers),
        client.post(address("relation", claim, relation), {}, headers=headers),
        client.post(address("relation-remove", claim, relation), headers=HTMX),
    ):
        assert faults(answer) == []


def test_a_page_costs_the_same_for_one_relation_and_for_many(client: Client, claim: Claim) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(claim), {"q": "ponte"}).status_code == 200
        return len(queries)

    make_review(claim=make_relation(claim).target)
    cost()  # permissions are read once for all
    one = cost()
    for number in range(12):
        make_relation(*((claim, None) if number % 2 else (None, claim)))
    assert cost() == one


def test_of_very_many_the_newest_are_shown(
    client: Client, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presenter, "MOST_AT_THE_DESK", 2)
    for _number in range(3):
        make_relation(claim)
    page = client.get(page_of(claim))
    assert len(tree(page).xpath("//li[starts-with(@id, 'relation-')]")) == 2
    assert "Le 2 più recenti di 3." in text_of(page)


def test_the_map_of_a_draft_leads_to_the_relations_of_its_claims(client: Client) -> None:
    draft = make_article(published_at=None)
    one, two = (
        make_appearance(draft, words).claim for words in ("Il ponte sarà aperto", "Costerà dieci milioni")
    )
    make_relation(one, two)
    preview = tree(client.get(reverse("desk:article", args=[draft.slug])))
    there = reverse("desk:map", args=[draft.slug])
    assert there in preview.xpath("//a/@href")
    page = tree(client.get(there))
    assert page.xpath("//a[@data-claim]/@href") == [page_of(one), page_of(two)]
    assert client.get(reverse("reader:map", args=[draft.slug])).status_code == 404
