"""What is true of every deed: who may do it, that it is whole, that it leaves its record.

The deeds are found by walking `newsroom.actions`, so a new one fails here until it stands in the table.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from newsroom import actions
from newsroom.actions import (
    admitting,
    annotations,
    archiving,
    articles,
    assignments,
    claims,
    comments,
    deeds,
    documents,
    emergencies,
    entities,
    erasure,
    evidence,
    exports,
    flags,
    following,
    importing,
    imports,
    learning,
    lockouts,
    originals,
    pages,
    people,
    reader_addresses,
    relations,
    replies,
    requests,
    retention,
    reviews,
    roles,
    scales,
    sources,
    suggestions,
    tokens,
)
from newsroom.actions.annotations import Place
from newsroom.actions.documents import Content
from newsroom.formats.newsroom_archive import Writer
from newsroom.models import Article, Deed, Erasure, Original, RatingScale, User
from newsroom.text.annotated import AnnotatedText, Part
from newsroom.text.proposed import Proposed
from newsroom.text.web_annotations import Note
from tests.making import (
    HTML,
    LATER,
    THEN,
    level,
    make_annotation,
    make_appearance,
    make_article,
    make_assignment,
    make_attribution,
    make_check,
    make_claim,
    make_comment,
    make_copy,
    make_document,
    make_entity,
    make_evidence,
    make_flag,
    make_import,
    make_invitation,
    make_lockout,
    make_mention,
    make_model,
    make_original,
    make_page,
    make_rectification,
    make_relation,
    make_reply,
    make_request,
    make_review,
    make_revision,
    make_source,
    make_suggestion,
    make_target,
    make_thread,
    make_token,
    make_user,
)

pytestmark = pytest.mark.django_db

Attempt = Callable[[User], Any]

EVERYBODY = {"reporter", "checker", "editor"}
CHECKERS = {"checker", "editor"}
#: Modules of the room that hold no deeds: what a deed says when it refuses, how one carries annotations,
#: compares quotations, writes files, what others are told; and backups, which nobody of the newsroom takes.
NOT_DEEDS = {"announcing", "backups", "refusals", "carrying", "comparing", "notices", "with_files"}
#: Deeds that follow from another, that nobody does or a reader; they ask no permission.
CONSEQUENCES = {
    admitting.admit,
    claims.follow,
    deeds.record,
    deeds.record_all,
    deeds.record_imports,
    documents.follow,
    emergencies.came_in,
    evidence.follow,
    evidence.moved,
    flags.confirm_address,
    flags.forget,
    flags.forget_letters,
    flags.receive,
    flags.take_back,
    retention.enforce,
    replies.forget_replies,
    replies.forget,
    replies.receive,
    following.ask,
    following.ask_for_address,
    following.choose,
    following.confirm,
    following.drop,
    following.end,
    following.forget,
    following.forget_address,
    following.owe,
    learning.forget,
    people.lose_roles,
    reviews.follow_document,
    reviews.follow_ground,
    reader_addresses.may_be_asked,
    reviews.follow_words,
    roles.sync,
}

#: A deed that the seed stands against, tested where it can be done: tests/actions/test_archiving.py; and
#: those that are taken back: tests/actions/test_importing.py, tests/views/test_importing_notes.py.
ELSEWHERE = {archiving.restore, importing.foresee, importing.foresee_notes}

#: Deeds after which what they were done to is not there any more.
DELETES = {originals.clear, imports.clear}

WORDS = Place(0, 8, "Il ponte")


def import_text() -> Attempt:
    return lambda by: importing.store([AnnotatedText("nota", "Il ponte è chiuso.")], by=by, at=LATER)


def place_note() -> Attempt:
    article = make_article()
    words = Note("a", [], exact=article.current_revision.text[:20], said="Davvero?")
    return lambda by: importing.note(article, notes=[words], by=by, at=LATER)


def take_articles_out() -> Attempt:
    articles_out = Article.objects.filter(pk=make_article().pk)
    return lambda by: exports.take_out(articles_out, as_what="brat", for_the_desk=False, by=by, at=LATER)


def receive_import() -> Attempt:
    return lambda by: imports.receive(body=b"{}", file_name="a.jsonl", by=by, at=LATER)


def read_import() -> Attempt:
    row = make_import(state="waiting", total=0, found={}, losses=[])
    return lambda by: imports.read_done(
        row, exchange="doccano", total=1, found={"made": 1}, losses=[("ids", 1, "nota")], by=by, at=LATER
    )


def fail_import() -> Attempt:
    row = make_import(state="waiting")
    return lambda by: imports.failed(row, message="Riga 1: non è JSON.", by=by, at=LATER)


def keep_model() -> Attempt:
    figures = {"articles": 9, "held_articles": 3, "examples": 90, "before": 0.5, "after": 0.6, "seconds": 1}
    facts = {"kind": "names", "lang": "it", "data_sha256": "0" * 64, "read_after": Erasure.last_key()}
    return lambda by: learning.keep(file=b"so", **facts, **figures, by=by, at=LATER)


def choose_model() -> Attempt:
    row = make_model()
    return lambda by: learning.choose(row, by=by, at=LATER)


def lay_model_aside() -> Attempt:
    row = make_model(active=True)
    return lambda by: learning.lay_aside(row, by=by, at=LATER)


def read_import_again() -> Attempt:
    row = make_import()
    return lambda by: imports.read_again(row, exchange="brat", rights="ours", by=by, at=LATER)


def confirm_import() -> Attempt:
    row = make_import()
    return lambda by: imports.confirm(row, by=by, at=LATER)


def store_import() -> Attempt:
    row = make_import(state="storing", stored_by=make_user())
    texts = [AnnotatedText("nota", "Il ponte è chiuso.")]
    return lambda by: imports.store_portion(row, texts=texts, start=0, by=by, at=LATER)


def store_notes() -> Attempt:
    article = make_article()
    words = Note("a", [], exact=article.current_revision.text[:20], said="Davvero?")
    row = make_import(state="storing", exchange="hypothesis", stored_by=make_user())
    return lambda by: imports.store_notes(row, beside=[(article, [words])], start=0, by=by, at=LATER)


def clear_import() -> Attempt:
    row = make_import()
    return lambda by: imports.clear(row, by=by, at=LATER)


def create_article() -> Attempt:
    return lambda by: articles.create(html=HTML, headline="Il ponte", by=by, at=LATER)


def revise_article() -> Attempt:
    article = make_article()
    make_review(make_appearance(article, "dieci milioni"))
    return lambda by: articles.revise(
        article,
        html=HTML.replace("dieci", "dodici"),
        kind="correction",
        note="Il costo.",
        by=by,
        at=LATER,
        based_on=1,
    )


def revert_article() -> Attempt:
    article = make_article()
    appearance = make_appearance(article, "dieci milioni")
    review = make_review(appearance, state="stale")
    article.current_revision = make_revision(article, html=HTML.replace("dieci", "dodici"))
    article.save()
    start = article.current_revision.text.index("dodici")
    unconfirmed = {"fate": "altered", "confirmed_by": None, "confirmed_at": None}
    make_target(appearance.annotation, start, start + len("dodici milioni"), **unconfirmed)
    return lambda by: articles.revert(
        article,
        to=review.revision,
        kind="correction",
        note="Era giusto prima.",
        by=by,
        at=LATER,
        based_on=2,
    )


def edit_article() -> Attempt:
    article = make_article()
    return lambda by: articles.edit(article, changes={"slug": "ponte-nuovo"}, by=by, at=LATER)


def publish_article() -> Attempt:
    article = make_article(published_at=None)
    return lambda by: articles.publish(article, by=by, at=LATER)


def withdraw_article() -> Attempt:
    article = make_article()
    return lambda by: articles.withdraw(article, reason="Era falso.", by=by, at=LATER)


def receive_original() -> Attempt:
    return lambda by: originals.receive(
        kind="paste", body=b"Il ponte.", draft={"html": HTML}, by=by, at=LATER
    )


def read_original() -> Attempt:
    original = waiting_original()
    return lambda by: originals.read_done(original, draft={"html": HTML}, body=b"Il ponte.", by=by, at=LATER)


def fail_original() -> Attempt:
    original = waiting_original()
    return lambda by: originals.failed(original, message="Non risponde.", by=by, at=LATER)


def clear_original() -> Attempt:
    original = make_original()
    return lambda by: originals.clear(original, by=by, at=LATER)


def waiting_original() -> Original:
    return make_original(kind="address", state="waiting", address="https://a.example/", draft=None)


def tag_claim() -> Attempt:
    article, claim = make_article(), make_claim()
    return lambda by: annotations.tag_claim(article, claim=claim, places=[WORDS], by=by, at=LATER)


def tag_mention() -> Attempt:
    article, entity = make_article(), make_entity()
    return lambda by: annotations.tag_mention(article, entities=[entity], places=[WORDS], by=by, at=LATER)


def tag_attribution() -> Attempt:
    article, source = make_article(), make_source()
    return lambda by: annotations.tag_attribution(
        article, places=[WORDS], quote_type="direct", source=source, by=by, at=LATER
    )


def confirm_annotation() -> Attempt:
    annotation = make_mention(make_article(), "la sindaca").annotation
    return lambda by: annotations.confirm(annotation, by=by, at=LATER, row_version=1)


def move_annotation() -> Attempt:
    annotation = make_mention(make_article(), "la sindaca").annotation
    return lambda by: annotations.move(annotation, places=[WORDS], by=by, at=LATER, row_version=1, based_on=1)


def withdraw_annotation() -> Attempt:
    annotation = make_mention(make_article(), "la sindaca").annotation
    return lambda by: annotations.withdraw(annotation, reason="Doppione.", by=by, at=LATER, row_version=1)


def tag_mentions() -> Attempt:
    article, entity = make_article(), make_entity()
    places = [Place(0, 8, "Il ponte"), Place(3, 8, "ponte")]
    return lambda by: annotations.tag_mentions(article, entities=[entity], places=places, by=by, at=LATER)


def retag_claim() -> Attempt:
    annotation, claim = make_appearance().annotation, make_claim()
    return lambda by: annotations.retag_claim(annotation, claim=claim, by=by, at=LATER, row_version=1)


def retag_mention() -> Attempt:
    annotation, entity = make_mention(make_article(), "la sindaca").annotation, make_entity()
    return lambda by: annotations.retag_mention(
        annotation, entities=[entity], form="coreference", by=by, at=LATER, row_version=1
    )


def retag_attribution() -> Attempt:
    annotation, source = make_attribution(make_article()).annotation, make_source()
    return lambda by: annotations.retag_attribution(
        annotation, source=source, quote_type="mixed", by=by, at=LATER, row_version=1
    )


def split_annotation() -> Attempt:
    annotation = make_appearance(make_article(), "Il ponte sarà aperto").annotation
    return lambda by: annotations.split(annotation, where=9, by=by, at=LATER, row_version=1, based_on=1)


def merge_annotations() -> Attempt:
    article = make_article()
    annotation = make_mention(article, "la sindaca").annotation
    other = make_mention(article, "i tecnici").annotation
    return lambda by: annotations.merge(
        annotation, other=other, by=by, at=LATER, row_version=1, other_version=1
    )


def undo_tag() -> Attempt:
    article = make_article()
    everybody = [User.objects.get(username=name) for name in sorted(EVERYBODY)]
    for person in everybody:
        annotation = make_annotation(article, "la sindaca", kind="mention", by=person)
        Deed.objects.create(
            verb="mention.tag",
            actor=person,
            at=THEN,
            article=article,
            objects_touched=[["annotation", str(annotation.uuid)]],
        )
    return lambda by: annotations.undo(article, by=by, at=LATER)


def propose_tags() -> Attempt:
    article = make_article()
    found = [Proposed("mention", (Part(0, 8),), "prova 1", 0.8, entity_kind="place", form="name")]
    return lambda by: suggestions.propose(article, proposals=found, by=by, at=LATER, based_on=1)


def accept_suggestion() -> Attempt:
    annotation = make_suggestion(offers=[make_entity()]).annotation
    return lambda by: suggestions.accept(annotation, by=by, at=LATER, row_version=1)


def accept_suggestions() -> Attempt:
    article, entity = make_article(), make_entity()
    for words in ("la sindaca", "i tecnici"):
        make_suggestion(article, words, offers=[entity])
    return lambda by: suggestions.accept_all(article, entity=entity, by=by, at=LATER)


def reject_suggestion() -> Attempt:
    annotation = make_suggestion().annotation
    return lambda by: suggestions.reject(annotation, by=by, at=LATER, row_version=1)


def replace_suggestion() -> Attempt:
    article, claim = make_article(), make_claim()
    annotation = make_suggestion(article, "i tecnici").annotation
    start = article.current_revision.text.index("i tecnici")
    places = [Place(start, start + 9, "i tecnici", "content")]
    return lambda by: suggestions.replace(
        annotation, kind="claim", places=places, claim=claim, by=by, at=LATER, row_version=1
    )


def add_entity() -> Attempt:
    return lambda by: entities.add(name="Ada Neri", kind="person", aliases=["Neri"], by=by, at=LATER)


def remember_name() -> Attempt:
    entity = make_entity()
    return lambda by: entities.remember(entity, name="la sindaca", by=by, at=LATER)


def identify_entity() -> Attempt:
    entity = make_entity()
    return lambda by: entities.identify(entity, scheme="wikidata", value="Q42", by=by, at=LATER)


def merge_entities() -> Attempt:
    entity, into = make_entity(), make_entity()
    make_mention(make_article(), "la sindaca", entity=entity)
    return lambda by: entities.merge(entity, into=into, by=by, at=LATER)


def unmerge_entities() -> Attempt:
    entity, into = make_entity(), make_entity()
    make_mention(make_article(), "la sindaca", entity=entity)
    entities.merge(entity, into=into, by=User.objects.get(username="editor"), at=THEN)
    return lambda by: entities.unmerge(entity, by=by, at=LATER)


def split_entity() -> Attempt:
    mention = make_mention(make_article(), "la sindaca")
    return lambda by: entities.split(mention.entity, name="Un’altra", mentions=[mention], by=by, at=LATER)


def protect_entity() -> Attempt:
    entity = make_entity()
    return lambda by: entities.protect(entity, privacy="minor", reason="Ha dodici anni.", by=by, at=LATER)


def unprotect_entity() -> Attempt:
    entity = make_entity(privacy="minor")
    return lambda by: entities.unprotect(entity, reason="Ora ne ha venti.", by=by, at=LATER)


def erase_words() -> Attempt:
    """No role may; this editor was given the permission by name."""
    permission = Permission.objects.get(codename="redact")
    User.objects.get(username="editor").user_permissions.add(permission)
    make_entity(name="Nerina Sottovoce")
    return lambda by: erasure.redact(["Sottovoce"], reason="Lo chiede.", by=by, at=LATER)


def export_newsroom() -> Attempt:
    """No role may, as with erasures."""
    permission = Permission.objects.get(codename="export_newsroom")
    User.objects.get(username="editor").user_permissions.add(permission)

    def attempt(by: User) -> Any:
        with closing(Writer(BytesIO())) as writer:
            return archiving.export(writer, by=by, at=LATER)

    return attempt


def add_source() -> Attempt:
    return lambda by: sources.add(name="Ada Neri", kind="person", by=by, at=LATER)


def add_claim() -> Attempt:
    return lambda by: claims.add(text="Il ponte è aperto.", wordings={"en": "It is open."}, by=by, at=LATER)


def comment() -> Attempt:
    annotation = make_annotation(make_article(), "la sindaca")
    return lambda by: comments.comment(annotation, body="Chi lo dice, @editor?", by=by, at=LATER)


def edit_comment() -> Attempt:
    """Each of the cast tries their own, a stranger one that is nobody's."""
    nobodys, own = make_comment(), {user: make_comment(by=user) for user in User.objects.at_work()}
    return lambda by: comments.edit(own.get(by, nobodys), body="Non lo dice nessuno.", by=by, at=LATER)


