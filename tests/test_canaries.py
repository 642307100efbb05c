"""What is secret leaves by no address: canaries are planted, and every URL of the configuration is walked.

A canary is a word that stands nowhere else. One is written into each field that is confidential, and one into
each that is for the desk; then everybody asks for every address that there is, also with a query that finds
what is near the canaries, and no answer may hold one that is not for who asks: not in its body, not in a
header. An address that nobody here knows how to make fails, until it stands in `VALUES`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import CharField, Model, Q, TextField
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation
from django.utils.timezone import now

from newsroom.models import (
    Annotation,
    Article,
    ArticleAddress,
    Claim,
    ClaimRelation,
    Comment,
    ConfidentialSource,
    Correction,
    Deed,
    Document,
    Entity,
    Evidence,
    Flag,
    Import,
    Newsroom,
    Original,
    Picture,
    Presence,
    Reply,
    RequestForComment,
    Review,
    SavedView,
    Source,
    StoredCopy,
    Thread,
    User,
)
from newsroom.presenters.search import LABELS
from newsroom.presenters.sitemaps import KINDS
from newsroom.tasks.notices import send_notices
from tests.admin.filling import save
from tests.making import (
    LATER,
    THEN,
    make_annotation,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_comment,
    make_copy,
    make_document,
    make_entity,
    make_evidence,
    make_flag,
    make_follow,
    make_import,
    make_invitation,
    make_mention,
    make_notice,
    make_original,
    make_picture,
    make_reply,
    make_request,
    make_review,
    make_revision,
    make_source,
    make_thread,
    make_token,
    make_user,
)
from tests.samples import sampled

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SignedIn = Callable[[User], Client]

#: Beside every canary stands this word: who looks for it finds what is near them.
NEAR = "Sottovoce"
#: What nobody may read without the permission to: the table of who a confidential source is.
CONFIDENTIAL = ("real_name", "contact", "note", "reason")
#: What the desk writes for itself, by model.
FOR_THE_DESK = {
    "attribution": ("note",),
    "claim": ("note", "check_reason"),
    "claimrelation": ("note",),
    "document": ("note", "date_note"),
    "entity": ("note",),
    "evidence": ("note",),
    "mention": ("note",),
    "source": ("role_note", "relations_note"),
}
#: What is not public yet, or not any more, or never will be.
UNPUBLISHED = (
    "draft headline", "draft text", "proposed summary", "proposed explanation", "comment", "own view",
    "original", "import", "suggested claim", "entity of a minor", "source for the desk", "claim of a draft",
    "withdrawn mention", "minor’s description", "why a minor", "flag", "who flags", "answer to who flags",
    "reply", "who replies", "who was asked", "how", "their answer",
)  # fmt: skip
#: What a review says to the log alone: its pages tell that there is a reason, and not which.
REASONS = ("changes_note", "no_primary_reason", "no_request_reason", "override_reason")
#: Whoever left an address with a flag, or follows something: nobody is ever shown it, the desk included.
ADDRESS = {"address": "canarino@lettori.example", "confirmed_at": LATER}


def canary(what: str) -> str:
    """A word of letters and figures alone: it stays itself in a slug, in JSON, in an address."""
    return f"canarino{sum(map(ord, what)) * 7919 % 1_000_003}{len(what)}z"


def said(what: str) -> str:
    return f"{NEAR} {canary(what)}"


def planted() -> dict[str, set[str]]:
    """The canaries, by who may never see them without the permission of an editor, or as a reader."""
    return {
        "confidential": {canary(f"confidential {field}") for field in CONFIDENTIAL},
        "desk": {canary(f"{model} {field}") for model, fields in FOR_THE_DESK.items() for field in fields}
        | {canary(what) for what in (*UNPUBLISHED, *REASONS)},
    }


CANARY = re.compile("|".join(sorted(set().union(*planted().values()))))


# Planting


def plant(editor: Client) -> None:
    """A public article with everything that hangs on it, and all that is secret in it and beside it."""
    notes = {
        model: {field: said(f"{model} {field}") for field in fields} for model, fields in FOR_THE_DESK.items()
    }
    author, article = make_user(), make_article(slug="il-ponte", headline="Il ponte")
    source = make_source(name=f"Una persona {NEAR}", **notes["source"])
    keep_secret(source, editor)
    entity = make_entity(name=f"Ida {NEAR}", **notes["entity"])
    claim = make_claim(text=f"Il ponte di {NEAR} aprirà.", claimant=source, **notes["claim"])
    other = make_claim(text="Il ponte è chiuso.")
    appearance = make_appearance(article, claim=claim)
    make_appearance(article, "Costerà dieci milioni", claim=other)
    ClaimRelation.objects.create(source=claim, target=other, kind="supports", **notes["claimrelation"])
    document = make_document(title=f"Delibera {NEAR}", publisher=source.name, **notes["document"])
    make_evidence(claim, document=document, quotation="Aprirà.", **notes["evidence"])
    make_copy(document)
    make_request(claim=claim)
    make_attribution(article, source=source, claim=claim, **notes["attribution"])
    make_mention(article, "la sindaca", entity=entity, **notes["mention"])
    first = make_review(appearance, state=Review.State.SUPERSEDED)
    asked = {"asked": said("who was asked"), "how": said("how"), "answer": said("their answer")}
    make_review(
        appearance,
        supersedes=first,
        accuses=True,
        request=make_request(claim=claim, answered_at=LATER, **asked),
        overridden=["facts"],
        **{field: said(field) for field in REASONS},
    )
    make_review(
        make_appearance(article, "Secondo i tecnici"),
        state=Review.State.PROPOSED,
        summary=said("proposed summary"),
        explanation=said("proposed explanation"),
    )
    correct(article)
    plant_unpublished(article, claim, author)


def keep_secret(source: Source, editor: Client) -> None:
    """Written by an editor in the admin and changed once, so that the log and the history have seen it."""
    form = {"source": source.pk} | {field: said(f"confidential {field}") for field in CONFIDENTIAL}
    answer = editor.post(reverse("admin:newsroom_confidentialsource_add"), form | {"contact": "-"})
    assert answer.status_code == 302
    there = reverse("admin:newsroom_confidentialsource_change", args=[source.pk])
    answer = save(editor, there, contact=said("confidential contact"))
    assert answer.status_code == 302
    Source.objects.filter(pk=source.pk).update(description=f"Chi parla, {NEAR}.")
    source.refresh_from_db()
    source.save()  # one more state in its history


def correct(article: Article) -> None:
    before = article.current_revision
    article.current_revision = make_revision(article, kind="correction", note="Era sbagliato.", at=LATER)
    article.save()
    for annotation in Annotation.objects.filter(article=article):
        for target in annotation.targets.filter(revision=before):
            target.pk, target.uuid, target.revision = None, make_uuid(), article.current_revision
            target.save()
    correction = Correction.objects.create(
        article=article, before=before, after=article.current_revision, note="Era.", by=make_user(), at=LATER
    )
    correction.claims.set(Claim.objects.filter(appearances__annotation__article=article))


def make_uuid():
    return Annotation._meta.get_field("uuid").get_default()


def plant_unpublished(article: Article, claim: Claim, author: User) -> None:
    draft = make_article(
        slug="bozza",
        published_at=None,
        headline=said("draft headline"),
        html=f"<p>{said('draft text')} dice che il ponte è suo.</p>",
    )
    make_appearance(draft, "il ponte è suo", claim=make_claim(text=said("claim of a draft")))
    make_attribution(
        draft, ["il ponte"], source=make_source(name=said("source for the desk"), desk_only=True)
    )
    minor = make_entity(
        name=said("entity of a minor"),
        privacy="minor",
        protection_reason=said("why a minor"),
        description=said("minor’s description"),
    )
    make_mention(article, "dieci milioni", entity=minor)
    withdrawn = make_annotation(article, "prove sono finite", kind="mention", state="withdrawn")
    withdrawn.mentions.create(entity=make_entity(name=said("withdrawn mention"), privacy="delisted"))
    suggested = make_annotation(article, "resterà chiuso", state="suggested", generator="prova")
    make_appearance_of(suggested, make_claim(text=said("suggested claim")))
    thread = make_thread(claim, body=said("comment"), by=User.objects.get(username="reporter"))
    make_notice(comment=make_comment(thread, body=said("comment"), by=author))
    for user in User.objects.filter(is_staff=True):
        SavedView.objects.create(user=user, name=said("own view"), query="state=drafts")
        Presence.objects.create(user=user, article=article, seen_at=LATER)
    original = make_original(article=draft, state=Original.State.USED)
    original.file.save("", ContentFile(said("original").encode()), save=True)
    make_picture(original)
    make_import(file_name=f"{canary('import')}.jsonl", found={"first_made": [[said("import"), "it"]]})
    ArticleAddress.objects.create(article=article, slug="un-tempo-qui")
    # A rectification that is not published yet: nobody outside reads a word of it.
    asked = {"kind": "rectification", "message": said("flag"), "name": said("who flags"), "how": said("flag")}
    flag = make_flag(article, "dieci milioni", **asked, **ADDRESS)
    flag.answers.create(words=said("answer to who flags"), by=author, at=LATER)
    make_flag(claim=claim, state="accepted", message=said("flag"), name=said("who flags"), **ADDRESS)
    plant_replies(claim)
    for thing in (article, claim):
        make_follow(thing, address=ADDRESS["address"], at=LATER)
    make_article(slug="ritirato", withdrawn_at=LATER, withdrawal_reason="Sbagliato.", published_at=THEN)


def plant_replies(claim: Claim) -> None:
    """One that waits, one that was refused, an opinion for the desk alone; and who was asked by mail."""
    make_reply(claim=claim, state="accepted", words="Il ponte è agibile.")
    at_work = make_invitation(claim=claim, address=ADDRESS["address"])
    make_reply(at_work, words=said("reply"), name=said("who replies"))
    make_reply(claim=claim, state="refused", words=said("reply"), name=said("who replies"))
    about = {"claim": claim, "kind": "opinion", "review": claim.reviews.current().get()}
    make_reply(
        make_invitation(**about, address=ADDRESS["address"]),
        opinion="objects",
        state="kept",
        may_be_public=False,
        words=said("reply"),
        name=said("who replies"),
    )


def make_appearance_of(annotation: Annotation, claim: Claim) -> None:
    annotation.appearance = claim.appearances.create(annotation=annotation)


# Walking: of each address everybody is asked one with what was planted last, and a sample of the others


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, names: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern]]:
    """Every address with a name, with the namespaces it stands in."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, (*names, *filter(None, [pattern.namespace])))
        elif pattern.name:
            yield ":".join((*names, pattern.name)), pattern


