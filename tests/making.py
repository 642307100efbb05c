"""Rows for tests: `make_claim(kind="opinion")` makes a claim, and of the rest what it needs.

Rows only: no deed is done, so none is recorded. Moments lie in the past, so that what is published is public.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from newsroom.formats.draft import Draft
from newsroom.models import (
    Annotation,
    AnswerTemplate,
    ApiToken,
    Appearance,
    Article,
    Assignment,
    Attribution,
    Claim,
    ClaimRelation,
    Comment,
    Correction,
    Cue,
    Deed,
    Delivery,
    Document,
    DocumentCheck,
    Entity,
    Evidence,
    Flag,
    FlagLetter,
    FlagTarget,
    Follow,
    Import,
    Imprint,
    Invitation,
    KeptAnswer,
    Lockout,
    Mention,
    Notice,
    Original,
    Page,
    PageVersion,
    Picture,
    PolicyReport,
    RatingLevel,
    Reading,
    Rectification,
    Reply,
    ReplyLetter,
    RequestForComment,
    Review,
    Revision,
    Rights,
    Source,
    StoredCopy,
    Subscriber,
    Suggestion,
    SuggestionOffer,
    Target,
    Thread,
    TrainedModel,
    User,
    Webhook,
)
from newsroom.models.token import PREFIX, digest_of
from newsroom.models.webhook import Event
from newsroom.text.document import parse, write
from newsroom.text.selectors import describe

THEN = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)
LATER = datetime(2024, 5, 7, 9, 0, tzinfo=UTC)

#: Two paragraphs; «Il ponte» stands twice in them, all other words once.
HTML = (
    "<p>Il ponte sarà aperto a maggio, ha detto la sindaca. Costerà dieci milioni di euro.</p>"
    "<p>Secondo i tecnici le prove sono finite. Il ponte vecchio resterà chiuso.</p>"
)

_numbers = count(1)


def make_user(**given: Any) -> User:
    return User.objects.create(**({"username": f"person-{next(_numbers)}", "password": "!"} | given))


def make_article(*, html: str = HTML, by: User | None = None, **given: Any) -> Article:
    """A public article of our own with its first revision; a draft if `published_at` is None."""
    by = by or make_user()
    number = next(_numbers)
    fields = {"slug": f"articolo-{number}", "headline": f"Articolo {number}", "rights": Rights.OURS}
    published_at = given.pop("published_at", THEN)
    article = Article.objects.create(**(fields | given))
    article.current_revision = make_revision(article, html=html, by=by)
    article.published_at = published_at
    article.save()
    return article


def make_revision(article: Article, *, html: str = HTML, by: User | None = None, **given: Any) -> Revision:
    parsed = parse(html)
    number = article.revisions.count() + 1
    fields = {
        "number": number,
        "html": write(parsed),
        "text": parsed.text,
        "blocks": parsed.to_data(),
        "sha256": hashlib.sha256(parsed.text.encode()).hexdigest(),
        "kind": Revision.Kind.FIRST if number == 1 else Revision.Kind.MINOR,
        "note": "" if number == 1 else "Refuso.",
        "by": by or make_user(),
        "at": THEN,
    }
    return Revision.objects.create(article=article, **(fields | given))


def make_annotation(
    article: Article,
    *quotations: str | tuple[str, str],
    kind: str = Annotation.Kind.CLAIM,
    **given: Any,
) -> Annotation:
    """An annotation with a target on each quotation, where it first stands: words, or (role, words)."""
    by = given.pop("by", None) or make_user()
    if given.get("state") == Annotation.State.WITHDRAWN:
        given = {"withdrawn_at": LATER, "withdrawal_reason": "Doppione."} | given
    annotation = Annotation.objects.create(article=article, kind=kind, by=by, **({"at": THEN} | given))
    for ordinal, quotation in enumerate(quotations):
        role, words = ("content", quotation) if isinstance(quotation, str) else quotation
        start = article.current_revision.text.index(words)
        make_target(annotation, start, start + len(words), role=role, ordinal=ordinal)
    return annotation


def make_target(annotation: Annotation, start: int, end: int, **given: Any) -> Target:
    revision = given.pop("revision", annotation.article.current_revision)
    selector = describe(revision.text, start, end)
    fields = {
        "start": start,
        "end": end,
        "exact": selector.exact,
        "prefix": selector.prefix,
        "suffix": selector.suffix,
        "confirmed_by": annotation.by,
        "confirmed_at": THEN,
    }
    return Target.objects.create(annotation=annotation, revision=revision, **(fields | given))


def make_suggestion(
    article: Article | None = None,
    *quotations: str | tuple[str, str],
    kind: str = Annotation.Kind.MENTION,
    offers: Sequence[Any] = (),
    **given: Any,
) -> Suggestion:
    """What a program proposed in an article's current text, and nobody decided; `given` is the suggestion's.

    `offers` are entities, sources or claims. Nobody has confirmed its places.
    """
    article = article or make_article()
    annotation = make_annotation(
        article,
        *(quotations or ("la sindaca",)),
        kind=kind,
        state=Annotation.State.SUGGESTED,
        generator="prova 1",
        confidence=0.8,
    )
    annotation.targets.update(confirmed_by=None, confirmed_at=None)
    usual: dict[str, Any] = {"revision": article.current_revision}
    if kind == Annotation.Kind.MENTION:
        usual |= {"entity_kind": "person", "form": "name"}
    elif kind == Annotation.Kind.ATTRIBUTION:
        usual |= {"quote_type": "indirect"}
    suggestion = Suggestion.objects.create(annotation=annotation, **(usual | given))
    for ordinal, thing in enumerate(offers):
        SuggestionOffer.objects.create(
            suggestion=suggestion, ordinal=ordinal, **{thing._meta.model_name: thing}
        )
    return suggestion


def make_flag(article: Article | None = None, quotation: str = "", **given: Any) -> Flag:
    """A reader's flag on an article, or on words where they first stand in it; with its letter.

    `message`, `name`, `address`, `confirmed_at` and `how` are the letter's.
    """
    letter = {
        "message": "Non sono dieci, ma dodici.",
        "name": "",
        "address": "",
        "confirmed_at": None,
        "how": "",
    }
    letter |= {name: given.pop(name) for name in tuple(given) if name in letter}
    if not given.keys() & {"claim", "source", "entity"}:
        article = article or make_article()
    fields = {"kind": Flag.Kind.ERROR, "at": THEN, "due": THEN + timedelta(days=5), "lang": "it"}
    decided = given.get("state", Flag.State.OPEN) != Flag.State.OPEN
    fields |= {"decided_by": make_user(), "decided_at": LATER} if decided else {}
    if given.get("state") == Flag.State.ACCEPTED:
        fields["outcome"] = "Il costo è stato corretto."
    flag = Flag.objects.create(**({"article": article} | fields | given))
    FlagLetter.objects.create(flag=flag, lang="it", **letter)
    if quotation and article is not None:
        revision = article.current_revision
        start = revision.text.index(quotation)
        selector = describe(revision.text, start, start + len(quotation))
        FlagTarget.objects.create(
            flag=flag,
            revision=revision,
            start=start,
            end=start + len(quotation),
            exact=selector.exact,
            prefix=selector.prefix,
            suffix=selector.suffix,
        )
    return flag


def make_rectification(article: Article | None = None, **given: Any) -> Rectification:
    """A rectification that stands before an article, or another thing; `given` are its own columns.

    With `claim`, `source` or `entity` it is about that.
    """
    about = {name: given.pop(name) for name in tuple(given) if name in {"claim", "source", "entity"}}
    flag = given.pop("flag", None) or make_flag(
        article, kind="rectification", state="accepted", outcome="", name="Ida Bruni", **about
    )
    fields = {"words": "Non ho mai detto che il ponte costa dieci milioni.", "name": "Ida Bruni"}
    return Rectification.objects.create(**({"flag": flag, "by": make_user(), "at": LATER} | fields | given))


def make_imprint(**given: Any) -> Imprint:
    """The one that there is, with these words."""
    fields = {
        "publisher": "Il Ponte Società Cooperativa",
        "office": "via dei Mille 1\n00185 Roma",
        "contact": "redazione@ilponte.example",
        "director": "Ada Neri",
        "court": "Tribunale di Roma, n. 12/2026 del 3 febbraio 2026",
        "host": "Macchine Srl, via della Rete 2, Milano",
        "rectifications": "ilponte@pec.example",
    }
    made, _new = Imprint.objects.update_or_create(pk=given.pop("pk", 1), defaults=fields | given)
    return made


def make_correction(article: Article | None = None, **given: Any) -> Correction:
    """A correction that was made of a text, which is not the current one."""
    article = article or make_article()
    before, after = article.current_revision, make_revision(article, html="<p>Un altro testo.</p>")
    fields = {"article": article, "before": before, "after": after, "by": after.by, "at": after.at}
    return Correction.objects.create(**({"note": "Il testo era un altro."} | fields | given))


def make_page(**given: Any) -> Page:
    """One of the newsroom's own pages, with its first version; what is given is of either."""
    number = next(_numbers)
    by, at = given.pop("by", None) or make_user(), given.pop("at", THEN)
    said = {name: given.pop(name) for name in ("title", "text", "note") if name in given}
    page = Page.objects.create(**({"slug": f"pagina-{number}", "lang": "it"} | given))
    words = {"title": f"Pagina {number}", "text": "Chi siamo.", "note": "La prima."}
    PageVersion.objects.create(page=page, number=1, by=by, at=at, **(words | said))
    return page


