"""What the desk's decisions teach: articles with their accepted tags and with what was rejected.

An article teaches once nothing of the kind waits in it any more: else what nobody decided yet would be
learned as wrong. A part of all articles is held back for measuring. Which it is hangs on the article alone,
so no model ever learned from what it, or one after it, is measured on.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from newsroom.models import Annotation, Article, Claim, Mention, Target
from newsroom.text.sentences import sentences

#: One article of so many is held back.
ONE_OF = 5
#: Articles in one query.
_PORTION = 100

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Taught:
    """An article's text, the words that were accepted with what they are, and those that were rejected.

    What words are is the kind of an entity or claim.
    """

    text: str
    accepted: tuple[tuple[int, int, str], ...]
    rejected: tuple[Span, ...]
    is_held: bool

    def judged(self, lang: str) -> Iterator[tuple[Span, list[str], int]]:
        """Each sentence with the kinds of what was accepted in it, and how much was rejected."""
        for start, end in sentences(self.text, lang):
            kinds = [kind for first, last, kind in self.accepted if first < end and start < last]
            yield (start, end), kinds, sum(first < end and start < last for first, last in self.rejected)


def is_held(uuid: UUID) -> bool:
    return hashlib.sha256(uuid.bytes).digest()[0] % ONE_OF == 0


def taught(kind: str, lang: str, *, most: int) -> list[Taught]:
    """The newest articles of a language that teach about a kind of annotation (mention, claim)."""
    tags = Annotation.objects.filter(article=OuterRef("pk"), kind=kind)
    decided = tags.filter(state__in=[Annotation.State.ACCEPTED, Annotation.State.REJECTED])
    rows = Article.objects.in_language(lang).filter(
        Exists(decided), ~Exists(tags.filter(state=Annotation.State.SUGGESTED))
    )
    articles = list(rows.order_by("-pk").values_list("pk", "uuid", "current_revision__text")[:most])
    found: list[Taught] = []
    for at in range(0, len(articles), _PORTION):
        some = articles[at : at + _PORTION]
        accepted, rejected = _tags(kind, [key for key, _uuid, _text in some])
        found += [
            Taught(text, tuple(accepted[key]), tuple(rejected[key]), is_held(uuid))
            for key, uuid, text in some
        ]
    return found


def fingerprint(lessons: Iterable[Taught]) -> str:
    """Changes with anything that would be learned or measured otherwise."""
    said = hashlib.sha256()
    for one in lessons:
        said.update(repr((one.text, sorted(one.accepted), sorted(one.rejected))).encode())
    return said.hexdigest()


def _tags(
    kind: str, articles: Sequence[int]
) -> tuple[dict[int, list[tuple[int, int, str]]], dict[int, list[Span]]]:
    targets = (
        Target.objects.current()
        .placed()
        .filter(
            annotation__article__in=articles,
            annotation__kind=kind,
            annotation__state__in=[Annotation.State.ACCEPTED, Annotation.State.REJECTED],
            role=Target.Role.CONTENT,
        )
        .order_by("annotation", "ordinal")
    )
    kinds = _kinds(kind, articles)
    accepted: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    rejected: dict[int, list[Span]] = defaultdict(list)
    for article, annotation, state, start, end in targets.values_list(
        "annotation__article", "annotation", "annotation__state", "start", "end"
    ):
        if state == Annotation.State.REJECTED:
            rejected[article].append((start, end))
        elif annotation in kinds:
            accepted[article].append((start, end, kinds[annotation]))
    return accepted, rejected


def _kinds(kind: str, articles: Sequence[int]) -> dict[int, str]:
    """Of each annotation what its words are; a word that only stands for a name, such as «lei», is none."""
    if kind == Annotation.Kind.CLAIM:
        claims = Claim.objects.filter(appearances__annotation__article__in=articles)
        return dict(claims.values_list("appearances__annotation", "kind"))
    mentions = Mention.objects.filter(annotation__article__in=articles, entity__isnull=False)
    named = mentions.exclude(form=Mention.Form.COREFERENCE).order_by("-pk")
    return dict(named.values_list("annotation", "entity__kind"))