def newest(model: type[Model], number: int = 2) -> list[Model]:
    return list(model._default_manager.order_by("-pk")[:number])


def telling(model: type[Model]) -> list[Model]:
    """The newest rows, and those that hold a canary in a note."""
    noted = Q()
    for field in FOR_THE_DESK.get(model._meta.model_name, ()):
        noted |= Q((f"{field}__contains", NEAR))
    rows = model._default_manager.filter(noted) if noted else ()
    return list({row.pk: row for row in (*newest(model), *rows)}.values())


#: The argument of a route, with what stands before it if that decides -> values for it.
VALUES: dict[str, Callable[[], list]] = {
    "slug": lambda: ["il-ponte", "bozza", "ritirato", "un-tempo-qui"],
    "number": lambda: [1, 2],
    "before": lambda: [1],
    "after": lambda: [2],
    "kind": lambda: ["claim", "mention", "attribution"],
    "uuid": lambda: [row.uuid for row in newest(Picture)],
    "rest": lambda: ["nothing"],
    "sitemaps/kind": lambda: list(KINDS),
    "annotations/uuid": lambda: uuids(Annotation, 12) + uuids(Review, 4) + uuids(Evidence),
    "articles/id": lambda: uuids(Article, 8),
    "annotations/id": lambda: uuids(Annotation, 12),
    "claims/id": lambda: uuids(Claim, 8),
    "sources/id": lambda: uuids(Source, 8),
    "entities/id": lambda: uuids(Entity, 8),
    "reviews/id": lambda: uuids(Review, 4),
    "documents/id": lambda: uuids(Document),
    "evidence/id": lambda: uuids(Evidence),
    "claims/address": lambda: public_addresses(Claim),
    "embed/claims/address": lambda: public_addresses(Claim),
    "embed/passages/address": lambda: [f"x-{code}" for code in codes(Annotation, 12)],
    "about/slug": lambda: ["ifcn"],
    "sources/address": lambda: public_addresses(Source),
    "entities/address": lambda: public_addresses(Entity),
    "articles/new/code": lambda: codes(Original),
    "annotations/code": lambda: codes(Annotation, 12),
    "claims/code": lambda: codes(Claim, 8),
    "comments/code": lambda: codes(Comment),
    "threads/code": lambda: codes(Thread),
    "documents/code": lambda: codes(Document),
    "copies/code": lambda: codes(StoredCopy),
    "entities/code": lambda: codes(Entity, 8),
    "evidence/code": lambda: codes(Evidence),
    "requests/code": lambda: codes(RequestForComment),
    "reviews/code": lambda: codes(Review, 4),
    "relation": lambda: codes(ClaimRelation, 1),
    "flags/secret": lambda: ["no-secret"],
    "replies/secret": lambda: ["no-secret"],
    "replies/code": lambda: codes(Reply, 4),
    "following/secret": lambda: ["no-secret"],
    "flags/code": lambda: codes(Flag),
    "imports/code": lambda: codes(Import),
    "views/code": lambda: codes(SavedView, 9),
    "uidb36": lambda: ["1"],
    "key": lambda: ["set-password"],
    "second-factor/key/pk": lambda: [1],
}


