"""Words are taken out of all that is kept: after that no dump of the database and no stored file has them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from axes.models import AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from newsroom.actions import annotations, articles, entities, reviews, scales
from newsroom.actions.annotations import Place
from newsroom.actions.erasure import redact, redacting, replaying
from newsroom.actions.erasure.columns import LEFT_OUT, models_with_words
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.formats.archives import zipped
from newsroom.models import (
    ApiToken,
    Article,
    ArticleAddress,
    Capability,
    Claim,
    ClaimRelation,
    ClaimWording,
    ConfidentialSource,
    Correction,
    Deed,
    Delivery,
    Entity,
    EntityAlias,
    EntityIdentifier,
    Erasure,
    ErasurePass,
    FlagAnswer,
    FollowerMail,
    InvitationMail,
    KeptAnswer,
    Original,
    PageVersion,
    Picture,
    Policy,
    Presence,
    RatingLabel,
    RatingLevel,
    RatingScale,
    ReaderMail,
    Rectification,
    Review,
    Revision,
    SavedView,
    Shown,
    Source,
    Subscriber,
    Target,
    User,
    Webhook,
)
from newsroom.models.search_entries import ENTRIES
from newsroom.outside import erasures
from newsroom.text import document as documents
from newsroom.text.folding import fold
from newsroom.text.redaction import MASK, PLAIN
from tests.database_dump import dump, stored_files
from tests.making import (
    HTML,
    LATER,
    THEN,
    make_annotation,
    make_appearance,
    make_article,
    make_assignment,
    make_attribution,
    make_check,
    make_claim,
    make_comment,
    make_copy,
    make_cue,
    make_delivery,
    make_document,
    make_entity,
    make_evidence,
    make_flag,
    make_follow,
    make_import,
    make_imprint,
    make_invitation,
    make_kept_answer,
    make_lockout,
    make_mention,
    make_model,
    make_notice,
    make_original,
    make_page,
    make_picture,
    make_policy_report,
    make_reading,
    make_rectification,
    make_reply,
    make_request,
    make_review,
    make_revision,
    make_source,
    make_suggestion,
    make_template,
    make_thread,
    make_user,
    make_webhook,
)
from tests.pdf import pdf
from tests.word import paragraph, word

pytestmark = pytest.mark.django_db

CANARY = "Zefirina Canarini"
WORDS = [CANARY, "Canarini"]
#: What betrays it however it is written.
TRACES = ("zefirin", "canarin")
TEXT = f"<p>Zefirina <em>Canarini</em> ha detto che il ponte è di Canarini.</p>{HTML}"


@pytest.fixture(autouse=True)
def list_of_erasures(settings: Settings, tmp_path: Path) -> Path:
    settings.ERASURES_FILE = tmp_path / "kept" / "erasures.jsonl"
    return settings.ERASURES_FILE


@pytest.fixture(autouse=True)
def no_other_files(settings: Settings) -> None:
    """Those that other tests left behind belong to no row any more."""
    settings.STORAGES = dict(settings.STORAGES)


@pytest.fixture
def chief(editor: User) -> User:
    """An editor to whom the permission was given by name."""
    editor.user_permissions.add(Permission.objects.get(codename="redact"))
    return User.objects.get(pk=editor.pk)


@pytest.fixture
def erase(chief: User, django_capture_on_commit_callbacks: Any) -> Callable[..., Erasure]:
    def done(words: list[str] = WORDS, **given: Any) -> Erasure:
        with django_capture_on_commit_callbacks(execute=True):
            return redact(words, reason="Lo ordina il Garante.", by=chief, at=LATER, **given)

    return done


# Everything


def plant() -> set[str]:
    """The canary in every column of text, data and files of every model; answers with the columns."""
    make_everything()
    planted = set()
    for model, fields in models_with_words():
        assert model._base_manager.exists(), f"make a row of {model._meta.label}"
        for field in fields:
            planted.add(f"{model._meta.label}.{field.name}")
            if model in (Deed, PageVersion, Rectification, Revision):
                continue  # they were made with it, and cannot be changed
            plant_in(model, field)
    return planted


def plant_in(model: type[models.Model], field: models.Field) -> None:
    """In one of the newest rows: not all may be withdrawn, or have failed, for a reason."""
    for pk in list(model._base_manager.order_by("-pk").values_list("pk", flat=True)[:8]):
        for value in sayings(field):
            try:
                field.run_validators(value)
                with transaction.atomic():
                    model._base_manager.filter(pk=pk).update(**{field.attname: value})
            except (ValidationError, DatabaseError):
                continue
            return
    pytest.fail(f"nothing could be planted in {model._meta.label}.{field.name}")


def sayings(field: models.Field) -> Iterator[Any]:
    if isinstance(field, models.JSONField):
        yield {CANARY: [f"di {CANARY}", {"a": "Zefirina <b>Canarini</b>"}]}
        return
    if field.name == "sort_key":
        yield fold(CANARY)
    yield from (
        f"Con Zefirina <em>Canarini</em>, con Zefirina **Canarini** e con {CANARY}.",
        CANARY,
        "Canarini",
        "zefirina-canarini",
        "https://x.example/zefirina_canarini?q=Zefirina%20Canarini",
        "zefirina.canarini@x.example",
    )


def make_everything() -> None:
    """A row of every model, newer than those of the seed."""
    person = make_user(username="qualcuno", email="q@example.org")
    article = make_article(slug="un-articolo", html=TEXT)
    ArticleAddress.objects.create(article=article, slug="un-tempo")
    after = make_revision(article, html=f"<p>Di {CANARY} altro.</p>", note=f"Per {CANARY}.")
    correction = Correction.objects.create(
        article=article, before=article.current_revision, after=after, note="Altro.", by=person, at=THEN
    )
    claim = make_claim(claimant=make_source(entity=make_entity()))
    correction.claims.add(claim)
    ClaimWording.objects.create(claim=claim, lang="en", text="It is open.")
    ClaimRelation.objects.create(
        source=claim, target=make_claim(accuses="yes", accused="Il Comune"), kind="supports"
    )
    make_evidence(claim)
    make_review(make_appearance(article, claim=claim))
    make_attribution(article)
    make_mention(article, "la sindaca")
    lost = make_annotation(article, kind="mention")
    Target.objects.create(
        annotation=lost, revision=article.current_revision, exact="perduto", fate="orphaned", prefix="di"
    )
    EntityAlias.objects.create(entity=make_entity(), name="Ida")
    EntityIdentifier.objects.create(entity=make_entity(), scheme="viaf", value="1")
    ConfidentialSource.objects.create(source=make_source(), real_name="Ada", reason="Rischia.")
    make_notice(comment=make_comment(make_thread(lost)))
    make_kept_answer(body={"text": f"Di {CANARY}"})
    gone = {"withdrawn_at": LATER, "withdrawal_reason": "Errore."}
    for make in (make_article, make_claim, make_source, make_entity, make_document):
        make(**gone)
    make_entity(privacy="minor")
    make_evidence(claim, **gone)
    make_copy(file_name="atto.pdf")
    make_copy(state="failed", message="Non risponde.")
    make_check(finding="gone", message="404")
    make_request(answer="Non è vero.", answered_at=LATER)
    make_assignment()
    scales.begin_next_version(RatingScale.objects.get(), by=User.objects.get(username="editor"), at=THEN)
    make_review(state="stale", stale_cause="desk", stale_reason="È uscito un libro.")
    make_annotation(article, "la sindaca", kind="mention", state="withdrawn")
    make_review(state="withdrawn", withdrawal_reason="Errore.")
    make_original(state="failed", message="Non risponde.")
    make_picture(make_original())
    make_cue()
    make_delivery(webhook=make_webhook(), state="failed", attempts=1, tried_at=THEN, failure="Tace.")
    make_suggestion(article, "la sindaca", offers=[make_entity()])
    make_reading(article, state="failed", attempts=1, tried_at=THEN, failure="Il modello è rotto.")
    make_model()
    make_lockout()
    AccessLog.objects.create(username="ada", ip_address="192.0.2.7")
    AccessFailureLog.objects.create(username="ada", ip_address="192.0.2.7")
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "La mia chiave"})
    EmailAddress.objects.create(user=person, email="q@example.org")
    link = SocialAccount.objects.create(user=person, provider="https://login.example", uid="7f3a")
    app = SocialApp.objects.create(provider="openid_connect", name="Casa", client_id="controluce")
    SocialToken.objects.create(account=link, app=app, token="a-token")
    EmailConfirmation.create(person.emailaddress_set.get()).save()
    flag = make_flag(article, "la sindaca", state="accepted", name="Ida", address="ida@lettori.example")
    FlagAnswer.objects.create(flag=flag, words="Grazie.", by=person, at=LATER)
    ReaderMail.objects.create(
        flag=flag, reason="answer", at=THEN, state="failed", attempts=1, tried_at=THEN, failure="Respinta."
    )
    reply = make_reply(make_invitation(claim=claim, address="lea@lettori.example"))
    InvitationMail.objects.create(
        invitation=reply.request.invitation, reason="outcome", at=THEN, state="failed", attempts=1,
        tried_at=THEN, failure="Respinta.",
    )  # fmt: skip
    make_reply(claim=claim, state="refused")
    make_reply(claim=claim, state="accepted")
    Capability.grant("follow", at=THEN, lasts=timedelta(days=1), flag=flag)
    make_rectification(
        article,
        words=f"Non sono {CANARY}.",
        name=f"Ida {CANARY}",
        withdrawn_at=LATER,
        withdrawal_reason=f"Non era di {CANARY}.",
    )
    make_imprint()
    follow = make_follow(article, address="ida@lettori.example")
    FollowerMail.objects.create(
        subscriber=follow.subscriber, reason="link", at=THEN, state="failed", attempts=1, tried_at=THEN,
        failure="Respinta.",
    )  # fmt: skip
    make_template()
    make_import(state="failed", message="Riga 1: non è JSON.")
    Presence.objects.create(user=person, article=article, seen_at=LATER)
    make_policy_report()
    make_page(title=f"Chi è {CANARY}", text=f"Di {CANARY}.", note=f"Con {CANARY}.")
    SavedView.objects.create(user=person, name="Bozze", query="q=zefirina+canarini")
    Policy.objects.get_or_create(kind="method", lang="de", defaults={"text": "So."})
    Erasure.objects.create(by=person, at=THEN, reason="Prima.", hashes=[])
    LogEntry.objects.create(user=person, action_flag=1, object_repr="Riga", change_message="[]")
    DBTaskResult.objects.create(
        task_path="a.b", backend_name="default", args_kwargs={"args": [], "kwargs": {}}
    )
    Deed.objects.create(
        verb="article.edit",
        actor=person,
        at=THEN,
        article=article,
        before={"headline": CANARY},
        after={CANARY: f"Di {CANARY}"},
    )
    session = SessionStore()
    session["said"] = f"Ciao {CANARY}"
    session.save()
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy and not model._base_manager.exists():
            fill(model)


def fill(model: type[models.Model]) -> None:
    """A row of what nobody makes here by name: a history, a table between two models."""
    if hasattr(model, "history_object") or model.__name__.startswith("Historical"):
        source = apps.get_model("newsroom", model.__name__.removeprefix("Historical"))
        source.objects.first().save()


def test_nothing_tells_the_words_any_more_wherever_they_stood(erase: Callable[..., Erasure]) -> None:
    planted = plant()
    default_storage.save("originals/zefirina-canarini.txt", ContentFile(b"nessuna riga mi conosce"))
    default_storage.save("altrove/senza-riga", ContentFile(f"di {CANARY}".encode()))
    original = Original.objects.latest("pk")
    original.file.save("", ContentFile(b"<p>Zefirina <i>Canarini</i></p>"), save=True)
    assert all(trace in dump() for trace in TRACES)

    erasure = erase()
    told = dump()
    assert [line for line in told.splitlines() if any(trace in line for trace in TRACES)] == []
    for name, content in stored_files():
        said = name.lower() + content.decode("latin-1").lower()
        assert not any(trace in said for trace in TRACES), name
    assert MASK in told and PLAIN in told
    assert len(planted) > 140
    assert erasure.places["revision.text"] == 2
    assert not ErasurePass.objects.exists()


def test_what_is_left_out_has_a_reason() -> None:
    """Texts have a step of their own; a verb and the names of our tables are ours, hashes tell nothing."""
    assert {
        Revision: {"html", "text", "blocks", "sha256"},
        Deed: {"verb", "objects_touched"},
        Erasure: {"hashes"},
        ApiToken: {"scopes", "digest", "prefix"},
        Capability: {"digest"},
        Subscriber: {"key"},
        KeptAnswer: {"key", "sent"},
        Webhook: {"events"},
        Delivery: {"event"},
    } == LEFT_OUT


def test_mail_to_an_address_with_the_words_goes_to_nobody(erase: Callable[..., Erasure]) -> None:
    """Cut out of it, they would leave the address of somebody else."""
    follow = make_follow(address=f"ida.{CANARY}@lettori.example")
    flag = make_flag(address=f"ida.{CANARY}@lettori.example", confirmed_at=LATER)
    erase([CANARY])
    follow.subscriber.refresh_from_db()
    flag.letter.refresh_from_db()
    assert {follow.subscriber.address, flag.letter.address} == {f"{PLAIN}@{PLAIN}.invalid"}


def test_everything_else_stays_as_it_was(erase: Callable[..., Erasure]) -> None:
    article = make_article(html=TEXT)
    make_mention(article, "la sindaca")
    kept = {
        model: list(model._base_manager.order_by("pk").values())
        for model in apps.get_app_config("newsroom").get_models()
        if model not in (Revision, Target, Article, Erasure, Deed, Shown, *ENTRIES)
    }
    deeds = list(Deed.objects.order_by("pk").values())
    erase()
    assert {model: list(model._base_manager.order_by("pk").values()) for model in kept} == kept
    assert list(Deed.objects.order_by("pk").values())[: len(deeds)] == deeds


# Texts and what hangs on them


def story(editor: User) -> Article:
    """An article of three texts with a name across tags, in targets, cut by targets, rated, and lost."""
    article = articles.create(html=TEXT, headline=f"{CANARY} parla", rights="ours", by=editor, at=THEN)
    articles.publish(article, by=editor, at=THEN)
    article.refresh_from_db()
    for words in (
        "Zefirina Canarini",
        "Canarini ha detto",
        "Il ponte sarà aperto a maggio",
        "ponte è di Canarini",
    ):
        start = article.current_revision.text.index(words)
        annotations.tag_claim(
            article,
            claim=make_claim(),
            places=[Place(start, start + len(words), words)],
            by=editor,
            at=THEN,
        )
    for number, (old, new) in enumerate(((", ha detto la sindaca", ""), ("è di", "non è di")), start=1):
        articles.revise(
            article,
            html=article.current_revision.html.replace(old, new),
            kind="minor",
            note="Refuso.",
            by=editor,
            at=THEN,
            based_on=number,
        )
        article.refresh_from_db()
    return article


def test_every_target_stands_on_its_words(erase: Callable[..., Erasure], editor: User) -> None:
    article = story(editor)
    before = {row.pk: row.exact for row in Target.objects.filter(annotation__article=article)}
    erase()
    changed = 0
    for target in Target.objects.filter(annotation__article=article).select_related("revision"):
        text = target.revision.text
        if target.start is not None:
            assert text[target.start : target.end] == target.exact
            assert text[: target.start].endswith(target.prefix)
            assert text[target.end :].startswith(target.suffix)
            for start, end, _score in target.candidates:
                assert 0 <= start < end <= len(text)
        changed += target.exact != before[target.pk]
    assert changed == 9
    for revision in article.revisions.all():
        parsed = documents.parse(revision.html)
        assert (parsed.text, parsed.to_data()) == (revision.text, revision.blocks)
        assert hashlib.sha256(revision.text.encode()).hexdigest() == revision.sha256
        assert CANARY not in revision.text and MASK in revision.text
    article.refresh_from_db()
    assert article.headline == f"{MASK} parla"
    assert article.slug == "omissis-parla"


def test_a_rating_keeps_its_words_redacted_and_does_not_go_stale_by_that(
    erase: Callable[..., Erasure], editor: User, checker: User
) -> None:
    article = story(editor)
    appearance = next(
        row.appearance
        for row in article.annotations.order_by("pk")
        if row.targets.filter(exact="Canarini ha detto").exists()
    )
    review = make_review(
        appearance,
        judged_words="Canarini ha detto",
        revision=article.current_revision,
        author=checker,
        approver=editor,
    )
    erase([CANARY])
    review.refresh_from_db()
    assert review.judged_words == f"{MASK} ha detto"
    assert {row.judged_words for row in review.history.all()} == {f"{MASK} ha detto"}
    article.refresh_from_db()
    assert reviews.follow_words(article, by=editor, at=LATER) == []
    review.refresh_from_db()
    assert review.state == Review.State.PUBLISHED


def test_a_deed_can_still_be_undone_after_it(erase: Callable[..., Erasure], editor: User) -> None:
    article = articles.create(html=TEXT, headline="Il ponte", by=editor, at=THEN)
    text = article.current_revision.text
    start = text.index("la sindaca")
    tagged = annotations.tag_mention(
        article, entities=[make_entity()], places=[Place(start, start + 10, "la sindaca")], by=editor, at=THEN
    )
    other = text.index("i tecnici")
    annotations.move(
        tagged, places=[Place(other, other + 9, "i tecnici")], by=editor, at=THEN, row_version=1, based_on=1
    )
    erase()
    annotations.undo(article, by=editor, at=LATER)
    target = Target.objects.current().get(annotation=tagged)
    assert target.exact == "la sindaca"
    assert target.revision.text[target.start : target.end] == "la sindaca"


def test_records_follow_the_hashes_of_texts_and_files(erase: Callable[..., Erasure], editor: User) -> None:
    article = story(editor)
    original = make_original(body=f"di {CANARY}".encode())
    Deed.objects.create(verb="original.receive", actor=editor, at=THEN, after={"sha256": original.sha256})
    erase()
    revised = Deed.objects.filter(verb="article.revise", article=article).first()
    assert revised.after["sha256"] == article.revisions.get(number=3).sha256
    original.refresh_from_db()
    content = f"di {MASK}".encode()
    with original.file.open() as file:
        assert file.read() == content
    assert (original.sha256, original.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert Deed.objects.get(verb="original.receive").after["sha256"] == original.sha256


# Files


@pytest.mark.parametrize(
    ("content", "after"),
    [
        (f"di {CANARY}".encode("utf-16"), f"di {MASK}".encode("utf-16")),
        (f"perché {CANARY}".encode("cp1252"), "perché &#9646;&#9646;&#9646;&#9646;".encode("cp1252")),
        (b"%PDF-1.4 Zefirina Canarini \0", MASK.encode()),
        (pdf("Secondo Zefirina", f"di {CANARY}"), MASK.encode()),
        (pdf("Secondo Zefirina Cana-\nrini il ponte"), MASK.encode()),
        (pdf("Il ponte", title=CANARY), MASK.encode()),
        (pdf("Il ponte"), pdf("Il ponte")),
        (b"\x89PNG\0\0 niente", b"\x89PNG\0\0 niente"),
    ],
    ids=[
        "utf-16",
        "windows",
        "a damaged PDF that tells",
        "a PDF that tells",
        "a PDF that tells across lines",
        "a PDF that tells in its title",
        "a PDF that does not",
        "a picture that does not",
    ],
)
def test_a_file_is_rewritten_or_removed(erase: Callable[..., Erasure], content: bytes, after: bytes) -> None:
    original = make_original(body=content)
    old = original.file.name
    erase()
    original.refresh_from_db()
    with original.file.open() as file:
        assert file.read() == after
    assert default_storage.exists(old) == (content == after)


def in_zip(**files: bytes) -> bytes:
    return b"".join(zipped((name.replace("_", "."), body) for name, body in files.items()))


@pytest.mark.parametrize(
    "body",
    [
        in_zip(a_txt=f"Di {CANARY}.".encode(), a_ann=f"T1\tperson 3 20\t{CANARY}\n".encode()),
        in_zip(a_tsv=f"1-1\t0-8\t{CANARY}\n".encode()),
        in_zip(articles_zip=in_zip(a_txt=f"Di {CANARY}.".encode()), report_txt=b"Niente."),
        json.dumps({"text": f"Di {CANARY}"}).replace("a", "\\u0061").encode(),
        json.dumps({"text": "È Zèfirina 😀 Canarini, \\u0041"}).encode(),
    ],
    ids=[
        "brat",
        "WebAnno",
        "a zip in a zip",
        "letters that JSON escapes",
        "letters that JSON must not escape",
    ],
)
def test_files_with_tags_lose_the_words_wherever_they_stand(
    body: bytes, erase: Callable[..., Erasure]
) -> None:
    row = make_import(body=body, file_name="note.jsonl")
    erase([CANARY, "Zèfirina"])
    row.refresh_from_db()
    with row.file.open() as file:
        after = file.read()
    assert MASK.encode() in b"".join(contents(after))
    for content in contents(after):
        assert b"Zefirina" not in content and b"Z\\u00e8firina" not in content


def contents(body: bytes) -> list[bytes]:
    """Of a file, or of all files in a zip and in those in it."""
    if not body.startswith(b"PK"):
        return [body]
    with ZipFile(BytesIO(body)) as files:
        return [content for name in files.namelist() for content in contents(files.read(name))]


def test_a_file_that_cannot_be_read_goes_if_its_row_tells(erase: Callable[..., Erasure]) -> None:
    original = make_original(body=b"%PDF-1.4 \0", file_name=f"{CANARY}.pdf")
    erase()
    original.refresh_from_db()
    assert original.file_name == f"{MASK}.pdf"
    with original.file.open() as file:
        assert file.read() == MASK.encode()


def test_files_for_the_eye_are_left_to_a_person(chief: User) -> None:
    Picture.objects.all().delete()
    seen = [
        make_copy(body=b"Il ponte."),
        make_copy(body=pdf("Il ponte")),
        make_copy(body=word(paragraph("Il ponte"))),
        make_copy(body=pdf(CANARY, None)),
    ]
    unseen = {
        make_copy(body=pdf("Il ponte", None)),
        make_copy(body=pdf(None)),
        make_copy(body=b"%PDF-1.4 \0"),
        make_copy(body=b"PK\x03\x04 danneggiato"),
        make_copy(body=word(paragraph("Il ponte"), image=b"\x89PNG")),
        make_picture(make_original()),
    }
    default_storage.save("altrove/foto", ContentFile(b"\x89PNG\0"))
    foreseen = redacting.foresee(WORDS, by=chief)
    listed = {(file.model, file.pk) for file in foreseen.unseen}
    assert listed == {(type(row), row.pk) for row in unseen} | {(None, "altrove/foto")}
    assert [change.pk for change in foreseen.changes if change.as_a_whole] == [seen[-1].pk]


def test_a_damaged_document_stops_no_erasure(chief: User) -> None:
    whole = word(paragraph("Il ponte è aperto a maggio. " * 9))
    for cut in range(20, len(whole), 97):
        make_copy(body=whole[:cut])
        make_copy(body=whole[:cut] + b"\xff" * 40 + whole[cut + 40 :])
    redacting.foresee(WORDS, by=chief)


def test_a_word_document_stays_one(erase: Callable[..., Erasure]) -> None:
    body = word(
        paragraph("di Zefirina</w:t></w:r><w:r><w:t xml:space='preserve'> Canarini tace"), author=CANARY
    )
    original = make_original(body=body)
    erase()
    original.refresh_from_db()
    with original.file.open() as file, ZipFile(file) as document:
        members = {name: document.read(name) for name in document.namelist()}
    with ZipFile(BytesIO(body)) as before:
        assert before.namelist() == list(members)
    assert f"di {MASK}".encode() in members["word/document.xml"]
    assert not any(b"Canarini" in content for content in members.values())


# Once only, too long, odd


def test_values_that_must_be_there_once_stay_apart(erase: Callable[..., Erasure]) -> None:
    entity = make_entity()
    for name in (CANARY, "Canarini"):
        EntityAlias.objects.create(entity=entity, name=name)
    one, other = make_article(slug="canarini"), make_article(slug="zefirina-canarini")
    erase()
    assert set(entity.aliases.values_list("name", flat=True)) == {MASK, f"{MASK} 2"}
    assert {Article.objects.get(pk=row.pk).slug for row in (one, other)} == {"omissis", "omissis-2"}


def test_a_mask_that_is_too_long_is_cut(erase: Callable[..., Erasure]) -> None:
    review = make_review(summary="Io " * 53)
    erase(["Io"])
    review.refresh_from_db()
    assert len(review.summary) <= 160


def test_a_search_finds_nothing_by_them(erase: Callable[..., Erasure]) -> None:
    entity = make_entity(name=CANARY)
    article = make_article(html=TEXT)
    assert list(Entity.objects.search("canarini")) == [entity]
    erase()
    assert not Entity.objects.search("canarini").exists()
    assert not Article.objects.search("canarini").exists()
    assert article in Article.objects.search("sindaca")


# What cannot be erased


@pytest.fixture
def level_in_force(rows: None) -> RatingLevel:
    return RatingLevel.objects.filter(scale__in_force_since__isnull=False).first()


def test_words_of_a_scale_in_force_are_erased_nowhere(
    chief: User, erase: Callable[..., Erasure], level_in_force: RatingLevel
) -> None:
    word = level_in_force.labels.get(lang="it").label
    make_claim(text=f"«{word}», dice.")
    before = dump()
    foreseen = redacting.foresee([word], by=chief)
    assert {change.model for change in foreseen.held} >= {RatingLabel}
    assert not {RatingScale, RatingLevel, RatingLabel} & {change.model for change in foreseen.changes}
    with pytest.raises(Refused) as refusal:
        erase([word], seen=foreseen.seal)
    assert refusal.value.code == "scale"
    assert dump() == before


def test_a_scale_that_came_into_force_later_stops_no_replay(
    erase: Callable[..., Erasure], chief: User, list_of_erasures: Path
) -> None:
    erase()
    draft = scales.begin_next_version(
        RatingScale.objects.get(), by=User.objects.get(username="editor"), at=THEN
    )
    label = RatingLabel.objects.filter(level__scale=draft, lang="it").first()
    RatingLabel.objects.filter(pk=label.pk).update(label=CANARY)
    scales.put_in_force(draft, by=User.objects.get(username="editor"), at=THEN)
    entity = make_entity(name=CANARY)
    replaying.replay(erasures.listed(list_of_erasures), by=chief, at=LATER)
    label.refresh_from_db()
    assert label.label == CANARY
    assert Entity.objects.get(pk=entity.pk).name == MASK


# Who may, the preview, the record


def test_nobody_has_the_permission_by_a_role(reporter: User, checker: User, editor: User) -> None:
    for person in (reporter, checker, editor):
        with pytest.raises(PermissionDenied):
            redact(WORDS, reason="Sì.", by=person, at=LATER)
        with pytest.raises(PermissionDenied):
            redacting.foresee(WORDS, by=person)
        with pytest.raises(PermissionDenied):
            replaying.replay([], by=person, at=LATER)


def test_a_preview_writes_nothing_and_shows_what_the_deed_does(
    chief: User, erase: Callable[..., Erasure]
) -> None:
    story(chief)
    make_original(body=f"di {CANARY}".encode())
    before = dump()
    foreseen = redacting.foresee(WORDS, by=chief)
    assert dump() == before
    shown = sum(len(change.shown) for change in foreseen.changes)
    erasure = erase(seen=foreseen.seal)
    assert sum(erasure.places.values()) == shown > 10


def test_what_was_written_since_the_preview_is_looked_at_again(
    chief: User, erase: Callable[..., Erasure]
) -> None:
    make_entity(name=CANARY)
    seen = redacting.foresee(WORDS, by=chief).seal
    make_claim(text=f"{CANARY} tace.")
    before = dump()
    with pytest.raises(Overtaken):
        erase(seen=seen)
    assert dump() == before


@pytest.mark.parametrize(("words", "code"), [([], "words"), (["", " "], "words"), (["x"], "words")])
def test_there_must_be_words(erase: Callable[..., Erasure], words: list[str], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        erase(words)
    assert refusal.value.code == code


def test_an_erasure_has_its_reason(chief: User) -> None:
    with pytest.raises(Refused) as refusal:
        redact(WORDS, reason=" ", by=chief, at=LATER)
    assert refusal.value.code == "reason"


def test_the_record_says_who_when_and_why_and_not_what(chief: User, erase: Callable[..., Erasure]) -> None:
    make_entity(name=CANARY)
    with transaction.atomic():
        erasure = redact(WORDS, reason=f"Lo chiede {CANARY}.", by=chief, at=LATER)
    deed = Deed.objects.get(verb="erasure.redact")
    assert (erasure.by, erasure.at, erasure.reason) == (chief, LATER, f"Lo chiede {MASK}.")
    assert (deed.actor, deed.at) == (chief, LATER)
    assert deed.objects_touched == [["erasure", str(erasure.uuid)]]
    assert deed.after["reason"] == f"Lo chiede {MASK}."
    said = json.dumps([erasure.hashes, deed.after, deed.before]).lower()
    assert not any(trace in said for trace in TRACES)


# The triggers


@pytest.mark.parametrize("field", ["kind", "number", "at", "by_id", "article_id", "uuid"])
def test_with_a_pass_a_revision_changes_in_its_words_alone(field: str) -> None:
    revision = make_revision(make_article(), kind="correction", note="La data.")
    other = {
        "kind": "minor",
        "number": 77,
        "at": LATER,
        "by_id": make_user().pk,
        "article_id": make_article().pk,
        "uuid": make_entity().uuid,
    }[field]
    with redacting.passing():
        Revision.objects.filter(pk=revision.pk).update(text="Altro.")
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Revision.objects.filter(pk=revision.pk).update(**{field: other})
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Revision.objects.filter(pk=revision.pk).delete()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(text="Ancora altro.")


@pytest.mark.parametrize("field", ["verb", "at", "actor_id", "article_id", "objects_touched", "uuid"])
def test_with_a_pass_a_deed_changes_in_its_words_alone(field: str) -> None:
    deed = Deed.objects.create(verb="article.edit", actor=make_user(), at=THEN, before={"a": "b"})
    other = {
        "verb": "article.publish",
        "at": LATER,
        "actor_id": make_user().pk,
        "article_id": make_article().pk,
        "objects_touched": [["claim", "x"]],
        "uuid": make_entity().uuid,
    }[field]
    with redacting.passing():
        Deed.objects.filter(pk=deed.pk).update(before={"a": "c"}, after={"d": 1})
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Deed.objects.filter(pk=deed.pk).update(**{field: other})
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Deed.objects.filter(pk=deed.pk).delete()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Deed.objects.filter(pk=deed.pk).update(before={"a": "e"})


def test_no_transaction_commits_with_a_pass() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasurePass.objects.create(never_id=0)
        connection.check_constraints()


# The list, and a backup that was restored


def test_the_list_has_hashes_and_no_words(erase: Callable[..., Erasure], list_of_erasures: Path) -> None:
    make_entity(name=CANARY)
    erasure = erase()
    [entry] = erasures.listed(list_of_erasures)
    assert entry["uuid"] == str(erasure.uuid)
    said = list_of_erasures.read_text().lower()
    assert not any(trace in said for trace in TRACES)
    assert list_of_erasures.stat().st_mode & 0o077 == 0
    erase(["Sottovoce"])
    assert len(erasures.listed(list_of_erasures)) == 2


def test_a_restored_backup_forgets_again(
    erase: Callable[..., Erasure],
    chief: User,
    list_of_erasures: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    erasure = erase()
    uuid, at = erasure.uuid, erasure.at
    erasure.delete()
    plant()
    original = make_original(body=f"di {CANARY}".encode())
    assert all(trace in dump() for trace in TRACES)
    told: list[tuple[str, int, int]] = []
    with django_capture_on_commit_callbacks(execute=True):
        replaying.replay(
            erasures.listed(list_of_erasures), by=chief, at=LATER, progress=lambda *step: told.append(step)
        )
    assert [line for line in dump().splitlines() if any(trace in line for trace in TRACES)] == []
    assert not any(CANARY.encode() in content for _name, content in stored_files())
    original.refresh_from_db()
    restored = Erasure.objects.get(uuid=uuid)
    assert (restored.by, restored.at) == (chief, at)
    assert told[-1][1] == told[-1][2] == len(told)
    assert Deed.objects.get(verb="erasure.replay").after["places"]["revision.text"] == 2
    before = set(dump().splitlines())
    replaying.replay(erasures.listed(list_of_erasures), by=chief, at=LATER)
    assert [line for line in set(dump().splitlines()) - before if "▮" in line] == []


def test_a_picture_that_was_marked_goes_from_a_restored_backup_too(
    erase: Callable[..., Erasure], chief: User, list_of_erasures: Path
) -> None:
    content = b"RIFF\0\0mostra il nome"
    other = make_picture(make_original(body=b"RIFF\0\0altro"))
    make_picture(make_original()).file.save("", ContentFile(content))
    erase(files=[hashlib.sha256(content).hexdigest()]).delete()
    assert content not in [kept for _name, kept in stored_files()]
    restored = make_picture(make_original())
    restored.file.save("", ContentFile(content))
    was = other.file.read()
    replaying.replay(erasures.listed(list_of_erasures), by=chief, at=LATER)
    restored.refresh_from_db()
    assert restored.file.read() != content
    assert Picture.objects.get(pk=other.pk).file.read() == was
    assert hashlib.sha256(content).hexdigest() not in list_of_erasures.read_text()


def test_a_replay_that_was_interrupted_goes_on(
    erase: Callable[..., Erasure], chief: User, list_of_erasures: Path
) -> None:
    erase()
    article = story(chief)
    entities.add(name=CANARY, kind="person", by=chief, at=THEN)
    Source.objects.create(kind="person", name=CANARY)

    def interrupt(name: str, number: int, _of: int) -> None:
        if name == "file":
            raise KeyboardInterrupt

    entries = erasures.listed(list_of_erasures)
    with pytest.raises(KeyboardInterrupt):
        replaying.replay(entries, by=chief, at=LATER, progress=interrupt)
    assert CANARY not in article.revisions.first().text
    assert Source.objects.filter(name=CANARY).exists()
    replaying.replay(entries, by=chief, at=LATER)
    assert not any(trace in dump() for trace in TRACES)


def test_sessions_that_tell_end(erase: Callable[..., Erasure]) -> None:
    session = SessionStore()
    session["said"] = CANARY
    session.save()
    erase()
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_a_claim_in_the_words_of_somebody_keeps_its_place(erase: Callable[..., Erasure]) -> None:
    claim = make_claim(text=f"{CANARY} ha 40 anni.")
    address = claim.get_absolute_url()
    erase()
    claim = Claim.objects.get(pk=claim.pk)
    assert claim.text == f"{MASK} ha 40 anni."
    assert claim.code in address
