"""Of several that have one name: whom does it stand for here, and why.

Three things are weighed. What stands **near**: «il *software* Databricks», «Databricks ha *acquisito*»
speak for a kind, the nearer the louder. The **context**: words that stood near accepted mentions of each, as
counts. And how **often** each was meant before. The weights are no probabilities; they add up to one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import exp, log

from newsroom.text.folding import fold
from newsroom.text.stems import STOP_WORDS

from . import cues
from .aliases import Hit, Named
from .rules import Reason

#: So many words on either side are near.
WINDOW = 12
_WORD = re.compile(r"[^\W\d_]{2,}")
#: A piece of text that holds the window, whatever its words.
_REACH = 240


def _folded(words: AbstractSet[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


def _listed(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


_SOFTWARE = _listed("""
    software piattaforma app applicazione programma servizio strumento versione modello sistema
    interfaccia utente utenti funzione funzioni aggiornamento licenza codice usare utilizzare utilizzo
    installare navigare tramite attraverso browser plugin algoritmo platform application program service
    tool version model system interface user users feature update license code use using install via
    through
""")
#: Words near a name that speak for its kind.
NEAR_BY_KIND: Mapping[str, frozenset[str]] = {
    "software": _SOFTWARE,
    "product": _SOFTWARE
    | _listed("prodotto dispositivo telefono automobile auto marca product device phone car"),
    "organisation": _listed("""
        azienda aziende società gruppo compagnia impresa startup colosso multinazionale banca acquisito
        acquisita acquisisce acquisire acquistato comprato annunciato fatturato azioni azionisti ceo
        amministratore dipendenti fondata fondato sede accordo investito investimento investitori soci
        quotata licenziato assunto assume partnership vende venduto ha accusato bilancio ricavi utili
        partito sindacato squadra company firm group startup giant bank acquired acquires bought announced
        revenue shares shareholders executive employees founded headquarters agreement deal invested
        investors hired fired partnership sold sells profits party team
    """)
    | _folded(cues.BEFORE_ORGANISATIONS),
    "person": _folded(cues.TITLES)
    | _listed("nato nata disse dice moglie marito morto morta anni born said says died aged"),
    "place": _folded(cues.BEFORE_PLACES - {"ad", "da", "at", "from"})
    | _listed(
        "abitanti residenti strada strade sindaco centro periferia inhabitants residents mayor streets"
    ),
    "work": _listed("""
        film libro romanzo album canzone brano serie titolo regia uscito uscita capitolo opera quadro
        spettacolo book novel song series movie title directed chapter painting show
    """),
    "event": _listed("""
        edizione festival vertice guerra torneo finale durante svolto edition summit war tournament during
        held
    """),
    "concept": _listed(
        "concetto tecnologia settore mercato teoria ambito idea concept technology field market theory"
    ),
}


@dataclass(frozen=True, slots=True)
class Why:
    """A reason, and the words that it rests on, if any."""

    reason: Reason
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One that a name may stand for. The `weight` of all choices is one."""

    key: str
    kind: str
    weight: float
    reasons: tuple[Why, ...]


def context_words(text: str, start: int, end: int) -> list[str]:
    """What to count for a mention that was accepted: `Counter.update()` makes the `context` of a `Named`."""
    return sorted({word for word, _ in _near(text, start, end) if word not in STOP_WORDS})


def choices(text: str, hit: Hit, sure: AbstractSet[str] = frozenset()) -> tuple[Choice, ...]:
    """Whom a hit may stand for, likeliest first. `sure` are keys that the article names beyond doubt."""
    near = list(_near(text, hit.start, hit.end))
    kinds = {named.kind for named in hit.named}
    scored: list[tuple[float, Named, list[Why]]] = []
    for named in hit.named:
        score, reasons = 0.0, [Why(Reason.ALIAS if named.key in hit.exact else Reason.ANY_CASE)]
        if named.key not in hit.exact:
            score -= 1
        if len(hit.named) > 1:
            for points, why in _evidence(named, hit.named, near, len(kinds) > 1, sure):
                score += points
                reasons.append(why)
        scored.append((score, named, reasons))
    best = max(score for score, _, _ in scored)
    total = sum(exp(score - best) for score, _, _ in scored)
    found = [
        Choice(named.key, named.kind, round(exp(score - best) / total, 3), tuple(reasons))
        for score, named, reasons in scored
    ]
    return tuple(sorted(found, key=lambda choice: (-choice.weight, choice.key)))


def _evidence(
    named: Named,
    rivals: Sequence[Named],
    near: Sequence[tuple[str, int]],
    kinds_differ: bool,
    sure: AbstractSet[str],
) -> Iterator[tuple[float, Why]]:
    if kinds_differ:
        cue_words = NEAR_BY_KIND.get(named.kind, frozenset()) | _description(named)
        speaking = {word: 3 / (1 + distance) for word, distance in reversed(near) if word in cue_words}
        if speaking:
            words = tuple(sorted(speaking, key=lambda word: -speaking[word])[:3])
            yield min(4.0, sum(speaking.values())), Why(Reason.NEAR, words)
    if any(rival.context for rival in rivals):
        points, words = _by_context(named, rivals, near)
        if points:
            yield points, Why(Reason.CONTEXT if points > 0 else Reason.OTHER_CONTEXT, words)
    if most := max(rival.times for rival in rivals):
        yield (
            log((named.times + 1) / (most + 1)) / 2,
            Why(Reason.OFTEN if named.times == most else Reason.SELDOM),
        )
    if named.key in sure:
        yield 1.5, Why(Reason.ELSEWHERE)


def _description(named: Named) -> frozenset[str]:
    words = {fold(word) for word in _WORD.findall(named.description)}
    return frozenset(word for word in words if word not in STOP_WORDS)


def _by_context(
    named: Named, rivals: Sequence[Named], near: Sequence[tuple[str, int]]
) -> tuple[float, tuple[str, ...]]:
    """Naive Bayes against the other ones, over words that any of them was seen with."""
    points: dict[str, float] = {}
    total = sum(rival.times for rival in rivals) - named.times
    for word in {word for word, _ in near}:
        mine = named.context.get(word, 0)
        theirs = sum(rival.context.get(word, 0) for rival in rivals) - mine
        if mine or theirs:
            # A word counts by how much of the mentions have it, so one seldom meant is not shouted down.
            ratio = ((mine + 0.3) / (named.times + 1)) / ((theirs + 0.3) / (total + 1))
            points[word] = max(-2.0, min(2.0, log(ratio)))
    loudest = sorted(points, key=lambda word: (-points[word], word))[:3]
    score = max(-6.0, min(6.0, sum(points.values())))
    return score, tuple(word for word in loudest if points[word] > 0)


def _near(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """Words of the same paragraph, folded, with their distance from the name: 0 stands beside it."""
    first = max(text.rfind("\n", 0, start) + 1, start - _REACH)
    last = text.find("\n", end)
    last = min(len(text) if last < 0 else last, end + _REACH)
    before = _WORD.findall(text[first:start])[-WINDOW:]
    behind = _WORD.findall(text[end:last])[:WINDOW]
    for words in (reversed(before), behind):
        for distance, word in enumerate(words):
            yield fold(word), distance
