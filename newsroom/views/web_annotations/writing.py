"""Annotations that programs send: tagged, changed and withdrawn by the deeds of the desk, under its rules.

Only what is public is written here, in articles that are published: drafts are tagged by the API. Nothing
here rates a claim. What a change does not see it does not take away: names and words that readers are not
shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from newsroom.actions import annotations, claims
from newsroom.actions.annotations import Origin, Place
from newsroom.formats import json_text, sent_annotation, web_annotation
from newsroom.formats.annotated import BadFile
from newsroom.formats.sent_annotation import Unfit
from newsroom.formats.web_annotation import Home
from newsroom.models import (
    Annotation,
    ApiToken,
    Article,
    ArticleAddress,
    Attribution,
    Claim,
    Entity,
    EntityIdentifier,
    Evidence,
    Review,
    Revision,
    Source,
    Target,
)
from newsroom.presenters.annotated_article import speaker
from newsroom.presenters.history import public_revisions
from newsroom.presenters.web_annotation import member
from newsroom.text.addresses import spellings
from newsroom.text.reanchoring import reanchor
from newsroom.text.selectors import Selector, describe, match, occurrences
from newsroom.text.web_annotations import Quoted, Thing, WebAnnotation, Words
from newsroom.views.api.speaking import language_of, refusal
from newsroom.views.pages import code_of
from newsroom.views.repeating import once
from newsroom.views.tokens import BadToken, bearer, no_token, problem

from .reading import FOR_READING, annotation, gone_or_unknown
from .speaking import home

Scope = ApiToken.Scope

JSON = ("application/ld+json", "application/json")
QUOTE_TYPES = Attribution.QuoteType.values
_VERSION = re.compile(r'(?:W/)?"([0-9]{1,9})\.[0-9a-f]{1,64}"')


class Answered(Exception):
    """What was asked cannot be done, and this is said of it."""

    def __init__(self, answer: HttpResponse) -> None:
        self.answer = answer
        super().__init__(answer.status_code)


def unfit(detail: str, where: str = "") -> Answered:
    errors = {"errors": [{"where": [where], "what": detail}]} if where else {}
    return Answered(problem(422, "Unprocessable Content", detail, **errors))


def done_once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that answers what it answered, to who sends the same again with the same `Idempotency-Key`."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            token = bearer(request)
        except BadToken:
            return no_token(request)
        if token is None or not token.may(Scope.ANNOTATE):
            return view(request, *args, **kwargs)
        return once(request, token, lambda: view(request, *args, **kwargs))

    return answered


def written(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view for a token with the scope to tag; what it refuses is told as a problem, and nothing is kept."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            request.token = bearer(request)
        except BadToken:
            return no_token(request)
        if request.token is None:
            return no_token(request)
        request.user = request.token.user
        if not request.token.may(Scope.ANNOTATE):
            return problem(403, "Forbidden", f"The token lacks the scope “{Scope.ANNOTATE}”.")
        try:
            with transaction.atomic(), translation.override(language_of(request)):
                done = view(request, *args, **kwargs)
        except Answered as refused:
            return refused.answer
        except Unfit as error:
            return unfit(error.why, error.where).answer
        except PermissionDenied as error:
            return problem(403, "Forbidden", str(error) or "You may not do this.")
        except ValidationError as error:
            return refusal(error)
        except IntegrityError:
            # Two at the same moment: with the same name, or of the same row.
            return problem(409, "Conflict", "Somebody else was faster: read it again.")
        return done

    return answered


@written
def _added(request: HttpRequest, slug: str) -> Annotation:
    sent, at_home = _sent(request), home(request)
    article, places, based_on = _placed(sent, at_home)
    if slug and article.slug != slug:
        raise unfit("The target is in another article than this container.", "target")
    via = (*sent.via, *([sent.address] if sent.address else ()))
    common = {
        "places": places,
        "by": request.user,
        "at": now(),
        "based_on": based_on,
        "origin": Origin(_slug(request), sent.canonical, via, sent.generator),
    }
    kind = sent_annotation.kind_of(sent)
    if kind == Annotation.Kind.CLAIM:
        return annotations.tag_claim(article, claim=_claim(request, sent, at_home), **common).annotation
    if kind == Annotation.Kind.MENTION:
        return annotations.tag_mention(article, entities=_entities(sent, at_home), **common)
    source, reason, quote_type, claim = _saying(sent, at_home)
    said = annotations.tag_attribution(
        article, source=source, anonymity_reason=reason, quote_type=quote_type, claim=claim, **common
    )
    return said.annotation


@done_once
def add(request: HttpRequest, slug: str = "") -> HttpResponse:
    """An annotation of words of a published article. Its address is under the container of all."""
    row = _added(request, slug)
    if isinstance(row, HttpResponse):
        return row
    answer = annotation(request, row.uuid)
    if answer.status_code == 200:
        answer.status_code = 201
    answer.headers["Location"] = home(request).whole(f"/annotations/{row.uuid}")
    return answer


@written
def _replaced(request: HttpRequest, uuid: UUID) -> Annotation:
    row, version = _own(uuid), _version_named(request)
    sent, at_home = _sent(request), home(request)
    if row.kind != sent_annotation.kind_of(sent):
        raise unfit("The motivation of an annotation does not change.", "motivation")
    if sent.address not in ("", at_home.whole(f"/annotations/{uuid}")):
        raise unfit("This is not the address of this annotation.", "id")
    if sent.canonical not in ("", row.canonical) or not set(sent.via) <= set(row.via):
        raise unfit("Where an annotation comes from does not change.", "canonical")
    if sent.generator not in ("", row.generator):
        raise unfit("Which program made an annotation does not change.", "generator")
    article, places, based_on = _placed(sent, at_home)
    if article.pk != row.article_id:
        raise unfit("An annotation stays in its article.", "target")
    common = {"by": request.user, "at": now(), "row_version": version, "based_on": based_on}
    if row.kind == Annotation.Kind.CLAIM:
        claim = _claim(request, sent, at_home)
        return annotations.retag_claim(row, claim=claim, places=places, all_roles=True, **common)
    if row.kind == Annotation.Kind.MENTION:
        shown = _entities(sent, at_home)
        mentions = list(row.mentions.select_related("entity"))
        unseen = [each.entity for each in mentions if each.entity is None or not each.entity.has_page]
        return annotations.retag_mention(
            row, entities=[*shown, *unseen], form=mentions[0].form, places=places, all_roles=True, **common
        )
    return _said_otherwise(row, sent, at_home, places, common)


def _said_otherwise(
    row: Annotation, sent: WebAnnotation, at_home: Home, places: list[Place], common: dict[str, Any]
) -> Annotation:
    said = Attribution.objects.select_related("source", "claim", "parent").get(annotation=row)
    source, reason, quote_type, claim = _saying(sent, at_home)
    with translation.override(settings.LANGUAGE_CODE):
        shown = str(speaker(said))
    if source is None and said.source is not None and reason == shown:
        # Somebody without a page, who stays: with the words that name them, if those are not shown.
        source, reason = said.source, said.anonymity_reason
        if not source.may_be_named:
            hidden = Target.objects.current().placed().filter(annotation=row, role=Target.Role.SOURCE)
            places += [Place(part.start, part.end, part.exact, part.role) for part in hidden]
    return annotations.retag_attribution(
        row,
        source=source,
        anonymity_reason=reason,
        quote_type=quote_type,
        claim=claim,
        parent=said.parent,
        places=places,
        **common,
    )


@done_once
def replace(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The annotation is from now on what is sent; `If-Match` names the one that was read."""
    row = _replaced(request, uuid)
    return row if isinstance(row, HttpResponse) else annotation(request, uuid)


