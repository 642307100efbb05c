"""The queues of the desk: annotations that a new text altered or lost, and where they might stand now."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from newsroom.models import Annotation, Appearance, Article, Attribution, Mention, Target
from newsroom.text.changes import Piece, word_diff
from newsroom.text.selectors import occurrences
from newsroom.text.sentences import sentence_around

from .annotated_article import speaker
from .ratings import Badge, Ratings

ITEMS_ON_A_PAGE = 20
#: How many places are offered: of those that were thought of, and of words that were typed.
MOST_CANDIDATES, MOST_PLACES = 8, 32
#: From which score on a place is called likely, and possible.
LIKELY, POSSIBLE = 0.75, 0.5


@dataclass(frozen=True, slots=True)
class Waiting:
    """A list that waits for somebody: how much is on it, in words, and where it is."""

    words: str
    url: str


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
    """One span: `now` is None where it has no place in the current text, `was` where that is not another.

    `part` names it to the form.
    """

    part: str
    label: str
    was: Words | None
    now: Words | None
    pieces: tuple[Piece, ...]
    reason: str
    places: tuple[Place, ...]

    @property
    def needs_a_person(self) -> bool:
        return bool(self.reason)


@dataclass(frozen=True, slots=True)
class Item:
    annotation: Annotation
    title: str
    title_lang: str
    kind_label: str
    badge: Badge | None
    targets: tuple[TargetLine, ...]

    @property
    def id(self) -> str:
        return f"check-item-{self.annotation.code}"

    @property
    def is_lost(self) -> bool:
        return any(target.now is None for target in self.targets)

    @property
    def needs_a_person(self) -> bool:
        return any(target.needs_a_person for target in self.targets)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many annotations wait in each queue."""

    to_check: int = 0
    lost: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.to_check + other.to_check, self.lost + other.lost)


@dataclass(frozen=True, slots=True)
class QueuePage:
    name: str
    article: Article | None
    items: tuple[Item, ...]
    counts: Counts
    checks_url: str
    orphans_url: str
    more_url: str


def waiting_passages(article: Article | None = None) -> Iterable[Waiting]:
    """The queues in which something waits, of one article or of all."""
    return in_queues(counts(article), article)


def in_queues(found: Counts, article: Article | None = None) -> Iterable[Waiting]:
    if found.to_check:
        words = ngettext(
            "%(number)d passage needs a look.", "%(number)d passages need a look.", found.to_check
        )
        yield Waiting(words % {"number": found.to_check}, _address("checks", article))
    if found.lost:
        words = ngettext(
            "%(number)d passage lost its place.", "%(number)d passages lost their place.", found.lost
        )
        yield Waiting(words % {"number": found.lost}, _address("orphans", article))


def counts(article: Article | None = None) -> Counts:
    return Counts(*map(len, _waiting(article)))


def counts_of_articles() -> dict[int, Counts]:
    """Of each article in which something waits, by its key: two queries."""
    to_check, lost = (Counter(found.values()) for found in _waiting())
    return {key: Counts(to_check[key], lost[key]) for key in to_check | lost}


def _waiting(article: Article | None = None) -> tuple[dict[int, int], dict[int, int]]:
    """The annotations with words that a program is not sure of, none of which is lost, and those that lost
    some: each with its article, by their keys. Two queries over few rows among very many.
    """
    to_check, lost = (
        dict(
            (targets.filter(annotation__article=article) if article else targets)
            .order_by()
            .values_list("annotation", "annotation__article")
        )
        for targets in (Target.objects.to_check(), Target.objects.lost())
    )
    return {key: of for key, of in to_check.items() if key not in lost}, lost


def queue_page(name: str, article: Article | None = None, *, after: Annotation | None = None) -> QueuePage:
    """A page of the queue `checks` or `orphans`, of one article or of all, from behind an annotation on.

    No page has a number: what is decided leaves the queue, and the second page of twenty would be another one
    by the time that somebody turns to it.
    """
    to_check, lost = _waiting(article)
    # The newest article first, and in it the annotation that waits longest.
    places = sorted((-of, key) for key, of in {"checks": to_check, "orphans": lost}[name].items())
    if after is not None:
        places = places[bisect_right(places, (-after.article_id, after.pk)) :]
    keys = [key for _of, key in places[: ITEMS_ON_A_PAGE + 1]]
    unread = (f"article__current_revision__{name}" for name in ("html", "blocks"))
    found = Annotation.objects.select_related("article__current_revision").defer(*unread).in_bulk(keys)
    shown = [found[key] for key in keys[:ITEMS_ON_A_PAGE] if key in found]
    return QueuePage(
        name=name,
        article=article,
        items=tuple(items(shown)),
        counts=Counts(len(to_check), len(lost)),
        checks_url=_address("checks", article),
        orphans_url=_address("orphans", article),
        more_url=_address(name, article, after=shown[-1].code)
        if shown and len(keys) > ITEMS_ON_A_PAGE
        else "",
    )


