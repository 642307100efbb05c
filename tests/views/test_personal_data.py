"""Who asks what is held on them is given a copy of it, and has it deleted."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from newsroom.actions import flags as deeds
from newsroom.models import Deed, Flag, FlagLetter, Invitation, ReplyLetter, SavedView, User
from newsroom.outside.logs import JsonLines
from newsroom.presenters.held_data import fields_that_name_people, held_on_colleague
from tests.making import (
    LATER,
    make_article,
    make_comment,
    make_flag,
    make_follow,
    make_invitation,
    make_reply,
    make_thread,
)
from tests.public_pages import followed
from tests.views.test_flagging import flag_address, form_for

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
ADDRESS = "canarino@lettori.example"
WORDS = "Canarino dice che sono dodici."
HERE = "desk:personal-data"


@pytest.fixture
def keeper(editor: User) -> User:
    """The editor who answers for what is kept on people."""
    editor.user_permissions.add(Permission.objects.get(codename="redact"))
    return User.objects.get(pk=editor.pk)


def flag_with_all(editor: User) -> Flag:
    flag = make_flag(
        quotation="Il ponte", message=WORDS, name="Ida Verdi", address=ADDRESS, confirmed_at=LATER
    )
    flag.answers.create(words="Grazie, guardiamo.", by=editor, at=LATER)
    return flag


# A reader, by their private page


def test_a_reader_is_given_a_copy_of_all_that_is_kept(reader: Client, editor: User) -> None:
    there = followed(flag_with_all(editor))
    assert f"{there}data/" in reader.get(there).content.decode()
    answer = reader.get(f"{there}data/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
    held = json.loads(answer.content)
    assert held["written"] == {
        "message": WORDS, "name": "Ida Verdi", "address": ADDRESS, "language": "it",
        "address_confirmed": LATER.isoformat().replace("+00:00", "Z"), "came": None,
    }  # fmt: skip
    assert held["words"] == "Il ponte"
    assert [answer["words"] for answer in held["answers"]] == ["Grazie, guardiamo."]
    assert not answer.cookies


def test_a_reader_deletes_it_after_being_asked(reader: Client, editor: User) -> None:
    flag = flag_with_all(editor)
    there = followed(flag)
    page = reader.get(f"{there}delete/").content.decode()
    assert "Cancella per sempre" in page
    assert FlagLetter.objects.exists()
    assert "È cancellato" in reader.post(f"{there}delete/").content.decode()
    assert not FlagLetter.objects.exists()
    for gone in ("", "data/", "delete/"):
        assert reader.get(there + gone).status_code == 404
    assert reader.post(f"{there}delete/").status_code == 404


def test_another_site_deletes_nothing_by_a_readers_browser(reader: Client, editor: User) -> None:
    there = followed(flag_with_all(editor))
    assert reader.post(f"{there}delete/", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert FlagLetter.objects.exists()


def test_the_desk_sees_that_the_words_were_deleted_and_closes_it(
    reader: Client, editor: User, signed_in: SignedIn
) -> None:
    flag = flag_with_all(editor)
    reader.post(f"{followed(flag)}delete/")
    desk = signed_in(editor)
    assert WORDS not in desk.get(reverse("desk:flag", args=[flag.code])).content.decode()
    answer = desk.post(
        reverse("desk:flag-reject", args=[flag.code]), {"row_version": flag.row_version, "words": ""}
    )
    assert answer.status_code == 302
    flag.refresh_from_db()
    assert flag.state == "rejected"


# The desk, by the address that a reader left


def test_who_was_asked_for_a_reply_is_given_a_copy_and_forgotten_too(
    keeper: User, signed_in: SignedIn
) -> None:
    make_reply(make_invitation(address=ADDRESS), words=WORDS, name="Ida Verdi")
    desk, there = signed_in(keeper), reverse(HERE)
    looked = desk.post(there, {"address": ADDRESS, "look": ""}).content.decode()
    assert "Cancella" in looked and WORDS not in looked
    held = json.loads(desk.post(there, {"address": ADDRESS, "copy": ""}).content)
    assert [asked["reply"]["words"] for asked in held["requests"]] == [WORDS]
    assert desk.post(there, {"address": ADDRESS, "delete": "", "confirmed": "on"}).status_code == 302
    assert not ReplyLetter.objects.exists()
    assert not Invitation.objects.exclude(address="").exists()


def test_the_desk_looks_copies_and_deletes_by_the_address(keeper: User, signed_in: SignedIn) -> None:
    flag_with_all(keeper)
    desk, there = signed_in(keeper), reverse(HERE)
    looked = desk.post(there, {"address": ADDRESS.upper(), "look": ""}).content.decode()
    assert "un errore" in looked.casefold() and WORDS not in looked
    held = json.loads(desk.post(there, {"address": ADDRESS, "copy": ""}).content)
    assert [flag["written"]["message"] for flag in held["flags"]] == [WORDS]
    refused = desk.post(there, {"address": ADDRESS, "delete": ""})
    assert refused.status_code == 422 and FlagLetter.objects.exists()
    assert desk.post(there, {"address": ADDRESS, "delete": "", "confirmed": "on"}).status_code == 302
    assert not FlagLetter.objects.exists()
    deed = Deed.objects.get(verb="reader.forget")
    gone = {"letters": 1, "replies": 0, "followers": 0}
    assert (deed.before, deed.after) == (gone, {})
    nothing = desk.post(there, {"address": ADDRESS, "look": ""}).content.decode()
    assert "non è conservato nulla" in nothing


def test_looking_costs_as_many_queries_for_thirty_flags_as_for_two(
    keeper: User, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk = signed_in(keeper)
    for _number in range(2):
        make_flag(address=ADDRESS)
    with django_assert_max_num_queries(40):
        desk.post(reverse(HERE), {"address": ADDRESS, "look": ""})


# Somebody of the desk


def test_somebody_of_the_desk_is_given_a_copy_of_all_that_names_them(
    reporter: User, signed_in: SignedIn
) -> None:
    make_comment(make_thread(by=reporter, body="Lo dico io."), by=reporter, body="Anche questo.")
    SavedView.objects.create(user=reporter, name="Le mie", query="state=drafts")
    assert reverse("desk:my-data") in signed_in(reporter).get(reverse("desk:me")).content.decode()
    held = json.loads(signed_in(reporter).get(reverse("desk:my-data")).content)
    assert held["account"]["username"] == "reporter" and "password" not in held["account"]
    assert {"Lo dico io.", "Anche questo."} <= {line["body"] for line in held["newsroom.comment.by"]}
    assert [line["name"] for line in held["newsroom.savedview.user"]] == ["Le mie"]


def test_no_table_that_names_people_is_left_out(reporter: User) -> None:
    named = {f"{field.model._meta.label_lower}.{field.name}" for field in fields_that_name_people()}
    assert {"newsroom.deed.actor", "newsroom.comment.by", "newsroom.flag.assignee"} <= named
    assert {"newsroom.presence.user", "newsroom.historicalclaim.history_user"} <= named
    article = make_article()
    deeds_of_theirs = Deed.objects.create(verb="article.create", actor=reporter, at=now(), article=article)
    assert str(deeds_of_theirs.uuid) in str(held_on_colleague(reporter))


# No log


def test_no_log_has_a_word_of_what_a_reader_sends_even_where_it_breaks(
    editor: User, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Client(raise_request_exception=False)
    there = flag_address(make_article(slug="il-ponte"))
    sent = form_for(reader, there, message=WORDS, name="Canarino Verdi", address=ADDRESS)
    caplog.set_level(logging.DEBUG)
    assert reader.post(there, sent).status_code == 302
    assert reader.post(there, sent | {"token": "x"}).status_code == 422

    def breaks(*_given: object, **_named: object) -> None:
        raise RuntimeError("away")

    monkeypatch.setattr(deeds, "receive", breaks)
    assert reader.post(there, form_for(reader, there) | {"message": WORDS}).status_code == 500
    written = "\n".join(JsonLines().format(record) for record in caplog.records)
    assert "RuntimeError" in written
    assert "canarino" not in (written + caplog.text).casefold()


def test_the_desk_finds_who_only_follows_something(keeper: User, signed_in: SignedIn) -> None:
    make_follow(address=ADDRESS)
    desk, there = signed_in(keeper), reverse(HERE)
    looked = desk.post(there, {"address": ADDRESS.upper(), "look": ""}).content.decode()
    assert "Segue qualcosa per e-mail" in looked and "non è conservato nulla" not in looked
    desk.post(there, {"address": ADDRESS, "delete": "", "confirmed": "on"})
    assert "non è conservato nulla" in desk.post(there, {"address": ADDRESS, "look": ""}).content.decode()