def resolve_thread() -> Attempt:
    thread = make_thread()
    return lambda by: comments.resolve(thread, by=by, at=LATER)


def reopen_thread() -> Attempt:
    thread = make_thread(resolved_by=make_user())
    return lambda by: comments.reopen(thread, by=by, at=LATER)


def relate_claims() -> Attempt:
    one, other = make_claim(), make_claim()
    return lambda by: relations.relate(one, to=other, kind="supports", by=by, at=LATER)


def change_relation() -> Attempt:
    relation = make_relation()
    return lambda by: relations.change(
        relation, version=relation.version, kind="contradicts", by=by, at=LATER
    )


def unrelate_claims() -> Attempt:
    relation = make_relation()
    return lambda by: relations.unrelate(relation, by=by, at=LATER)


def restore_relation() -> Attempt:
    """Each of the cast puts back what they took away; the others have nothing of theirs to put back."""
    one, other = make_claim(), make_claim()
    was = {"source": str(one.uuid), "target": str(other.uuid), "kind": "supports", "strength": "", "note": ""}
    removals = {
        user: deeds.record(
            "relation.remove",
            by=user,
            at=THEN,
            objects=[one, other],
            before=was | {"relation": str(uuid4())},
        )
        for user in User.objects.at_work()
    }
    nobodys = Deed(verb="relation.remove", before=was)
    return lambda by: relations.restore(removals.get(by, nobodys), by=by, at=LATER)


