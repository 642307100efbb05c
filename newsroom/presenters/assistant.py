"""How well the assistant does: what became of its proposals, by kind, week and maker; and its training.

Of the program alone: who decided is not asked, and stands on no page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.utils.functional import Promise
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy, pgettext_lazy

from newsroom.models import Suggestion, TrainedModel

from .learned import is_usable
from .proposed import NAMES, SAID, WORTH

WEEKS = 12
#: In the order in which they stand on one another in the picture, the lowest first.
DECIDED = (
    Suggestion.Decision.ACCEPTED,
    Suggestion.Decision.CORRECTED,
    Suggestion.Decision.REJECTED,
)
KINDS: dict[str, Promise] = {
    "mention": pgettext_lazy("tags", "Names"),
    "attribution": gettext_lazy("Who says what"),
    "claim": gettext_lazy("Claims worth a check"),
}
#: As suggestions have it (`proposed.py`); of another program its own name stands there.
GENERATORS: dict[str, Promise] = {
    f"{NAMES}, alias": gettext_lazy("names that are known here"),
    f"{NAMES}, short-form": gettext_lazy("short forms of a name"),
    f"{NAMES}, rules": gettext_lazy("rules for names"),
    f"{NAMES}, model": gettext_lazy("names as it learned them here"),
    f"{SAID}, rules": gettext_lazy("rules for who says what"),
    f"{WORTH}, rules": gettext_lazy("signs of what is worth a check"),
    f"{WORTH}, rules and model": gettext_lazy("such signs, and what it learned here"),
}
MEASURES: dict[str, Promise] = {
    "names": gettext_lazy("names right in place and kind (F1)"),
    "worth": gettext_lazy("how far up what was tagged stands (average precision)"),
    "opinion": gettext_lazy("opinions and others told apart (macro F1)"),
}
CANNOT: tuple[Promise, ...] = (
    gettext_lazy("tell a country from its government or its team (“Italy wins”);"),
    gettext_lazy("find organisations in small letters, or names in a line that is all capitals;"),
    gettext_lazy(
        "know that a description such as “the giant of Redmond” is a name, unless somebody made it one;"
    ),
    gettext_lazy(
        "find who says something where no word says so, or where a subject has a long clause of its own;"
    ),
    gettext_lazy("see irony, or tell whose opinion it is that stands in quotation marks;"),
    gettext_lazy("judge a sentence by the ones around it;"),
    gettext_lazy("find an earlier claim without a word in common, or know that two sentences mean the same;"),
    gettext_lazy("say whether anything is true: that is yours."),
)

# The picture, in its own units: as wide as a phone, so that its letters are never too small.
WIDE, TALL = 340, 150
_LEFT, _RIGHT, _TOP, _FLOOR = 28, 8, 10, 128
_GAP = 6


@dataclass(frozen=True, slots=True)
class Counts:
    accepted: int = 0
    corrected: int = 0
    rejected: int = 0

    @classmethod
    def of(cls, counted: Counter[str]) -> Counts:
        return cls(*(counted[decision] for decision in DECIDED))

    @property
    def total(self) -> int:
        return self.accepted + self.corrected + self.rejected

    @property
    def taken(self) -> int:
        """Of a hundred how many were taken, as they were or corrected."""
        return round(100 * (self.accepted + self.corrected) / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Bar:
    decision: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    counts: Counts
    bars: tuple[Bar, ...]
    middle: float
    #: Not every week has room for its day under it.
    is_named: bool


@dataclass(frozen=True, slots=True)
class KindOf:
    code: str
    label: Promise
    counts: Counts
    weeks: tuple[Week, ...]
    most: int

    @property
    def weeks_with_any(self) -> tuple[Week, ...]:
        return tuple(week for week in self.weeks if week.counts.total)


@dataclass(frozen=True, slots=True)
class MadeBy:
    label: str | Promise
    counts: Counts


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """Of one kind and language the version in use, or that rules are used, and the last training."""

    kind: str
    lang: str
    measure: Promise
    in_use: TrainedModel | None
    is_usable: bool
    last: TrainedModel


@dataclass(frozen=True, slots=True)
class AssistantPage:
    kinds: tuple[KindOf, ...]
    made_by: tuple[MadeBy, ...]
    trainings: tuple[TrainingLine, ...]
    cannot: tuple[Promise, ...] = CANNOT
    wide: int = WIDE
    tall: int = TALL
    left: int = _LEFT
    top: int = _TOP
    floor: int = _FLOOR
    weeks: int = WEEKS

    @property
    def is_empty(self) -> bool:
        return not any(kind.counts.total for kind in self.kinds)


def assistant_page(*, at: datetime) -> AssistantPage:
    first = localdate(at) - timedelta(days=localdate(at).weekday(), weeks=WEEKS - 1)
    mondays = [first + timedelta(weeks=number) for number in range(WEEKS)]
    since = localtime(at).replace(
        year=first.year, month=first.month, day=first.day, hour=0, minute=0, second=0, microsecond=0
    )
    by_week: dict[tuple[str, date], Counter[str]] = {}
    by_maker: dict[str, Counter[str]] = {}
    decided = Suggestion.objects.filter(decision__in=DECIDED, decided_at__gte=since, decided_at__lte=at)
    rows = (
        decided.annotate(week=TruncWeek("decided_at"))
        .order_by()
        .values_list("week", "annotation__kind", "annotation__generator", "decision")
        .annotate(Count("pk"))
    )
    for week, kind, generator, decision, number in rows:
        by_week.setdefault((kind, localdate(week)), Counter())[decision] += number
        by_maker.setdefault(generator, Counter())[decision] += number
    return AssistantPage(
        kinds=tuple(_kind(code, label, mondays, by_week) for code, label in KINDS.items()),
        made_by=tuple(
            MadeBy(GENERATORS.get(name, name), Counts.of(counted))
            for name, counted in sorted(by_maker.items(), key=lambda item: (-item[1].total(), item[0]))
        ),
        trainings=tuple(_trainings()),
    )


def _kind(
    code: str, label: Promise, mondays: list[date], by_week: dict[tuple[str, date], Counter[str]]
) -> KindOf:
    counts = [Counts.of(by_week.get((code, monday), Counter())) for monday in mondays]
    most = max(one.total for one in counts)
    step = (WIDE - _LEFT - _RIGHT) / len(mondays)
    weeks = tuple(
        Week(
            monday,
            one,
            tuple(_bars(one, _LEFT + number * step + _GAP / 2, step - _GAP, most)),
            round(_LEFT + (number + 0.5) * step, 1),
            is_named=(len(mondays) - 1 - number) % 3 == 0,
        )
        for number, (monday, one) in enumerate(zip(mondays, counts, strict=True))
    )
    every = Counts(*(sum(getattr(one, name) for one in counts) for name in Counts.__slots__))
    return KindOf(code, label, every, weeks, most)


def _bars(counts: Counts, x: float, width: float, most: int) -> Iterator[Bar]:
    y = float(_FLOOR)
    for decision in DECIDED:
        number = getattr(counts, decision.value)
        if number:
            height = number / most * (_FLOOR - _TOP)
            y -= height
            yield Bar(decision.value, round(x, 1), round(y, 1), round(width, 1), round(height, 1))


def _trainings() -> Iterator[TrainingLine]:
    rows: Iterable[TrainedModel] = TrainedModel.objects.defer("file").order_by("-at", "-pk")[:200]
    last: dict[tuple[str, str], TrainedModel] = {}
    for row in rows:
        last.setdefault((row.kind, row.lang), row)
    in_use = {(row.kind, row.lang): row for row in TrainedModel.objects.in_use().defer("file")}
    for kind in TrainedModel.Kind:
        for lang in TrainedModel.Lang:
            key = (kind.value, lang.value)
            latest = last.get(key) or in_use.get(key)
            if latest is not None:
                used = in_use.get(key)
                yield TrainingLine(
                    kind=str(kind.label),
                    lang=str(lang.label),
                    measure=MEASURES[kind.value],
                    in_use=used,
                    is_usable=used is None or is_usable(used),
                    last=latest,
                )
