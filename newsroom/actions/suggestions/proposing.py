"""The deed that writes what a program proposes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from newsroom.actions.deeds import record
from newsroom.actions.refusals import Outdated, require
from newsroom.models import (
    Annotation,
    Article,
    Revision,
    Suggestion,
    SuggestionOffer,
    Target,
    User,
)
from newsroom.text.annotated import ATTRIBUTION, CONTENT, CUE, MENTION, Part
from newsroom.text.proposed import Proposed, Reason
from newsroom.text.reanchoring import State, reanchor
from newsroom.text.selectors import quoted

from .deciding import ACCEPTED_HERE

#: In so many earlier texts, the newest, what was rejected there is followed into the current one.
MOST_TEXTS = 8

_Spans = tuple[tuple[int, int], ...]


@transaction.atomic
def propose(
    article: Article, *, proposals: Sequence[Proposed], by: User, at: datetime, based_on: int
) -> list[Annotation]:
    """Writes what was read out of the text numbered `based_on`; `Outdated` if another one is current by now.

    Left out is what stands on words that bear a tag of that kind, and what a person rejected on these words
    before. So done twice it writes nothing twice. What waits on these very words since an earlier reading is
    offered what is known now: its row has another version then, and whoever looks at the old one is told.
    `by` is who brought the text: nobody has decided anything.
    The number of statements does not grow with that of the proposals.
    """
    require(by, "add_annotation")
    article = Article.objects.for_change().get(pk=article.pk)
    revision = article.current_revision
    if revision.number != based_on:
        raise Outdated(revision)
    tagged, rejected = _Tagged(revision), _rejected(article, revision)
    fresh = {
        number: one
        for number, one in enumerate(proposals)
        if not tagged.bears(one) and (one.kind, one.content, _stands_for(one)) not in rejected
    }
    others = [one for number, one in enumerate(proposals) if number not in fresh]
    renewed = _renew(article, revision, others, rejected, at=at)
    if not (fresh or renewed):
        return []
    made = _annotations(article, fresh, by=by, at=at)
    Target.objects.bulk_create(
        target for number, one in fresh.items() for target in _targets(made[number], revision, one)
    )
    _suggestions(made, fresh, revision)
    counts = Counter(one.kind for one in fresh.values())
    after = {"revision": revision.number, "proposed": dict(sorted(counts.items()))}
    after |= {"renewed": renewed} if renewed else {}
    record("suggestion.propose", by=by, at=at, article=article, objects=[article, revision], after=after)
    return list(made.values())


def _annotations(
    article: Article, fresh: dict[int, Proposed], *, by: User, at: datetime
) -> dict[int, Annotation]:
    rows = [
        Annotation(
            article=article,
            kind=one.kind,
            state=Annotation.State.SUGGESTED,
            generator=one.generator,
            confidence=one.confidence,
            by=by,
            at=at,
        )
        for one in fresh.values()
    ]
    return dict(zip(fresh, Annotation.objects.bulk_create(rows), strict=True))


def _targets(annotation: Annotation, revision: Revision, one: Proposed) -> Iterator[Target]:
    seen: Counter[str] = Counter()
    for start, end, role in one.parts:
        exact, prefix, suffix = quoted(revision.text, start, end)
        yield Target(
            annotation=annotation,
            revision=revision,
            role=role,
            ordinal=seen[role],
            start=start,
            end=end,
            exact=exact,
            prefix=prefix,
            suffix=suffix,
        )
        seen[role] += 1


def _suggestions(made: dict[int, Annotation], fresh: dict[int, Proposed], revision: Revision) -> None:
    rows = {
        number: Suggestion(
            annotation=made[number],
            revision=revision,
            reasons=_as_data(one.reasons),
            entity_kind=one.entity_kind,
            form=one.form,
            quote_type=one.quote_type,
            unspoken=one.unspoken,
        )
        for number, one in fresh.items()
    }
    Suggestion.objects.bulk_create(rows.values())
    hanging = []
    for number, one in fresh.items():
        if one.follows in rows and one.follows != number:
            rows[number].follows = rows[one.follows]
            hanging.append(rows[number])
    if hanging:
        Suggestion.objects.bulk_update(hanging, ["follows"])
    SuggestionOffer.objects.bulk_create(
        SuggestionOffer(
            suggestion=rows[number],
            ordinal=ordinal,
            reasons=_as_data(offered.reasons),
            **{_OFFERED[one.kind]: offered.key},
        )
        for number, one in fresh.items()
        for ordinal, offered in enumerate(one.offers)
    )


def _renew(
    article: Article,
    revision: Revision,
    proposals: Sequence[Proposed],
    rejected: set[tuple[str, _Spans, int | None]],
    *,
    at: datetime,
) -> int:
    """Of what waits with these very parts, whom it may stand for and why; how many that changed.

    What a decision of a person offered stays, behind what is known.
    """
    waiting = {
        row.annotation_id: row
        for row in Suggestion.objects.pending().made_here().of(article).select_related("annotation")
    }
    parts: dict[int, list[Part]] = defaultdict(list)
    placed = Target.objects.placed().filter(revision=revision, annotation__in=waiting)
    for key, role, start, end in placed.values_list("annotation", "role", "start", "end"):
        parts[key].append(Part(start, end, role))
    offers: dict[int, list[SuggestionOffer]] = defaultdict(list)
    for offer in SuggestionOffer.objects.filter(suggestion__in=waiting.values()).order_by("ordinal"):
        offers[offer.suggestion_id].append(offer)
    stands = {(waiting[key].annotation.kind, frozenset(some)): waiting[key] for key, some in parts.items()}
    changed: dict[int, Suggestion] = {}
    fresh: list[SuggestionOffer] = []
    for one in proposals:
        row = stands.get((one.kind, frozenset(one.parts)))
        if row is None or (one.kind, one.content, _stands_for(one)) in rejected:
            continue
        column = _OFFERED[one.kind]
        known = [offered.key for offered in one.offers]
        decided = [
            offer
            for offer in offers[row.pk]
            if offer.reasons and offer.reasons[0][0] == ACCEPTED_HERE and getattr(offer, column) not in known
        ]
        wanted = known + [getattr(offer, column) for offer in decided]
        if [getattr(offer, column) for offer in offers[row.pk]] == wanted:
            continue
        changed[row.pk] = row
        row.reasons, row.entity_kind = _as_data(one.reasons), one.entity_kind
        row.annotation.generator, row.annotation.confidence = one.generator, one.confidence
        row.annotation.row_version += 1
        row.annotation.changed_at = at
        said = [(offered.key, _as_data(offered.reasons)) for offered in one.offers]
        said += [(getattr(offer, column), offer.reasons) for offer in decided]
        fresh += (
            SuggestionOffer(suggestion=row, ordinal=ordinal, reasons=reasons, **{column: key})
            for ordinal, (key, reasons) in enumerate(said)
        )
    if changed:
        SuggestionOffer.objects.filter(suggestion__in=changed).delete()
        SuggestionOffer.objects.bulk_create(fresh)
        Suggestion.objects.bulk_update(changed.values(), ["reasons", "entity_kind"])
        Annotation.objects.bulk_update(
            [row.annotation for row in changed.values()],
            ["generator", "confidence", "row_version", "changed_at"],
        )
    return len(changed)


#: The column of an offer, by the kind of what is proposed.
_OFFERED = {"mention": "entity_id", "attribution": "source_id", "claim": "claim_id"}


def _as_data(reasons: Sequence[Reason]) -> list[list[object]]:
    return [[str(code), list(words)] for code, words in reasons]


def _stands_for(one: Proposed) -> int | None:
    """A name that was rejected as one thing may be proposed as another."""
    return one.offers[0].key if one.kind == MENTION and one.offers else None


class _Tagged:
    """Which characters of a text bear a live tag, by kind and role."""

    def __init__(self, revision: Revision) -> None:
        self._covered: dict[tuple[str, str], bytearray] = defaultdict(lambda: bytearray(len(revision.text)))
        placed = Target.objects.live().placed().filter(revision=revision)
        for kind, role, start, end in placed.values_list("annotation__kind", "role", "start", "end"):
            self._covered[kind, role][start:end] = b"\1" * (end - start)

    def bears(self, one: Proposed) -> bool:
        """Whether its words are tagged in its kind. Who says what may stand in what another one says."""
        covered = self._covered[one.kind, CONTENT]
        if not any(any(covered[start:end]) for start, end in one.content):
            return False
        if one.kind != ATTRIBUTION:
            return True
        cues = [(part.start, part.end) for part in one.parts if part.role == CUE]
        other_cues = self._covered[ATTRIBUTION, CUE]
        within = bool(cues) and all(all(covered[start:end]) for start, end in cues)
        return not within or any(any(other_cues[start:end]) for start, end in cues)


def _rejected(article: Article, revision: Revision) -> set[tuple[str, _Spans, int | None]]:
    """What a person rejected in this article, where its words stand now: kind, places, whom it stood for.

    No text carries what was rejected, so it is followed from the last one that it stood in.
    """
    rejected = Suggestion.objects.of(article).filter(decision=Suggestion.Decision.REJECTED)
    kinds = dict(rejected.values_list("annotation", "annotation__kind"))
    if not kinds:
        return set()
    first_offers = SuggestionOffer.objects.filter(
        suggestion__annotation__in=kinds, ordinal=0, entity__isnull=False
    )
    stood_for = dict(first_offers.values_list("suggestion__annotation", "entity"))
    last: dict[int, tuple[int, list[tuple[int, int]]]] = {}
    targets = Target.objects.placed().filter(annotation__in=kinds, role=Target.Role.CONTENT)
    for key, text, start, end in targets.order_by("-revision__number", "start").values_list(
        "annotation", "revision", "start", "end"
    ):
        of, spans = last.setdefault(key, (text, []))
        if of == text:
            spans.append((start, end))
    by_text: dict[int, list[int]] = defaultdict(list)
    for key, (text, _spans) in last.items():
        by_text[text].append(key)
    newest = sorted(by_text, reverse=True)[:MOST_TEXTS]
    texts = dict(Revision.objects.filter(pk__in=newest).values_list("pk", "text"))
    found = set()
    for text in newest:
        keys = by_text[text]
        spans = [span for key in keys for span in last[key][1]]
        fates = iter(reanchor(texts[text], revision.text, spans))
        for key in keys:
            places = [next(fates) for _span in last[key][1]]
            if all(fate.state in (State.EXACT, State.MOVED) for fate in places):
                content = tuple((fate.start or 0, fate.end or 0) for fate in places)
                found.add((kinds[key], content, stood_for.get(key)))
    return found