def propose_review() -> Attempt:
    appearance = make_appearance()
    return lambda by: reviews.propose(
        appearance.claim,
        level=level("false"),
        summary="Non risulta.",
        no_evidence_reason="Nessun documento ne parla.",
        appearance=appearance,
        by=by,
        at=LATER,
    )


def amend_review() -> Attempt:
    review = make_review(make_appearance(), state="changes")
    return lambda by: reviews.amend(review, summary="Non risulta ancora.", by=by, at=LATER)


def request_changes() -> Attempt:
    review = make_review(state="proposed")
    return lambda by: reviews.request_changes(review, note="Dite da dove viene.", by=by, at=LATER)


def approve_review() -> Attempt:
    review = make_review(make_appearance(), state="proposed")
    return lambda by: reviews.approve(review, by=by, at=LATER)


def doubt_review() -> Attempt:
    review = make_review()
    return lambda by: reviews.mark_stale(review, reason="Un atto nuovo.", by=by, at=LATER)


def weigh_claim() -> Attempt:
    claim = make_claim(accuses="")
    return lambda by: claims.weigh(claim, accuses="yes", accused="il Comune", by=by, at=LATER)


def assign_claim() -> Attempt:
    claim, checker = make_claim(), User.objects.get(username="checker")
    return lambda by: assignments.assign(claim, to=checker, due=None, by=by, at=LATER)