def make_follow(subject: Article | Claim | Source | Entity | None = None, **given: Any) -> Follow:
    """A reader who confirmed that they follow a thing, and was told all that came until then.

    `address`, `rhythm` and `lang` are the reader's; without `confirmed_at` nothing is confirmed.
    """
    subject = subject or make_article()
    address = given.pop("address", None) or f"lettrice{next(_numbers)}@lettori.example"
    at = given.pop("at", THEN)
    confirmed_at = given.pop("confirmed_at", at)
    chosen = {"rhythm": "daily", "lang": "it"} | given
    told = {"confirmed_at": confirmed_at, "told_until": confirmed_at} if confirmed_at else {}
    reader, _made = Subscriber.objects.get_or_create(
        key=Subscriber.key_of(address), defaults={"address": address, "at": at} | chosen | told
    )
    about = {subject._meta.model_name: subject}
    return Follow.objects.create(subscriber=reader, at=at, confirmed_at=confirmed_at, **about, **chosen)


def make_template(**given: Any) -> AnswerTemplate:
    fields = {"name": f"Modello {next(_numbers)}", "words": "Grazie: abbiamo corretto."}
    return AnswerTemplate.objects.create(**(fields | given))


def make_reading(article: Article | None = None, **given: Any) -> Reading:
    """A text that waits to be read."""
    revision = (article or make_article()).current_revision
    return Reading.objects.create(**({"revision": revision, "at": THEN} | given))