def _address(queue: str, article: Article | None, **more: str) -> str:
    query = urlencode(({"article": article.slug} if article else {}) | more)
    return reverse(f"desk:{queue}") + (f"?{query}" if query else "")


def items(annotations: Sequence[Annotation]) -> list[Item]:
    """Each annotation with what its words were and are. Annotations come with `article__current_revision`."""
    targets = defaultdict(list)
    for target in Target.objects.current().filter(annotation__in=annotations).order_by("role", "ordinal"):
        targets[target.annotation_id].append(target)
    earlier = _earlier(annotations, [target for found in targets.values() for target in found])
    titles = _titles(annotations)
    known = Ratings.load()
    claims = dict(Appearance.objects.filter(annotation__in=annotations).values_list("annotation", "claim"))
    reviews = known.current_of(claims.values())
    return [
        Item(
            annotation=annotation,
            title=titles[annotation.pk][0],
            title_lang=titles[annotation.pk][1],
            kind_label=annotation.get_kind_display(),
            badge=known.badge(reviews.get(claims[annotation.pk])) if annotation.pk in claims else None,
            targets=tuple(_target_lines(targets[annotation.pk], earlier, annotation.article)),
        )
        for annotation in annotations
    ]


def places_at(spans: Sequence[tuple[int, int]], text: str, lang: str) -> tuple[Place, ...]:
    """Spans of a text with their sentences, for a person to choose from."""
    return tuple(_place(text, lang, start, end, "") for start, end in spans[:MOST_PLACES])


def _earlier(annotations: Sequence[Annotation], current: list[Target]) -> dict[tuple[int, str, int], Target]:
    """Of each target the one that it is to be held against: that of the last revision in which a person
    confirmed it, or, if nobody ever did, that of the last one in which it had a place."""
    found: dict[tuple[int, str, int], Target] = {}
    placed = Target.objects.placed().filter(annotation__in=annotations).order_by("revision__number")
    for target in placed.filter(confirmed_at__isnull=False):
        found[_key(target)] = target
    if unconfirmed := {target.annotation_id for target in current if _key(target) not in found}:
        now = {target.pk for target in current}
        for target in placed.filter(annotation__in=unconfirmed, confirmed_at=None):
            if target.pk not in now:
                found[_key(target)] = target
    return found


def _key(target: Target) -> tuple[int, str, int]:
    return target.annotation_id, target.role, target.ordinal


def _titles(annotations: Iterable[Annotation]) -> dict[int, tuple[str, str]]:
    """What each one is about, and in which language: the claim, the names, who says it."""
    titles = {annotation.pk: ("", annotation.article.lang) for annotation in annotations}
    for appearance in Appearance.objects.filter(annotation__in=titles).select_related("claim"):
        titles[appearance.annotation_id] = (appearance.claim.text, appearance.claim.lang)
    names: dict[int, list[str]] = defaultdict(list)
    mentions = Mention.objects.filter(annotation__in=titles, entity__isnull=False).order_by("pk")
    for annotation, name in mentions.values_list("annotation", "entity__name"):
        names[annotation].append(name)
    for pk, named in names.items():
        titles[pk] = (", ".join(named), titles[pk][1])
    for attribution in Attribution.objects.filter(annotation__in=titles).select_related("source"):
        titles[attribution.annotation_id] = (speaker(attribution), titles[attribution.annotation_id][1])
    return titles


def _target_lines(
    targets: list[Target], earlier: dict[tuple[int, str, int], Target], article: Article
) -> Iterable[TargetLine]:
    text, lang = article.current_revision.text, article.lang
    times = Counter(target.role for target in targets)
    for target in targets:
        was = earlier.get(_key(target), target)
        now = None if target.start is None else _in_sentence(text, lang, target.start, target.end)
        label = target.get_role_display()
        yield TargetLine(
            part=f"{target.role}-{target.ordinal}",
            label=f"{label} {target.ordinal + 1}" if times[target.role] > 1 else label,
            was=_whole_words(was) if was != target or now is None else None,
            now=now,
            pieces=tuple(word_diff(was.exact, target.exact)) if now and was.exact != target.exact else (),
            reason=_reason(target) if target.needs_check or now is None else "",
            places=tuple(_places(target, text, lang)),
        )


def _whole_words(target: Target) -> Words:
    """The quotation with what stood around it, of which words that were cut in two are left out."""
    _cut, blank, before = target.prefix.partition(" ")
    after, more, _cut = target.suffix.rpartition(" ")
    return Words(f"… {before}" if blank else "", target.exact, f"{after} …" if more else "")


def _reason(target: Target) -> str:
    if target.reason == "twice" and target.start is None:
        return _(
            "This passage stood twice in a row, and one of the two is gone: which one, no program can tell."
        )
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
    for start, end, score in target.candidates[:MOST_CANDIDATES]:
        if (start, end) not in named:
            named.add((start, end))
            yield _place(text, lang, start, end, _likelihood(score))
    for start in occurrences(text, target.exact)[:MOST_CANDIDATES]:
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
