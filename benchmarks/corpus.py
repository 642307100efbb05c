"""A newsroom after some years: articles, claims and annotations by the hundred thousand, alike for one seed.

    python -m benchmarks.corpus --database sqlite:////file --claims 100000 --articles 10000 --annotations …

Words are invented, with Italian or English endings and little words between them, and are as unequally
frequent as in a language, so that a search has something to do. Rows are written in portions of articles,
each whole or not at all: an interrupted run goes on where it stopped, and a finished one writes nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any
from uuid import UUID

from rich.console import Console
from rich.progress import Progress

from .bench import newsroom

if TYPE_CHECKING:
    from newsroom.models import Article, Claim

#: Articles that are written in one transaction.
PORTION = 100
VOCABULARY = 30_000
#: One claim in so many is English, one name in so many a source, one claim in so many is not public.
ENGLISH, SOURCES, DRAFTS = 6, 5, 20
#: One claim in so many is being checked or judged, in each of the ways that the board has.
IN_WORK = 200
#: One annotation in so many lost its place, as many are to be checked, since a new text came in.
UNSETTLED = 1000
#: One claim and one annotation in so many are talked about; one claim in so many is related to its neighbour.
TALKED_ABOUT, RELATED = {"claim": 20, "annotation": 100}, 5
#: One article in so many was corrected; readers flagged one claim in so many.
CORRECTED, FLAGGED = 100, 100
START = datetime(2015, 1, 1, 9, 0, tzinfo=UTC)
DAYS = 4000

_SYLLABLES = (
    "ba be bi bo ca co cu da de di do fa fe fi fo ga go la le li lo lu ma me mi mo na ne ni no pa pe pi po"
)
_SYLLABLES += (
    " ra re ri ro sa se si so sta stra ta te ti to tra va ve vi vo za zo bra cri fru gli gno qua scu"
)
_LITTLE = {
    "it": "il la di che e un per in del della con non".split(),
    "en": "the of and to in a is that".split(),
}
_ENDINGS = {"it": "oaei", "en": ["", "s", "ed", "ing"]}


@dataclass(frozen=True, slots=True)
class Sizes:
    claims: int
    articles: int
    annotations: int
    seed: int = 1


class Words:
    """Invented words, the first far more frequent than the last."""

    def __init__(self, seed: int) -> None:
        choose = random.Random(f"{seed} words")
        syllables = _SYLLABLES.split()
        roots: dict[str, None] = {}
        while len(roots) < VOCABULARY:
            roots["".join(choose.choices(syllables, k=choose.randint(2, 4)))[:-1]] = None
        self.roots = list(roots)
        self.weights = list(accumulate(1 / (rank + 4) for rank in range(VOCABULARY)))

    def some(self, choose: random.Random, lang: str, number: int) -> list[str]:
        roots = choose.choices(self.roots, cum_weights=self.weights, k=number)
        return [root + choose.choice(_ENDINGS[lang]) for root in roots]

    def sentence(self, choose: random.Random, lang: str, number: int) -> str:
        said = []
        for word in self.some(choose, lang, number):
            if choose.random() < 0.6:
                said.append(choose.choice(_LITTLE[lang]))
            said.append(word)
        if choose.random() < 0.15:
            said.append(f"{choose.randint(2, 999)}.{choose.randint(100, 999)}")
        return f"{' '.join(said).capitalize()}."

    def name(self, choose: random.Random) -> str:
        return " ".join(word.capitalize() for word in self.some(choose, "it", choose.randint(1, 3)))


def fill(sizes: Sizes, progress: Progress) -> None:
    """Writes what of the corpus is not there yet. The seed newsroom is loaded."""
    from newsroom.models import Article

    filler = _Filler(sizes)
    task = progress.add_task("Articles", total=sizes.articles)
    for first in range(0, sizes.articles, PORTION):
        numbers = range(first, min(first + PORTION, sizes.articles))
        if not Article.objects.filter(slug=filler.slug(numbers[-1])).exists():
            filler.write(numbers)
        progress.advance(task, len(numbers))
    filler.take_up_work()
    filler.unsettle()
    filler.hear_readers()


class _Filler:
    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self.words = Words(sizes.seed)

    def slug(self, number: int) -> str:
        return f"corpus-{self.sizes.seed}-{number}"

    @cached_property
    def people(self) -> tuple[Any, Any]:
        from newsroom.models import User

        return User.objects.get(username="checker"), User.objects.get(username="editor")

    @cached_property
    def levels(self) -> list[Any]:
        from newsroom.models import RatingLevel

        return list(RatingLevel.objects.all())

    def write(self, numbers: range) -> None:
        """One portion, with all that hangs on it."""
        from django.db import transaction

        choose = random.Random(f"{self.sizes.seed} {numbers[0]}")
        with transaction.atomic():
            entities, sources, documents = self.names(choose, len(numbers))
            articles = self.articles(choose, numbers)
            claims = self.claims(choose, numbers, sources)
            self.evidence(choose, claims, documents)
            annotations = self.annotations(choose, articles, claims, entities, sources)
            self.relations(choose, claims)
            self.threads(choose, claims, annotations)

    def take_up_work(self) -> None:
        """Some of the claims that nobody rated are given to somebody, or have a rating that is no
        published one; some ratings wait for a new look. The whole of it, or nothing.
        """
        from django.db import transaction

        from newsroom.models import Assignment, Claim, Review

        if Assignment.objects.exists():
            return
        checker, editor = self.people
        number = max(1, self.sizes.claims // IN_WORK)
        in_corpus = Claim.objects.filter(
            appearances__annotation__article__slug__startswith=f"corpus-{self.sizes.seed}-"
        )
        with transaction.atomic():
            idle = list(in_corpus.filter(reviews=None).order_by("pk")[: number * 4])
            # Of each four one is assigned, and one has a rating in each of three states.
            Assignment.objects.bulk_create(
                Assignment(claim=claim, assignee=checker, by=editor, at=START, due=START.date())
                for claim in idle[::4]
            )
            waiting: tuple[dict[str, Any], ...] = (
                {"state": Review.State.PROPOSED},
                {"state": Review.State.CHANGES, "changes_note": "Da precisare."},
                {"state": Review.State.APPROVED, "approver": editor, "approved_at": START},
            )
            Review.objects.bulk_create(
                Review(
                    claim=claim,
                    level=self.levels[0],
                    judged_words=claim.text,
                    summary="In breve.",
                    no_evidence_reason="Nessuno.",
                    author=checker,
                    proposed_at=START,
                    **fields,
                )
                for first, fields in enumerate(waiting, start=1)
                for claim in idle[first::4]
            )
            Review.objects.filter(
                pk__in=Review.objects.filter(state=Review.State.PUBLISHED, claim__in=in_corpus)
                .order_by("pk")
                .values("pk")[:number]
            ).update(
                state=Review.State.STALE,
                stale_cause=Review.StaleCause.DESK,
                stale_reason="Da rivedere.",
                stale_at=START,
            )

    def unsettle(self) -> None:
        """Some of the words are no longer in their text, and some are not surely the same; or none, again."""
        from django.db import transaction

        from newsroom.models import Target

        if Target.objects.orphaned().exists():
            return
        number = self.sizes.annotations // UNSETTLED
        of_mentions = Target.objects.filter(annotation__kind="mention").order_by("pk")
        keys = list(of_mentions.values_list("pk", flat=True)[:: UNSETTLED // 2])[: 2 * number]
        with transaction.atomic():
            Target.objects.filter(pk__in=keys[::2]).update(
                start=None, end=None, fate=Target.Fate.ORPHANED, score=0
            )
            Target.objects.filter(pk__in=keys[1::2]).update(
                fate=Target.Fate.ALTERED, score=0.6, needs_check=True, reason="neighbours"
            )

    def hear_readers(self) -> None:
        """Some articles are corrected. Of the flags one in four is open, one rejected, one accepted with its
        outcome, and one led to a rectification; or none, again.
        """
        from django.db import transaction

        from newsroom.models import Article, Claim, Flag, Rectification

        if Flag.objects.filter(claim__isnull=False).exists():
            return
        choose, editor = random.Random(f"{self.sizes.seed} readers"), self.people[1]
        in_corpus = Claim.objects.filter(
            appearances__annotation__article__slug__startswith=f"corpus-{self.sizes.seed}-"
        )
        of_slugs = [self.slug(number) for number in range(CORRECTED // 2, self.sizes.articles, CORRECTED)]
        kinds, states = Flag.Kind, Flag.State
        with transaction.atomic():
            for article in Article.objects.filter(slug__in=of_slugs).select_related("current_revision"):
                self.correct(choose, article)
            flags = []
            for number, claim in enumerate(in_corpus.order_by("pk")[::FLAGGED]):
                at = START + timedelta(days=choose.randrange(DAYS))
                kind = kinds.RECTIFICATION if number % 4 == 3 else choose.choice([kinds.ERROR, kinds.MISSING])
                flag = Flag(uuid=_uuid(choose), claim=claim, kind=kind, at=at, due=at + timedelta(days=2))
                if number % 4:
                    flag.state = states.REJECTED if number % 4 == 1 else states.ACCEPTED
                    flag.decided_by, flag.decided_at = editor, at + timedelta(days=1)
                if number % 4 == 2:
                    flag.outcome = self.words.sentence(choose, "it", 10)
                flags.append(flag)
            Rectification.objects.bulk_create(
                Rectification(
                    uuid=_uuid(choose),
                    flag=flag,
                    words=self.words.sentence(choose, "it", 40),
                    name=self.words.name(choose),
                    by=editor,
                    at=flag.decided_at,
                )
                for flag in Flag.objects.bulk_create(flags)
                if flag.kind == kinds.RECTIFICATION
            )

    def correct(self, choose: random.Random, article: Article) -> None:
        """A sentence more at the end: all that is tagged stands where it stood."""
        from newsroom.models import Correction, Revision, Target
        from newsroom.text.document import parse, write

        before = article.current_revision
        assert before is not None
        parsed = parse(f"{before.html}<p>{self.words.sentence(choose, 'it', 10)}</p>")
        at, note = START + timedelta(days=choose.randrange(DAYS)), self.words.sentence(choose, "it", 12)
        after = Revision.objects.create(
            uuid=_uuid(choose),
            article=article,
            number=before.number + 1,
            html=write(parsed),
            text=parsed.text,
            blocks=parsed.to_data(),
            sha256=hashlib.sha256(parsed.text.encode()).hexdigest(),
            kind=Revision.Kind.CORRECTION,
            note=note,
            by=self.people[1],
            at=at,
        )
        targets = list(Target.objects.filter(revision=before).order_by("pk"))
        for target in targets:
            target.pk, target.uuid, target.revision = None, _uuid(choose), after
        Target.objects.bulk_create(targets, batch_size=1000)
        article.current_revision = after
        article.save(update_fields=["current_revision"])
        Correction.objects.create(
            uuid=_uuid(choose),
            article=article,
            before=before,
            after=after,
            note=note,
            by=self.people[1],
            at=at,
        )

    def share(self, whole: int, numbers: range) -> int:
        """How many of a whole fall to these articles; all portions together have all of it."""
        return whole * numbers.stop // self.sizes.articles - whole * numbers.start // self.sizes.articles

    def names(self, choose: random.Random, number: int) -> tuple[list[Any], list[Any], list[Any]]:
        from newsroom.models import Document, Entity, EntityAlias, Source
        from newsroom.text.folding import fold

        entities = Entity.objects.bulk_create(
            Entity(
                uuid=_uuid(choose),
                kind=choose.choice(["person", "organisation", "place", "concept"]),
                name=(name := self.words.name(choose)),
                sort_key=fold(name),
                description=self.words.sentence(choose, "it", 5),
            )
            for _ in range(number)
        )
        EntityAlias.objects.bulk_create(
            EntityAlias(
                uuid=_uuid(choose), entity=entity, name=(name := self.words.name(choose)), sort_key=fold(name)
            )
            for entity in entities[::3]
        )
        sources = Source.objects.bulk_create(
            Source(
                uuid=_uuid(choose),
                kind=choose.choice(["person", "organisation"]),
                name=(name := self.words.name(choose)),
                sort_key=fold(name),
            )
            for _ in range(max(1, number // SOURCES))
        )
        documents = Document.objects.bulk_create(
            Document(
                uuid=_uuid(choose),
                title=self.words.sentence(choose, "it", 6)[:-1],
                publisher=self.words.name(choose),
                **_dated(choose),
            )
            for _ in range(number * 2)
        )
        return entities, sources, documents

    def articles(self, choose: random.Random, numbers: range) -> list[Article]:
        from newsroom.models import Article, Revision
        from newsroom.text.document import parse, write

        articles = Article.objects.bulk_create(
            Article(
                uuid=_uuid(choose),
                slug=self.slug(number),
                headline=self.words.sentence(choose, "it", 6)[:-1],
                standfirst=self.words.sentence(choose, "it", 12),
                byline=self.words.name(choose),
                rights=choose.choice(["ours", "ours", "ours", "quotation"]),
                **_dated(choose),
            )
            for number in numbers
        )
        revisions = []
        for article in articles:
            paragraphs = [
                " ".join(self.words.sentence(choose, "it", choose.randint(6, 14)) for _ in range(4))
                for _ in range(8)
            ]
            parsed = parse("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
            revisions.append(
                Revision(
                    uuid=_uuid(choose),
                    article=article,
                    number=1,
                    html=write(parsed),
                    text=parsed.text,
                    blocks=parsed.to_data(),
                    sha256=hashlib.sha256(parsed.text.encode()).hexdigest(),
                    kind="first",
                    by=self.people[1],
                    at=START,
                )
            )
        for article, revision in zip(articles, Revision.objects.bulk_create(revisions), strict=True):
            article.current_revision = revision
            if choose.randrange(DRAFTS):
                article.published_at = START + timedelta(days=choose.randrange(DAYS))
        Article.objects.bulk_update(articles, ["current_revision", "published_at"])
        return articles

    def claims(self, choose: random.Random, numbers: range, sources: list[Any]) -> list[Claim]:
        from newsroom.models import Claim, ClaimWording, Review

        checker, editor = self.people
        claims = Claim.objects.bulk_create(
            Claim(
                uuid=_uuid(choose),
                text=self.words.sentence(choose, lang, choose.randint(6, 14)),
                lang=lang,
                claimant=choose.choice(sources),
                **_dated(choose),
            )
            for lang in (
                "it" if choose.randrange(ENGLISH) else "en"
                for _ in range(self.share(self.sizes.claims, numbers))
            )
        )
        ClaimWording.objects.bulk_create(
            ClaimWording(
                uuid=_uuid(choose), claim=claim, lang="en", text=self.words.sentence(choose, "en", 10)
            )
            for claim in claims[::4]
            if claim.lang == "it"
        )
        Review.objects.bulk_create(
            Review(
                uuid=_uuid(choose),
                claim=claim,
                level=choose.choice(self.levels),
                judged_words=claim.text,
                summary="In breve.",
                no_evidence_reason="Nessuno.",
                state=Review.State.PUBLISHED,
                author=checker,
                proposed_at=START,
                approver=editor,
                published_at=START + timedelta(days=choose.randrange(DAYS)),
            )
            for claim in claims[::2]
        )
        return claims

    def evidence(self, choose: random.Random, claims: list[Claim], documents: list[Any]) -> None:
        from newsroom.models import Evidence

        Evidence.objects.bulk_create(
            Evidence(
                uuid=_uuid(choose),
                claim=claim,
                document=choose.choice(documents),
                stance=choose.choice(["supports", "refutes", "context"]),
                checked="excerpt",
                quotation=self.words.sentence(choose, "it", 8),
            )
            for claim in claims
        )

    def annotations(
        self,
        choose: random.Random,
        articles: list[Article],
        claims: list[Claim],
        entities: list[Any],
        sources: list[Any],
    ) -> list[Any]:
        """Each claim stands once; of the rest one in five is an attribution, the others are mentions."""
        from newsroom.models import Annotation, Appearance, Attribution, Mention, Target

        each = self.sizes.annotations // self.sizes.articles
        kinds = {"claim": -(-len(claims) // len(articles))}
        kinds["attribution"] = max(0, each - kinds["claim"]) // 5
        kinds["mention"] = max(0, each - kinds["claim"] - kinds["attribution"])
        wanted = [
            (article, kind) for article in articles for kind, number in kinds.items() for _ in range(number)
        ]
        annotations = Annotation.objects.bulk_create(
            [
                Annotation(uuid=_uuid(choose), article=article, kind=kind, by=self.people[0], at=START)
                for article, kind in wanted
            ],
            batch_size=1000,
        )
        Target.objects.bulk_create(self.targets(choose, annotations), batch_size=1000)
        of_kind = {kind: [a for a in annotations if a.kind == kind] for kind in kinds}
        Appearance.objects.bulk_create(
            Appearance(uuid=_uuid(choose), claim=claim, annotation=annotation)
            for claim, annotation in zip(claims, of_kind["claim"], strict=False)
        )
        Attribution.objects.bulk_create(
            Attribution(
                uuid=_uuid(choose), annotation=annotation, source=choose.choice(sources), quote_type="direct"
            )
            for annotation in of_kind["attribution"]
        )
        Mention.objects.bulk_create(
            (
                Mention(uuid=_uuid(choose), annotation=annotation, entity=choose.choice(entities))
                for annotation in of_kind["mention"]
            ),
            batch_size=1000,
        )
        return annotations

    def relations(self, choose: random.Random, claims: list[Claim]) -> None:
        """Of claims that mostly stand in one article; none goes in a circle."""
        from newsroom.models import ClaimRelation

        ClaimRelation.objects.bulk_create(
            ClaimRelation(
                uuid=_uuid(choose),
                source=source,
                target=target,
                kind=choose.choice(ClaimRelation.Kind.values),
                strength=choose.choice(ClaimRelation.Strength.values),
            )
            for source, target in list(pairwise(claims))[::RELATED]
        )

    def threads(self, choose: random.Random, claims: list[Claim], annotations: list[Any]) -> None:
        """Up to four comments each; two threads in three are resolved."""
        from newsroom.models import Comment, Thread

        checker, editor = self.people
        threads = Thread.objects.bulk_create(
            Thread(
                uuid=_uuid(choose),
                **subject,
                **({"resolved_by": editor, "resolved_at": START} if choose.randrange(3) else {}),
            )
            for subject in (
                *({"claim": claim} for claim in claims[:: TALKED_ABOUT["claim"]]),
                *({"annotation": annotation} for annotation in annotations[:: TALKED_ABOUT["annotation"]]),
            )
        )
        comments = Comment.objects.bulk_create(
            Comment(
                uuid=_uuid(choose),
                thread=thread,
                body=self.words.sentence(choose, "it", 12),
                by=choose.choice([checker, editor]),
                at=START + timedelta(days=choose.randrange(DAYS)),
            )
            for thread in threads
            for _ in range(choose.randint(1, 4))
        )
        Comment.mentions.through.objects.bulk_create(
            Comment.mentions.through(comment=comment, user=checker) for comment in comments[::10]
        )

    def targets(self, choose: random.Random, annotations: list[Any]) -> Iterator[Any]:
        from newsroom.models import Target
        from newsroom.text.selectors import describe

        for annotation in annotations:
            revision = annotation.article.current_revision
            start = choose.randrange(len(revision.text) - 60)
            selector = describe(revision.text, start, start + choose.randint(5, 60))
            yield Target(
                uuid=_uuid(choose),
                annotation=annotation,
                revision=revision,
                start=selector.start,
                end=selector.end,
                exact=selector.exact,
                prefix=selector.prefix,
                suffix=selector.suffix,
            )


def _uuid(choose: random.Random) -> UUID:
    return UUID(int=choose.getrandbits(128), version=4)


def _dated(choose: random.Random) -> dict[str, Any]:
    """One date in ten is unknown."""
    if not choose.randrange(10):
        return {}
    day = START.date() + timedelta(days=choose.randrange(DAYS))
    return {"date": day.isoformat(), "date_earliest": day, "date_latest": day}


def sizes_from(parser: argparse.ArgumentParser) -> tuple[Sizes, str]:
    """What the command line asks for, and the database; small without arguments."""
    parser.add_argument("--claims", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--annotations", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--database", default="", help="As DATABASE_URL; without it one that is gone at the end."
    )
    given = parser.parse_args()
    return Sizes(given.claims, given.articles, given.annotations, given.seed), given.database


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    sizes, database = sizes_from(parser)
    with newsroom(database), Progress(console=Console(stderr=True)) as progress:
        fill(sizes, progress)


if __name__ == "__main__":
    main()
