"""An article that no newsroom would publish: 5,000 annotations over emoji, combining marks, two directions.

Its rows are written in bulk: what is measured is reading. The spans come from a seeded generator, so they are
the same everywhere; they nest, cross, touch and stand on links.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from newsroom.actions import articles
from newsroom.models import (
    Annotation,
    Appearance,
    Article,
    Attribution,
    Claim,
    Entity,
    Evidence,
    Mention,
    RatingLevel,
    Review,
    Revision,
    Source,
    Target,
    User,
)

PARAGRAPHS = 250
#: In each paragraph; together 5,000 annotations, in about the seed's proportions.
CLAIMS, ATTRIBUTIONS, MENTIONS = 5, 4, 11

_SENTENCES = (
    "Il consiglio ha speso 12.400 € per il restauro 🏛️, dice <em>la relazione</em> dell’ufficio. ",
    "Secondo la famiglia 👨‍👩‍👧‍👦 «non è mai stato <strong>fatto</strong> nulla», né prima né dopo. ",
    'L’<a href="https://example.org/atto">atto del 2019</a> porta la data sbagliata, mai corretta. ',
    "Il portavoce, مكتب الإعلام في البلدية, ha risposto in due lingue. ",
    "E\u0301 vero che Ha\u0302n Nguye\u0302\u0303n, אדריכל, l’aveva scritto: CO<sub>2</sub>, m<sup>2</sup>. ",
)


@transaction.atomic
def article(paragraphs: int = PARAGRAPHS, *, annotated: bool = True) -> Article:
    """The article, public, with all its rows: twenty annotations in each paragraph, if it is annotated."""
    at = timezone.now() - timedelta(hours=1)
    editor = User.objects.get(username="editor")
    article = articles.create(
        html="".join(f"<p>{''.join(_SENTENCES)}</p>" for _ in range(paragraphs)),
        by=editor,
        at=at,
        slug=f"torture-{paragraphs}",
        headline="Torture",
        rights="ours",
    )
    article = articles.publish(article, by=editor, at=at)
    if annotated:
        _Rows(article, editor).write()
    return article


class _Rows:
    def __init__(self, article: Article, editor: User) -> None:
        self.article = article
        self.revision: Revision = article.current_revision
        self.editor = editor
        self.checker = User.objects.get(username="checker")
        self.at = article.published_at
        self.random = random.Random(7)
        self.sources = list(Source.objects.public())
        self.entities = list(Entity.objects.public())

    def write(self) -> None:
        self.claims()
        sayings = self.annotations("attribution", ATTRIBUTIONS, ("content", "source", "cue"))
        Attribution.objects.bulk_create(
            Attribution(annotation=annotation, source=self.random.choice(self.sources), quote_type="direct")
            for annotation in sayings
        )
        mentions = self.annotations("mention", MENTIONS, ("content",))
        Mention.objects.bulk_create(
            Mention(annotation=annotation, entity=self.random.choice(self.entities))
            for annotation in mentions
        )

    def claims(self) -> None:
        annotations = self.annotations("claim", CLAIMS, ("content",))
        levels = list(RatingLevel.objects.all())
        document = Evidence.objects.select_related("document").first().document
        claims = Claim.objects.bulk_create(
            Claim(text=f"Affermazione numero {number}", claimant=self.random.choice(self.sources))
            for number in range(len(annotations))
        )
        Appearance.objects.bulk_create(
            Appearance(claim=claim, annotation=annotation)
            for claim, annotation in zip(claims, annotations, strict=True)
        )
        Evidence.objects.bulk_create(
            Evidence(claim=claim, document=document, stance="supports", checked="known") for claim in claims
        )
        Review.objects.bulk_create(
            Review(
                claim=claim,
                level=self.random.choice(levels),
                judged_words=claim.text,
                summary="In breve.",
                state=Review.State.PUBLISHED,
                author=self.checker,
                proposed_at=self.at,
                approver=self.editor,
                published_at=self.at,
            )
            for claim in claims
        )

    def annotations(self, kind: str, in_each: int, roles: tuple[str, ...]) -> list[Annotation]:
        """`in_each` annotations of every paragraph, with one target for each role."""
        blocks = [block for block in self.revision.document.blocks for _ in range(in_each)]
        found = Annotation.objects.bulk_create(
            Annotation(article=self.article, kind=kind, by=self.editor, at=self.at) for _ in blocks
        )
        Target.objects.bulk_create(
            target
            for annotation, block in zip(found, blocks, strict=True)
            for target in self.targets(annotation, block.start, block.end, roles)
        )
        return found

    def targets(
        self, annotation: Annotation, first: int, last: int, roles: tuple[str, ...]
    ) -> Iterator[Target]:
        for role in roles:
            start = self.random.randrange(first, last - 1)
            end = self.random.randint(start + 1, min(last, start + 120))
            exact = self.revision.text[start:end]
            yield Target(
                annotation=annotation, revision=self.revision, role=role, start=start, end=end, exact=exact
            )