def make_claim(**given: Any) -> Claim:
    """A claim that accuses nobody, if nothing else is said."""
    fields = {"text": f"Il ponte {next(_numbers)} sarà aperto a maggio.", "accuses": "no"}
    return Claim.objects.create(**(fields | given))


def make_appearance(
    article: Article | None = None,
    *quotations: str | tuple[str, str],
    claim: Claim | None = None,
    **given: Any,
) -> Appearance:
    """A claim that stands in an article; `given` is the annotation's."""
    annotation = make_annotation(
        article or make_article(), *(quotations or ("Il ponte sarà aperto a maggio",)), **given
    )
    return Appearance.objects.create(claim=claim or make_claim(), annotation=annotation)


def make_relation(source: Claim | None = None, target: Claim | None = None, **given: Any) -> ClaimRelation:
    """One claim supports another."""
    source, target = source or make_claim(), target or make_claim()
    return ClaimRelation.objects.create(source=source, target=target, **({"kind": "supports"} | given))


def make_review(appearance: Appearance | None = None, **given: Any) -> Review:
    """A published review of the content, «Falso», of the words of an appearance, if one is given."""
    author, approver = given.pop("author", None), given.pop("approver", None)
    claim = given.pop("claim", None) or (appearance.claim if appearance else make_claim())
    fields: dict[str, Any] = {
        "level": given.pop("level", None) or level("false"),
        "judged_words": claim.text,
        "summary": "Non risulta da nessun atto.",
        "no_evidence_reason": "Nessun documento pubblico ne parla.",
        "state": Review.State.PUBLISHED,
        "author": author or make_user(),
        "proposed_at": THEN,
        "approver": approver or make_user(),
        "published_at": THEN,
    }
    if appearance is not None:
        target = appearance.annotation.targets.order_by("start").first()
        fields |= {"appearance": appearance, "revision": target.revision, "judged_words": target.exact}
    if given.get("state") in (Review.State.PROPOSED, Review.State.CHANGES):
        fields |= {"approver": None, "published_at": None, "changes_note": "Da dove viene?"}
    if given.get("state") == Review.State.APPROVED:
        fields |= {"approved_at": THEN, "published_at": None}
    if given.get("state") == Review.State.STALE:
        fields |= {"stale_at": LATER, "stale_cause": Review.StaleCause.WORDS}
    return Review.objects.create(claim=claim, **(fields | given))


