"""The page of erasures: the words are posted and nowhere else, looked at in every place, then erased."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image
from pytest_django import Settings

from newsroom.actions.erasure.columns import models_with_words
from newsroom.models import (
    Claim,
    ConfidentialSource,
    Deed,
    Entity,
    Erasure,
    Picture,
    RatingLabel,
    StoredCopy,
    User,
)
from newsroom.presenters.erasing import _label
from newsroom.text.redaction import MASK
from tests.making import make_claim, make_copy, make_entity, make_original, make_picture, make_source
from tests.pdf import pdf

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
NAME = "Nerina Sottovoce"
PAGE = reverse("desk:erase")


@pytest.fixture(autouse=True)
def list_of_erasures(settings: Settings, tmp_path: Path) -> None:
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"


@pytest.fixture(autouse=True)
def no_other_files(settings: Settings) -> None:
    """Those that other tests left behind belong to no row any more."""
    settings.STORAGES = dict(settings.STORAGES)


@pytest.fixture
def desk(signed_in: SignedIn, reporter: User) -> Client:
    """A reporter to whom the permission was given by name: it depends on no role."""
    reporter.user_permissions.add(Permission.objects.get(codename="redact"))
    return signed_in(reporter)


def look(desk: Client, words: str = NAME) -> dict[str, str]:
    """Looks at all places; answers with what the form then sends to erase."""
    page = desk.post(PAGE, {"words": words, "look": ""})
    assert page.status_code == 200
    seen = page.context["form"].data["seen"]
    return {"words": words, "reason": "Lo ordina il giudice.", "confirmed": "on", "seen": seen, "erase": ""}


def test_no_role_opens_it(signed_in: SignedIn, reporter: User, checker: User, editor: User) -> None:
    for person in (reporter, checker, editor):
        client = signed_in(person)
        assert client.get(PAGE).status_code == client.post(PAGE, {"words": NAME}).status_code == 403
        assert PAGE not in client.get(reverse("desk:home")).content.decode()


def test_a_preview_shows_every_place_with_the_words_in_it_and_writes_nothing(desk: Client) -> None:
    entity = make_entity(name=NAME)
    make_claim(text=f"Secondo {NAME} il ponte è chiuso.")
    page = desk.post(PAGE, {"words": NAME, "look": ""})
    words = page.content.decode()
    assert f"Secondo <mark>{NAME}</mark> il ponte è chiuso." in words
    assert (
        page.context["foreseen"].number
        == sum(len(kind.values) for kind in page.context["foreseen"].kinds)
        >= 4
    )
    assert Entity.objects.get(pk=entity.pk).name == NAME
    assert page.headers["Cache-Control"]


def test_what_was_looked_at_and_confirmed_is_erased(desk: Client, reporter: User) -> None:
    claim = make_claim(text=f"Secondo {NAME} il ponte è chiuso.")
    answer = desk.post(PAGE, look(desk), follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert Claim.objects.get(pk=claim.pk).text == f"Secondo {MASK} il ponte è chiuso."
    page = answer.content.decode()
    assert "Lo ordina il giudice." in page and str(reporter) in page
    assert NAME not in page


@pytest.mark.parametrize("missing", ["words", "reason", "confirmed", "seen"])
def test_nothing_is_erased_before_all_is_said(desk: Client, missing: str) -> None:
    make_entity(name=NAME)
    given = look(desk)
    del given[missing]
    answer = desk.post(PAGE, given)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert Entity.objects.filter(name=NAME).exists()
    assert not Erasure.objects.exists()


def test_what_was_written_since_is_looked_at_again(desk: Client) -> None:
    given = look(desk)
    make_entity(name=NAME)
    answer = desk.post(PAGE, given)
    assert answer.status_code == 409
    assert f"<mark>{NAME}</mark>" in answer.content.decode()
    # What was confirmed was another preview.
    assert " checked>" not in answer.content.decode()
    again = given | {"seen": answer.context["form"].data["seen"]}
    assert desk.post(PAGE, again).status_code == 302
    assert not Entity.objects.filter(name=NAME).exists()


def test_words_of_a_scale_in_force_are_shown_and_not_offered_to_be_erased(desk: Client) -> None:
    word = RatingLabel.objects.filter(lang="it").first().label
    page = desk.post(PAGE, {"words": word, "look": ""})
    words = page.content.decode()
    assert page.status_code == 200
    assert 'id="held-title"' in words and f"<mark>{word}</mark>" in words
    assert 'name="erase"' not in words and 'name="confirmed"' not in words
    forced = {"words": word, "reason": "Così.", "confirmed": "on", "erase": ""}
    answer = desk.post(PAGE, forced | {"seen": page.context["form"].data["seen"]})
    assert answer.status_code == 422
    assert 'id="held-title"' in answer.content.decode()
    assert not Erasure.objects.exists()


def test_files_that_no_program_reads_are_listed_to_be_looked_at(desk: Client) -> None:
    picture = make_picture(make_original())
    copy = make_copy(body=pdf("Il ponte", None))
    words = desk.post(PAGE, {"words": NAME, "look": ""}).content.decode()
    assert picture.get_absolute_url() in words
    assert reverse("desk:copy-file", args=[copy.code]) in words


def test_a_picture_is_marked_to_go_with_the_words(desk: Client) -> None:
    claim = make_claim(text=f"Secondo {NAME} il ponte è chiuso.")
    shows, other = make_picture(make_original()), make_picture(make_original())
    shows.file.save("", ContentFile(b"RIFF\0\0mostra il nome"))
    other.file.save("", ContentFile(b"RIFF\0\0altro"))
    scanned = make_copy(body=pdf(None))
    marks = [hash_of(shows), hash_of(scanned)]
    page = desk.post(PAGE, {"words": NAME, "look": ""}).content.decode()
    assert all(f'name="files" value="{mark}">' in page for mark in (*marks, hash_of(other)))

    given = look(desk) | {"files": marks}
    again = desk.post(PAGE, given | {"reason": ""})
    assert again.status_code == 422
    assert again.content.decode().count(" checked> Va oscurato") == 2
    assert desk.post(PAGE, given).status_code == 302
    for row in (claim, shows, other, scanned):
        row.refresh_from_db()
    assert claim.text == f"Secondo {MASK} il ponte è chiuso."
    assert other.file.read() == b"RIFF\0\0altro"
    assert Image.open(shows.file).size == (1, 1)
    assert scanned.file.read() == MASK.encode()
    assert hashlib.sha256(MASK.encode()).hexdigest() == scanned.sha256
    assert Erasure.objects.get().places["picture.file"] == 1


def hash_of(row: Picture | StoredCopy) -> str:
    with row.file.open() as file:
        return hashlib.sha256(file.read()).hexdigest()


def test_what_is_no_hash_marks_nothing(desk: Client) -> None:
    assert desk.post(PAGE, look(desk) | {"files": ["../originals/uno"]}).status_code == 422


def test_a_pdf_that_has_the_words_is_said_to_go_as_a_whole(desk: Client) -> None:
    make_copy(body=pdf(f"Secondo {NAME} il ponte è chiuso."))
    page = desk.post(PAGE, {"words": NAME, "look": ""})
    [value] = [value for kind in page.context["foreseen"].kinds for value in kind.values]
    assert value.goes_as_a_whole
    assert value.places[0].before.startswith("copies/")


def test_a_form_that_would_take_everything_is_refused(desk: Client) -> None:
    assert desk.post(PAGE, {"words": "a", "look": ""}).status_code == 422


def test_who_a_confidential_source_is_shows_to_those_who_may_know(
    desk: Client, signed_in: SignedIn, editor: User
) -> None:
    source = make_source()
    ConfidentialSource.objects.create(source=source, real_name=f"Zia {NAME}", reason="Rischia.")
    nowhere = desk.post(PAGE, {"words": "Nessuno Mai", "look": ""}).content.decode()
    closed = desk.post(PAGE, {"words": NAME, "look": ""})
    assert closed.context["foreseen"].number == 0
    # Nor does the page say that there is anything: a name that is looked for is not told to be a source's.
    seals = [
        page.context["form"].data["seen"] for page in (closed, desk.post(PAGE, {"words": "Nessuno Mai"}))
    ]
    same = [page.partition('id="preview-title"')[2] for page in (nowhere, closed.content.decode())]
    assert same[0] == same[1]
    assert all(re.fullmatch("[0-9a-f]{64}", seal) for seal in seals)
    editor.user_permissions.add(Permission.objects.get(codename="redact"))
    open_one = signed_in(editor).post(PAGE, {"words": NAME, "look": ""})
    assert f"Zia <mark>{NAME}</mark>" in open_one.content.decode()
    done = desk.post(PAGE, look(desk), follow=True)
    assert "in 0 " in done.content.decode()
    assert ConfidentialSource.objects.get(pk=source.pk).real_name == f"Zia {MASK}"
    assert Erasure.objects.get().places == {}
    assert "confidential" not in str(Deed.objects.filter(verb="erasure.redact").values())


def test_every_place_has_a_name_in_italian() -> None:
    """Of columns that have one of ours; work of the program that waits has one name for all."""
    for model, fields in models_with_words():
        for field in fields:
            with translation.override("it"):
                row, _dot, column = _label(model, field.name).partition(" · ")
            with translation.override("en"):
                english, _dot, in_english = _label(model, field.name).partition(" · ")
            of_others = ("account", "axes", "contenttypes", "mfa", "sessions", "socialaccount")
            if model._meta.app_label in of_others:
                continue
            assert row != english or row == "webhook"
            assert column != in_english or column in ("", "password", "e-mail"), (row, column)


def test_the_words_stand_in_no_address(desk: Client) -> None:
    page = desk.get(PAGE, {"words": NAME})
    assert page.context["form"].is_bound is False
    assert 'method="post"' in page.content.decode()
