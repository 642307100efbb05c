"""What programs write: through the deeds of the desk, under the permissions of whom their token acts as.

Nothing here rates a claim or publishes anything.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from ninja import Status
from ninja.errors import HttpError

from newsroom.actions import annotations, claims, documents, evidence
from newsroom.actions.annotations import Place
from newsroom.models import Annotation, ApiToken, Article, Claim, Document, Entity, Evidence, Source
from newsroom.presenters import api as arranged

from . import schemas as s
from .reading import claim_of, router
from .speaking import Token, seen_by, version_named

Scope = ApiToken.Scope
#: What `If-Match` is documented as.
IF_MATCH = {
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": "The ETag of what was read.",
            "schema": {"type": "string", "pattern": r'^(W/)?"[0-9]{1,9}\.[0-9a-f]{1,32}"$'},
            "example": '"1.5f0c"',
        }
    ]
}


def made(status: int, ok: Any, *statuses: int) -> dict[int, Any]:
    return {status: ok} | dict.fromkeys((400, 401, 403, 404, 422, *statuses), s.Problem)


CHANGED = (412, 428)


def _places(given: list[s.PlaceIn]) -> list[Place]:
    return [Place(**place.model_dump()) for place in given]


def _annotation(id: UUID) -> Annotation:
    return get_object_or_404(Annotation.objects.select_related("article"), uuid=id)


def _evidence(id: UUID) -> Evidence:
    return get_object_or_404(Evidence, uuid=id)


def _named(rows: Any, ids: list[UUID], what: str) -> list[Any]:
    """The rows of these uuids, in their order. A 422 for one that is not there."""
    found = {row.uuid: row for row in rows.filter(uuid__in=ids)}
    if missing := [str(id) for id in ids if id not in found]:
        raise HttpError(422, f"There is no such {what}: {', '.join(missing)}.")
    return [found[id] for id in dict.fromkeys(ids)]


def _again(response: HttpResponse, row: Annotation, request: HttpRequest) -> Any:
    row = Annotation.objects.select_related("article").get(pk=row.pk)
    response.headers["ETag"] = f'"{row.row_version}.0"'
    return arranged.tags([row], seen_by(request))[0]


def _evidence_again(response: HttpResponse, row: Evidence) -> Any:
    row = Evidence.objects.select_related("document", "claim").get(pk=row.pk)
    response.headers["ETag"] = f'"{row.row_version}.0"'
    return arranged.evidence([row])[0]


@router.post(
    "/annotations",
    auth=Token(Scope.ANNOTATE),
    response=made(201, s.AnnotationOut, 409),
    tags=["annotations"],
    operation_id="addAnnotation",
)
def add_annotation(request: HttpRequest, response: HttpResponse, body: s.AnnotationIn) -> Any:
    """Tags exact words of an article's current text. 409 if `based_on` is not current any more."""
    [article] = _named(Article.objects.filter(current_revision__isnull=False), [body.article], "article")
    claim = _named(Claim.objects.filter(withdrawn_at=None), [body.claim], "claim")[0] if body.claim else None
    common = {"places": _places(body.places), "by": request.user, "at": now(), "based_on": body.based_on}
    if body.kind == Annotation.Kind.CLAIM:
        if claim is None:
            raise HttpError(422, "Name the claim that stands here.")
        row = annotations.tag_claim(article, claim=claim, **common).annotation
    elif body.kind == Annotation.Kind.MENTION:
        if not body.entities:
            raise HttpError(422, "Name the entities that these words name.")
        entities = _named(Entity.objects.standing(), body.entities, "entity")
        row = annotations.tag_mention(article, entities=entities, form=body.form, **common)
    else:
        source = (
            _named(Source.objects.filter(withdrawn_at=None), [body.source], "source")[0]
            if body.source
            else None
        )
        row = annotations.tag_attribution(
            article,
            source=source,
            anonymity_reason=body.anonymity_reason,
            quote_type=body.quote_type,
            claim=claim,
            **common,
        ).annotation
    return Status(201, _again(response, row, request))


@router.post(
    "/annotations/{uuid:id}/move",
    auth=Token(Scope.ANNOTATE),
    response=made(200, s.AnnotationOut, 409, *CHANGED),
    tags=["annotations"],
    operation_id="moveAnnotation",
    openapi_extra=IF_MATCH,
)
def move_annotation(request: HttpRequest, response: HttpResponse, id: UUID, body: s.MoveIn) -> Any:
    """Of its targets those move that `places` name by role and ordinal."""
    row = annotations.move(
        _annotation(id),
        places=_places(body.places),
        by=request.user,
        at=now(),
        row_version=version_named(request),
        based_on=body.based_on,
    )
    return _again(response, row, request)


