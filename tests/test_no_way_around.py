"""No path publishes a review around the rules: no form, bulk action, inline, history, address or save.

Whoever walks here may do everything that a permission can allow, and has written the proposals: so the rules
alone stand against them. What comes later is walked too: the registry of the admin and the addresses are
asked for what there is.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse

from newsroom.actions import reviews
from newsroom.models import Claim, Deed, Review, User
from newsroom.views.api.describing import description as api_description
from tests.admin.filling import filled
from tests.admin.test_pages import OURS, address, name_of, row_of
from tests.making import LATER, THEN, level, make_appearance, make_claim, make_review, make_token, make_user
from tests.test_access import ROUTES, make_rows
from tests.test_access import address as desk_address

pytestmark = pytest.mark.django_db

CONFIRMED = Review.Confirmation.values


@pytest.fixture
def anybody(editor: User) -> User:
    """An editor with every permission that there is."""
    editor.is_superuser = True
    editor.save()
    editor.user_permissions.set(Permission.objects.all())
    return User.objects.get(pk=editor.pk)


def make_own() -> list[int]:
    make_rows()
    anybody = User.objects.get(username="editor")
    written = [make_review(state=state, author=anybody) for state in ("changes", "proposed")]
    changed = make_review(state="proposed")
    changed.contributors.add(anybody)
    withdrawn = make_review(state="withdrawn", withdrawal_reason="Errore.", author=anybody)
    # The latest claim and review that there are, which a walk over the addresses takes.
    latest = make_review(make_appearance(), state="proposed", author=anybody)
    return [review.pk for review in (*written, changed, withdrawn, latest)]


@pytest.fixture(scope="module", autouse=True)
def made(shared: Callable[..., Any]) -> list[int]:
    return shared(make_own)


@pytest.fixture
def own(made: list[int], anybody: User) -> list[Review]:
    """What they wrote or changed, in every state in which no reader has seen it, and one that was public."""
    return [Review.objects.get(pk=pk) for pk in made]


@pytest.fixture
def client(signed_in: Callable[[User], Client], anybody: User) -> Client:
    return signed_in(anybody)


def states() -> dict[int, tuple[Any, ...]]:
    """Of every review what only a decision changes."""
    kept = Review.objects.values_list("pk", "state", "approver", "published_at", "level", "judges", "author")
    return {pk: tuple(rest) for pk, *rest in kept}


def published_by_nobody(before: dict[int, tuple[Any, ...]]) -> list[Review]:
    """Reviews that became public, or came back, and that no deed of another person published."""
    public = {Review.State.PUBLISHED, Review.State.STALE, Review.State.SUPERSEDED}
    found = []
    for review in Review.objects.filter(state__in=public):
        was = before.get(review.pk)
        if was is not None and was[0] in public:
            continue
        deeds = Deed.objects.filter(verb="review.publish")
        actors = {deed.actor_id for deed in deeds if ["review", str(review.uuid)] in deed.objects_touched}
        writers = {review.author_id, *review.contributors.values_list("pk", flat=True)}
        if not actors or review.approver_id in writers:
            found.append(review)
    return found


def forged(review: Review, by: User) -> dict[str, str]:
    """What somebody could write beside, or in place of, what a form asks for."""
    return {
        "state": "published",
        "approver": str(by.pk),
        "author": str(make_user().pk),
        "published_at": "2024-05-07",
        "published_at_0": "2024-05-07",
        "published_at_1": "09:00:00",
        "approved_at_0": "2024-05-07",
        "approved_at_1": "09:00:00",
        "reason": "Così.",
        "note": "Così.",
        "override_reason": "Così.",
        "no_request_reason": "Così.",
        "action": "publish",
        "decision": "publish",
        "publish": "1",
        "approve": "1",
        "review": review.code,
        "row_version": str(review.row_version),
        "level": str(level("true").pk),
        "summary": "Risulta.",
    }


def of_inline(prefix: str, review: Review, values: dict[str, str]) -> dict[str, str]:
    """The same as the first row of an inline form."""
    managed = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}
    rows = {"0-id": str(review.pk), "0-claim": str(review.claim_id)}
    rows |= {f"0-{name}": value for name, value in values.items()}
    return {f"{prefix}-{name}": value for name, value in (managed | rows).items()}


# The admin


def test_no_bulk_action_publishes_what_one_wrote(client: Client, anybody: User, own: list[Review]) -> None:
    page = admin.site._registry[Review]
    request = RequestFactory().get("/")
    request.user = anybody
    actions = page.get_actions(request)
    assert {"approve_selected", "publish_selected"} <= actions.keys()
    before = states()
    allowed = {"send_back_selected", "withdraw_selected", "doubt_selected"}
    for action in sorted(actions.keys() - allowed):
        posted = {"action": action, "_selected_action": [review.pk for review in own], "index": "0"}
        for more in ({}, forged(own[0], anybody) | {"action": action}, {"post": "yes"}):
            client.post(address(Review, "changelist"), posted | more, follow=True)
            assert states() == before, action
    for action in allowed:
        posted = {"action": action, "_selected_action": [review.pk for review in own]}
        client.post(address(Review, "changelist"), posted | {"reason": "Così."}, follow=True)
    assert published_by_nobody(before) == []


@pytest.mark.parametrize("model", OURS, ids=name_of)
def test_no_form_and_no_inline_publishes(
    client: Client, anybody: User, own: list[Review], model: type[Model]
) -> None:
    """Of every model its own form, filled as it stands, with all of this forged into it and its inlines."""
    review = own[-1]
    row: Model = review if model is Review else row_of(model)
    row = review.claim if model is Claim else row
    shown = admin.site._registry[model]
    request = RequestFactory().get("/")
    request.user = anybody
    before = states()
    values = forged(review, anybody)
    inlines = [
        inline.get_formset(request, row).get_default_prefix()
        for inline in shown.get_inline_instances(request, row)
    ]
    for page in (address(model, "change", row.pk), address(model, "add")):
        for prefix in {*inlines, "reviews", "review_set", "form"}:
            opened = client.get(page, follow=True)
            given = filled(opened) if opened.status_code == 200 and b"_form" in opened.content else {}
            client.post(page, given | values | of_inline(prefix, review, values))
            assert {pk: was for pk, was in states().items() if pk in before} == before
    assert published_by_nobody(before) == []


def test_no_list_is_edited_and_no_review_is_changed_in_the_admin(anybody: User) -> None:
    request = RequestFactory().get("/")
    request.user = anybody
    assert admin.site._registry[Review].list_editable == ()
    assert not admin.site._registry[Review].has_change_permission(request)
    for page in admin.site._registry.values():
        for inline in page.get_inline_instances(request):
            if inline.model is Review:
                assert not inline.has_change_permission(request)
                assert not inline.has_add_permission(request, None)
                assert not inline.has_delete_permission(request)


def test_no_earlier_state_is_brought_back(client: Client, checker: User, anybody: User) -> None:
    """A public review was withdrawn: its history holds the row as it was public."""
    review = make_review(author=checker)
    review.save()
    reviews.withdraw(Review.objects.get(pk=review.pk), reason="Errore.", by=anybody, at=LATER)
    before = states()
    for old in review.history.all():
        page = reverse("admin:newsroom_review_simple_history", args=[review.pk, old.pk])
        opened = client.get(page)
        given = filled(opened) if opened.status_code == 200 and b'id="review_form"' in opened.content else {}
        for more in ({}, {"_change_history": "1"}, {"_save": "1"}, forged(review, anybody)):
            client.post(page, given | more)
            assert states() == before


# The desk, and all other addresses


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_no_address_of_the_desk_publishes_what_one_wrote(
    client: Client, anybody: User, own: list[Review], name: str
) -> None:
    there, before = desk_address(name), states()
    values = {**forged(own[-1], anybody), "confirmed": CONFIRMED, **dict.fromkeys(CONFIRMED, "on")}
    for headers in ({}, {"HX-Request": "true"}):
        client.get(there, values, headers=headers)
        for decision in ("publish", "approve"):
            given = values | {"action": decision, "decision": decision, decision: "1"}
            client.post(there, given, headers=headers)
    assert published_by_nobody(before) == []


def test_no_address_of_the_api_publishes_what_one_wrote(anybody: User, own: list[Review]) -> None:
    make_token("ctl_" + "w" * 43, user=anybody)
    program, before = Client(headers={"Authorization": "Bearer ctl_" + "w" * 43}), states()
    rows = [own[-1], own[-1].claim, own[-1].appearance.annotation, own[-1].appearance.annotation.article]
    values = forged(own[-1], anybody) | {"text": "Sì.", "title": "Sì.", "accuses": "no"}
    for route in api_description()["paths"]:
        for row in rows:
            there = route.replace("{id}", str(row.uuid))
            for given in (values, {"reason": "Così."}, {"text": "Sì."}, {}):
                for method in ("POST", "PUT", "PATCH", "DELETE"):
                    headers = {"If-Match": '"1.0"'}
                    sent = {"content_type": "application/json", "headers": headers}
                    assert program.generic(method, there, json.dumps(given), **sent).status_code < 500
    assert published_by_nobody(before) == []
    assert {pk: state for pk, state in states().items() if pk in before} == before


def test_no_public_address_takes_anything(client: Client, own: list[Review]) -> None:
    before = states()
    for name in ("front", "method", "search"):
        assert client.post(reverse(f"reader:{name}"), {"state": "published"}).status_code == 405
    for review in own:
        assert client.post(review.get_absolute_url(), {"state": "published"}).status_code == 405
        assert client.get(review.get_absolute_url()).status_code == 404
    assert states() == before


# What is written past all deeds


def proposed(**given: Any) -> Review:
    return make_review(state="proposed", **given)


def changed() -> Review:
    review = proposed()
    review.contributors.add(make_user())
    return review


PUBLIC = {"state": "published", "published_at": THEN}
#: What somebody could try -> the row, and what they write into it.
WRITTEN: dict[str, tuple[Callable[[], Review], Callable[[Review], dict[str, Any]]]] = {
    "without an approver": (proposed, lambda _review: PUBLIC),
    "without a moment": (proposed, lambda _review: {"state": "published", "approver": make_user()}),
    "by its author": (proposed, lambda review: PUBLIC | {"approver": review.author}),
    "approved by its author": (
        proposed,
        lambda review: {"state": "approved", "approved_at": THEN, "approver": review.author},
    ),
    "by who changed it": (changed, lambda review: PUBLIC | {"approver": review.contributors.get()}),
    "what accuses, unconfirmed": (
        lambda: proposed(accuses=True),
        lambda _review: PUBLIC | {"approver": make_user()},
    ),
    "another rating of what is public": (make_review, lambda _review: {"level": level("true")}),
    "another author of what is public": (make_review, lambda _review: {"author": make_user()}),
    "back among the proposals": (make_review, lambda _review: {"state": "proposed"}),
}


def save(review: Review, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(review, name, value)
    review.save()


def update(review: Review, values: dict[str, Any]) -> None:
    Review.objects.filter(pk=review.pk).update(**values)


def bulk_update(review: Review, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(review, name, value)
    Review.objects.bulk_update([review], list(values))


def in_sql(review: Review, values: dict[str, Any]) -> None:
    columns = {
        Review._meta.get_field(name).column: value.pk if isinstance(value, Model) else value
        for name, value in values.items()
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE newsroom_review SET {', '.join(f'{column} = %s' for column in columns)} WHERE id = %s",
            [*columns.values(), review.pk],
        )


@pytest.mark.parametrize("way", [save, update, bulk_update, in_sql])
@pytest.mark.parametrize("name", WRITTEN)
def test_the_database_refuses_what_no_deed_would_do(
    name: str, way: Callable[[Review, dict[str, Any]], None]
) -> None:
    make, values = WRITTEN[name]
    review = make()
    written, before = values(review), states()
    with pytest.raises(IntegrityError), transaction.atomic():
        way(review, written)
    assert states() == before


def test_the_database_refuses_a_public_review_that_is_new_and_wrong() -> None:
    author = make_user()
    fields = {"claim": make_claim(), "level": level("true"), "judged_words": "Sì.", "summary": "Sì."}
    row = {**fields, **PUBLIC, "author": author, "proposed_at": THEN}
    for given in ({}, {"approver": author}, {"approver": make_user(), "accuses": True}):
        for write in (
            lambda given: Review.objects.create(**row, **given),
            lambda given: Review.objects.bulk_create([Review(**row, **given)]),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                write(given)


# The code itself


#: Where reviews are written.
ROOM = Path("newsroom") / "actions" / "reviews"
#: A dossier sets rows back in memory, to tell how they stood; it keeps none.
SETS_BACK = Path("newsroom") / "presenters" / "dossier.py"
WRITES = {"create", "bulk_create", "update", "bulk_update", "get_or_create", "update_or_create", "add", "set"}


def writes_reviews(source: str) -> Iterator[str]:
    """Calls and assignments in a source that make a review or move it to another state."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            words = ast.unparse(node.func)
            arguments = [ast.unparse(argument) for argument in node.args]
            makes = words in ("Review", "m.Review", "models.Review")
            queries = words.rpartition(".")[2] in WRITES and (
                "Review.objects" in words or ".reviews." in words
            )
            in_bulk = words == "bulk_update_with_history" and "Review" in arguments
            if makes or queries or in_bulk:
                yield ast.unparse(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            attributes = [
                part
                for target in targets
                for part in (target.elts if isinstance(target, ast.Tuple) else [target])
                if isinstance(part, ast.Attribute)
            ]
            if attributes and "Review.State." in ast.unparse(node.value):
                yield ast.unparse(node)


def test_no_module_but_those_of_the_deeds_writes_a_review() -> None:
    found = {}
    for path in sorted((settings.BASE_DIR / "newsroom").rglob("*.py")):
        place = path.relative_to(settings.BASE_DIR)
        if ROOM in place.parents or "migrations" in place.parts:
            continue
        source = path.read_text(encoding="utf-8")
        if place == SETS_BACK:
            assert "save(" not in source
        elif lines := list(writes_reviews(source)):
            found[str(place)] = lines
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "Review(claim=claim).save()",
        "Review.objects.filter(pk=1).update(state='published')",
        "claim.reviews.update(state='published')",
        "claim.reviews.create(level=level)",
        "review.state = Review.State.PUBLISHED",
        "review.state, review.approver = Review.State.PUBLISHED, by",
        "bulk_update_with_history(rows, Review, ['state'])",
    ],
)
def test_what_writes_a_review_is_found(source: str) -> None:
    assert list(writes_reviews(source))


def test_another_person_may_publish_what_the_walk_may_not(own: list[Review]) -> None:
    """The walk would prove nothing if its proposals could not be published for another reason."""
    assert reviews.publish(own[-1], by=make_user(is_superuser=True), at=LATER).state == "published"
