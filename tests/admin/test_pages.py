"""Every page of the admin: who may open it, what it can write, what it costs, what it never tells."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin
from django.db import connection
from django.db.models import Model
from django.forms import HiddenInput
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.models import (
    AnswerTemplate,
    ApiToken,
    ArticleAddress,
    Assignment,
    Capability,
    Claim,
    Comment,
    ConfidentialSource,
    Correction,
    Cue,
    Deed,
    Delivery,
    DocumentCheck,
    Erasure,
    ErasurePass,
    Flag,
    FlagAnswer,
    FlagLetter,
    FlagTarget,
    Follow,
    FollowerMail,
    Import,
    Imprint,
    Invitation,
    InvitationMail,
    KeptAnswer,
    Lockout,
    Newsroom,
    Notice,
    Original,
    Page,
    PageVersion,
    Picture,
    PolicyReport,
    Presence,
    ReaderMail,
    Reading,
    Rectification,
    Reply,
    ReplyLetter,
    RequestForComment,
    Review,
    Revision,
    SavedView,
    SearchDebt,
    Shown,
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
from newsroom.models.searchable import SearchEntry
from tests.making import (
    LATER,
    make_article,
    make_assignment,
    make_check,
    make_comment,
    make_copy,
    make_correction,
    make_cue,
    make_delivery,
    make_entity,
    make_flag,
    make_import,
    make_imprint,
    make_lockout,
    make_model,
    make_notice,
    make_original,
    make_page,
    make_picture,
    make_policy_report,
    make_reading,
    make_rectification,
    make_reply,
    make_request,
    make_source,
    make_suggestion,
    make_template,
    make_thread,
    make_token,
    make_user,
    make_webhook,
)

SignedIn = Callable[[User], Client]

OURS = [model for model in admin.site._registry if model._meta.app_label == "newsroom"]
#: What deeds alone decide.
DECIDED = {
    "approver", "at", "author", "by", "current_revision", "proposed_at", "published_at", "revision", "sha256",
    "stale_at", "state", "supersedes", "uuid", "withdrawal_reason", "withdrawn_at",
}  # fmt: skip
#: What no reader was ever promised: it may go.
DELETABLE = {"claimrelation", "claimwording", "entityalias", "entityidentifier"}
#: What is about a person, or a person's own: for who keeps the site running.
PERSONAL = {User, Presence, SavedView}
#: What a reader wrote and was answered is read on the page of their flag; their address nowhere.
OF_READERS = {
    FlagLetter, FlagAnswer, ReaderMail, Capability, Invitation, InvitationMail, ReplyLetter,
    Subscriber, Follow, FollowerMail,
}  # fmt: skip
CANARY = "Nerina Sottovoce"


def name_of(model: type[Model]) -> str:
    return model._meta.model_name


def address(model: type[Model], view: str, *args: int) -> str:
    return reverse(f"admin:{model._meta.app_label}_{name_of(model)}_{view}", args=args)


def add_address(model: type[Model]) -> str:
    """A review is proposed from its claim."""
    return address(model, "add") + (f"?claim={Claim.objects.first().pk}" if model is Review else "")


def row_of(model: type[Model]) -> Model:
    """A row of the seed, or one that is made, where the seed has none."""
    made: dict[type[Model], Callable[[], Model]] = {
        ArticleAddress: lambda: ArticleAddress.objects.create(article=make_article(), slug="un-tempo-qui"),
        ConfidentialSource: lambda: ConfidentialSource.objects.create(
            source=make_source(), real_name="Ada", reason="Rischia il posto."
        ),
        Correction: make_correction,
        Webhook: make_webhook,
        Delivery: make_delivery,
        Cue: lambda: make_cue(kind="noun", words="spiffero"),
        DocumentCheck: make_check,
        StoredCopy: make_copy,
        ApiToken: make_token,
        Assignment: make_assignment,
        Comment: make_comment,
        Erasure: lambda: Erasure.objects.create(by=make_user(), at=LATER, reason="Sentenza.", hashes=[]),
        Lockout: make_lockout,
        Notice: make_notice,
        Original: make_original,
        Import: make_import,
        Page: make_page,
        PageVersion: lambda: make_page().versions.get(),
        Picture: make_picture,
        PolicyReport: make_policy_report,
        Presence: lambda: Presence.objects.create(user=make_user(), article=make_article(), seen_at=LATER),
        SavedView: lambda: SavedView.objects.create(user=make_user(), name="Bozze", query="state=drafts"),
        RequestForComment: make_request,
        Thread: make_thread,
        Suggestion: make_suggestion,
        SuggestionOffer: lambda: make_suggestion(offers=[make_entity()]).offers.get(),
        Reading: make_reading,
        TrainedModel: make_model,
        Flag: make_flag,
        Reply: make_reply,
        FlagTarget: lambda: make_flag(quotation="Il ponte").targets.get(),
        AnswerTemplate: make_template,
        Imprint: make_imprint,
        Rectification: make_rectification,
    }
    return model._default_manager.first() or made[model]()


def person(who: str) -> User:
    return User.objects.get(username=who)


@pytest.fixture
def superuser(editor: User) -> User:
    editor.is_superuser = True
    editor.save()
    return editor


@pytest.fixture
def confidential(rows: None) -> ConfidentialSource:
    source = Source.objects.create(kind="person", name="Una persona informata")
    return ConfidentialSource.objects.create(
        source=source, real_name=CANARY, contact=CANARY, note=CANARY, reason=CANARY
    )


def test_every_model_is_in_the_admin() -> None:
    models = apps.get_app_config("newsroom").get_models()
    by_hand = {
        model
        for model in models
        if not model.__name__.startswith("Historical")
        and not issubclass(model, SearchEntry | SearchDebt | ErasurePass | KeptAnswer | Shown)
    }
    assert by_hand - OF_READERS == set(OURS)


@pytest.mark.parametrize("model", admin.site._registry, ids=name_of)
def test_a_reader_is_sent_to_sign_in(reader: Client, model: type[Model]) -> None:
    for page in (address(model, "changelist"), address(model, "add")):
        assert reader.get(page).status_code == 302


@pytest.mark.parametrize("who", ["reporter", "checker", "editor"])
@pytest.mark.parametrize("model", admin.site._registry, ids=name_of)
def test_a_page_opens_for_those_who_may_and_for_nobody_else(
    rows: None, signed_in: SignedIn, model: type[Model], who: str
) -> None:
    user = person(who)
    client = signed_in(user)
    shown = admin.site._registry[model]
    request = RequestFactory().get("/")
    request.user = user
    may_view, may_add = shown.has_view_permission(request), shown.has_add_permission(request)

    assert may_view == user.has_perm(f"{model._meta.app_label}.view_{name_of(model)}")
    assert client.get(address(model, "changelist")).status_code == (200 if may_view else 403)
    assert client.get(address(model, "changelist"), {"q": "a"}).status_code == (200 if may_view else 403)
    assert client.get(add_address(model)).status_code == (200 if may_add else 403)
    row = model._default_manager.first() if model not in OURS else row_of(model)
    if row is not None:
        assert client.get(address(model, "change", row.pk)).status_code == (200 if may_view else 403)


@pytest.mark.parametrize("model", [model for model in OURS if model not in PERSONAL], ids=name_of)
def test_a_list_costs_the_same_for_one_row_and_for_many(
    signed_in: SignedIn, editor: User, model: type[Model]
) -> None:
    """An editor sees every list but that of the people and of what is theirs."""
    client = signed_in(editor)
    first = row_of(model)

    def cost(query: dict[str, int]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(model, "changelist"), query).status_code == 200
        return len(queries)

    one = {f"{model._meta.pk.name}__exact": first.pk}
    cost(one)  # content types are read once for all
    assert cost({}) == cost(one)
    assert cost({}) <= 12


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_every_list_is_searched_filtered_and_read(model: type[Model]) -> None:
    """Of the newsroom there is one row, and old addresses are few."""
    shown = admin.site._registry[model]
    assert shown.search_fields
    assert shown.list_filter or model in (Newsroom, Imprint, ArticleAddress)
    assert "__str__" not in shown.list_display


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_a_choice_among_many_rows_is_searched_for(superuser: User, model: type[Model]) -> None:
    """No form carries a list of all claims, sources, documents or names."""
    request = RequestFactory().get("/", {"claim": str(Claim.objects.first().pk)})
    request.user = superuser
    shown = admin.site._registry[model]
    row = row_of(model)
    forms = [(shown.get_form(request, row, change=True), "")]
    for inline in shown.get_inline_instances(request, row):
        formset = inline.get_formset(request, row)
        forms.append((formset.form, formset.fk.name))
    plain = [
        name
        for form, parent in forms
        for name, field in form.base_fields.items()
        if name != parent
        and getattr(field, "queryset", None) is not None
        and field.queryset.model in OURS
        and not isinstance(getattr(field.widget, "widget", field.widget), AutocompleteMixin | HiddenInput)
    ]
    assert plain == []


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_what_deeds_decide_is_in_no_form(superuser: User, model: type[Model]) -> None:
    request = RequestFactory().get("/", {"claim": str(Claim.objects.first().pk)})
    request.user = superuser
    shown = admin.site._registry[model]
    row = model._default_manager.first()
    forms = [shown.get_form(request, row, change=True)] if row else []
    if shown.has_add_permission(request):
        forms.append(shown.get_form(request, None))
    for form in forms:
        assert DECIDED & set(form.base_fields) == set()
    for inline in shown.get_inline_instances(request, row):
        if inline.has_change_permission(request, row) or inline.has_add_permission(request, row):
            assert DECIDED & set(inline.get_formset(request, row).form.base_fields) == set()


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_what_was_or_could_be_public_is_not_deleted_even_by_a_superuser(
    superuser: User, signed_in: SignedIn, model: type[Model]
) -> None:
    answer = signed_in(superuser).get(address(model, "delete", row_of(model).pk))
    assert answer.status_code == (200 if name_of(model) in DELETABLE else 403)


@pytest.mark.parametrize("model", [Deed, Revision, Target], ids=name_of)
def test_the_record_of_what_was_cannot_be_written(
    superuser: User, signed_in: SignedIn, model: type[Model]
) -> None:
    client = signed_in(superuser)
    row = model._default_manager.first()
    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, "change", row.pk), {}).status_code == 403


@pytest.mark.parametrize("who", ["reporter", "checker", "editor"])
def test_a_confidential_name_stands_on_no_page_but_its_own(
    confidential: ConfidentialSource, signed_in: SignedIn, who: str
) -> None:
    client = signed_in(person(who))
    for model in OURS:
        pages = [address(model, "changelist"), address(model, "changelist") + f"?q={CANARY}"]
        row = confidential.source if model is Source else model._default_manager.first()
        if row is not None and not isinstance(row, ConfidentialSource):
            pages += [address(model, view, row.pk) for view in ("change", "history")]
        for page in pages:
            answer = client.get(page, follow=True)
            told = answer.content.decode().replace(f'value="{CANARY}"', "").replace(f"q={CANARY}", "")
            assert CANARY not in told, page


@pytest.mark.parametrize("who", ["reporter", "checker"])
def test_confidential_sources_are_closed_to_all_but_editors(
    confidential: ConfidentialSource, signed_in: SignedIn, who: str
) -> None:
    client = signed_in(person(who))
    assert client.get(address(ConfidentialSource, "changelist")).status_code == 403
    assert client.get(address(ConfidentialSource, "change", confidential.pk)).status_code == 403
    assert name_of(ConfidentialSource) not in client.get(reverse("admin:index")).content.decode()