@router.post(
    "/annotations/{uuid:id}/confirm",
    auth=Token(Scope.ANNOTATE),
    response=made(200, s.AnnotationOut, *CHANGED),
    tags=["annotations"],
    operation_id="confirmAnnotation",
    openapi_extra=IF_MATCH,
)
def confirm_annotation(request: HttpRequest, response: HttpResponse, id: UUID) -> Any:
    """Says that where a program placed it is right."""
    row = annotations.confirm(_annotation(id), by=request.user, at=now(), row_version=version_named(request))
    return _again(response, row, request)


@router.post(
    "/annotations/{uuid:id}/withdraw",
    auth=Token(Scope.ANNOTATE),
    response=made(204, None, *CHANGED),
    tags=["annotations"],
    operation_id="withdrawAnnotation",
    openapi_extra=IF_MATCH,
)
def withdraw_annotation(request: HttpRequest, id: UUID, body: s.ReasonIn) -> Any:
    """Takes a tag back, with a reason."""
    version = version_named(request)
    annotations.withdraw(_annotation(id), reason=body.reason, by=request.user, at=now(), row_version=version)
    return Status(204, None)


@router.post(
    "/claims",
    auth=Token(Scope.CLAIMS),
    response=made(201, s.ClaimOut),
    tags=["claims"],
    operation_id="addClaim",
)
def add_claim(request: HttpRequest, body: s.ClaimIn) -> Any:
    """A claim in its canonical wording. It is unchecked, and public once it stands in a published article."""
    fields = body.model_dump(exclude={"claimant", "wordings"})
    if body.claimant:
        [fields["claimant"]] = _named(Source.objects.filter(withdrawn_at=None), [body.claimant], "source")
    row = claims.add(by=request.user, at=now(), wordings=body.wordings, **fields)
    return Status(201, arranged.claims([row])[0])


@router.post(
    "/claims/{uuid:id}/weigh",
    auth=Token(Scope.CLAIMS),
    response=made(200, s.ClaimOut),
    tags=["claims"],
    operation_id="weighClaim",
)
def weigh_claim(request: HttpRequest, id: UUID, body: s.WeighIn) -> Any:
    """Says whether a claim accuses somebody, and whom."""
    row = claims.weigh(claim_of(id), accuses=body.accuses, accused=body.accused, by=request.user, at=now())
    return arranged.claims([row])[0]


@router.post(
    "/documents",
    auth=Token(Scope.EVIDENCE),
    response=made(201, s.DocumentOut),
    tags=["evidence"],
    operation_id="addDocument",
)
def add_document(request: HttpRequest, body: s.DocumentIn) -> Any:
    """A document that may be evidence for claims. 422 if its address is known already."""
    return Status(201, arranged.document(documents.add(by=request.user, at=now(), **body.model_dump())))


@router.post(
    "/claims/{uuid:id}/evidence",
    auth=Token(Scope.EVIDENCE),
    response=made(201, s.EvidenceOut),
    tags=["evidence"],
    operation_id="addEvidence",
)
def add_evidence(request: HttpRequest, response: HttpResponse, id: UUID, body: s.EvidenceIn) -> Any:
    """What a document says of a claim, in its exact words."""
    claim = claim_of(id)
    [document] = _named(Document.objects.filter(withdrawn_at=None), [body.document], "document")
    fields = body.model_dump(exclude={"document"})
    row = evidence.add(claim, document=document, by=request.user, at=now(), **fields)
    return Status(201, _evidence_again(response, row))


@router.patch(
    "/evidence/{uuid:id}",
    auth=Token(Scope.EVIDENCE),
    response=made(200, s.EvidenceOut, *CHANGED),
    tags=["evidence"],
    operation_id="changeEvidence",
    openapi_extra=IF_MATCH,
)
def change_evidence(request: HttpRequest, response: HttpResponse, id: UUID, body: s.EvidenceChange) -> Any:
    """What is said of an item, said otherwise."""
    changes = body.model_dump(exclude_none=True)
    row = evidence.change(
        _evidence(id), changes=changes, by=request.user, at=now(), row_version=version_named(request)
    )
    return _evidence_again(response, row)


@router.post(
    "/evidence/{uuid:id}/withdraw",
    auth=Token(Scope.EVIDENCE),
    response=made(204, None, *CHANGED),
    tags=["evidence"],
    operation_id="withdrawEvidence",
    openapi_extra=IF_MATCH,
)
def withdraw_evidence(request: HttpRequest, id: UUID, body: s.ReasonIn) -> Any:
    """It speaks for nothing any more; a rating that rested on it is to be checked again."""
    version = version_named(request)
    evidence.withdraw(_evidence(id), reason=body.reason, by=request.user, at=now(), row_version=version)
    return Status(204, None)
