"""Cues of attributions in the admin: an editor adds words, and the desk's guesses know them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from newsroom.models import Cue, Deed, User
from newsroom.text.attribution import LEXICONS
from tests.admin.filling import filled
from tests.making import THEN, make_cue

SignedIn = Callable[[User], Client]
ADD = "admin:newsroom_cue_add"
VERB = {"lang": "it", "kind": "verb", "words": "berciare"}


@pytest.fixture
def client(signed_in: SignedIn, editor: User) -> Client:
    return signed_in(editor)


def add(client: Client, **typed: Any) -> HttpResponse:
    page = reverse(ADD)
    return client.post(page, filled(client.get(page)) | VERB | typed)


def said(answer: HttpResponse) -> str:
    errors = answer.context["adminform"].form.errors
    return " ".join(str(message) for messages in errors.values() for message in messages)


def test_an_editor_adds_a_cue_and_it_is_written_down(client: Client, editor: User) -> None:
    answer = add(
        client,
        words="  Berciare ",
        frames=["that", "quote"],
        example="«Il ponte è chiuso», ha berciato la sindaca.",
    )
    assert answer.status_code == 302
    cue = Cue.objects.get()
    assert (cue.words, cue.frames, cue.active, cue.by) == ("berciare", "that quote", True, editor)
    assert cue.row == "berciare: that quote"
    deed = Deed.objects.get(verb="admin.add")
    assert deed.objects_touched == [["cue", str(cue.uuid)]]


def test_a_cue_is_put_to_rest_and_its_boxes_are_as_they_were(client: Client) -> None:
    cue = make_cue(words="berciare", frames="that weak")
    page = reverse("admin:newsroom_cue_change", args=[cue.pk])
    posted = filled(client.get(page), active=None)
    assert posted["frames"] == ["that", "weak"]
    assert client.post(page, posted).status_code == 302
    cue.refresh_from_db()
    assert (cue.active, cue.frames) == (False, "that weak")
    assert Deed.objects.get(verb="admin.change").after == {"fields": ["active"]}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"words": "bercia"}, "infinito"),
        ({"words": "berc1are"}, "Scrivi soltanto parole"),
        ({"words": "dire"}, "si conosce già"),
        ({"kind": "noun", "words": "indiscrezione di stampa"}, "una parola sola"),
        ({"kind": "noun", "words": "della"}, "troppe frasi"),
        ({"kind": "preposition", "words": "di"}, "troppe frasi"),
        ({"kind": "preposition", "words": "a parere/giudizio di"}, "senza stanghette"),
        ({"kind": "preposition", "words": "secondo"}, "si conosce già"),
        ({"kind": "preposition", "words": "a sentire", "frames": ["that"]}, "non ha costruzioni"),
        ({"example": "Il ponte è chiuso."}, "non si trova niente"),
        ({"frames": ["nessuna"]}, "nessuna"),
        ({"lang": "de"}, "de"),
    ],
)
def test_what_cannot_be_a_cue_is_told_in_the_readers_words(
    client: Client, typed: dict[str, Any], message: str
) -> None:
    answer = add(client, **typed)
    assert answer.status_code == 422
    assert message in said(answer)
    assert not Cue.objects.exists()


def test_the_same_cue_is_not_added_twice(client: Client) -> None:
    make_cue(words="berciare")
    answer = add(client)
    assert answer.status_code == 422 and "già" in said(answer)


def test_a_checker_looks_at_cues_and_changes_none(signed_in: SignedIn, checker: User) -> None:
    client, cue = signed_in(checker), make_cue(words="berciare")
    assert client.get(reverse(ADD)).status_code == 403
    page = client.get(reverse("admin:newsroom_cue_change", args=[cue.pk]))
    assert page.status_code == 200 and 'name="words"' not in page.content.decode()


@given(
    lang=st.sampled_from(["it", "en"]),
    kind=st.sampled_from(Cue.Kind.values),
    words=st.text(max_size=40)
    | st.lists(st.sampled_from("dire a di of by l' nota/note stra' È SA DETTO quip".split())).map(" ".join),
    frames=st.text(max_size=10) | st.lists(st.sampled_from(["that", "inf", "odd"])).map(" ".join),
    example=st.text(max_size=60),
)
def test_whatever_is_typed_is_refused_in_words_or_can_be_read(
    lang: str, kind: str, words: str, frames: str, example: str
) -> None:
    cue = Cue(lang=lang, kind=kind, words=words, frames=frames, example=example, at=THEN)
    try:
        cue.clean_fields(exclude={"by"})
        cue.clean()
    except ValidationError:
        return
    assert cue.finds_more("Nessuno dice niente.") in (True, False)
    assert cue.added_to(LEXICONS[lang]).triggers >= LEXICONS[lang].triggers
