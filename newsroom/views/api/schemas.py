"""The shapes of what the API takes and gives. Their descriptions document it: they are in English."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from newsroom.models import Annotation, Claim, Document, Evidence, Mention, Review, Source, Target
from newsroom.models.entity import Entity

#: The character 0 stands in no text: PostgreSQL has none.
_NO_NUL = r"^[^\x00]*$"
Line = Annotated[str, StringConstraints(max_length=300, pattern=_NO_NUL)]
Words = Annotated[str, StringConstraints(max_length=10_000, pattern=_NO_NUL)]
Language = Annotated[str, StringConstraints(max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Number = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]

Row = TypeVar("Row")

AnnotationKind = Literal[tuple(Annotation.Kind.values)]
Role = Literal[tuple(Target.Role.values)]
Fate = Literal[tuple(Target.Fate.values)]
ClaimKind = Literal[tuple(Claim.Kind.values)]
Form = Literal[tuple(Mention.Form.values)]
QuoteType = Literal["direct", "indirect", "mixed"]
Stance = Literal[tuple(Evidence.Stance.values)]
Checked = Literal[tuple(Evidence.Checked.values)]
DocumentKind = Literal[tuple(Document.Kind.values)]
SourceKind = Literal[tuple(Source.Kind.values)]
EntityKind = Literal[tuple(Entity.Kind.values)]
Judges = Literal[tuple(Review.Judges.values)]
SearchKind = Literal["articles", "claims", "evidence", "sources", "entities"]


class Problem(Schema):
    """An error (RFC 9457, `application/problem+json`)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str | None = None
    code: str | None = Field(None, description="Which rule of the newsroom stands against it.")
    errors: list[dict[str, Any]] | None = Field(None, description="Of a body or query that is malformed.")


class Page(Schema, Generic[Row]):
    """One page of a list. The header `Link` has the same addresses."""

    items: list[Row]
    next: str | None = Field(None, description="The address of the next page.")
    previous: str | None = Field(None, description="The address of the page before.")


class Article(Schema):
    id: UUID
    slug: str
    url: str
    lang: str
    headline: str
    standfirst: str
    byline: str
    publisher: str = Field(description="Empty if it is this newsroom.")
    original_url: str
    date: str = Field(description="As far as known (EDTF): `2023`, `2023-08`, `2023-08-21`, `2023-08~`.")
    rights: str
    published_at: datetime | None = Field(description="Null for a draft.")
    updated_at: datetime = Field(description="When its current text was saved.")
    revision: int = Field(description="The number of its current text, which `based_on` names.")


class Revision(Schema):
    number: int
    kind: str
    note: str
    at: datetime


class RectificationOut(Schema):
    """What somebody who is named answered, in their own words: the newsroom does not say that it is true."""

    id: UUID
    url: str
    at: datetime
    name: str = Field(description="Who signed it.")
    lang: str
    words: str = Field(description="Whole and plain, as they came.")


class ArticleInFull(Article):
    backstory: str
    shown_in_full: bool = Field(description="False if only its tagged words may be quoted.")
    text: str | None = Field(description="The canonical text; offsets count its Unicode code points.")
    sha256: str | None
    revisions: list[Revision] = Field(description="All texts that readers could see.")
    rectifications: list[RectificationOut] = Field(description="Those that stand before the text.")


class ClaimName(Schema):
    id: UUID
    text: str
    lang: str


class SourceName(Schema):
    id: UUID
    name: str


class EntityNamed(Schema):
    id: UUID
    name: str
    form: Form


class TargetOut(Schema):
    revision: int
    role: Role
    ordinal: int
    start: int | None = Field(description="Null if these words are no longer in the text.")
    end: int | None
    exact: str
    prefix: str
    suffix: str
    fate: Fate


class AttributionOut(Schema):
    speaker: str = Field(description="The public name, or why it is not named.")
    source: SourceName | None
    quote_type: QuoteType
    claim: ClaimName | None


class AnnotationOut(Schema):
    id: UUID
    kind: AnnotationKind
    article: UUID
    at: datetime
    row_version: int = Field(description="Counts the changes. `If-Match` names it by the `ETag`.")
    targets: list[TargetOut]
    claim: ClaimName | None
    entities: list[EntityNamed]
    attribution: AttributionOut | None


class Rating(Schema):
    key: str = Field(examples=["false"])
    label: str = Field(examples=["Falso"])
    judges: Judges = Field(description="The content, or only that the source said it.")


class ClaimOut(Schema):
    id: UUID
    code: str
    url: str
    text: str
    lang: str
    kind: ClaimKind
    date: str
    wordings: dict[str, str]
    claimant: SourceName | None
    status: Literal["unchecked", "checking", "rated", "stale"]
    rating: Rating | None = Field(description="Null while nobody has rated it. Unknown is not unverifiable.")


class Shared(Schema):
    """What the claim has of the sentence, as the sentence has it."""

    words: list[str]
    names: list[str]
    figures: list[str]


class ClaimMatched(Schema):
    claim: ClaimOut
    rated_at: datetime = Field(description="When its rating was published.")
    shared: Shared
    negation_differs: bool = Field(description="One of the two says “not”, the other does not.")
    figures_differ: bool = Field(description="Both have figures, and none in common.")