def release_claim() -> Attempt:
    claim = make_assignment().claim
    return lambda by: assignments.release(claim, by=by, at=LATER)


def ask_for_comment() -> Attempt:
    claim = make_claim()
    return lambda by: requests.ask_for_comment(
        claim, asked="Il Comune", how="Per posta elettronica", asked_at=THEN, by=by, at=LATER
    )


def note_answer() -> Attempt:
    request = make_request()
    return lambda by: requests.note_answer(request, answer="È falso.", answered_at=LATER, by=by, at=LATER)


def create_page() -> Attempt:
    said = {"title": "Chi siamo", "text": "Una redazione.", "note": "La prima."}
    return lambda by: pages.create(slug="chi-siamo", lang="it", by=by, at=LATER, **said)


def revise_page() -> Attempt:
    page = make_page()
    said = {"title": "Chi siamo", "text": "Due redazioni.", "note": "Siamo cresciuti."}
    return lambda by: pages.revise(page, based_on=1, by=by, at=LATER, **said)


def begin_scale() -> Attempt:
    scale = RatingScale.objects.get()
    return lambda by: scales.begin_next_version(scale, by=by, at=LATER)


def put_scale_in_force() -> Attempt:
    editor = User.objects.get(username="editor")
    draft = scales.begin_next_version(RatingScale.objects.get(), by=editor, at=THEN)
    return lambda by: scales.put_in_force(draft, by=by, at=LATER)


def publish_review() -> Attempt:
    appearance = make_appearance()
    make_review(appearance)
    review = make_review(appearance, state="proposed")
    return lambda by: reviews.publish(review, by=by, at=LATER)


def withdraw_review() -> Attempt:
    review = make_review(make_appearance())
    return lambda by: reviews.withdraw(review, reason="Era un errore.", by=by, at=LATER)


def hold_review() -> Attempt:
    review = make_review(make_appearance(), state="stale", stale_cause="document")
    return lambda by: reviews.hold(review, reason="Lo dice ancora.", by=by, at=LATER)


def add_document() -> Attempt:
    return lambda by: documents.add(title="Delibera", url="https://a.example/", by=by, at=LATER)


def change_document() -> Attempt:
    document = make_document()
    return lambda by: documents.change(
        document, changes={"publisher": "Il comune"}, by=by, at=LATER, row_version=1
    )


def rated() -> Any:
    """An item of evidence, with words that a copy holds, under a published review."""
    appearance = make_appearance()
    item = make_evidence(
        appearance.claim, document=make_document(url="https://a.example/"), quotation="Il ponte è aperto."
    )
    make_review(appearance)
    return item


def withdraw_document() -> Attempt:
    document = rated().document
    return lambda by: documents.withdraw(document, reason="Falso.", by=by, at=LATER, row_version=1)


CONTENT = Content(body=b"Un altro testo.", content_type="text/plain", text="Un altro testo.")


def keep_file() -> Attempt:
    document = make_document()
    return lambda by: documents.keep_file(document, content=CONTENT, by=by, at=LATER)


def ask_for_copy() -> Attempt:
    document = make_document(url="https://a.example/")
    return lambda by: documents.ask_for_copy(document, by=by, at=LATER)


def copy_came() -> Attempt:
    copy = make_copy(state="waiting")
    return lambda by: documents.copy_came(copy, content=CONTENT, by=by, at=LATER)


