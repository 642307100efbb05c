"""What a program reads out of a text: names, who says what, sentences that are worth a check.

The rooms of `text/` find it; what is put together here is what they need of the newsroom (its names, cues,
sources, claims, and what its tags taught) and the keys of whom it may stand for. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from newsroom.models import Article, Claim, Mention
from newsroom.text import mentions
from newsroom.text.annotated import ATTRIBUTION, CLAIM, CONTENT, CUE, MENTION, SOURCE, Part
from newsroom.text.attribution import Guess, attributions
from newsroom.text.characters import is_latin
from newsroom.text.check_worthiness import SentenceModel, Sign, Worth, check_worthiness
from newsroom.text.mentions import BY_SHORT_FORM, Model, Proposal, Why
from newsroom.text.proposed import Offered, Proposed, Reason
from newsroom.text.selectors import joined

from .known_cues import lexicon_for
from .known_names import known_names
from .known_sources import linked
from .matched import SURE, Unsearchable, matched_in

#: Which program proposed it: what it was, and how it was found.
NAMES, SAID, WORTH = "controluce names", "controluce attributions", "controluce claims"
#: From here on a sentence is worth a check; languages whose words tell; and less sure is no suggestion.
WORTH_A_CHECK, RULED, LEAST = 0.5, ("it", "en"), 0.3
#: Of so many sentences, those most worth a check, it is asked which claims say the same: so many.
MOST_MATCHED, MOST_OFFERED = 5, 3


class Models(Protocol):
    """What the newsroom's own tags taught; None where the rules are asked alone."""

    @property
    def names(self) -> Model | None: ...
    @property
    def worth(self) -> SentenceModel | None: ...
    @property
    def opinions(self) -> SentenceModel | None: ...


class NothingLearned(NamedTuple):
    names: Model | None = None
    worth: SentenceModel | None = None
    opinions: SentenceModel | None = None


NOTHING_LEARNED = NothingLearned()


def proposed(article: Article, *, models: Models = NOTHING_LEARNED) -> list[Proposed]:
    """All of an article's current text: names, then who says what, then claims, each in order of place."""
    text, lang = article.current_revision.text, article.lang
    named = [one for one in mentions.propose(text, lang, known_names(), models.names) if _is_sure(one)]
    names = {text[one.start : one.end] for one in named if one.entities}
    said = attributions(text, lang=lang, lexicon=lexicon_for(lang), names=names)
    worth = check_worthiness(
        text, lang=lang, names=names, reported=said, worth=models.worth, opinions=models.opinions
    )
    found = list(_mentions(named))
    found += _attributions(article, text, said, len(found))
    if _is_read(lang, models.worth):
        found += _claims(text, lang, worth)
    return found


def _is_sure(one: Proposal) -> bool:
    return one.confidence >= LEAST


def _mentions(named: Sequence[Proposal]) -> Iterator[Proposed]:
    places = {(one.start, one.end): number for number, one in enumerate(named)}
    for one in named:
        offers = tuple(Offered(int(choice.key), _reasons(choice.reasons)) for choice in one.entities)
        yield Proposed(
            kind=MENTION,
            parts=(Part(one.start, one.end),),
            generator=f"{NAMES}, {one.generator}",
            confidence=one.confidence,
            reasons=_reasons(one.reasons),
            entity_kind=one.kind,
            form=Mention.Form.NAME,
            offers=offers,
            follows=places.get(one.follows) if one.follows and one.generator == BY_SHORT_FORM else None,
        )


def _reasons(reasons: Iterable[Why]) -> tuple[Reason, ...]:
    return tuple((str(why.reason), why.words) for why in reasons)


def _attributions(article: Article, text: str, said: Sequence[Guess], before: int) -> list[Proposed]:
    """`before`: how many proposals stand before these in the list."""
    sure = {number: guess for number, guess in enumerate(said) if guess.content and guess.confidence >= LEAST}
    places = {number: before + place for place, number in enumerate(sure)}
    words = {number: joined(text[slice(*span)] for span in guess.named) for number, guess in sure.items()}
    known = linked(article, filter(None, words.values()))
    return [
        Proposed(
            kind=ATTRIBUTION,
            parts=tuple(_parts(guess)),
            generator=f"{SAID}, rules",
            confidence=round(guess.confidence, 3),
            reasons=tuple((str(reason), ()) for reason in guess.reasons),
            quote_type=str(guess.quote_type),
            unspoken=str(guess.unspoken or ""),
            offers=tuple(
                Offered(one.source.pk, ((one.fit.name.lower(), (words[number],)),))
                for one in known.get(words[number], ())
            ),
            follows=None if guess.parent is None else places.get(guess.parent),
        )
        for number, guess in sure.items()
    ]


def _parts(guess: Guess) -> Iterator[Part]:
    """In the order of their places. A source that is named elsewhere stands there too."""
    spans = [
        *((span, SOURCE) for span in guess.named),
        *((span, CUE) for span in guess.cue),
        *((span, CONTENT) for span in guess.content),
    ]
    for (start, end), role in sorted(spans):
        if start < end:
            yield Part(start, end, role)


def _is_read(lang: str, model: SentenceModel | None) -> bool:
    return lang.partition("-")[0].lower() in RULED or (model is not None and model.reads(lang))


def _claims(text: str, lang: str, worth: Sequence[Worth]) -> list[Proposed]:
    sentences = [
        one
        for one in worth
        if one.score >= WORTH_A_CHECK
        and Sign.FRAGMENT not in one.signs
        # An article may hold another script than that of its language.
        and is_latin(text[one.start : one.end])
    ]
    likeliest = sorted(sentences, key=lambda one: (-one.score, one.start))[:MOST_MATCHED]
    said = {one.start: text[one.start : one.end] for one in likeliest}
    same = dict(zip(said, _same(list(said.values()), lang), strict=True))
    return [
        Proposed(
            kind=CLAIM,
            parts=(Part(one.start, one.end),),
            generator=f"{WORTH}, {'rules and model' if Sign.LEARNED in one.signs else 'rules'}",
            confidence=one.score,
            reasons=tuple((str(sign), ()) for sign in one.signs),
            offers=same.get(one.start, ()),
        )
        for one in sentences
    ]


def _same(sentences: Sequence[str], lang: str) -> list[tuple[Offered, ...]]:
    """Of each the claims that say the same, and what they have in common; none where the index is broken."""
    standing = Claim.objects.filter(withdrawn_at=None)
    try:
        found = matched_in(sentences, lang, among=standing, most=MOST_OFFERED, least=SURE)
    except Unsearchable:
        return [()] * len(sentences)
    return [
        tuple(
            Offered(one.claim.pk, (("same", (*one.match.names, *one.match.figures, *one.match.words)),))
            for one in some
        )
        for some in found
    ]
