"""The queues of the desk: annotations that a new text altered or lost, and where they might stand now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsroom.models import Annotation, Appearance, Attribution, Mention, Target
from newsroom.text.changes import Piece, word_diff
from newsroom.text.selectors import occurrences
from newsroom.text.sentences import sentence_around

from .annotated_article import speaker
from .ratings import Badge, Ratings

ITEMS_ON_A_PAGE = 20
MOST_PLACES = 8
#: From which score on a place is called likely, and possible.
LIKELY, POSSIBLE = 0.75, 0.5


@dataclass(frozen=True, slots=True)
class Words:
    """Words with what stands before and after them."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the words might stand in the current text; `value` names it to the form."""

    value: str
    words: Words
    likelihood: str


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One span: `now` is None where it has no place in the current text."""

    role: str
    role_label: str
    was: Words
    now: Words | None
    pieces: tuple[Piece, ...]
    reason: str
    places: tuple[Place, ...]

    @property
    def needs_a_person(self) -> bool:
        return self.now is None or bool(self.reason)


@dataclass(frozen=True, slots=True)
class Item:
    annotation: Annotation
    title: str
    title_lang: str
    kind_label: str
    badge: Badge | None
    revision_number: int
    targets: tuple[TargetLine, ...]

    @property
    def id(self) -> str:
        return f"check-item-{self.annotation.code}"

    @property
    def is_lost(self) -> bool:
        return any(target.now is None for target in self.targets)


@dataclass(frozen=True, slots=True)
class QueuePage:
    name: str
    items: tuple[Item, ...]
    page: Page
    to_check: int
    lost: int


def queue_page(name: str, *, number: str, article: str = "") -> QueuePage:
    """A page of the queue `checks` or `orphans`, of one article (its slug) or of all."""
    annotations = {"checks": Annotation.objects.to_check, "orphans": Annotation.objects.lost}[name]()
    if article:
        annotations = annotations.filter(article__slug=article)
    page = Paginator(annotations.order_by("-article", "pk"), ITEMS_ON_A_PAGE).get_page(number)
    return QueuePage(
        name=name,
        items=tuple(items(page.object_list)),
        page=page,
        to_check=Annotation.objects.to_check().count(),
        lost=Annotation.objects.lost().count(),
    )


def items(annotations: QuerySet[Annotation]) -> list[Item]:
    """Each annotation with what its words were and are."""
    found = list(annotations.select_related("article__current_revision"))
    targets: dict[int, list[Target]] = defaultdict(list)
    for target in Target.objects.current().filter(annotation__in=found).order_by("role", "ordinal"):
        targets[target.annotation_id].append(target)
    confirmed = {
        (target.annotation_id, target.role, target.ordinal): target
        for target in Target.objects.placed()
        .filter(annotation__in=found, confirmed_at__isnull=False)
        .order_by("revision__number")
    }
    titles = _titles(found)
    known = Ratings.load()
    appearances = Appearance.objects.filter(annotation__in=found)
    claims = dict(appearances.values_list("annotation", "claim"))
    reviews = known.current_of(claims.values())
    return [
        Item(
            annotation=annotation,
            title=titles[annotation.pk][0],
            title_lang=titles[annotation.pk][1],
            kind_label=annotation.get_kind_display(),
            badge=known.badge(reviews.get(claims[annotation.pk])) if annotation.pk in claims else None,
            revision_number=annotation.article.current_revision.number,
            targets=tuple(
                _target_line(
                    target,
                    confirmed.get((target.annotation_id, target.role, target.ordinal)),
                    annotation.article.current_revision.text,
                    annotation.article.lang,
                )
                for target in targets[annotation.pk]
            ),
        )
        for annotation in found
    ]


def places_at(spans: Iterable[tuple[int, int]], text: str, lang: str) -> tuple[Place, ...]:
    """Spans of a text with their sentences, for a person to choose from."""
    return tuple(_place(text, lang, start, end, "") for start, end in list(spans)[: 4 * MOST_PLACES])


def _titles(annotations: Iterable[Annotation]) -> dict[int, tuple[str, str]]:
    """What each one is about, and in which language: the claim, the names, who says it."""
    titles = {annotation.pk: ("", annotation.article.lang) for annotation in annotations}
    for appearance in Appearance.objects.filter(annotation__in=titles).select_related("claim"):
        titles[appearance.annotation_id] = (appearance.claim.text, appearance.claim.lang)
    names: dict[int, list[str]] = defaultdict(list)
    mentions = Mention.objects.filter(annotation__in=titles, entity__isnull=False)
    for annotation, name in mentions.values_list("annotation", "entity__name"):
        names[annotation].append(name)
    for pk, named in names.items():
        titles[pk] = (", ".join(named), titles[pk][1])
    for attribution in Attribution.objects.filter(annotation__in=titles).select_related("source"):
        titles[attribution.annotation_id] = (speaker(attribution), titles[attribution.annotation_id][1])
    return titles


def _target_line(target: Target, confirmed: Target | None, text: str, lang: str) -> TargetLine:
    was = confirmed or target
    now = None if target.start is None else _in_sentence(text, lang, target.start, target.end)
    return TargetLine(
        role=target.role,
        role_label=target.get_role_display(),
        was=_whole_words(was),
        now=now,
        pieces=tuple(word_diff(was.exact, target.exact)) if now else (),
        reason=_reason(target) if target.needs_check or now is None else "",
        places=tuple(_places(target, text, lang)),
    )


def _whole_words(target: Target) -> Words:
    """The quotation with what stood around it, of which words that were cut in two are left out."""
    _cut, blank, before = target.prefix.partition(" ")
    after, more, _cut = target.suffix.rpartition(" ")
    return Words(f"… {before}" if blank else "", target.exact, f"{after} …" if more else "")


def _reason(target: Target) -> str:
    return {
        "facts": _("A number, a date, a name or a negation changed in these words."),
        "words": _("These words changed much."),
        "neighbours": _("The words are the same, but most of what stood around them is gone."),
        "twice": _("This passage stands twice in a row, and it may be the other one of the two."),
        "gone": _("These words are no longer in the text, or cannot be told from others like them."),
    }.get(target.reason, _("These words need a look."))


def _places(target: Target, text: str, lang: str) -> Iterable[Place]:
    """The rejected candidates, best first, then where the very words stand, if the search did not name it."""
    named = {(target.start, target.end)}
    for start, end, score in target.candidates[:MOST_PLACES]:
        if (start, end) not in named:
            named.add((start, end))
            yield _place(text, lang, start, end, _likelihood(score))
    for start in occurrences(text, target.exact)[:MOST_PLACES]:
        if target.start is None and (start, start + len(target.exact)) not in named:
            yield _place(text, lang, start, start + len(target.exact), "")


def _likelihood(score: float) -> str:
    if score >= LIKELY:
        return pgettext("place", "likely")
    return pgettext("place", "possible") if score >= POSSIBLE else pgettext("place", "unlikely")


def _place(text: str, lang: str, start: int, end: int, likelihood: str) -> Place:
    return Place(f"{start}-{end}", _in_sentence(text, lang, start, end), likelihood)


def _in_sentence(text: str, lang: str, start: int, end: int) -> Words:
    first, last = sentence_around(text, start, end, lang)
    return Words(text[first:start], text[start:end], text[end:last])
