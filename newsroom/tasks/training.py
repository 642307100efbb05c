"""The assistant's training: read, learned, and measured beside what is in use. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from newsroom.models import Annotation, Claim, TrainedModel
from newsroom.outside.crfsuite import trained
from newsroom.presenters.known_cues import lexicon_for
from newsroom.presenters.learned import Learned, learned_models
from newsroom.presenters.teaching import Taught, fingerprint, taught
from newsroom.text.attribution import Guess, attributions
from newsroom.text.check_worthiness import check_worthiness
from newsroom.text.check_worthiness.learned import OPINION, WORTH, SentenceModel
from newsroom.text.check_worthiness.learned import learned as learned_sentences
from newsroom.text.check_worthiness.signs import Sign, signs
from newsroom.text.measures import average_precision, macro_f1
from newsroom.text.mentions import Model
from newsroom.text.mentions.model import ALGORITHM, SETTINGS, Tagged, examples, learned, packed
from newsroom.text.mentions.tagging import exactness, read_by, read_by_rules, tagged

Told = Callable[[str, int, int], None]
#: With less there is nothing to learn: names, sentences of the rarer sort; and articles held for measuring.
LEAST_NAMES, LEAST_SENTENCES, LEAST_HELD = 200, 50, 3
#: The newest articles are learned from: of more the training would take hours and gigabytes.
MOST_ARTICLES = 500


@dataclass(frozen=True, slots=True)
class Training:
    """What came of it; without a file nothing was trained, and `why_not` says why ("few", "same")."""

    kind: str
    lang: str
    data_sha256: str
    articles: int
    held_articles: int
    examples: int
    rejections: int
    file: bytes = b""
    before: float = 0.0
    after: float = 0.0
    seconds: float = 0.0
    why_not: str = ""


@dataclass(slots=True)
class _Lessons:
    kind: str
    lang: str
    learned: list[Taught]
    held: list[Taught]
    in_use: Learned
    told: Told


def train(
    kind: str, lang: str, *, most: int = MOST_ARTICLES, told: Told = lambda _w, _n, _o: None
) -> Training:
    """A model of this kind, and how well it and what is in use do on the articles held back.

    `told` hears what is being done, how far it is and of how much.
    """
    begun = perf_counter()
    told("reading", 0, 1)
    about = Annotation.Kind.MENTION if kind == TrainedModel.Kind.NAMES else Annotation.Kind.CLAIM
    everything = taught(about, lang, most=most)
    lessons = _Lessons(
        kind,
        lang,
        [one for one in everything if not one.is_held],
        [one for one in everything if one.is_held],
        learned_models(lang),
        told,
    )
    data = fingerprint(everything)
    number, is_enough, make = (_names if kind == TrainedModel.Kind.NAMES else _sentences)(lessons)
    facts = {
        "kind": kind,
        "lang": lang,
        "data_sha256": data,
        "articles": len(lessons.learned),
        "held_articles": len(lessons.held),
        "examples": number,
        "rejections": sum(len(one.rejected) for one in lessons.learned),
    }
    if not is_enough or len(lessons.held) < LEAST_HELD:
        return Training(**facts, why_not="few")
    last = TrainedModel.objects.filter(kind=kind, lang=lang).values_list("data_sha256", "state").first()
    if last is not None and last[0] == data and last[1] != TrainedModel.State.ERASED:
        return Training(**facts, why_not="same")
    file, before, after = make()
    seconds = perf_counter() - begun
    return Training(
        **facts, file=file, before=round(before, 4), after=round(after, 4), seconds=round(seconds, 1)
    )


_Make = Callable[[], tuple[bytes, float, float]]


def _names(lessons: _Lessons) -> tuple[int, bool, _Make]:
    def of(articles: Sequence[Taught]) -> list[list[Tagged]]:
        return [tagged(one.text, one.accepted, lessons.lang) for one in articles]

    number = sum(len(one.accepted) for one in lessons.learned)

    def make() -> tuple[bytes, float, float]:
        articles, held = of(lessons.learned), of(lessons.held)
        known = learned(articles)
        rounds = int(SETTINGS["max_iterations"])
        weights = trained(
            examples(articles, known),
            ALGORITHM,
            SETTINGS,
            lambda done: lessons.told("learning", min(done, rounds), rounds),
        )
        file = packed(weights, known)
        lessons.told("measuring", 0, 1)
        now = read_by(lessons.in_use.names) if lessons.in_use.names else read_by_rules
        return file, exactness(held, now).f1, exactness(held, read_by(Model.from_bytes(file))).f1

    has_some_held = any(one.accepted for one in lessons.held)
    return number, number >= LEAST_NAMES and has_some_held, make


def _sentences(lessons: _Lessons) -> tuple[int, bool, _Make]:
    is_worth = lessons.kind == TrainedModel.Kind.WORTH
    taught_by = _worth_a_check if is_worth else _opinions
    known = list(taught_by(lessons.learned, lessons.lang))
    held = list(taught_by(lessons.held, lessons.lang))
    rarer = min(sum(taken for _, taken in known), sum(not taken for _, taken in known))
    measurable = len({taken for _, taken in held}) == 2

    def make() -> tuple[bytes, float, float]:
        lessons.told("learning", 0, 1)
        model = learned_sentences(known, kind=WORTH if is_worth else OPINION, lang=lessons.lang)
        lessons.told("measuring", 0, 1)
        if is_worth:
            guesses = _who_says_what(lessons)
            before = _ranking(lessons, guesses, lessons.in_use.worth)
            after = _ranking(lessons, guesses, model)
        else:
            before = macro_f1((is_so, _seems_opinion(said, lessons)) for said, is_so in held)
            after = macro_f1((is_so, model.probability(said) >= 0.5) for said, is_so in held)
        return model.to_bytes(), before, after

    return len(known), rarer >= LEAST_SENTENCES and measurable, make


def _worth_a_check(articles: Sequence[Taught], lang: str) -> Iterator[tuple[str, bool]]:
    """Sentences that hold a claim, against the others; one that was rejected as such is said twice."""
    for one in articles:
        for (start, end), kinds, rejected in one.judged(lang):
            yield one.text[start:end], bool(kinds)
            if rejected and not kinds:
                yield one.text[start:end], False


def _opinions(articles: Sequence[Taught], lang: str) -> Iterator[tuple[str, bool]]:
    """Of the sentences that hold a claim those whose claim the desk calls an opinion, against the others."""
    for one in articles:
        for (start, end), kinds, _rejected in one.judged(lang):
            if kinds:
                yield one.text[start:end], Claim.Kind.OPINION in kinds


def _seems_opinion(sentence: str, lessons: _Lessons) -> bool:
    if lessons.in_use.opinions is not None:
        return lessons.in_use.opinions.probability(sentence) >= 0.5
    return Sign.OPINION in signs(sentence, lang=lessons.lang)


def _who_says_what(lessons: _Lessons) -> list[list[Guess]]:
    lexicon = lexicon_for(lessons.lang)
    return [attributions(one.text, lang=lessons.lang, lexicon=lexicon) for one in lessons.held]


def _ranking(lessons: _Lessons, guesses: list[list[Guess]], worth: SentenceModel | None) -> float:
    """How far up in their articles the sentences with claims stand."""
    found = []
    for one, reported in zip(lessons.held, guesses, strict=True):
        scored = check_worthiness(
            one.text,
            lang=lessons.lang,
            reported=reported,
            worth=worth,
            opinions=lessons.in_use.opinions,
        )
        has_claim = {span: bool(kinds) for span, kinds, _rejected in one.judged(lessons.lang)}
        if any(has_claim.values()):
            found.append(average_precision((each.score, has_claim[each.start, each.end]) for each in scored))
    return sum(found) / len(found) if found else 0.0