def copy_failed() -> Attempt:
    copy = make_copy(state="waiting")
    return lambda by: documents.copy_failed(copy, message="Non risponde.", by=by, at=LATER)


def ask_for_check() -> Attempt:
    document = make_document(url="https://a.example/")
    return lambda by: documents.ask_for_check(document, by=by, at=LATER)


def find_drifted() -> Attempt:
    document = rated().document
    make_copy(document)
    check = make_check(document, finding="")
    return lambda by: documents.checked(check, content=CONTENT, by=by, at=LATER)


def find_gone() -> Attempt:
    check = make_check(rated().document, finding="")
    return lambda by: documents.found_gone(check, message="404", by=by, at=LATER)


def not_reached() -> Attempt:
    check = make_check(rated().document, finding="")
    return lambda by: documents.not_reached(check, message="Non risponde.", by=by, at=LATER)


def add_evidence() -> Attempt:
    claim, document = make_claim(), make_document()
    return lambda by: evidence.add(
        claim, document=document, stance="refutes", checked="whole", quotation="Chiuso.", by=by, at=LATER
    )


def change_evidence() -> Attempt:
    item = make_evidence(make_claim())
    return lambda by: evidence.change(item, changes={"stance": "context"}, by=by, at=LATER, row_version=1)


def withdraw_evidence() -> Attempt:
    item = rated()
    return lambda by: evidence.withdraw(item, reason="Un altro ponte.", by=by, at=LATER, row_version=1)


def lift_lockout() -> Attempt:
    lockout = make_lockout()
    return lambda by: lockouts.lift(lockout, by=by, at=LATER)


def take_factors_away() -> Attempt:
    """No role may: this editor was given the permission by name."""
    permission = Permission.objects.get(codename="change_user")
    User.objects.get(username="editor").user_permissions.add(permission)
    person = make_user()
    Authenticator.objects.create(user=person, type="totp", data={})
    return lambda by: people.take_second_factors_away(person, by=by, at=LATER)


def issue_token() -> Attempt:
    program = make_user(is_staff=True)
    return lambda by: tokens.issue(program, name="Importer", scopes=["read"], by=by, at=LATER)


def revoke_token() -> Attempt:
    token = make_token()
    return lambda by: tokens.revoke(token, by=by, at=LATER)


def _who_decides_on_people() -> None:
    """No role may, as with erasures."""
    permission = Permission.objects.get(codename="change_user")
    User.objects.get(username="editor").user_permissions.add(permission)


def end_access() -> Attempt:
    _who_decides_on_people()
    person = make_user(is_staff=True)
    make_assignment(assignee=person)
    return lambda by: people.end_access(person, by=by, at=LATER)


def forget_person() -> Attempt:
    _who_decides_on_people()
    person = make_user(is_active=False)
    return lambda by: people.forget(person, by=by, at=LATER)


def forget_reader() -> Attempt:
    make_flag(address="ida@lettori.example")
    User.objects.get(username="editor").user_permissions.add(Permission.objects.get(codename="redact"))
    return lambda by: retention.forget_reader("ida@lettori.example", by=by, at=LATER)


def give_back_access() -> Attempt:
    _who_decides_on_people()
    person = make_user(is_active=False)
    return lambda by: people.give_back_access(person, by=by, at=LATER)


def assign_flag() -> Attempt:
    flag, checker = make_flag(), User.objects.get(username="checker")
    return lambda by: flags.assign(flag, to=checker, by=by, at=LATER, row_version=1)


def enter_letter() -> Attempt:
    letter = _letter(make_article(), kind="rectification")
    return lambda by: flags.enter(letter, uuid=uuid4(), by=by, at=LATER)


def correct_copy() -> Attempt:
    flag = make_flag(entered_by=make_user(), how="PEC")
    letter = _letter(flag.article, kind="error")
    return lambda by: flags.correct_copy(flag, letter=letter, by=by, at=LATER, row_version=1)


def _letter(article: Article, *, kind: str) -> flags.Copied:
    return flags.Copied(
        about=article,
        kind=kind,
        message="Non l’ho mai detto.",
        name="Ida Bruni",
        how="PEC",
        came_at=LATER,
        lang="it",
    )


def answer_flag() -> Attempt:
    flag = make_flag()
    return lambda by: flags.answer(flag, words="Grazie, guardiamo.", by=by, at=LATER, row_version=1)


def accept_flag() -> Attempt:
    flag = make_flag()
    return lambda by: flags.accept(
        flag, outcome="Corretto.", lang="it", words="Grazie.", by=by, at=LATER, row_version=1
    )


def reject_flag() -> Attempt:
    flag = make_flag()
    return lambda by: flags.reject(flag, words="Il numero è giusto.", by=by, at=LATER, row_version=1)


def publish_rectification() -> Attempt:
    flag = make_flag(kind="rectification", name="Ida Bruni")
    return lambda by: flags.publish_rectification(
        flag, lang="it", words="Eccola.", by=by, at=LATER, row_version=1
    )


def withdraw_rectification() -> Attempt:
    rectification = make_rectification()
    permission = Permission.objects.get(codename="refuse_rectification")
    User.objects.get(username="editor").user_permissions.add(permission)
    return lambda by: flags.withdraw_rectification(rectification, reason="Era di altri.", by=by, at=LATER)


def merge_flags() -> Attempt:
    flag = make_flag()
    other = make_flag(flag.article)
    return lambda by: flags.merge(flag, into=other, by=by, at=LATER, row_version=1)


def reopen_flag() -> Attempt:
    flag = make_flag(state="rejected")
    return lambda by: flags.reopen(flag, by=by, at=LATER, row_version=1)