def codes(model: type[Model], number: int = 2) -> list[str]:
    return [row.code for row in newest(model, number)]


def uuids(model: type[Model], number: int = 2) -> list[str]:
    return [str(row.uuid) for row in newest(model, number)]


def public_addresses(model: type[Model]) -> list[str]:
    """By the code alone: what else stands in its address, the answer must not tell who does not know it."""
    return [f"x-{code}" for code in codes(model, 8)]


def values(route: str, argument: str) -> list:
    """The values for an argument of a route; one that is not understood fails."""
    place = re.sub(r"/?<[^>]*$", "", route.partition(f":{argument}>")[0])
    for key in (f"{place}/{argument}", argument):
        if key in VALUES:
            return VALUES[key]()
    raise AssertionError(f"{route}: say in VALUES how to make “{place}/{argument}”")


def some(rows: Iterable[Any], who: str | None, name: str) -> list:
    """The first, and a sample of the others; all of them if nobody asks."""
    rows = list(rows)
    return rows if who is None else rows[:1] + sampled(rows[1:], 1, of=f"{who} {name}")


def embedded_addresses(who: str | None) -> Iterator[str]:
    """What oEmbed is asked for: every address of a reader, and every claim's in every article."""
    pages = [f"{prefix}{address}" for prefix in ("", "/en") for address in addresses("reader", who)]
    articles = [reverse("reader:article", args=[slug]) for slug in VALUES["slug"]()]
    claims = [f"{page}#claim-{code}" for page in articles for code in codes(Claim, 8)]
    pages += claims if who is None else sampled(claims, 8, of=who)
    for page in pages:
        yield f"{reverse('data:oembed')}?{urlencode({'url': f'http://testserver{page}'})}"


