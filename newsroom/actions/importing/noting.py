"""Notes that readers wrote beside an article elsewhere: suggestions to check these words, and what they said.

A note is no claim, mention or attribution: it says that something is to be said of these words. So its words
become a suggested claim, which nobody but the desk sees and a person accepts or rejects, and what was written
becomes a comment on it, which stays inside for ever. What comes again is known by its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from newsroom.actions.deeds import record
from newsroom.actions.refusals import require
from newsroom.models import Annotation, Article, Comment, Target, Thread, User
from newsroom.models.comment import BODY_LENGTH
from newsroom.text.annotated import CLAIM, AnnotatedText, Part, Tag
from newsroom.text.paragraphs import tidy
from newsroom.text.requoted import requoted
from newsroom.text.web_annotations import Note

from .storing import store

GENERATOR = "Hypothesis"


@dataclass(slots=True)
class NotesReport:
    """What became of the notes beside one article."""

    annotations: int = 0
    comments: int = 0
    #: Notes and answers that were here already.
    unchanged: int = 0
    #: What is not kept, with the first of each: `lost` (the words are not in the text, or not in one place
    #: only), `answers` (to a note that did not come), `cut` (the end of a long one), `resolved` (answers in
    #: threads that are resolved here).
    left: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def leave(self, what: str, example: str) -> None:
        self.left[what] += 1
        self.examples.setdefault(what, " ".join(example.split())[:120])

    def add(self, other: NotesReport) -> None:
        self.annotations += other.annotations
        self.comments += other.comments
        self.unchanged += other.unchanged
        self.left.update(other.left)
        self.examples = other.examples | self.examples


@transaction.atomic
def note(article: Article, *, notes: Sequence[Note], by: User, at: datetime) -> NotesReport:
    """Places the notes beside an article: a suggestion for the words quoted, a comment for what was said.

    Its text, as it stands, decides: words that are not in it, or not in one place for certain, are left.
    """
    require(by, "add_annotation")
    require(by, "add_comment")
    article = Article.objects.for_change().get(pk=article.pk)
    revision = article.current_revision
    report = NotesReport()
    places: dict[str, tuple[int, int]] = {}
    for each in notes:
        if each.answers:
            continue
        place = requoted(revision.text, each.exact, each.prefix, each.suffix, each.start)
        if place is None:
            report.leave("lost", each.exact)
        else:
            places[each.id] = place
    here = set(Annotation.objects.filter(uuid__in=map(_uuid, places)).values_list("uuid", flat=True))
    tags = [
        Tag(str(_uuid(name)), CLAIM, (Part(*place),), {"generator": GENERATOR})
        for name, place in places.items()
    ]
    if tags:
        text = AnnotatedText(str(article.uuid), revision.text, article.lang, tags=tuple(tags))
        report.annotations = store([text], by=by, at=at).annotations
    report.unchanged = len(here)
    annotations = _annotations(article, places)
    threads: dict[str, Thread] = {}
    # An answer may be written before what it answers stands in the file.
    for each in sorted(notes, key=lambda note: (bool(note.answers), note.day)):
        root = each.answers or each.id
        if root not in annotations:
            if each.answers:
                report.leave("answers", each.said)
            continue
        if each.said or each.tags or each.answers:
            _comment(each, annotations[root], threads, report, by=by, at=at)
    return report


def foresee_notes(beside: Iterable[tuple[Article, Sequence[Note]]], *, by: User, at: datetime) -> NotesReport:
    """What `note` would do beside all of these articles, and nothing of it done."""
    require(by, "add_annotation")
    require(by, "add_comment")
    report = NotesReport()
    for article, notes in beside:
        with transaction.atomic():
            report.add(note(article, notes=notes, by=by, at=at))
            transaction.set_rollback(True)
    return report


def _annotations(article: Article, places: dict[str, tuple[int, int]]) -> dict[str, Annotation]:
    """By the name of the note: its own annotation, else the claim that stood at its words before."""
    own = {row.uuid: row for row in Annotation.objects.filter(uuid__in=map(_uuid, places))}
    standing = {
        (target.start, target.end): target.annotation
        for target in Target.objects.live()
        .filter(revision=article.current_revision_id, role=Target.Role.CONTENT, annotation__kind=CLAIM)
        .select_related("annotation")
        .order_by("-pk")
    }
    found = {name: own.get(_uuid(name)) or standing.get(place) for name, place in places.items()}
    return {name: row for name, row in found.items() if row is not None}


def _comment(
    note: Note,
    annotation: Annotation,
    threads: dict[str, Thread],
    report: NotesReport,
    *,
    by: User,
    at: datetime,
) -> None:
    root = note.answers or note.id
    uuid = _uuid(f"{note.id}#comment")
    before = Comment.objects.filter(uuid=uuid).select_related("thread").first()
    if before is not None:
        threads.setdefault(root, before.thread)
        report.unchanged += bool(note.answers)
        return
    body = tidy("\n\n".join(filter(None, (_head(note), note.said, " ".join(f"#{tag}" for tag in note.tags)))))
    if len(body) > BODY_LENGTH:
        report.leave("cut", note.said)
        body = body[: BODY_LENGTH - 1] + "…"
    thread = threads.get(root)
    if thread is None:
        thread = threads[root] = Thread.objects.create(annotation=annotation)
    if thread.is_resolved:
        report.leave("resolved", note.said)
        return
    written = Comment.objects.create(uuid=uuid, thread=thread, body=body, by=by, at=at)
    objects = [written, thread, annotation]
    record("comment.add", by=by, at=at, article=annotation.article, objects=objects)
    report.comments += 1


def _head(note: Note) -> str:
    """Who wrote it, where and when: it is not whoever brings it."""
    return " · ".join(filter(None, (GENERATOR, note.who, note.day)))


def _uuid(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"https://hypothes.is/a/{name}")
