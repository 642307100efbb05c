"""What a form of a tag offers to choose from, and what it starts with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from newsroom.models import Annotation, Appearance, Article, Attribution, Mention, Target
from newsroom.text.attribution import Guess, attribution_at
from newsroom.text.selectors import joined, occurrences
from newsroom.text.sentences import sentence_around

from .checking import Place, places_at
from .finding import Found, claims_like, found_entities, found_sources
from .known_cues import lexicon_for
from .known_sources import linked


@dataclass(frozen=True, slots=True)
class Offer:
    """`found` is what the words find; `also` are further places of the same words that bear no such tag."""

    found: tuple[Found, ...] = ()
    also: tuple[Place, ...] = ()
    claims: tuple[Found, ...] = ()
    parents: tuple[Found, ...] = ()
    guessed: bool = False


def claim_offer(words: str, lang: str, chosen: Iterable[Any]) -> Offer:
    """Claims that say the same as these words, each with what it shares and how it differs."""
    return Offer(found=tuple(claims_like(words, lang, chosen=chosen)))


def mention_offer(
    article: Article, words: str, exact: str, start: int | None, chosen: Iterable[Any]
) -> Offer:
    """`words` are looked for among the names; `exact` are those in the text, from `start`."""
    text = article.current_revision.text
    tagged = set(
        Target.objects.current()
        .placed()
        .live()
        .filter(annotation__article=article, annotation__kind=Annotation.Kind.MENTION)
        .values_list("start", "end")
    )
    equal = [(place, place + len(exact)) for place in occurrences(text, exact)]
    others = [span for span in equal if span[0] != start and span not in tagged and _is_whole(text, span)]
    return Offer(
        found=tuple(found_entities(words, chosen=chosen)),
        also=places_at(others, text, article.lang),
    )


def attribution_offer(
    article: Article,
    words: str,
    where: tuple[int, int] | None,
    *,
    chosen: Iterable[Any] = (),
    guessed: bool = False,
    not_in: Annotation | None = None,
) -> Offer:
    """Sources of these words; claims that stand where the content does; who might report it."""
    chosen = [*chosen, *(one.source for one in linked(article, [words])[words])]
    return Offer(
        found=tuple(found_sources(words, article, chosen=chosen)),
        claims=tuple(_claims_at(article, where) if where else ()),
        parents=tuple(_others(article, not_in)),
        guessed=guessed,
    )


def guess(article: Article, start: int, end: int) -> dict[str, Any]:
    """What an attribution of this selection starts with, as far as the sentence gives it away."""
    text = article.current_revision.text
    lexicon = lexicon_for(article.lang)
    found = attribution_at(text, start, end, lang=article.lang, lexicon=lexicon)
    if found is None or not found.content:
        return {}
    content = found.content[0]
    initial: dict[str, Any] = {
        "start": content[0],
        "end": content[1],
        "words": text[slice(*content)],
        "more": " ".join(f"{first}-{last}" for first, last in found.content[1:]),
        "quote_type": str(found.quote_type),
        "q": _named(text, found),
    }
    [known] = linked(article, [initial["q"]]).values()
    if known and known[0].sure:
        initial["source"] = known[0].source.code
    for role, spans in (("source", found.source), ("cue", found.cue)):
        if spans:
            initial |= {f"{role}_words": text[slice(*spans[0])], f"{role}_place": "{}-{}".format(*spans[0])}
    return initial


def state_of(annotation: Annotation) -> dict[str, Any]:
    """What the form of an existing tag starts with."""
    targets = list(
        Target.objects.current().placed().filter(annotation=annotation).order_by("role", "ordinal")
    )
    content = [target for target in targets if target.role == Target.Role.CONTENT]
    initial: dict[str, Any] = {"row_version": annotation.row_version}
    if content:
        initial |= {"start": content[0].start, "end": content[0].end, "words": content[0].exact}
        initial["more"] = " ".join(f"{target.start}-{target.end}" for target in content[1:])
    match annotation.kind:
        case Annotation.Kind.CLAIM:
            initial["claim"] = annotation.appearance.claim.code
        case Annotation.Kind.MENTION:
            mentions = list(annotation.mentions.select_related("entity").order_by("pk"))
            initial["entity"] = [mention.entity.code for mention in mentions if mention.entity]
            initial["form"] = mentions[0].form if mentions else Mention.Form.NAME
        case Annotation.Kind.ATTRIBUTION:
            said = annotation.attribution
            initial |= {
                name: row.code
                for name, row in (("source", said.source), ("claim", said.claim), ("parent", said.parent))
                if row
            }
            initial |= {"quote_type": said.quote_type, "anonymity_reason": said.anonymity_reason}
            for target in targets:
                if target.role in (Target.Role.SOURCE, Target.Role.CUE):
                    initial[f"{target.role}_words"] = target.exact
                    initial[f"{target.role}_place"] = f"{target.start}-{target.end}"
    return initial


def _named(text: str, found: Guess) -> str:
    return joined(text[slice(*span)] for span in found.named[:1])


def _is_whole(text: str, span: tuple[int, int]) -> bool:
    """Whether these words are not a part of a longer one."""
    before, after = text[: span[0]][-1:], text[span[1] :][:1]
    return not (before.isalnum() or after.isalnum())


def _claims_at(article: Article, where: tuple[int, int]) -> Iterable[Found]:
    """Claims that stand on words of this sentence."""
    start, end = sentence_around(article.current_revision.text, *where, article.lang)
    standing = Target.objects.current().placed().live().filter(start__lt=end, end__gt=start)
    appearances = Appearance.objects.filter(
        annotation__article=article, annotation__in=standing.values("annotation")
    ).select_related("claim")
    for appearance in appearances:
        yield Found(appearance.claim.code, appearance.claim.text, appearance.claim.lang, "")


def _others(article: Article, not_in: Annotation | None) -> Iterable[Found]:
    """The other attributions of this article, by who says it and with which words."""
    from_here = Attribution.objects.filter(annotation__in=article.annotations.live())
    if not_in is not None:
        from_here = from_here.exclude(annotation=not_in)
    content = {
        target.annotation_id: target.exact
        for target in Target.objects.current()
        .placed()
        .filter(annotation__in=from_here.values("annotation"), role=Target.Role.CONTENT, ordinal=0)
        .order_by("start")
    }
    for said in from_here.select_related("source"):
        words = content.get(said.annotation_id, "")
        who = said.source.name if said.source else said.anonymity_reason
        yield Found(said.code, f"{who}: «{words[:60]}»", article.lang, "")