def addresses(namespace: str, who: str | None = None) -> Iterator[str]:
    if namespace == "data":
        yield from embedded_addresses(who)
    for name, pattern in routes():
        if (name.partition(":")[0] if ":" in name else "") != namespace:
            continue
        if namespace == "admin":
            yield from admin_addresses(name, pattern, who)
            continue
        arguments = list(pattern.pattern.converters)
        choices = product(*(values(str(pattern.pattern), argument) for argument in arguments))
        for given in some(choices, who, name):
            yield reverse(name, kwargs=dict(zip(arguments, given, strict=True)))


def admin_addresses(name: str, pattern: URLPattern, who: str | None) -> Iterator[str]:
    """Those of a model with the rows that are there, the others by what they want."""
    number = len(pattern.pattern.converters) or pattern.pattern.regex.groups
    if not number:
        yield reverse(name)
        return
    model = model_of(name)
    if model is None:
        yield from admin_addresses_of_no_model(name)
        return
    # A checker sees all that the desk writes: the test that asks finds it nowhere if not here.
    for row in telling(model) if who == "checker" else some(telling(model), who, name):
        if number == 1:
            yield reverse(name, args=[row.pk])
        else:
            for state in row.history.all()[:2]:
                yield reverse(name, args=[row.pk, state.pk])


