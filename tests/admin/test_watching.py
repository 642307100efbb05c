"""Two people in the admin: who comes second is told, sees what is there now, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from newsroom.actions import scales
from newsroom.models import (
    Article,
    ClaimWording,
    EntityAlias,
    RatingLabel,
    RatingLevel,
    RatingScale,
    User,
)
from tests.admin.filling import filled, save
from tests.admin.test_pages import OURS, name_of, row_of
from tests.making import LATER, make_article, make_claim, make_document, make_entity, make_evidence

SignedIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db

#: Pages whose deed asks for the version itself, each with tests of its own.
BY_DEEDS = {"article", "claimrelation", "page"}


@pytest.fixture
def desk(signed_in: SignedIn, editor: User) -> Client:
    return signed_in(editor)


def change(row: Model) -> str:
    return reverse(f"admin:newsroom_{name_of(type(row))}_change", args=[row.pk])


def editable(model: type[Model], by: User) -> Model | None:
    """A row that this person may change in the admin, or None if nobody changes one there."""
    row = row_of(model)
    if model in (RatingScale, RatingLevel, RatingLabel):
        scale = scales.begin_next_version(RatingScale.objects.get(), by=by, at=LATER)
        written = {
            RatingScale: scale,
            RatingLevel: scale.levels.first(),
            RatingLabel: RatingLabel.objects.filter(level__scale=scale).first(),
        }
        row = written[model]
    request = RequestFactory().get("/")
    request.user = by
    return row if admin.site._registry[model].has_change_permission(request, row) else None


def of_words(page: HttpResponse, row: Model) -> str:
    """The name of a field of the page in which anything may be typed."""
    fields = page.context["adminform"].form.fields
    return next(
        name
        for name, field in fields.items()
        if type(field) in (forms.CharField, forms.SlugField)
        and not field.disabled
        and not row._meta.get_field(name).choices
        and name not in ("lang", "date", "icon", "tone")
    )


@pytest.mark.parametrize("model", [model for model in OURS if name_of(model) not in BY_DEEDS], ids=name_of)
def test_who_comes_second_is_told_and_decides(model: type[Model], signed_in: SignedIn, editor: User) -> None:
    """Of every noun that is edited here, also by who may everything."""
    editor.is_superuser = True
    editor.save()
    row = editable(model, editor)
    if row is None:
        return
    desk = signed_in(editor)
    page = desk.get(change(row))
    name = of_words(page, row)
    theirs = "altre-parole"
    setattr(row, name, theirs)
    row.save()

    answer = desk.post(change(row), filled(page, **{name: "le-mie"}))
    assert answer.status_code == 409
    row.refresh_from_db()
    assert getattr(row, name) == theirs
    told = answer.content.decode()
    assert theirs in told
    assert "le-mie" in told

    assert desk.post(change(row), filled(answer)).status_code == 302
    row.refresh_from_db()
    assert getattr(row, name) == "le-mie"


def test_what_was_not_shown_is_not_overwritten(desk: Client) -> None:
    """A program that sends a form which nobody opened is told to look."""
    document = make_document(title="Un rapporto")
    given = {**filled(desk.get(change(document)), title="Un altro"), "shown": [""]}
    assert desk.post(change(document), given).status_code == 409
    document.refresh_from_db()
    assert document.title == "Un rapporto"


@pytest.mark.parametrize("beside", ["evidence", "wording", "alias"])
def test_a_row_edited_beside_another_is_watched_too(beside: str, desk: Client) -> None:
    claim, entity = make_claim(), make_entity()
    row: Model
    page: Model
    if beside == "evidence":
        row, page, field, name = make_evidence(claim), claim, "note", "evidence-0-note"
    elif beside == "wording":
        row = ClaimWording.objects.create(claim=claim, lang="en", text="Before.")
        page, field, name = claim, "text", "wordings-0-text"
    else:
        row = EntityAlias.objects.create(entity=entity, name="Prima")
        page, field, name = entity, "name", "aliases-0-name"
    opened = desk.get(change(page))
    setattr(row, field, "Di un’altra")
    row.save()

    answer = desk.post(change(page), filled(opened, **{name: "Mia"}))
    assert answer.status_code == 409
    assert "Di un’altra" in answer.content.decode()
    row.refresh_from_db()
    assert getattr(row, field) == "Di un’altra"
    assert desk.post(change(page), filled(answer)).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == "Mia"


def test_a_row_that_came_meanwhile_stays(desk: Client) -> None:
    claim = make_claim()
    opened = desk.get(change(claim))
    item = make_evidence(claim, quotation="Appena venuta.")
    answer = desk.post(change(claim), filled(opened, note="Mia"))
    assert answer.status_code == 409
    assert "Appena venuta." in answer.content.decode()
    assert desk.post(change(claim), filled(answer)).status_code == 302
    claim.refresh_from_db()
    assert (claim.note, claim.evidence.get()) == ("Mia", item)


def test_it_is_said_who_was_faster(desk: Client, signed_in: SignedIn, checker: User) -> None:
    document = make_document()
    opened = desk.get(change(document))
    save(signed_in(checker), change(document), publisher="Un ministero")
    answer = desk.post(change(document), filled(opened, publisher="Un comune"))
    assert str(checker) in answer.content.decode()
    assert "Un ministero" in answer.content.decode()


def test_a_wrong_form_keeps_what_it_was_shown(desk: Client) -> None:
    document = make_document()
    answer = save(desk, change(document), title="")
    assert answer.status_code == 422
    assert desk.post(change(document), filled(answer, title="Un titolo")).status_code == 302


def test_to_look_at_a_page_again_costs_no_more(desk: Client, django_assert_max_num_queries) -> None:
    document = make_document()
    page = filled(desk.get(change(document)), publisher="Un comune")
    with django_assert_max_num_queries(40):
        assert desk.post(change(document), page).status_code == 302


def test_what_two_people_changed_beside_the_text_of_an_article_is_decided(desk: Client) -> None:
    """What only one of them touched is kept without a word."""
    article = make_article(headline="Il ponte", byline="Ada")
    opened = desk.get(change(article))
    Article.objects.filter(pk=article.pk).update(headline="Il ponte riapre", byline="Ida")
    answer = desk.post(change(article), filled(opened, headline="Il ponte resta chiuso"))
    assert answer.status_code == 409
    assert "Il ponte riapre" in answer.content.decode()
    assert Article.objects.get(pk=article.pk).headline == "Il ponte riapre"
    assert desk.post(change(article), filled(answer)).status_code == 302
    article.refresh_from_db()
    assert (article.headline, article.byline) == ("Il ponte resta chiuso", "Ida")