def make_assignment(**given: Any) -> Assignment:
    claim, assignee = given.pop("claim", None) or make_claim(), given.pop("assignee", None) or make_user()
    by = given.pop("by", None) or make_user()
    return Assignment.objects.create(claim=claim, assignee=assignee, by=by, **({"at": THEN} | given))


def make_request(**given: Any) -> RequestForComment:
    """Somebody was asked, and has not answered yet."""
    claim, by = given.pop("claim", None) or make_claim(), given.pop("by", None) or make_user()
    fields = {"asked": "Il Comune", "how": "Per posta elettronica", "asked_at": THEN, "at": THEN}
    return RequestForComment.objects.create(claim=claim, by=by, **(fields | given))


#: What is not a link's own, but the request's.
_OF_REQUEST = {"claim", "kind", "asked", "source"}


def make_invitation(**given: Any) -> Invitation:
    """Somebody was asked by a private link, which is open for a week."""
    of_request = {name: given.pop(name) for name in _OF_REQUEST & given.keys()}
    at = given.get("at", THEN)
    fields = {"at": at, "expires_at": at + timedelta(days=7), "lang": "it"}
    request = given.pop("request", None) or make_request(asked_at=at, **of_request)
    return Invitation.objects.create(request=request, **(fields | given))


def make_reply(invitation: Invitation | None = None, **given: Any) -> Reply:
    """What came back by a link; `words` and `name` are the letter's, of an accepted one those in public."""
    of_request = {name: given.pop(name) for name in _OF_REQUEST & given.keys()}
    invitation = invitation or make_invitation(**of_request)
    words, name = given.pop("words", "Non è vero: il ponte è agibile."), given.pop("name", "Ida Bruni")
    state, request = given.get("state", Reply.State.WAITING), invitation.request
    fields: dict[str, Any] = {"review": invitation.review, "at": LATER, "lang": "it"}
    if state in (Reply.State.ACCEPTED, Reply.State.REFUSED):
        fields |= {"decided_by": make_user(), "decided_at": LATER}
    if state == Reply.State.ACCEPTED:
        fields["signature"] = name
        request.answer = words
    if state == Reply.State.REFUSED:
        fields |= {"ground": Reply.Ground.THIRD_PARTIES, "reason": "Nomina i figli di un’altra persona."}
    request.answered_at = fields["at"]
    request.save()
    reply = Reply.objects.create(request=request, **(fields | given))
    if state != Reply.State.ACCEPTED:
        ReplyLetter.objects.create(reply=reply, words=words, name=name)
    return reply


def level(code_name: str) -> RatingLevel:
    """A level of the seed's scale, such as "true", "false" or "opinion"."""
    return RatingLevel.objects.get(code_name=code_name, scale__version=1)


def make_source(**given: Any) -> Source:
    return Source.objects.create(**({"kind": "person", "name": f"Ada Neri {next(_numbers)}"} | given))


def make_entity(**given: Any) -> Entity:
    if given.get("privacy"):
        because = {"protection_reason": "Ha dodici anni.", "protected_at": LATER}
        given = because | {"protected_by": make_user()} | given
    return Entity.objects.create(**({"kind": "person", "name": f"Ida Bianchi {next(_numbers)}"} | given))