@done_once
@written
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Withdrawn: its address answers 410 from now on."""
    row, version = _own(uuid), _version_named(request)
    reason = _("Withdrawn by a program.")
    annotations.withdraw(row, reason=reason, by=request.user, at=now(), row_version=version)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


# What was sent


def _sent(request: HttpRequest) -> WebAnnotation:
    if request.content_type not in JSON:
        raise Answered(problem(415, "Unsupported Media Type", f"Send {web_annotation.CONTENT_TYPE}."))
    too_large = Answered(problem(413, "Content Too Large", "This is too long for one annotation."))
    try:
        body = request.body
    except RequestDataTooBig:
        raise too_large from None
    if len(body) > sent_annotation.LONGEST:
        raise too_large
    try:
        data = json_text.value(body, "")
    except BadFile:
        raise Answered(problem(400, "Bad Request", "This is no valid JSON.")) from None
    return sent_annotation.read(data)


def _slug(request: HttpRequest) -> UUID | None:
    """The name that the client wishes for, if it is one that an annotation can have and none has."""
    try:
        uuid = UUID(request.headers.get("Slug", ""))
    except ValueError:
        return None
    models = (Annotation, Review, Evidence)
    return None if any(model.objects.filter(uuid=uuid).exists() for model in models) else uuid


def _own(uuid: UUID) -> Annotation:
    """The public tag of this name. Ratings and evidence are for reading."""
    row = member(uuid, at=now())
    if row is None:
        raise Answered(gone_or_unknown(uuid))
    if not isinstance(row, Annotation):
        answer = problem(405, "Method Not Allowed", "Ratings and evidence are changed at the desk.")
        answer.headers["Allow"] = FOR_READING
        raise Answered(answer)
    return row


def _version_named(request: HttpRequest) -> int:
    given = request.headers.get("If-Match", "").strip()
    if not given:
        detail = "Send If-Match with the ETag of what you have read."
        raise Answered(problem(428, "Precondition Required", detail))
    named = _VERSION.fullmatch(given)
    if named is None:
        raise Answered(problem(412, "Precondition Failed", "If-Match names no version of this."))
    return int(named[1])


# Where it stands


def _ours(address: str, at_home: Home) -> tuple[str, dict[str, Any]]:
    """The view and the arguments of an address of this newsroom; of another, ("", {})."""
    given, base = urlsplit(address), urlsplit(at_home.address)
    if (given.scheme, given.netloc) != (base.scheme, base.netloc):
        return "", {}
    path = given.path.removeprefix("/en") if given.path.startswith("/en/") else given.path
    try:
        with translation.override(settings.LANGUAGE_CODE):
            found = resolve(path)
    except Resolver404:
        return "", {}
    return found.view_name, found.kwargs


def _placed(sent: WebAnnotation, at_home: Home) -> tuple[Article, list[Place], int]:
    """The article, where in its current text the words stand, and the number of that text."""
    targets = [target for target in sent.targets if isinstance(target, Quoted)]
    sources = {target.source for target in targets}
    found = {source: _article(source, at_home) for source in sources}
    articles = {article.pk: article for article, _number in found.values()}
    if len(articles) > 1:
        raise unfit("All targets must be in one article.", "target")
    [article] = articles.values()
    numbers = {_number(target, article, found[target.source][1], at_home) for target in targets}
    if len(numbers) > 1:
        raise unfit("All targets must be in one version of the article.", "target")
    [number] = numbers
    current = article.current_revision
    if number == current.number:
        return article, [_place(target, current.text) for target in targets], number
    before = Revision.objects.get(article=article, number=number)
    raise Answered(_proposal(article, before, targets, at_home))


def _article(source: str, at_home: Home) -> tuple[Article, int | None]:
    """A published article by its address, that of a version, or that of its original; and the version."""
    public = Article.objects.published(at=now()).select_related("current_revision")
    view, arguments = _ours(source, at_home)
    found: list[Article] = []
    if view in ("reader:article", "reader:revision"):
        slug = arguments["slug"]
        moved = ArticleAddress.objects.filter(slug=slug).values("article")
        found = list(public.filter(Q(slug=slug) | Q(pk__in=moved))[:2])
    elif not view:
        found = list(public.filter(original_url__in=spellings(source))[:2])
    if len(found) != 1:
        raise unfit(f"This is no published article of this newsroom: {source}", "target.source")
    return found[0], arguments.get("number")


def _number(target: Quoted, article: Article, named: int | None, at_home: Home) -> int:
    """The number of the version that a target is of; the current one if it names none of ours."""
    view, arguments = _ours(target.cached, at_home) if target.cached else ("", {})
    public = public_revisions(article)
    if named is None and view == "reader:revision":
        named = arguments["number"]
    elif named is None and target.dated and _ours(target.source, at_home)[0]:
        # To the second, as it is told.
        known = [
            revision.number
            for revision in public
            if max(revision.at, article.published_at).replace(microsecond=0) <= target.dated
        ]
        named = max(known, default=public[0].number)
    number = named if named is not None else article.current_revision.number
    if number not in {revision.number for revision in public}:
        raise unfit("There is no such version of this article.", "target.state")
    return number


def _place(target: Quoted, text: str) -> Place:
    """Where the words of a target stand, for certain; else a problem that says why not."""
    start, end = target.start, target.end
    inside = start is not None and end is not None and start < end <= len(text)
    if not target.exact:
        if not inside:
            raise unfit("This place is not in the text.", "target.selector")
        return Place(start, end, text[start:end], target.role)
    if inside and text[start:end] == target.exact:
        return Place(start, end, target.exact, target.role)
    found = match(text, Selector(target.exact, target.prefix, target.suffix))
    words = target.exact[:80]
    if found is None:
        raise unfit(f"These words do not stand in the text: “{words}”.", "target.selector")
    if not found.certain:
        times = len(occurrences(text, target.exact))
        where = f"It is not certain where these words stand (places: {times}): “{words}”."
        raise unfit(f"{where} Say more of what is around them.", "target.selector")
    return Place(found.start, found.end, target.exact, target.role)


def _proposal(article: Article, before: Revision, targets: Sequence[Quoted], at_home: Home) -> HttpResponse:
    """409, with where the words of an earlier version stand now, as far as it can be told."""
    old, current = before.text, article.current_revision
    places = [_place(target, old) for target in targets]
    fates = reanchor(old, current.text, [(place.start, place.end) for place in places])
    proposed = []
    for place, fate in zip(places, fates, strict=True):
        told: dict[str, Any] = {
            "fate": str(fate.state),
            "role": place.role,
            "exact": place.exact,
            "target": None,
        }
        if fate.start is not None and fate.end is not None:
            words = describe(current.text, fate.start, fate.end)
            quoted = Quoted(
                source=article.get_absolute_url(),
                exact=words.exact,
                prefix=words.prefix,
                suffix=words.suffix,
                start=fate.start,
                end=fate.end,
                role=place.role,
                dated=max(current.at, article.published_at),
                cached=f"{article.get_absolute_url()}revisions/{current.number}/",
            )
            told["target"] = web_annotation.target(quoted, at_home)
        proposed.append(told)
    detail = f"The text has a newer version ({current.number}). Where the words stand in it is proposed."
    return problem(409, "Conflict", detail, code="outdated", proposal=proposed)


# What it says


def _claim(request: HttpRequest, sent: WebAnnotation, at_home: Home) -> Claim:
    """By its address here; else by its wording, which is a claim that is known, or a new one."""
    wordings = [
        body for body in sent.bodies if isinstance(body, Words) and body.purpose in ("", "describing")
    ]
    things = [body for body in sent.bodies if isinstance(body, Thing) and body.purpose in ("", "classifying")]
    if len(wordings) + len(things) < len(sent.bodies):
        raise unfit(
            "A claim has an address (classifying) and wordings (describing), and no other body.", "body"
        )
    here = [thing for thing in things if _ours(thing.address, at_home)[0] == "reader:claim"]
    if len(things) > 1:
        raise unfit("One claim stands in one place: tag another one apart.", "body")
    if here:
        code = code_of(_ours(here[0].address, at_home)[1]["address"])
        claim = Claim.objects.filter(withdrawn_at=None).with_code(code).first()
        if claim is None:
            raise unfit(f"There is no such claim: {here[0].address}", "body")
        known = {claim.text, *claim.wordings.values_list("text", flat=True)}
        if any(words.value not in known for words in wordings):
            raise unfit("The claim is worded otherwise: its wording is changed at the desk.", "body")
        return claim
    if not wordings:
        raise unfit("Name the claim that stands here: by its address here, or by its wording.", "body")
    first, *others = wordings
    alike = list(Claim.objects.filter(text=first.value, lang=first.lang or "it", withdrawn_at=None)[:2])
    if len(alike) == 1:
        return alike[0]
    if not request.token.may(Scope.CLAIMS):
        raise Answered(
            problem(403, "Forbidden", f"For a new claim the token lacks the scope “{Scope.CLAIMS}”.")
        )
    by_language = {words.lang: words.value for words in others}
    if "" in by_language or len({first.lang or "it", *by_language}) < len(wordings):
        raise unfit("Each wording of a claim needs a language of its own.", "body")
    return claims.add(
        text=first.value, lang=first.lang or "it", wordings=by_language, by=request.user, at=now()
    )


def _entities(sent: WebAnnotation, at_home: Home) -> list[Entity]:
    """By their addresses here, or in another catalogue."""
    if not sent.bodies:
        raise unfit("Name the entities: by their addresses here, or in another catalogue.", "body")
    found = []
    for body in sent.bodies:
        if not isinstance(body, Thing) or body.purpose not in ("", "identifying"):
            raise unfit("A mention has addresses of entities (identifying), and no other body.", "body")
        entity = _entity(body, at_home)
        if entity is None:
            raise unfit(f"There is no such entity: {body.address}", "body")
        found.append(entity)
    return list(dict.fromkeys(found))


def _entity(body: Thing, at_home: Home) -> Entity | None:
    """The public entity of this address; by another catalogue only if it alone has that number."""
    view, arguments = _ours(body.address, at_home)
    if view == "reader:entity":
        return Entity.objects.public().with_code(code_of(arguments["address"])).first()
    numbers = Q(pk=None)
    for address in (body.address, *body.same_as):
        numbers |= Q(scheme=EntityIdentifier.Scheme.OTHER, value=address)
        for scheme, page in EntityIdentifier.PAGES.items():
            before, _braces, after = page.partition("{}")
            if before and address.startswith(before) and address.endswith(after):
                numbers |= Q(scheme=scheme, value=address[len(before) : len(address) - len(after)])
    named = EntityIdentifier.objects.filter(numbers).values("entity")
    found = list(Entity.objects.public().filter(pk__in=named)[:2])
    return found[0] if len(found) == 1 else None


def _saying(sent: WebAnnotation, at_home: Home) -> tuple[Source | None, str, str, Claim | None]:
    """Who speaks, or why it is not said; how it is quoted; which claim it is."""
    speakers: list[Source | str] = []
    quoted: list[str] = []
    linked: list[Claim] = []
    for body in sent.bodies:
        match body:
            case Words(value=value, purpose="tagging") if value in QUOTE_TYPES:
                quoted.append(value)
            case Words(value=value, purpose="identifying"):
                if len(value) > 300:
                    raise unfit("Who speaks is said in 300 characters at most.", "body")
                speakers.append(value)
            case Thing(purpose="identifying"):
                speakers.append(_source(body, at_home))
            case Thing(purpose="linking"):
                view, arguments = _ours(body.address, at_home)
                code = code_of(arguments["address"]) if view == "reader:claim" else ""
                claim = Claim.objects.public(at=now()).with_code(code).first() if code else None
                if claim is None:
                    raise unfit(f"There is no such claim: {body.address}", "body")
                linked.append(claim)
            case _:
                detail = (
                    "Who says what has: who speaks (identifying), direct, indirect or mixed (tagging), "
                    "a claim (linking), and no other body."
                )
                raise unfit(detail, "body")
    if len(speakers) != 1 or len(quoted) != 1 or len(linked) > 1:
        detail = (
            "Say who speaks, once, and whether the words are direct, indirect or mixed; one claim at most."
        )
        raise unfit(detail, "body")
    [who] = speakers
    claim = linked[0] if linked else None
    return (None, who, quoted[0], claim) if isinstance(who, str) else (who, "", quoted[0], claim)


def _source(body: Thing, at_home: Home) -> Source:
    view, arguments = _ours(body.address, at_home)
    code = code_of(arguments["address"]) if view == "reader:source" else ""
    found = Source.objects.public().with_code(code).first() if code else None
    if found is None:
        raise unfit(f"There is no such source: {body.address}", "body")
    return found
