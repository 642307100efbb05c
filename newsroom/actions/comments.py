"""Comments: a thread is begun, answered, resolved and reopened; who is called by name is told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.models import Annotation, Claim, Comment, Notice, Thread, User
from newsroom.models.comment import BODY_LENGTH
from newsroom.text.mentioned import mentioned
from newsroom.text.paragraphs import tidy

from .deeds import record
from .refusals import Refused, Sent, require


@transaction.atomic
def comment(
    on: Annotation | Claim | Thread,
    *,
    body: str,
    by: User,
    at: datetime,
    reopening: bool = False,
    uuid: UUID | None = None,
) -> Comment:
    """Begins a thread on an annotation or a claim, or answers in one.

    A resolved thread takes no answer unless this is `reopening` it. Who is called by name, and who took part
    before, gets a notice; nobody gets one of what they wrote themselves. With the `uuid` of a comment that is
    here it writes nothing: that comment, or Sent if it has other words.
    """
    require(by, "add_comment")
    body = _checked(body)
    if uuid is not None:
        # Who sends the same form at the same time waits here.
        subject = on.subject if isinstance(on, Thread) else on
        type(subject).objects.select_for_update(no_key=True).get(pk=subject.pk)
        made = Comment.objects.select_related("thread").filter(uuid=uuid).first()
        if made is not None:
            if made.body != body:
                raise Sent
            return made
    if isinstance(on, Thread):
        thread = _locked(on)
        if thread.is_resolved:
            if not reopening:
                raise Refused(_("This thread was resolved in the meantime."), code="resolved")
            thread = reopen(thread, by=by, at=at)
    else:
        thread = Thread.objects.create(**{on._meta.model_name: on})
    written = Comment(thread=thread, body=body, by=by, at=at)
    written.uuid = uuid or written.uuid
    written.save(force_insert=True)
    _call(written, at=at)
    _tell(User.objects.filter(comments__thread=thread), written, reason=Notice.Reason.ANSWERED, at=at)
    objects = [written, thread, thread.subject]
    record("comment.add", by=by, at=at, article=thread.article, objects=objects)
    return written


@transaction.atomic
def edit(comment: Comment, *, body: str, by: User, at: datetime) -> Comment:
    """Other words for one's own comment; the log keeps those before. Who is called only now is told now."""
    require(by, "add_comment")
    body = _checked(body)
    comment = _with_subject(Comment.objects.select_for_update(of=("self",)), "thread__").get(pk=comment.pk)
    if comment.by_id != by.pk:
        raise PermissionDenied(_("A comment is changed by who wrote it alone."))
    if body == comment.body:
        return comment
    before, comment.body, comment.edited_at = comment.body, body, at
    comment.save(update_fields=["body", "edited_at"])
    _call(comment, at=at)
    record(
        "comment.edit",
        by=by,
        at=at,
        article=comment.thread.article,
        objects=[comment, comment.thread],
        before={"body": before},
        after={"body": body},
    )
    return comment


@transaction.atomic
def resolve(thread: Thread, *, by: User, at: datetime) -> Thread:
    """Nothing is left to say. Everything that was said stays."""
    require(by, "add_comment")
    thread = _locked(thread)
    if thread.is_resolved:
        raise Refused(_("This thread was resolved in the meantime."), code="resolved")
    thread.resolve(by=by, at=at)
    record("thread.resolve", by=by, at=at, article=thread.article, objects=[thread, thread.subject])
    return thread


@transaction.atomic
def reopen(thread: Thread, *, by: User, at: datetime) -> Thread:
    require(by, "add_comment")
    thread = _locked(thread)
    if not thread.is_resolved:
        raise Refused(_("This thread is open already."), code="open")
    thread.reopen()
    record("thread.reopen", by=by, at=at, article=thread.article, objects=[thread, thread.subject])
    return thread


def _checked(body: str) -> str:
    body = tidy(body)
    if not body:
        raise Refused(_("Write something first."), code="empty")
    if len(body) > BODY_LENGTH:
        raise Refused(
            _("A comment has at most %(most)s characters, this one has %(number)s."),
            params={"most": BODY_LENGTH, "number": len(body)},
            code="long",
        )
    return body


def _locked(thread: Thread) -> Thread:
    """Locked, so that an answer and a resolution come one after the other."""
    return _with_subject(Thread.objects.select_for_update(of=("self",))).get(pk=thread.pk)


def _with_subject(rows, path: str = ""):
    return rows.select_related(f"{path}annotation__article", f"{path}claim")


def _call(comment: Comment, *, at: datetime) -> None:
    """Notes whom the words call by name, and tells those who were not told of this comment yet."""
    people = {user.username: user for user in User.objects.at_work()}
    called = {people[found.name] for found in mentioned(comment.body, people)}
    comment.mentions.set(called)
    _tell(called, comment, reason=Notice.Reason.MENTIONED, at=at)


def _tell(people, comment: Comment, *, reason: str, at: datetime) -> None:
    """Writes down who is to get mail about this comment: each person once, never who wrote it."""
    Notice.objects.bulk_create(
        (
            Notice(user=user, comment=comment, reason=reason, at=at)
            for user in set(people)
            if user.gets_notices and user.pk != comment.by_id
        ),
        ignore_conflicts=True,
    )