def make_document(**given: Any) -> Document:
    return Document.objects.create(**({"title": f"Delibera {next(_numbers)}"} | given))


def make_evidence(claim: Claim, **given: Any) -> Evidence:
    document = given.pop("document", None) or make_document()
    return Evidence.objects.create(
        claim=claim, document=document, **({"stance": "supports", "checked": "whole"} | given)
    )


def make_copy(
    document: Document | None = None, *, text: str = "Il ponte è aperto.", **given: Any
) -> StoredCopy:
    """A copy of a document's address that was kept, or one that waits or failed."""
    document = document or make_document(url="https://a.example/atto")
    state = given.get("state", StoredCopy.State.KEPT)
    fields = {
        "kind": "address",
        "address": document.url or "https://a.example/atto",
        "by": given.pop("by", None) or make_user(),
        "at": THEN,
    }
    if state == StoredCopy.State.KEPT:
        body = given.pop("body", text.encode())
        fields |= {
            "state": state,
            "kept_at": THEN,
            "content_type": "text/html",
            "sha256": hashlib.sha256(body).hexdigest(),
            "size": len(body),
            "text": text,
            "whole": text,
        }
    copy = StoredCopy(document=document, **(fields | given))
    if state == StoredCopy.State.KEPT:
        copy.file.save("", ContentFile(body), save=False)
    copy.save()
    return copy


def make_check(document: Document | None = None, **given: Any) -> DocumentCheck:
    """A check that found the document unchanged; one that waits if `finding` is empty."""
    document = document or make_document(url="https://a.example/atto")
    fields = {
        "finding": "unchanged",
        "checked_at": THEN,
        "by": given.pop("by", None) or make_user(),
        "at": THEN,
    }
    if given.get("finding") == "":
        fields["checked_at"] = None
    return DocumentCheck.objects.create(document=document, **(fields | given))


def make_attribution(
    article: Article,
    quotations: Sequence[str | tuple[str, str]] = (
        "Il ponte sarà aperto a maggio",
        ("cue", "ha detto"),
        ("source", "la sindaca"),
    ),
    **given: Any,
) -> Attribution:
    annotation = make_annotation(article, *quotations, kind=Annotation.Kind.ATTRIBUTION)
    fields = {"quote_type": "indirect"} | given
    if "source" not in fields and "anonymity_reason" not in fields:
        fields["source"] = make_source()
    return Attribution.objects.create(annotation=annotation, **fields)


def make_mention(article: Article, words: str, *, entity: Entity | None = None, **given: Any) -> Mention:
    annotation = make_annotation(article, words, kind=Annotation.Kind.MENTION)
    return Mention.objects.create(annotation=annotation, entity=entity or make_entity(), **given)


def make_met_source(article: Article | None = None, **given: Any) -> Source:
    """One whom readers meet: it speaks in a public article."""
    return make_attribution(article or make_article(), source=make_source(**given)).source


def make_met_entity(article: Article | None = None, **given: Any) -> Entity:
    """One whom readers meet: a public article names it."""
    entity = make_entity(**given)
    make_mention(article or make_article(), "Il ponte", entity=entity)
    return entity


def make_original(*, html: str = HTML, **given: Any) -> Original:
    """A pasted text that was read, ready to be made into an article."""
    body = given.pop("body", html.encode())
    original = Original(
        **(
            {
                "kind": Original.Kind.PASTE,
                "state": Original.State.READY,
                "draft": Draft.of(parse(html), headline="Il ponte").to_data(),
                "sha256": hashlib.sha256(body).hexdigest(),
                "size": len(body),
                "at": THEN,
            }
            | given
        )
    )
    original.by = given.get("by") or make_user()
    original.file.save("", ContentFile(body), save=False)
    original.save()
    return original


