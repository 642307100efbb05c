"""The archive: out of a full newsroom, into an empty one, and everything is as it was."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core import serializers
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import Settings

from newsroom.actions import archiving
from newsroom.actions.archiving.kinds import LEFT_OUT, kinds
from newsroom.actions.erasure import redact
from newsroom.actions.erasure.redacting import write_list
from newsroom.actions.refusals import Refused
from newsroom.formats.newsroom_archive import Archive, Writer
from newsroom.models import (
    ApiToken,
    Article,
    Capability,
    Claim,
    Comment,
    ConfidentialSource,
    Deed,
    Delivery,
    Document,
    Entity,
    ErasurePass,
    FlagAnswer,
    FlagLetter,
    Follow,
    FollowerMail,
    Invitation,
    InvitationMail,
    KeptAnswer,
    Original,
    PolicyReport,
    Presence,
    RatingScale,
    ReaderMail,
    ReplyLetter,
    Review,
    Revision,
    SearchDebt,
    Shown,
    Source,
    Subscriber,
    Target,
    TrainedModel,
    User,
    search_triggers,
)
from newsroom.models.search_entries import ENTRIES
from tests import public_pages, test_canaries
from tests.actions.test_erasure import make_everything
from tests.database_dump import stored_files
from tests.emptied import empty
from tests.making import (
    LATER,
    THEN,
    make_article,
    make_comment,
    make_copy,
    make_original,
    make_picture,
    make_source,
    make_thread,
    make_user,
)
from tests.samples import sampled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places(settings: Settings, tmp_path: Path) -> None:
    """Files and the list of erasures of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = dict(settings.STORAGES)
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"


@pytest.fixture
def chief(editor: User) -> User:
    editor.is_superuser = True
    editor.save()
    return editor


def exported(by: User, **options: Any) -> bytes:
    body = io.BytesIO()
    with closing(Writer(body)) as writer:
        archiving.export(writer, by=by, at=LATER, **options)
    return body.getvalue()


def restored(body: bytes, by: User, **options: Any) -> Any:
    return archiving.restore(Archive(io.BytesIO(body), "a.zip"), by=by, at=LATER, **options)