def invite_to_reply() -> Attempt:
    claim = make_claim()
    given = {"kind": "comment", "asked": "Il Comune", "lang": "it", "days": 7, "at": LATER}
    return lambda by: replies.invite(claim, **given, address="comune@lettori.example", by=by)


def close_link() -> Attempt:
    invitation = make_invitation(at=THEN, expires_at=LATER + timedelta(days=1))
    return lambda by: replies.close(invitation, by=by, at=LATER)


def accept_reply() -> Attempt:
    reply = make_reply()
    return lambda by: replies.accept(reply, by=by, at=LATER, row_version=1)


def refuse_reply() -> Attempt:
    reply = make_reply()
    given = {"ground": "third", "reason": "Nomina altri.", "at": LATER, "row_version": 1}
    return lambda by: replies.refuse(reply, **given, by=by)


def keep_opinion() -> Attempt:
    draft = make_review(state="proposed")
    invitation = make_invitation(claim=draft.claim, kind="opinion", review=draft)
    reply = make_reply(invitation, opinion="objects")
    return lambda by: replies.keep(reply, by=by, at=LATER, row_version=1)


def reopen_reply() -> Attempt:
    reply = make_reply(state="accepted")
    return lambda by: replies.reopen(reply, by=by, at=LATER, row_version=1)