def make_import(**given: Any) -> Import:
    """A doccano file of one text with a name in it, read and to be looked at."""
    body = given.pop("body", b'{"id": "nota", "text": "Il ponte di Nilde.", "label": [[12, 17, "person"]]}\n')
    found = {
        "made": 1, "annotations": 1, "tags": {"mention": 1}, "named": {"entity": 1},
        "first_made": [["Il ponte di Nilde.", "it"]], "new_names": [["entity", "Nilde"]],
    }  # fmt: skip
    row = Import(
        **(
            {
                "state": Import.State.READ,
                "exchange": "doccano",
                "file_name": "note.jsonl",
                "sha256": hashlib.sha256(body).hexdigest(),
                "size": len(body),
                "found": found,
                "losses": [["ids", 1, "nota"]],
                "total": 1,
                "at": THEN,
                "moved_at": THEN,
            }
            | given
        )
    )
    row.by = given.get("by") or make_user()
    row.file.save("", ContentFile(body), save=False)
    row.save()
    return row


def make_model(file: bytes = b"controluce", **given: Any) -> TrainedModel:
    """A version that can be used, or whose file is gone if another `state` is given."""
    file = b"" if given.get("state", "kept") != "kept" else file
    fields = {
        "kind": "names", "lang": "it", "file": file, "size": len(file), "articles": 40, "examples": 900,
        "held_articles": 9, "before": 0.5, "after": 0.6, "seconds": 3.5, "at": THEN,
        "sha256": hashlib.sha256(file).hexdigest() if file else "", "data_sha256": "0" * 64,
    }  # fmt: skip
    by = given.pop("by", None) or make_user()
    return TrainedModel.objects.create(**(fields | {"by": by} | given))


def make_cue(**given: Any) -> Cue:
    fields = {"kind": Cue.Kind.VERB, "words": "berciare", "at": THEN}
    return Cue.objects.create(**(fields | {"by": given.pop("by", None) or make_user()} | given))


def make_picture(original: Original | None = None, **given: Any) -> Picture:
    picture = Picture(original=original or make_original(), width=80, height=60, **given)
    picture.file.save("", ContentFile(image()), save=False)
    picture.save()
    return picture


def image(
    size: tuple[int, int] = (80, 60), form: str = "PNG", mode: str = "RGB", colour: str = "red", **given: Any
) -> bytes:
    """A file with a picture of one colour."""
    written = BytesIO()
    Image.new(mode, size, colour).save(written, form, **given)
    return written.getvalue()


def make_thread(on: Annotation | Claim | None = None, **given: Any) -> Thread:
    """A thread with its first comment, on a claim if nothing is named; resolved if `resolved_by` is given."""
    on = on or make_claim()
    if "resolved_by" in given:
        given = {"resolved_at": LATER} | given
    body, by = given.pop("body", "È proprio così?"), given.pop("by", None)
    thread = Thread.objects.create(**{on._meta.model_name: on}, **given)
    make_comment(thread, body=body, by=by)
    return thread


def make_comment(thread: Thread | None = None, **given: Any) -> Comment:
    by, mentions = given.pop("by", None) or make_user(), given.pop("mentions", [])
    thread = thread or Thread.objects.create(claim=make_claim())
    fields = {"body": "È proprio così?", "by": by, "at": THEN}
    comment = Comment.objects.create(thread=thread, **(fields | given))
    comment.mentions.set(mentions)
    return comment


def make_notice(**given: Any) -> Notice:
    user, comment = given.pop("user", None) or make_user(), given.pop("comment", None) or make_comment()
    fields = {"reason": "mentioned", "at": THEN}
    return Notice.objects.create(user=user, comment=comment, **(fields | given))


def make_webhook(**given: Any) -> Webhook:
    """Told of everything."""
    by = given.pop("by", None) or make_user()
    fields = {
        "name": "Il motore di ricerca",
        "address": "https://receiver.example/hook",
        "events": list(Event.values),
        "at": THEN,
    }
    return Webhook.objects.create(by=by, **(fields | given))


def make_delivery(**given: Any) -> Delivery:
    """That an article was published."""
    webhook, deed = given.pop("webhook", None) or make_webhook(), given.pop("deed", None)
    if deed is None:
        article = make_article()
        named = [["article", str(article.uuid)]]
        deed = Deed.objects.create(
            verb="article.publish", actor=make_user(), at=THEN, article=article, objects_touched=named
        )
    fields = {"event": "article.published", "at": THEN, "next_at": THEN}
    return Delivery.objects.create(webhook=webhook, deed=deed, **(fields | given))