def admin_addresses_of_no_model(name: str) -> Iterator[str]:
    if name == "admin:app_list":
        yield from (reverse(name, args=[label]) for label in ("newsroom", "auth"))
    elif name == "admin:view_on_site":
        for model in (Source, Entity, Claim, Article):
            kind = ContentType.objects.get_for_model(model)
            yield from (reverse(name, args=[kind.pk, row.pk]) for row in newest(model))
    else:
        assert name == "admin:auth_user_password_change", f"{name}: say here what it wants"


def model_of(name: str) -> type[Model] | None:
    for model in admin.site._registry:
        if name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
            return model
    return None


def autocomplete_addresses() -> Iterator[str]:
    """What a field of a form of the admin offers while somebody types."""
    for model, shown in admin.site._registry.items():
        for field in shown.autocomplete_fields:
            yield (
                f"{reverse('admin:autocomplete')}?app_label={model._meta.app_label}"
                f"&model_name={model._meta.model_name}&field_name={field}&term={NEAR}"
            )


def every_address(namespace: str, who: str) -> Iterator[str]:
    """Each address, and each again with a query that finds what stands beside a canary."""
    for address in addresses(namespace, who):
        if address in (reverse("admin:logout"), reverse("admin:jsi18n")):
            continue
        yield address
        # A page of the admin for one row is not searched.
        if "?" not in address and not re.search(r"/admin/.*/\d+/", address):
            yield f"{address}?q={NEAR}&find={NEAR}"
    if namespace == "admin":
        yield from autocomplete_addresses()
    if namespace == "reader":
        # What a search tells of one kind, on a page and while somebody types.
        for kind, typing in product(LABELS, ("", "&typing=1")):
            yield f"{reverse('reader:search')}?q={NEAR}&kind={kind}{typing}"


def whole(answer: HttpResponse) -> str:
    """Body and headers, without a difference of case."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    head = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return f"{head}\n{body.decode('utf-8', 'replace')}".casefold()


#: (address, whether a part is asked for) -> the canaries in the answer, and where else it leads.
Told = dict[tuple[str, bool], tuple[set[str], str]]


class Walk:
    """What one person is told. Many addresses lead to the same page: it is asked for once."""

    def __init__(self, client: Client, who: str, told: Told | None = None) -> None:
        self.client = client
        self.who = who
        self.told: Told = {} if told is None else told

    def ask(self, address: str, part: bool) -> tuple[set[str], str]:
        if (address, part) not in self.told:
            answer = self.client.get(address, headers={"HX-Request": "true"} if part else {})
            assert answer.status_code < 500, address
            there = answer["Location"] if answer.status_code in (301, 302) else ""
            self.told[address, part] = (
                set(CANARY.findall(whole(answer))),
                there if there.startswith("/") else "",
            )
        return self.told[address, part]

    def post(self, address: str) -> set[str]:
        """What is answered to a form that says nothing, or only what stands beside the canaries.

        Whatever it does is taken back.
        """
        given: dict[str, Any] = dict.fromkeys(
            ("q", "evidence-q", "find", "words", "prefix", "reason", "body"), NEAR
        )
        with transaction.atomic():
            if "/api/" in address or address.startswith("/annotations/"):
                answer = self.client.post(address, given, content_type="application/json")
            else:
                answer = self.client.post(address, given, headers={"HX-Request": "true"})
            told = set(CANARY.findall(whole(answer)))
            transaction.set_rollback(True)
        assert answer.status_code < 500, address
        return told

    def answered(self, *namespaces: str) -> dict[str, set[str]]:
        """Canary -> the addresses that told it when something was sent to them."""
        seen: dict[str, set[str]] = {}
        for namespace in namespaces:
            for address in addresses(namespace, self.who):
                if address not in (reverse("admin:logout"), reverse("admin:jsi18n")):
                    for word in self.post(address):
                        seen.setdefault(word, set()).add(address)
        return seen

    def seen(self, *namespaces: str) -> dict[str, set[str]]:
        """Canary -> the addresses that told it, themselves or by what they lead to."""
        seen: dict[str, set[str]] = {}
        for namespace in namespaces:
            for address in every_address(namespace, self.who):
                parts = namespace in ("reader", "desk") and "?q=" in address
                for part in (False, True) if parts else (False,):
                    told, there = self.ask(address, part)
                    for word in told | (self.ask(there, part)[0] if there else set()):
                        seen.setdefault(word, set()).add(address)
        return seen


def seen(client: Client, who: str, *namespaces: str) -> dict[str, set[str]]:
    return Walk(client, who).seen(*namespaces)


EVERYWHERE = ("", "data", "reader", "desk", "admin")


@pytest.fixture(scope="module", autouse=True)
def rows_with_canaries(shared: Callable[..., Any]) -> None:
    def by_an_editor() -> None:
        client = Client()
        client.force_login(User.objects.get(username="editor"))
        plant(client)

    shared(by_an_editor)


@pytest.fixture(autouse=True)
def said_to_nobody() -> Iterator[None]:
    """A log line with its traceback for each of a thousand refusals costs more than the refusals."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def told_to_an_editor() -> Told:
    """Two tests ask what it is; the rows are the same, so the answers are."""
    return {}


