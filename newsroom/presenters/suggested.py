"""What waits for a person in an article: what a program proposed, whom it may stand for, and why, in words.

All of an article's suggestions are read in as many queries as one; what is below the threshold that the
address names is left out of the page, and of the marks in the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from newsroom.models import (
    Annotation,
    Article,
    Entity,
    Mention,
    Reading,
    Revision,
    Suggestion,
    SuggestionOffer,
    Target,
)

from .choice import Choice
from .reasons import HIGH, MEDIUM, confidence_in_words, confidence_level, reasons_in_words
from .tagging import TagLine, suggested_tags

#: By the name that an address has for it: the least confidence that is shown.
THRESHOLDS = {"": 0.0, "medium": MEDIUM, "high": HIGH}
_THRESHOLD_LABELS = {
    "": gettext_lazy("all"),
    "medium": gettext_lazy("those with medium or high confidence"),
    "high": gettext_lazy("those with high confidence"),
}
_ORDER_LABELS = {
    "": gettext_lazy("by place in the text"),
    "confidence": gettext_lazy("by confidence, the surest first"),
}
_KIND_LABELS = {
    "": pgettext_lazy("tags", "All"),
    "claim": pgettext_lazy("tags", "Claims"),
    "mention": pgettext_lazy("tags", "Names"),
    "attribution": pgettext_lazy("tags", "Who says it"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """Whom or what a suggestion may stand for: an entity, a source, or a claim that says the same."""

    code: str
    name: str
    lang: str
    label: str
    reasons: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """With its kind, unless the name says that already."""
        kind = f"({self.label})"
        return self.name if not self.label or self.name.endswith(kind) else f"{self.name} {kind}"


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """One row of the list. `level` and `confidence` are "" where the program did not say how sure it is."""

    tag: TagLine
    what: str
    what_lang: str
    level: str
    confidence: str
    value: float
    reasons: tuple[str, ...]
    offers: tuple[Offer, ...]

    @property
    def id(self) -> str:
        return f"suggestion-{self.tag.code}"

    @property
    def spans(self) -> str:
        """The places of its content, "start-end start-end …", in code points."""
        return " ".join(f"{start}-{end}" for role, start, end, _exact in self.tag.spans if role == "content")

    @property
    def others(self) -> tuple[Offer, ...]:
        """Those that it may stand for as well; of a claim all, since each is for a person to choose."""
        return self.offers if self.tag.kind == Annotation.Kind.CLAIM else self.offers[1:]

    @property
    def offer_name(self) -> str:
        """What the address of an acceptance calls another one than the likeliest."""
        return {"claim": "claim", "mention": "entity"}.get(self.tag.kind, "source")

    @property
    def first(self) -> Offer | None:
        return self.offers[0] if self.offers and self.tag.kind != Annotation.Kind.CLAIM else None


@dataclass(frozen=True, slots=True)
class Group:
    """A name that several suggestions stand for: all of them can be accepted at once."""

    code: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """`hidden` is how many wait and are not shown, because of the threshold or the kind."""

    article: Article
    revision: Revision
    lines: tuple[SuggestionLine, ...]
    groups: tuple[Group, ...]
    hidden: int
    #: Whether nothing waits since the program has not read the current text yet.
    is_awaited: bool
    thresholds: tuple[Choice, ...]
    orders: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    query: str

    @property
    def total(self) -> int:
        return len(self.lines) + self.hidden


def suggested(article: Article, query: Mapping[str, str]) -> Suggested:
    """`query` may have `at_least`, `order` and `kind`; nonsense filters nothing. Eight queries."""
    revision = article.current_revision
    threshold, order, kind = (
        value if value in known else ""
        for value, known in (
            (query.get("at_least", ""), THRESHOLDS),
            (query.get("order", ""), _ORDER_LABELS),
            (query.get("kind", ""), _KIND_LABELS),
        )
    )
    found = suggestion_lines(article)
    lines = [line for line in found if line.value >= THRESHOLDS[threshold] and kind in ("", line.tag.kind)]
    if order == "confidence":
        lines.sort(key=lambda line: -line.value)
    chosen = {"at_least": threshold, "order": order, "kind": kind}
    return Suggested(
        article=article,
        revision=revision,
        lines=tuple(lines),
        groups=groups(article) if found else (),
        hidden=len(found) - len(lines),
        is_awaited=not found
        and Reading.objects.filter(
            revision=revision, state__in=(Reading.State.WAITING, Reading.State.TAKEN)
        ).exists(),
        thresholds=_choices(_THRESHOLD_LABELS, threshold),
        orders=_choices(_ORDER_LABELS, order),
        kinds=_choices(_KIND_LABELS, kind),
        query=urlencode({name: value for name, value in chosen.items() if value}),
    )


def suggestion_lines(article: Article, *, only: Q | None = None) -> list[SuggestionLine]:
    """Those of the current text that wait, or those of their annotations that are `only` so; by place."""
    tags = suggested_tags(article.current_revision, only)
    if not tags:
        return []
    rows = {
        row.annotation_id: row
        for row in Suggestion.objects.filter(annotation__in=[tag.pk for tag in tags]).whole()
    }
    return [_line(tag, rows.get(tag.pk)) for tag in tags]


def waiting(article: Article) -> int:
    """How many wait in the current text."""
    placed = Target.objects.current().placed().filter(annotation__article=article)
    return (
        article.annotations.filter(state=Annotation.State.SUGGESTED, pk__in=placed.values("annotation"))
    ).count()


def next_code(article: Article, start: int) -> str:
    """The suggestion that comes next in the text from a code point on, else the first; "" if none waits."""
    placed = (
        Target.objects.current()
        .placed()
        .filter(annotation__article=article, annotation__state=Annotation.State.SUGGESTED)
        .filter(role=Target.Role.CONTENT, ordinal=0)
        .select_related("annotation")
        .order_by("start", "annotation")
    )
    target = placed.filter(start__gte=start).first() or placed.first()
    return target.annotation.code if target else ""


def groups(article: Article) -> tuple[Group, ...]:
    """The names that several suggestions most likely stand for, the most frequent first."""
    first = SuggestionOffer.objects.filter(
        ordinal=0, entity__isnull=False, suggestion__in=Suggestion.objects.pending().of(article)
    )
    counted = first.values_list("entity", "entity__name").order_by().annotate(number=Count("pk"))
    several = sorted(
        ((key, name, number) for key, name, number in counted if number > 1),
        key=lambda row: (-row[2], row[1]),
    )
    codes = {
        row.pk: row.code for row in Entity.objects.filter(pk__in=[key for key, _name, _number in several])
    }
    return tuple(Group(codes[key], name, number) for key, name, number in several)


def beginning(annotation: Annotation, chosen: str = "") -> dict[str, Any]:
    """What the form starts with in which a suggestion is corrected; `chosen` is the code of another offer."""
    article = annotation.article
    line = next(iter(suggestion_lines(article, only=Q(pk=annotation.pk))), None)
    row = Suggestion.objects.filter(annotation=annotation).whole().first()
    initial: dict[str, Any] = {
        "row_version": annotation.row_version,
        "based_on": article.current_revision.number,
    }
    if line is None:
        return initial
    content = [(start, end, exact) for role, start, end, exact in line.tag.spans if role == "content"]
    if content:
        initial |= {"start": content[0][0], "end": content[0][1], "words": content[0][2]}
        initial["more"] = " ".join(f"{start}-{end}" for start, end, _exact in content[1:])
    first = chosen or next((offer.code for offer in line.offers), "")
    words = line.tag.words
    match annotation.kind:
        case Annotation.Kind.CLAIM:
            initial |= {"q": words, "text": " ".join(words.split()), "claim": chosen}
        case Annotation.Kind.MENTION:
            initial |= {"q": words, "name": "" if first else words, "entity": [first] if first else []}
            if row:
                initial |= {"entity_kind": row.entity_kind, "form": row.form or Mention.Form.NAME}
        case _:
            initial |= _said(line, row) | {"source": first}
    return initial


def beginning_as(annotation: Annotation, kind: str) -> dict[str, Any]:
    """What the form of another kind of tag starts with: the words."""
    began = beginning(annotation)
    words = str(began.get("words", ""))
    kept = ("row_version", "based_on", "start", "end", "words", "more")
    initial = {name: began[name] for name in kept if name in began} | {"q": words}
    match kind:
        case Annotation.Kind.CLAIM:
            initial["text"] = " ".join(words.split())
        case Annotation.Kind.MENTION:
            initial["name"] = words
    return initial


def _said(line: SuggestionLine, row: Suggestion | None) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    for role, start, end, exact in line.tag.spans:
        if role in ("source", "cue") and f"{role}_words" not in initial:
            initial |= {f"{role}_words": exact, f"{role}_place": f"{start}-{end}"}
    initial["q"] = initial.get("source_words", "")
    if row:
        unspoken = row.unspoken not in ("", Suggestion.Unspoken.IMPLIED)
        initial["anonymity_reason"] = row.get_unspoken_display() if unspoken else ""
        if row.quote_type:
            initial["quote_type"] = row.quote_type
    return initial


def _choices(labels: Mapping[str, Any], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, str(label), value == chosen) for value, label in labels.items())


def _line(tag: TagLine, row: Suggestion | None) -> SuggestionLine:
    offers = tuple(_offer(tag.kind, offer) for offer in row.offers.all()) if row else ()
    value = row.annotation.confidence if row else None
    what, lang = _what(tag, row, offers)
    # What speaks for the likeliest is said there.
    said = offers[0].reasons if offers else ()
    reasons = reasons_in_words(tag.kind, row.reasons) if row else ()
    return SuggestionLine(
        tag=tag,
        what=what,
        what_lang=lang,
        level="" if value is None else confidence_level(value),
        confidence="" if value is None else confidence_in_words(value),
        value=value or 0.0,
        reasons=tuple(why for why in reasons if why not in said),
        offers=offers,
    )


def _what(tag: TagLine, row: Suggestion | None, offers: tuple[Offer, ...]) -> tuple[str, str]:
    """Whom or what it would stand for, and in which language that is."""
    if tag.what:
        return tag.what, tag.what_lang
    if tag.kind == Annotation.Kind.CLAIM:
        return _("worth a check"), ""
    if offers:
        return offers[0].full_name, ""
    if tag.kind == Annotation.Kind.MENTION:
        kind = row.get_entity_kind_display() if row else ""
        return (_("new: %(kind)s") % {"kind": kind} if kind else _("nobody known")), ""
    source = " ".join(exact for role, _start, _end, exact in tag.spans if role == Target.Role.SOURCE)
    if source:
        return source, ""
    return (row.get_unspoken_display() if row else "") or _("nobody is named"), ""


def _offer(kind: str, offer: SuggestionOffer) -> Offer:
    thing = offer.thing
    name, label, lang = str(thing), "", ""
    if offer.entity:
        name, label = offer.entity.name, offer.entity.get_kind_display()
    elif offer.source:
        name, label = offer.source.name, offer.source.get_kind_display()
    elif offer.claim:
        name, lang = offer.claim.text, offer.claim.lang
    return Offer(thing.code, name, lang, label, reasons_in_words(kind, offer.reasons))


def numbers_by_article(articles: Iterable[Article]) -> Counter[int]:
    """How many wait in each of these articles: one query."""
    some = list(articles)
    lost = Target.objects.lost().filter(annotation__article__in=some)
    found = (
        Annotation.objects.filter(state=Annotation.State.SUGGESTED, article__in=some)
        .exclude(pk__in=lost.values("annotation"))
        .order_by()
        .values_list("article")
        .annotate(Count("pk"))
    )
    return Counter(dict(found))