def make_token(secret: str = "", **given: Any) -> ApiToken:
    """A valid token with every scope, of somebody at the desk who may nothing if no `user` is given."""
    secret = secret or f"ctl_{next(_numbers):043d}"
    by = given.pop("created_by", None) or make_user()
    fields = {
        "name": "Importatore",
        "user": given.pop("user", None) or make_user(is_staff=True),
        "scopes": list(ApiToken.Scope.values),
        "digest": digest_of(secret),
        "prefix": secret[:PREFIX],
        "created_by": by,
        "created_at": THEN,
    }
    return ApiToken.objects.create(**(fields | given))


def make_kept_answer(**given: Any) -> KeptAnswer:
    """What a program was answered when it added something."""
    fields = {
        "token": given.pop("token", None) or make_token(),
        "key": "k" * 64,
        "sent": "s" * 64,
        "at": THEN,
    }
    return KeptAnswer.objects.create(**(fields | {"status": 201, "body": {}} | given))


def make_policy_report(**given: Any) -> PolicyReport:
    """What a browser reported that the content security policy kept out, once."""
    fields = {"directive": "script-src-elem", "blocked": "https://a.example", "page": "/search/"}
    return PolicyReport.objects.create(**(fields | {"first_at": THEN, "last_at": THEN} | given))


def make_lockout(**given: Any) -> Lockout:
    fields = {"username": "ada", "ip_address": "192.0.2.7", "user_agent": "Prova", "failures_since_start": 5}
    return Lockout.objects.create(**(fields | {"get_data": "", "post_data": ""} | given))


def make_crowd(article: Article, number: int) -> None:
    """As many annotations, in few statements: claims, half of them rated, mentions and attributions.

    They nest and cross and lie over several blocks, at places that are the same each time.
    """
    text, person, chance = article.current_revision.text, make_user(), Random(number)
    approver, source, entity, rated = make_user(), make_source(), make_entity(), level("true")
    kinds = [
        Annotation.Kind.CLAIM,
        Annotation.Kind.CLAIM,
        Annotation.Kind.MENTION,
        Annotation.Kind.ATTRIBUTION,
    ]
    annotations = Annotation.objects.bulk_create(
        Annotation(article=article, kind=kinds[index % 4], by=person, at=THEN) for index in range(number)
    )
    targets = []
    for annotation in annotations:
        start = chance.randrange(len(text) - 1)
        end = min(len(text), start + chance.choice((1, 3, 10, 40, 120)))
        targets.append(
            Target(
                annotation=annotation,
                revision=article.current_revision,
                start=start,
                end=end,
                exact=text[start:end],
                confirmed_by=person,
                confirmed_at=THEN,
            )
        )
    Target.objects.bulk_create(targets)
    of_kind = {kind: [row for row in annotations if row.kind == kind] for kind in kinds}
    claims = Claim.objects.bulk_create(
        Claim(text=f"Affermazione {row.pk}.", claimant=source) for row in of_kind[Annotation.Kind.CLAIM]
    )
    Appearance.objects.bulk_create(
        Appearance(claim=claim, annotation=row)
        for claim, row in zip(claims, of_kind[Annotation.Kind.CLAIM], strict=True)
    )
    Review.objects.bulk_create(
        Review(
            claim=claim,
            level=rated,
            judged_words=claim.text,
            summary="Lo dicono gli atti.",
            state=Review.State.PUBLISHED,
            author=person,
            approver=approver,
            proposed_at=THEN,
            published_at=THEN,
        )
        for claim in claims[::2]
    )
    Mention.objects.bulk_create(
        Mention(annotation=row, entity=entity) for row in of_kind[Annotation.Kind.MENTION]
    )
    Attribution.objects.bulk_create(
        Attribution(annotation=row, source=source, quote_type="direct", claim=claims[0])
        for row in of_kind[Annotation.Kind.ATTRIBUTION]
    )


def under(prefix: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as a form sends them that stands on a page beside others."""
    return {f"{prefix}-{name}": value for name, value in fields.items()}