def test_every_note_for_the_desk_has_its_canary() -> None:
    """A field that says that it is for the desk is in the list above."""
    with translation.override("en"):
        marked = {
            (model._meta.model_name, field.name)
            for model in apps.get_app_config("newsroom").get_models()
            if not model.__name__.startswith("Historical")
            for field in model._meta.get_fields()
            if isinstance(field, CharField | TextField) and str(field.verbose_name).endswith("for the desk")
        }
    marked.remove(("entity", "protection_reason"))  # of who is protected, among the unpublished
    assert marked == {(model, field) for model, fields in FOR_THE_DESK.items() for field in fields}
    texts = {
        field.name
        for field in ConfidentialSource._meta.get_fields()
        if isinstance(field, CharField | TextField)
    }
    assert texts == set(CONFIDENTIAL)


def test_canaries_are_told_apart() -> None:
    birds = planted()
    assert len(birds["confidential"] | birds["desk"]) == sum(
        map(len, (CONFIDENTIAL, UNPUBLISHED, REASONS, *FOR_THE_DESK.values()))
    )


def test_every_address_is_walked() -> None:
    names = {name for name, _pattern in routes()}
    assert {"robots", "picture", "reader:claims", "desk:tags", "admin:newsroom_source_history"} <= names
    for namespace in EVERYWHERE:
        assert (
            len(list(addresses(namespace)))
            >= len([name for name in names if (name.partition(":")[0] if ":" in name else "") == namespace])
            - 1
        )  # the admin's page of a person's password, where there is none


def test_a_reader_is_told_none_of_it_anywhere(reader: Client) -> None:
    assert seen(reader, "reader", *EVERYWHERE) == {}


def test_nor_is_a_public_page_that_an_editor_opens_any_more_telling(
    editor: User, signed_in: SignedIn, told_to_an_editor: Told
) -> None:
    told = Walk(signed_in(editor), "editor", told_to_an_editor).seen("", "data", "reader")
    # A picture of what is not published yet is for the desk; it has no words.
    assert told == {}


@pytest.mark.parametrize("lang", ["en"])
def test_nor_in_another_language(reader: Client, lang: str) -> None:
    with translation.override(lang):
        assert seen(reader, f"reader in {lang}", "reader") == {}


@pytest.mark.parametrize("who", ["checker"])  # who may more than a reporter in everything
def test_the_desk_without_the_permission_is_told_nothing_confidential(who: str, signed_in: SignedIn) -> None:
    told = seen(signed_in(User.objects.get(username=who)), who, *EVERYWHERE)
    assert {word: told[word] for word in planted()["confidential"] & told.keys()} == {}
    # It is not for want of looking: what the desk writes for itself is read at the desk.
    assert planted()["desk"] - told.keys() == {canary("import")}  # which is an editor's


def confidential_and_notes() -> set[str]:
    notes = {canary(f"{model} {field}") for model, fields in FOR_THE_DESK.items() for field in fields}
    return planted()["confidential"] | notes