#: Deed -> what prepares it, who of the cast may do it, and the verbs that it writes down.
DEEDS: dict[Callable[..., Any], tuple[Callable[[], Attempt], set[str], list[str]]] = {
    articles.create: (create_article, EVERYBODY, ["article.create"]),
    articles.revise: (revise_article, EVERYBODY, ["review.stale", "article.revise"]),
    articles.revert: (revert_article, EVERYBODY, ["review.valid", "article.revise"]),
    articles.edit: (edit_article, EVERYBODY, ["article.edit"]),
    articles.publish: (publish_article, {"editor"}, ["article.publish"]),
    articles.withdraw: (withdraw_article, {"editor"}, ["article.withdraw"]),
    importing.note: (place_note, EVERYBODY, ["claim.add", "article.import", "comment.add"]),
    importing.store: (import_text, EVERYBODY, ["article.import"]),
    originals.receive: (receive_original, EVERYBODY, ["original.receive"]),
    originals.read_done: (read_original, EVERYBODY, ["original.read"]),
    originals.failed: (fail_original, EVERYBODY, ["original.fail"]),
    originals.clear: (clear_original, {"editor"}, ["original.clear"]),
    annotations.tag_claim: (tag_claim, EVERYBODY, ["claim.tag"]),
    annotations.tag_mention: (tag_mention, EVERYBODY, ["mention.tag"]),
    annotations.tag_attribution: (tag_attribution, EVERYBODY, ["attribution.tag"]),
    annotations.confirm: (confirm_annotation, EVERYBODY, ["annotation.confirm"]),
    annotations.move: (move_annotation, EVERYBODY, ["annotation.move"]),
    annotations.withdraw: (withdraw_annotation, EVERYBODY, ["annotation.withdraw"]),
    annotations.tag_mentions: (tag_mentions, EVERYBODY, ["mention.tag"]),
    annotations.retag_claim: (retag_claim, EVERYBODY, ["annotation.retag"]),
    annotations.retag_mention: (retag_mention, EVERYBODY, ["annotation.retag"]),
    annotations.retag_attribution: (retag_attribution, EVERYBODY, ["annotation.retag"]),
    annotations.split: (split_annotation, EVERYBODY, ["annotation.split"]),
    annotations.merge: (merge_annotations, EVERYBODY, ["annotation.merge"]),
    annotations.undo: (undo_tag, EVERYBODY, ["annotation.undo"]),
    suggestions.propose: (propose_tags, EVERYBODY, ["suggestion.propose"]),
    suggestions.accept: (accept_suggestion, EVERYBODY, ["suggestion.accept"]),
    suggestions.accept_all: (accept_suggestions, EVERYBODY, ["suggestion.accept"]),
    suggestions.reject: (reject_suggestion, EVERYBODY, ["suggestion.reject"]),
    suggestions.replace: (replace_suggestion, EVERYBODY, ["suggestion.replace"]),
    entities.add: (add_entity, EVERYBODY, ["entity.add"]),
    entities.remember: (remember_name, EVERYBODY, ["entity.remember"]),
    entities.identify: (identify_entity, EVERYBODY, ["entity.identify"]),
    entities.merge: (merge_entities, CHECKERS, ["entity.merge"]),
    entities.unmerge: (unmerge_entities, CHECKERS, ["entity.unmerge"]),
    entities.split: (split_entity, CHECKERS, ["entity.split"]),
    entities.protect: (protect_entity, EVERYBODY, ["entity.protect"]),
    entities.unprotect: (unprotect_entity, {"editor"}, ["entity.unprotect"]),
    imports.receive: (receive_import, {"editor"}, ["import.receive"]),
    imports.read_done: (read_import, {"editor"}, ["import.read"]),
    imports.failed: (fail_import, {"editor"}, ["import.fail"]),
    imports.read_again: (read_import_again, {"editor"}, ["import.again"]),
    imports.confirm: (confirm_import, {"editor"}, ["import.confirm"]),
    imports.store_portion: (store_import, {"editor"}, ["article.import", "import.store"]),
    imports.store_notes: (
        store_notes,
        {"editor"},
        ["claim.add", "article.import", "comment.add", "import.store"],
    ),
    imports.clear: (clear_import, {"editor"}, ["import.clear"]),
    exports.take_out: (take_articles_out, EVERYBODY, ["article.export"]),
    archiving.export: (export_newsroom, {"editor"}, ["newsroom.export"]),
    erasure.redact: (erase_words, {"editor"}, ["erasure.redact"]),
    tokens.issue: (issue_token, {"editor"}, ["token.issue"]),
    people.take_second_factors_away: (take_factors_away, {"editor"}, ["factor.take-away"]),
    lockouts.lift: (lift_lockout, {"editor"}, ["lockout.lift"]),
    flags.assign: (assign_flag, CHECKERS, ["flag.assign"]),
    flags.enter: (enter_letter, CHECKERS, ["flag.enter"]),
    flags.correct_copy: (correct_copy, CHECKERS, ["flag.correct"]),
    flags.answer: (answer_flag, CHECKERS, ["flag.answer"]),
    flags.accept: (accept_flag, {"editor"}, ["flag.accept"]),
    flags.reject: (reject_flag, {"editor"}, ["flag.reject"]),
    flags.publish_rectification: (publish_rectification, {"editor"}, ["rectification.publish"]),
    flags.withdraw_rectification: (withdraw_rectification, {"editor"}, ["rectification.withdraw"]),
    flags.merge: (merge_flags, CHECKERS, ["flag.merge"]),
    flags.reopen: (reopen_flag, {"editor"}, ["flag.reopen"]),
    replies.invite: (invite_to_reply, CHECKERS, ["request.ask"]),
    replies.close: (close_link, CHECKERS, ["request.close"]),
    replies.accept: (accept_reply, {"editor"}, ["reply.accept"]),
    replies.refuse: (refuse_reply, {"editor"}, ["reply.refuse"]),
    replies.keep: (keep_opinion, {"editor"}, ["reply.keep"]),
    replies.reopen: (reopen_reply, {"editor"}, ["reply.reopen"]),
    learning.keep: (keep_model, {"editor"}, ["assistant.train"]),
    learning.choose: (choose_model, {"editor"}, ["assistant.choose"]),
    learning.lay_aside: (lay_model_aside, {"editor"}, ["assistant.lay-aside"]),
    tokens.revoke: (revoke_token, {"editor"}, ["token.revoke"]),
    people.end_access: (end_access, {"editor"}, ["claim.release", "person.leave"]),
    people.give_back_access: (give_back_access, {"editor"}, ["person.return"]),
    people.forget: (forget_person, {"editor"}, ["person.forget"]),
    retention.forget_reader: (forget_reader, {"editor"}, ["reader.forget"]),
    sources.add: (add_source, EVERYBODY, ["source.add"]),
    claims.weigh: (weigh_claim, EVERYBODY, ["claim.weigh"]),
    assignments.assign: (assign_claim, CHECKERS, ["claim.assign"]),
    assignments.release: (release_claim, CHECKERS, ["claim.release"]),
    requests.ask_for_comment: (ask_for_comment, CHECKERS, ["request.ask"]),
    documents.add: (add_document, EVERYBODY, ["document.add"]),
    evidence.add: (add_evidence, EVERYBODY, ["evidence.add"]),
    evidence.change: (change_evidence, EVERYBODY, ["evidence.change"]),
    requests.note_answer: (note_answer, CHECKERS, ["request.answer"]),
    claims.add: (add_claim, EVERYBODY, ["claim.add"]),
    comments.comment: (comment, EVERYBODY, ["comment.add"]),
    comments.edit: (edit_comment, EVERYBODY, ["comment.edit"]),
    comments.resolve: (resolve_thread, EVERYBODY, ["thread.resolve"]),
    comments.reopen: (reopen_thread, EVERYBODY, ["thread.reopen"]),
    relations.relate: (relate_claims, CHECKERS, ["relation.add"]),
    relations.change: (change_relation, CHECKERS, ["relation.change"]),
    relations.unrelate: (unrelate_claims, CHECKERS, ["relation.remove"]),
    relations.restore: (restore_relation, CHECKERS, ["relation.restore"]),
    pages.create: (create_page, {"editor"}, ["page.create"]),
    pages.revise: (revise_page, {"editor"}, ["page.revise"]),
    scales.begin_next_version: (begin_scale, {"editor"}, ["scale.begin"]),
    scales.put_in_force: (put_scale_in_force, {"editor"}, ["scale.enforce"]),
    reviews.propose: (propose_review, CHECKERS, ["review.propose"]),
    reviews.amend: (amend_review, CHECKERS, ["review.amend"]),
    reviews.request_changes: (request_changes, {"editor"}, ["review.changes"]),
    reviews.approve: (approve_review, {"editor"}, ["review.approve"]),
    reviews.mark_stale: (doubt_review, CHECKERS, ["review.doubt"]),
    reviews.publish: (publish_review, {"editor"}, ["review.publish"]),
    reviews.withdraw: (withdraw_review, {"editor"}, ["review.withdraw"]),
    reviews.hold: (hold_review, {"editor"}, ["review.hold"]),
    documents.change: (change_document, EVERYBODY, ["document.change"]),
    documents.withdraw: (withdraw_document, EVERYBODY, ["document.withdraw", "review.drift"]),
    documents.keep_file: (keep_file, EVERYBODY, ["copy.keep"]),
    documents.ask_for_copy: (ask_for_copy, EVERYBODY, ["copy.ask"]),
    documents.copy_came: (copy_came, EVERYBODY, ["copy.keep"]),
    documents.copy_failed: (copy_failed, EVERYBODY, ["copy.fail"]),
    documents.ask_for_check: (ask_for_check, EVERYBODY, ["check.ask"]),
    documents.checked: (find_drifted, EVERYBODY, ["check.find", "review.drift"]),
    documents.found_gone: (find_gone, EVERYBODY, ["check.find", "review.drift"]),
    documents.not_reached: (not_reached, EVERYBODY, ["check.find"]),
    evidence.withdraw: (withdraw_evidence, EVERYBODY, ["evidence.withdraw", "review.drift"]),
}
every_deed = pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: f"{deed.__module__}.{deed.__name__}")


