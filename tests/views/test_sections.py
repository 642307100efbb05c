"""A form that is sent twice adds one row; with other words it is a conflict, and may be sent again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from newsroom.forms.reviewing import RatingForm, RequestForm
from newsroom.forms.sections import row_identity, typed_sections
from newsroom.models import Claim, Comment, Deed, Document, User
from tests.making import level, make_claim, make_document, make_user, under
from tests.reading import faults, tree

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def item(**given: str) -> dict[str, str]:
    said = {"stance": "refutes", "quotation": "Aprirà a giugno.", "checked": "whole", "key": "una-volta"}
    return under("evidence", said | given)


def requested(**given: str) -> dict[str, str]:
    said = {"asked": "Ada", "how": "posta", "asked_at": "2024-05-06T10:00", "key": "una-volta"}
    return under("request", said | given)


def commented(**given: str) -> dict[str, str]:
    return {"body": "Chi lo dice?", "key": "una-volta"} | given


def addresses(claim: Claim) -> dict[str, str]:
    return {
        name: reverse(f"desk:{name}", args=[claim.code])
        for name in ("evidence-add", "claim-request", "threads-claim")
    }


ADDING = {
    "evidence-add": (lambda: item(title="Delibera 7"), item(title="Delibera 7", quotation="Altro.")),
    "claim-request": (requested, requested(how="telefono")),
    "threads-claim": (commented, commented(body="Chi lo ha detto?")),
}


def rows(name: str, claim: Claim) -> int:
    found = {"evidence-add": claim.evidence, "claim-request": claim.requests}.get(name)
    return Comment.objects.filter(thread__claim=claim).count() if found is None else found.count()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("name", ADDING)
def test_a_form_that_is_sent_twice_adds_one_row(
    name: str, headers: dict[str, str], signed_in: SignedIn, checker: User
) -> None:
    claim, client = make_claim(), signed_in(checker)
    there, (given, _other) = addresses(claim)[name], ADDING[name]
    for _time in range(2):
        assert client.post(there, given(), headers=headers).status_code in (200, 302)
    assert rows(name, claim) == 1
    assert Document.objects.filter(title="Delibera 7").count() == int(name == "evidence-add")
    assert Deed.objects.filter(verb__in=("evidence.add", "request.ask", "comment.add")).count() == 1


@pytest.mark.parametrize("name", ADDING)
def test_with_other_words_it_is_a_conflict_and_sent_again_it_adds_another(
    name: str, signed_in: SignedIn, checker: User
) -> None:
    claim, client = make_claim(), signed_in(checker)
    there, (given, other) = addresses(claim)[name], ADDING[name]
    client.post(there, given())
    answer = client.post(there, other, headers=HTMX)
    assert answer.status_code == 409
    assert "era già stato inviato, con altre parole" in tree(answer).text_content()
    assert rows(name, claim) == 1
    key = next(each for each in other if each.endswith("key"))
    keys = tree(answer).xpath(f"//input[@name='{key}']/@value")
    assert keys and "una-volta" not in keys
    assert client.post(there, other | {key: keys[-1]}).status_code == 302
    assert rows(name, claim) == 2


def test_evidence_from_a_known_document_that_is_sent_twice_adds_one(
    signed_in: SignedIn, checker: User
) -> None:
    claim, document = make_claim(), make_document()
    client, there = signed_in(checker), addresses(claim)["evidence-add"]
    for _time in range(2):
        assert client.post(there, item(document=document.code)).status_code == 302
    assert claim.evidence.count() == 1


def test_a_key_is_that_of_one_person_and_one_form(checker: User) -> None:
    one = row_identity("una-volta", of="evidence", user=checker)
    assert one == row_identity("una-volta", of="evidence", user=checker)
    others = {row_identity("una-volta", of="request", user=checker)}
    others |= {row_identity("una-volta", of="evidence", user=make_user())}
    others |= {row_identity("due-volte", of="evidence", user=checker)}
    assert one not in others and len(others) == 3


def sent(**given: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({"page": "1"} | given)
    return data


def as_a_browser(form: object, **typed: str) -> QueryDict:
    """What a browser sends of a form in which nothing but this was typed."""
    data = sent()
    for field in form:
        value = field.value()
        data[field.html_name] = "" if value is None else str(value)
    for name, value in under(str(form.prefix), typed).items():
        data[name] = value
    return data


def test_a_form_that_nobody_touched_has_no_words_whatever_happened_since() -> None:
    form = RequestForm(initial={"asked": "Ada", "asked_at": "2024-05-06T10:00"})
    assert typed_sections(as_a_browser(form)) == set()
    assert typed_sections(as_a_browser(form, how="posta")) == {"request"}
    assert typed_sections(as_a_browser(form, asked="")) == {"request"}
    rating = RatingForm(claim=make_claim())
    assert typed_sections(as_a_browser(rating)) == set()
    assert typed_sections(as_a_browser(rating, level=str(level("false").uuid))) == {"rate"}


def test_a_page_that_was_not_sent_whole_has_no_other_words() -> None:
    data = as_a_browser(RequestForm(), how="posta")
    del data["page"]
    assert typed_sections(data) == set()


def test_what_travels_is_shown_unjudged_with_the_version_that_was_seen(
    signed_in: SignedIn, checker: User
) -> None:
    claim, client = make_claim(), signed_in(checker)
    given = sent(**under("rate", {"summary": "è" * 200, "seen": "prima", "shown": "-"})).dict()
    answer = client.post(addresses(claim)["claim-request"], given | requested())
    page = tree(answer)
    assert (answer.status_code, faults(answer)) == (200, [])
    assert page.xpath("string(//textarea[@name='rate-summary'])").strip() == "è" * 200
    assert page.xpath("//input[@name='rate-seen']/@value") == ["prima"]
    assert page.xpath("//section[@id='rating']//*[@role='alert']") == []