class Passage(Schema):
    text: str
    start: int = Field(description="In `q`, in code points.")
    end: int
    matches: list[ClaimMatched] = Field(
        description="Empty if nothing rated was found: that says nothing about the sentence."
    )


class ClaimsMatched(Schema):
    query: str
    passages: list[Passage] = Field(description="The sentences that were looked for.")


class ArticleName(Schema):
    id: UUID
    slug: str
    headline: str


class AppearanceOut(Schema):
    annotation: UUID
    article: ArticleName
    exact: list[str]


class ReplyOut(Schema):
    """What somebody who was asked answered, in their own words: the newsroom does not say that it is true."""

    at: datetime
    name: str = Field(description="Who signed it; empty if whoever was asked is not named.")
    opinion: str = Field(description="Of an expert: whether they approve of the draft. Empty of others.")
    lang: str
    words: str = Field(description="Whole and plain, as they came.")


class ReviewOut(Schema):
    id: UUID
    url: str
    claim: UUID
    state: str
    published_at: datetime | None
    withdrawal_reason: str
    reviewer: str
    rating: Rating | None
    judged_words: str
    lang: str
    summary: str
    explanation: str = Field(description="Markdown.")
    facts_judged: str
    no_evidence_reason: str
    stale_since: datetime | None
    replies: list[ReplyOut] = Field(description="Those that stand beside it, the first one first.")


class DocumentOut(Schema):
    id: UUID
    title: str
    publisher: str
    url: str
    lang: str
    kind: DocumentKind
    date: str
    rights: str


class EvidenceOut(Schema):
    id: UUID
    claim: UUID
    document: DocumentOut
    stance: Stance
    quotation: str
    checked: Checked
    checked_at: datetime | None
    row_version: int


class RelationOut(Schema):
    kind: str
    outward: bool = Field(description="Whether this claim does it to the other, or the other to this one.")
    claim: ClaimName


class ClaimInFull(ClaimOut):
    appearances: list[AppearanceOut]
    reviews: list[ReviewOut] = Field(description="All versions of its rating, the first one first.")
    evidence: list[EvidenceOut]
    relations: list[RelationOut]
    rectifications: list[RectificationOut]


class SourceOut(Schema):
    id: UUID
    url: str
    name: str
    lang: str
    kind: SourceKind
    description: str
    entity: UUID | None
    rectifications: list[RectificationOut]


class EntityOut(Schema):
    id: UUID
    url: str
    name: str
    lang: str
    kind: EntityKind
    description: str
    aliases: list[str]
    same_as: list[str]
    rectifications: list[RectificationOut]


class Hit(Schema):
    kind: SearchKind
    title: str
    lang: str
    url: str
    passages: list[str]


class Found(Schema):
    query: str
    message: str
    items: list[Hit]
    has_more: bool


# What is taken


class Taken(Schema):
    """Nothing that is not understood is ignored."""

    model_config = ConfigDict(extra="forbid")


class PlaceIn(Taken):
    start: Number = Field(description="In code points of the canonical text; `end` is exclusive.")
    end: Number
    exact: Words = Field(description="The words that stand there: `text[start:end]`.", examples=["Il ponte"])
    role: Role = "content"
    ordinal: Annotated[int, Field(ge=0, le=32_767, strict=True)] = 0


class AnnotationIn(Taken):
    article: UUID
    based_on: Number = Field(description="The number of the revision that was looked at.", examples=[1])
    kind: AnnotationKind
    places: list[PlaceIn] = Field(min_length=1, max_length=50)
    claim: UUID | None = Field(None, description="Of a claim: which. Of an attribution: what is said.")
    entities: list[UUID] = Field([], max_length=50, description="Of a mention: whom or what it names.")
    form: Form = "name"
    source: UUID | None = Field(None, description="Of an attribution: who speaks.")
    anonymity_reason: Line = Field("", description="Of an attribution without a source: why.")
    quote_type: QuoteType = "direct"


class MoveIn(Taken):
    based_on: Number
    places: list[PlaceIn] = Field(min_length=1, max_length=50)


class ReasonIn(Taken):
    reason: Words = Field(min_length=1, examples=["Added twice."])


class ClaimIn(Taken):
    text: Words = Field(min_length=1, examples=["Il ponte sarà aperto a maggio."])
    lang: Language = "it"
    kind: ClaimKind = "fact"
    date: Annotated[str, StringConstraints(max_length=24, pattern=r"^[0-9~?%-]*$")] = ""
    claimant: UUID | None = None
    wordings: dict[Language, Words] = Field({}, max_length=20)


class WeighIn(Taken):
    accuses: Literal["yes", "no"]
    accused: Line = ""


class DocumentIn(Taken):
    title: Line = Field(min_length=1, examples=["Delibera 12/2024"])
    publisher: Line = ""
    url: Annotated[str, StringConstraints(max_length=1000, pattern=_NO_NUL)] = ""
    lang: Language = "it"
    kind: DocumentKind = "secondary"
    date: Annotated[str, StringConstraints(max_length=24, pattern=r"^[0-9~?%-]*$")] = ""


class EvidenceIn(Taken):
    document: UUID
    stance: Stance
    checked: Checked
    quotation: Words = ""


class EvidenceChange(Taken):
    stance: Stance | None = None
    checked: Checked | None = None
    quotation: Words | None = None