def members(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def rebuilt(body: bytes, change: Callable[[dict[str, bytes]], None], **about: Any) -> bytes:
    """The archive with other members, and a manifest that says they are right."""
    there = members(body)
    said = json.loads(there.pop("manifest.json")) | about
    change(there)
    written = io.BytesIO()
    writer = Writer(written)
    for name, content in there.items():
        writer.add(name, [content])
    writer.finish({key: value for key, value in said.items() if key not in ("members", "format")})
    return written.getvalue()


def changed_row(name: str, number: int = 0, **values: Any) -> Callable[[dict[str, bytes]], None]:
    def change(there: dict[str, bytes]) -> None:
        lines = there[f"rows/{name}.jsonl"].splitlines()
        lines[number] = json.dumps(json.loads(lines[number]) | values).encode()
        there[f"rows/{name}.jsonl"] = b"\n".join(lines) + b"\n"

    return change


def row_by_row() -> dict[str, list[Any]]:
    """All that is kept, as Django's own serializer writes it: by natural keys, in the order of the rows."""
    said = {}
    for model in apps.get_app_config("newsroom").get_models():
        if model in LEFT_OUT or model is Deed or model._meta.proxy:
            continue
        found = model._base_manager.order_by("username" if model is User else "pk")
        rows = serializers.serialize(
            "python", found, use_natural_foreign_keys=True, use_natural_primary_keys=True
        )
        for row in rows:
            for name in ("password", "id"):
                row["fields"].pop(name, None)
            row.pop("pk", None)
            for many in model._meta.many_to_many:
                row["fields"][many.name].sort()
        said[model.__name__] = rows
    return said


def records() -> list[Any]:
    return list(
        Deed.objects.order_by("pk").values_list(
            "uuid", "verb", "actor__username", "at", "article__uuid", "objects_touched", "before", "after"
        )
    )


# There and back


def test_pages_rows_and_history_come_back_as_they_were(chief: User, reader: Client) -> None:
    # Forms carry when they were asked for, and private addresses belong to this installation.
    apart = (
        "claims that name somebody", "flagging", "a flag", "an address", "a link to reply", "following",
    )  # fmt: skip
    addresses = [make() for name, make in public_pages.PAGES.items() if not name.startswith(apart)]
    addresses += [article.get_absolute_url() for article in Article.objects.all()]
    addresses += ["/claimreview.json", f"{Claim.objects.earliest('pk').get_absolute_url()}prov.json"]
    addresses += sampled([f"/en{address}" for address in addresses[:40]], 10)
    make_everything()
    row = make_original()
    picture = make_picture(row)
    make_copy()
    addresses.append(picture.get_absolute_url())
    pages = {address: (found := reader.get(address)).status_code and _said(found) for address in addresses}
    rows, log, files = row_by_row(), records(), dict(stored_files())
    assert all(rows.values()) and {"pictures", "originals", "copies", "imports"} == {
        name.split("/")[0] for name in files
    }

    body = exported(chief, confidential=True)
    by = empty()
    for name in files:
        default_storage.delete(name)
    assert not Article.objects.exists()
    done = restored(body, by)

    assert row_by_row() == rows
    assert records()[: len(log)] == log
    assert [deed[1] for deed in records()[len(log) :]] == ["newsroom.import"]
    assert dict(stored_files()) == files and done.files == len(files)
    for address, page in pages.items():
        assert _said(reader.get(address)) == page, address
    assert not SearchDebt.objects.exists()
    for entry in ENTRIES:
        keys = entry._meta.get_field("row").related_model._base_manager.values_list("pk", flat=True)
        assert entry.differing(list(keys)) == []
    assert search_triggers.missing(connection) == []


def _said(answer: Any) -> tuple[int, str, bytes]:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, answer.headers.get("Location", ""), body


def test_what_goes_out_again_is_the_same_but_for_the_log(chief: User) -> None:
    make_everything()
    first = exported(chief)
    second = exported(empty_and_restored(first))
    one, two = members(first), members(second)
    assert one.keys() == two.keys()
    differing = {name for name in one if one[name] != two[name]}
    assert differing == {"rows/deed.jsonl", "manifest.json"}
    assert two["rows/deed.jsonl"].startswith(one["rows/deed.jsonl"])


def empty_and_restored(body: bytes) -> User:
    by = empty()
    for name, _content in list(stored_files()):
        default_storage.delete(name)
    restored(body, by)
    return by


def test_the_next_rows_get_keys_of_their_own(chief: User) -> None:
    by = empty_and_restored(exported(chief))
    make_article()
    make_source()
    assert Deed.objects.filter(actor=by, verb="newsroom.import").exists()


def test_what_is_guarded_is_guarded_afterwards(chief: User) -> None:
    empty_and_restored(exported(chief))
    for rows, change in (
        (Revision.objects, {"note": "Altro."}),
        (Deed.objects, {"verb": "altro"}),
        (Review.objects.exclude(published_at=None), {"published_at": None}),
        (RatingScale.objects, {"name": "Altra"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    assert not ErasurePass.objects.exists()


def test_every_model_is_in_it_or_left_out_for_a_reason() -> None:
    """The search and models are made anew; what is of a moment goes by, a token is a key; and who wrote to
    the newsroom wrote to nobody else.
    """
    ours = {model for model in apps.get_app_config("newsroom").get_models() if not model._meta.proxy}
    assert ours - {kind.model for kind in kinds()} == LEFT_OUT
    made_anew = {*ENTRIES, SearchDebt, Shown, TrainedModel}
    of_a_moment = {ErasurePass, PolicyReport, Presence, Delivery}
    of_readers = {FlagLetter, FlagAnswer, ReaderMail, Capability}
    of_readers |= {Invitation, InvitationMail, ReplyLetter}
    of_readers |= {Subscriber, Follow, FollowerMail}
    assert made_anew | of_a_moment | of_readers | {ApiToken, KeptAnswer} == LEFT_OUT


def test_no_row_is_named_by_its_key(chief: User) -> None:
    make_everything()
    for kind in kinds():
        for column in kind.columns:
            assert not column.field.primary_key or column.to
    for name, body in members(exported(chief)).items():
        if name.startswith("rows/"):
            for line in body.splitlines():
                row = json.loads(line)
                assert not {"id", "pk", "history_id", "password"} & row.keys()


def test_people_come_without_passwords_and_without_tokens(chief: User) -> None:
    make_everything()
    chief.set_password("una lunga parola")
    chief.save()
    token = ApiToken.objects.first()
    body = b"".join(members(exported(chief)).values())
    for secret in (chief.password, token.digest, "pbkdf2"):
        assert secret.encode() not in body
    may = {user.username: user.get_all_permissions() for user in User.objects.all()}
    by = empty_and_restored(exported(chief))
    assert {user.username: user.get_all_permissions() for user in User.objects.all()} == may
    assert not any(user.has_usable_password() for user in User.objects.exclude(pk=by.pk))


def test_who_brings_it_keeps_the_password_and_what_they_may(editor: User) -> None:
    editor.is_superuser = True
    body = exported(editor)
    by = empty()
    by.set_password("una lunga parola")
    by.save()
    restored(body, by)
    after = User.objects.get(username="editor")
    assert after.check_password("una lunga parola") and after.is_superuser
    assert after.get_full_name() == editor.get_full_name()


# Who may


def test_it_is_for_those_who_may(editor: User) -> None:
    with pytest.raises(PermissionDenied):
        exported(editor)
    editor.user_permissions.add(Permission.objects.get(codename="export_newsroom"))
    editor = User.objects.get(pk=editor.pk)
    body = exported(editor)
    with pytest.raises(PermissionDenied):
        exported(editor, confidential=True)
    with pytest.raises(PermissionDenied):
        restored(body, editor)
    deed = Deed.objects.latest("pk")
    assert (deed.verb, deed.actor, deed.after["kind"]) == ("newsroom.export", editor, "plain")
    assert deed.after["rows"]["article"] == Article.objects.count()


# What is confidential


def everything(body: bytes) -> str:
    return "\n".join(
        f"{name}\n{content.decode('latin-1')}" for name, content in members(body).items()
    ).lower()


def test_a_plain_archive_says_nothing_that_is_confidential(
    chief: User, signed_in: Callable[[User], Client]
) -> None:
    test_canaries.plant(signed_in(chief))
    row = ConfidentialSource.objects.latest("pk")
    source = row.source
    make_comment(make_thread(), body=f"Attenti: è {row.real_name}!")
    was, source.name = source.name, row.real_name
    source.save()  # the history and the sort key have the name
    source.name = was
    source.save()
    Deed.objects.create(
        verb="source.add", actor=chief, at=THEN, after={"name": row.real_name, row.note: [row.contact]}
    )
    Entity.objects.filter(pk=Entity.objects.latest("pk").pk).update(note=f"Vedi <em>{row.real_name}</em>")
    canaries = test_canaries.planted()["confidential"]
    told = everything(exported(chief, confidential=True))
    assert all(word in told for word in canaries)

    plain = exported(chief)
    told = everything(plain)
    assert [word for word in canaries if word in told] == []
    pseudonym = f"fonte-riservata-{source.code}"
    about = json.loads(members(plain)["manifest.json"])
    assert about["kind"] == "plain"
    assert about["pseudonyms"][str(source.uuid)] == pseudonym
    assert f"Attenti: è {pseudonym}!".encode() in members(plain)["rows/comment.jsonl"]
    empty_and_restored(plain)
    come = ConfidentialSource.objects.get(source__uuid=source.uuid)
    assert (come.real_name, come.contact, come.note) == (pseudonym, "", "")


def test_where_it_cannot_be_taken_out_no_plain_archive_is_made(chief: User) -> None:
    source = make_source(name="Una dirigente")
    ConfidentialSource.objects.create(source=source, real_name="Zefirina Canarini", reason="Rischia.")
    draft = make_article(html="<p>Lo dice Zefirina Canarini in segreto.</p>", published_at=None)
    with pytest.raises(Refused, match=str(draft.current_revision.uuid)):
        exported(chief)
    exported(chief, confidential=True)


def test_nor_if_it_stands_in_a_file(chief: User) -> None:
    ConfidentialSource.objects.create(source=make_source(), real_name="Zefirina Canarini", reason="Rischia.")
    original = make_original()
    original.file.save("", ContentFile("<p>Zefirina <b>Canarini</b></p>".encode("utf-16")), save=True)
    with pytest.raises(Refused, match="originals/"):
        exported(chief)


def test_what_readers_can_read_stays_and_is_told(chief: User) -> None:
    ConfidentialSource.objects.create(source=make_source(), real_name="Zefirina Canarini", reason="Rischia.")
    article = make_article(html="<p>La sindaca è Zefirina Canarini.</p>")
    make_comment(make_thread(), body="È Zefirina Canarini a dirlo.")
    body = io.BytesIO()
    done = archiving.export(Writer(body), by=chief, at=LATER)
    assert f"revision {article.current_revision.uuid}" in done.left
    empty_and_restored(body.getvalue())
    assert "Zefirina" in Revision.objects.get(uuid=article.current_revision.uuid).text
    assert "Zefirina" not in Comment.objects.latest("pk").body


# What stands against it


def test_a_full_newsroom_says_what_is_there_and_stays_as_it_was(chief: User) -> None:
    body = exported(chief)
    before = row_by_row()
    with pytest.raises(Refused) as refused:
        restored(body, chief)
    said = " ".join(refused.value.messages)
    assert "article: 1" in said and Article.objects.get().slug in said and "reporter" in said
    assert row_by_row() == before


def test_an_account_of_the_same_name_is_said(chief: User) -> None:
    body = exported(chief)
    by = empty()
    make_user(username="checker")
    with pytest.raises(Refused, match="checker"):
        restored(body, by)


@pytest.fixture
def body(chief: User) -> bytes:
    make_picture(make_original(file_name="a.html"))
    return exported(chief)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(changed_row("review", state="boh"), "review, ", id="a constraint"),
        pytest.param(
            changed_row("claim", claimant="0" * 8 + "-0000" * 3 + "-" + "0" * 12), "claim, ", id="dangling"
        ),
        pytest.param(changed_row("article", current_revision="x"), "article, ", id="dangling ahead"),
        pytest.param(changed_row("claim", claimant="niente"), "niente", id="no uuid"),
        pytest.param(changed_row("claim", claimant=3), "claim, ", id="a key"),
        pytest.param(changed_row("claim", text=None), "text", id="empty"),
        pytest.param(changed_row("claim", text=7), "text", id="a number"),
        pytest.param(changed_row("claim", text="a\0b"), "text", id="a NUL"),
        pytest.param(changed_row("claim", kind="x" * 500), "kind", id="too long"),
        pytest.param(changed_row("deed", at="ieri"), "at", id="no moment"),
        pytest.param(changed_row("deed", at="2024-05-06T07:00:00"), "at", id="no zone"),
        pytest.param(changed_row("deed", actor="nessuno"), "nessuno", id="nobody"),
        pytest.param(changed_row("claim", altro=1), "altro", id="a column of no model"),
        pytest.param(changed_row("target", start=10**30), "target, ", id="a number too large"),
        pytest.param(changed_row("user", groups=["Spie"]), "Spie", id="no such group"),
        pytest.param(changed_row("group", permissions=["a.b.c"]), "a.b.c", id="no such permission"),
        pytest.param(changed_row("original", file="../x"), "../x", id="a file elsewhere"),
        pytest.param(lambda there: there.update({"files/copies/a": b"x"}), "copies/a", id="a file of no row"),
        pytest.param(lambda there: there.update({"rows/boh.jsonl": b"{}\n"}), "boh", id="rows of no model"),
        pytest.param(
            lambda there: there.update({"rows/claim.jsonl": there["rows/claim.jsonl"] * 2}),
            "claim, ",
            id="twice",
        ),
        pytest.param(lambda there: there.pop("rows/claim.jsonl"), "", id="rows missing"),
        pytest.param(lambda there: there.update({"erasures.jsonl": b'{"uuid": 1}\n'}), "", id="a bad list"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    body: bytes, change: Callable[[dict[str, bytes]], None], said: str
) -> None:
    wrong = rebuilt(body, change)
    by = empty()
    for name, _content in list(stored_files()):
        default_storage.delete(name)
    with pytest.raises(Refused) as refused:
        restored(wrong, by)
    assert said in " ".join(refused.value.messages)
    assert not any(model._base_manager.exists() for model in (Article, Claim, Document, Deed, Source, Target))
    assert list(User.objects.all()) == [by]
    assert list(stored_files()) == []


@pytest.mark.parametrize(("made", "said"), [("0065_found_among_many", "0065"), ("9999_domani", "9999")])
def test_an_archive_of_another_release_is_refused(body: bytes, made: str, said: str) -> None:
    by = empty()
    with pytest.raises(Refused, match=said):
        restored(rebuilt(body, lambda _there: None, schema=made), by)


def test_interrupted_it_stores_nothing_and_can_be_started_again(body: bytes) -> None:
    def interrupt(name: str, _number: int, _of: int) -> None:
        if name == "target":
            raise KeyboardInterrupt

    files = dict(stored_files())
    by = empty()
    with pytest.raises(KeyboardInterrupt):
        restored(body, by, progress=interrupt)
    assert not Article.objects.exists() and not Deed.objects.exists()
    # A run that was killed may have left a file, and half of it.
    name = next(iter(files))
    default_storage.delete(name)
    default_storage.save(name, ContentFile(b"mezzo"))
    restored(body, by)
    assert dict(stored_files()) == files


def test_a_file_that_is_not_there_is_told_and_stops_nobody(chief: User) -> None:
    original = make_original()
    default_storage.delete(original.file.name)
    body = io.BytesIO()
    done = archiving.export(Writer(body), by=chief, at=LATER)
    assert done.missing == [original.file.name]
    by = empty()
    assert restored(body.getvalue(), by).missing == [original.file.name]
    assert Original.objects.get(uuid=original.uuid).file.name == original.file.name


# Erasures


def test_what_was_erased_since_is_erased_in_what_comes_back(chief: User) -> None:
    make_article(html="<p>Lo dice Zefirina Canarini.</p>", headline="Zefirina Canarini parla")
    body = exported(chief)
    redact(["Zefirina", "Canarini"], reason="Lo ordina il Garante.", by=chief, at=LATER)
    write_list()  # as when the transaction ends
    by = empty()
    done = restored(body, by)
    assert done.replayed >= 2
    assert not Revision.objects.filter(text__contains="Canarini").exists()
    assert not Article.objects.filter(headline__contains="Canarini").exists()


def test_the_list_of_erasures_goes_along(
    chief: User, settings: Settings, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    make_article(html="<p>Lo dice Zefirina Canarini.</p>")
    with django_capture_on_commit_callbacks(execute=True):
        redact(["Zefirina"], reason="Lo ordina il Garante.", by=chief, at=LATER)
    listed = settings.ERASURES_FILE.read_text()
    body = exported(chief)
    assert "zefirina" not in everything(body)
    settings.ERASURES_FILE = tmp_path / "altrove.jsonl"
    by = empty()
    with django_capture_on_commit_callbacks(execute=True):
        restored(body, by)
    assert [json.loads(line) for line in settings.ERASURES_FILE.read_text().splitlines()] == [
        json.loads(line) for line in listed.splitlines()
    ]


def test_words_erased_under_another_key_stop_it(chief: User, settings: Settings) -> None:
    make_article(html="<p>Lo dice Zefirina Canarini.</p>")
    body = exported(chief)
    redact(["Zefirina"], reason="Lo ordina il Garante.", by=chief, at=LATER)
    write_list()
    settings.ERASURE_KEY = "un’altra"
    by = empty()
    with pytest.raises(Refused, match="CONTROLUCE_ERASURE_KEY"):
        restored(body, by)
    assert not Article.objects.exists()