def public_functions() -> set[Callable[..., Any]]:
    modules = (
        importlib.import_module(f"{actions.__name__}.{module.name}")
        for module in pkgutil.iter_modules(actions.__path__)
        if module.name not in NOT_DEEDS
    )
    return {
        function
        for module in modules
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and not name.startswith("_")
        and function.__module__.startswith(module.__name__)
    }


def everything_kept() -> dict[str, list[tuple[Any, ...]]]:
    """Every row as the database has it, by its table."""
    kept = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("newsroom").get_models():
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY "{key}"')
            kept[table] = cursor.fetchall()
    return kept


def test_every_public_function_is_a_deed_of_the_table() -> None:
    assert public_functions() == DEEDS.keys() | CONSEQUENCES | ELSEWHERE


#: What a reader does is done by nobody whom we know (ADR 132); who comes the first time has no account yet;
#: and time alone clears.
BY_NOBODY = {
    admitting.admit,
    roles.sync,
    flags.receive,
    flags.confirm_address,
    flags.forget,
    flags.forget_letters,
    flags.take_back,
    retention.enforce,
    replies.forget,
    replies.forget_replies,
    replies.receive,
    following.ask,
    following.ask_for_address,
    following.choose,
    following.confirm,
    following.drop,
    following.end,
    following.forget,
    following.forget_address,
    following.owe,
    reader_addresses.may_be_asked,
}


@pytest.mark.parametrize(
    "function",
    sorted(public_functions() - BY_NOBODY, key=lambda function: (function.__module__, function.__name__)),
    ids=lambda function: function.__name__,
)
def test_who_and_when_are_said_by_name(function: Callable[..., Any]) -> None:
    parameters = inspect.signature(function).parameters
    for name in ("by", "at"):
        assert parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
        assert parameters[name].default is inspect.Parameter.empty


@every_deed
def test_only_its_object_stands_before_the_names(deed: Callable[..., Any]) -> None:
    positional = [
        parameter
        for parameter in inspect.signature(deed).parameters.values()
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    assert len(positional) <= 1


@every_deed
@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_a_deed_is_for_those_who_may_do_it(
    deed: Callable[..., Any], who: str, request: pytest.FixtureRequest
) -> None:
    prepare, allowed, verbs = DEEDS[deed]
    attempt, actor = prepare(), request.getfixturevalue(who)
    before, count = everything_kept(), Deed.objects.count()
    if who in allowed:
        attempt(actor)
        written = Deed.objects.order_by("pk")[count:]
        assert [row.verb for row in written] == verbs
        assert {(row.actor, row.at) for row in written} == {(actor, LATER)}
        assert everything_kept() != before
    else:
        with pytest.raises(PermissionDenied):
            attempt(actor)
        assert everything_kept() == before


@every_deed
def test_a_deed_is_refused_to_strangers(deed: Callable[..., Any], editor: User) -> None:
    prepare, _allowed, _verbs = DEEDS[deed]
    attempt = prepare()
    editor.is_active = False
    strangers = [AnonymousUser(), make_user(), make_user(is_staff=True), editor]
    before = everything_kept()
    for stranger in strangers:
        with pytest.raises(PermissionDenied):
            attempt(stranger)
    assert everything_kept() == before


def fill_the_log() -> None:
    """From here on a database that refuses to write down any deed, as if it failed at the last moment."""
    statements = {
        "sqlite": [
            "CREATE TRIGGER no_record BEFORE INSERT ON newsroom_deed"
            " BEGIN SELECT RAISE(ABORT, 'the log is full'); END"
        ],
        "postgresql": [
            "CREATE FUNCTION no_record() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the log is full'; END $$",
            "CREATE TRIGGER no_record BEFORE INSERT ON newsroom_deed"
            " FOR EACH ROW EXECUTE FUNCTION no_record()",
        ],
    }[connection.vendor]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@every_deed
def test_a_deed_that_cannot_be_recorded_is_not_done(deed: Callable[..., Any], editor: User) -> None:
    prepare, _allowed, _verbs = DEEDS[deed]
    attempt = prepare()
    fill_the_log()
    before = everything_kept()
    with pytest.raises(DatabaseError, match="the log is full"), transaction.atomic():
        attempt(editor)
    assert everything_kept() == before


@every_deed
def test_a_deed_asks_for_its_own_transaction(deed: Callable[..., Any], editor: User) -> None:
    """The same without a transaction around it: what it wrote before it failed is gone."""
    prepare, _allowed, _verbs = DEEDS[deed]
    attempt = prepare()
    fill_the_log()
    outer = len(connection.savepoint_ids)
    with pytest.raises(DatabaseError, match="the log is full"):
        attempt(editor)
    assert len(connection.savepoint_ids) == outer
    assert not connection.needs_rollback


@every_deed
def test_a_record_names_what_was_touched(deed: Callable[..., Any], editor: User) -> None:
    prepare, _allowed, _verbs = DEEDS[deed]
    prepare()(editor)
    written = Deed.objects.order_by("-pk").first()
    # A person has no UUID: they are told by their name.
    assert written.objects_touched or written.after.get("person") or written.before
    for name, uuid in written.objects_touched:
        there = apps.get_model("newsroom", name)._base_manager.filter(uuid=uuid).exists()
        assert there == (deed not in DELETES)