def test_nobody_outside_is_answered_with_any_of_it(reader: Client) -> None:
    """Whatever is sent to any address."""
    assert Walk(reader, "reader").answered(*EVERYWHERE) == {}


@pytest.mark.parametrize("who", ["checker", ""], ids=["checker", "no role"])  # as above
def test_who_sends_something_is_answered_with_nothing_confidential(who: str, signed_in: SignedIn) -> None:
    user = User.objects.get(username=who) if who else make_user(is_staff=True)
    told = Walk(signed_in(user), who).answered(*EVERYWHERE)
    secret = planted()["confidential"] if who else confidential_and_notes()
    assert {word: told[word] for word in secret & told.keys()} == {}


def test_no_letter_has_anything_confidential(mailoutbox: list[EmailMessage]) -> None:
    """The comment that they are about is in them; they go to nobody outside the desk."""
    Newsroom.objects.update(address="https://redazione.example")
    comment = Comment.objects.filter(body__contains=NEAR).latest("pk")
    User.objects.filter(username="editor").update(email="desk@redazione.example")
    make_notice(comment=comment, user=User.objects.get(username="editor"), at=now())
    send_notices.enqueue()
    letters = [f"{letter.subject} {letter.body}".casefold() for letter in mailoutbox]
    assert letters
    told = set(CANARY.findall(" ".join(letters)))
    assert told & (confidential_and_notes()) == set()
    assert {to for letter in mailoutbox for to in letter.to} <= set(
        User.objects.filter(is_staff=True).values_list("email", flat=True)
    )


def test_a_program_that_may_read_is_told_nothing_confidential() -> None:
    """Of the desk it sees what is not published, and no note."""
    make_token("ctl_" + "c" * 43, user=User.objects.get(username="checker"))
    told = seen(Client(headers={"Authorization": "Bearer ctl_" + "c" * 43}), "program", "data")
    notes = {canary(f"{model} {field}") for model, fields in FOR_THE_DESK.items() for field in fields}
    assert {word: told[word] for word in (planted()["confidential"] | notes) & told.keys()} == {}
    assert canary("draft text") in told


def test_staff_without_a_role_is_told_nothing_confidential(signed_in: SignedIn) -> None:
    told = seen(signed_in(make_user(is_staff=True)), "no role", *EVERYWHERE)
    assert {word: told[word] for word in planted()["confidential"] & told.keys()} == {}
    notes = {canary(f"{model} {field}") for model, fields in FOR_THE_DESK.items() for field in fields}
    assert {word: told[word] for word in notes & told.keys()} == {}


def test_who_has_the_permission_reads_it_at_its_place_and_nowhere_else(
    editor: User, signed_in: SignedIn, told_to_an_editor: Told
) -> None:
    told = Walk(signed_in(editor), "editor", told_to_an_editor).seen(*EVERYWHERE)
    key = ConfidentialSource.objects.get(real_name__contains=NEAR).pk
    place = reverse("admin:newsroom_confidentialsource_change", args=[key])
    for word in planted()["confidential"]:
        assert {address.partition("?")[0] for address in told[word]} == {place}


def test_the_log_says_that_it_was_written_and_nothing_of_it() -> None:
    deeds = [
        f"{deed.before} {deed.after} {deed.objects_touched}".casefold()
        for deed in Deed.objects.filter(verb__startswith="admin.")
    ]
    assert len(deeds) >= 2
    assert [word for word in planted()["confidential"] for deed in deeds if word in deed] == []


def test_a_canary_that_is_told_is_seen(reader: Client) -> None:
    """The walk itself: a note in a public field is found, in a page and in a header."""
    source = Source.objects.get(name=f"Una persona {NEAR}")
    Source.objects.filter(pk=source.pk).update(name=said("source role_note"))
    told = seen(reader, "reader", "reader")
    assert {address.split("/")[1] for address in told[canary("source role_note")]} >= {"sources", "claims"}


def test_an_address_that_nobody_knows_how_to_make_is_found() -> None:
    with pytest.raises(AssertionError, match="oddity"):
        values("oddities/<slug:oddity>/", "oddity")
    with pytest.raises(AssertionError, match="admin:odd"):
        list(admin_addresses_of_no_model("admin:odd"))
    with pytest.raises(NoReverseMatch):
        reverse("reader:claim", args=["no slug"])
