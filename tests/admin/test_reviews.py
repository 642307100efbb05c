"""Reviews in the admin: proposed by one person, published by another, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from newsroom.actions import claims, reviews
from newsroom.models import Appearance, Claim, Deed, RatingLevel, RatingScale, Review, User
from tests.admin.filling import filled, messages, save
from tests.reading import tree

SignedIn = Callable[[User], Client]


@pytest.fixture
def claim(rows: None) -> Claim:
    return Claim.objects.filter(kind="fact", accuses="no", evidence__isnull=False).first()


@pytest.fixture
def address(claim: Claim) -> str:
    return f"{reverse('admin:newsroom_review_add')}?claim={claim.pk}"


def level(code: str) -> RatingLevel:
    return RatingLevel.objects.get(code_name=code)


def proposed(claim: Claim, by: User) -> Review:
    return reviews.propose(claim, level=level("true"), summary="Risulta.", by=by, at=now())


def act(client: Client, action: str, *rows: Review, **also: str) -> list[str]:
    """What the admin says after an action on the list."""
    posted = {"action": action, "_selected_action": [row.pk for row in rows], **(also or {"index": "0"})}
    return messages(client.post(reverse("admin:newsroom_review_changelist"), posted, follow=True))


def state(review: Review) -> str:
    return Review.objects.get(pk=review.pk).state


def test_a_review_is_proposed_from_its_claim(
    signed_in: SignedIn, checker: User, claim: Claim, address: str
) -> None:
    answer = save(signed_in(checker), address, level=str(level("true").pk), summary="Risulta dai documenti.")

    assert answer.status_code == 302
    review = Review.objects.latest("proposed_at")
    assert (review.claim, review.author, review.state) == (claim, checker, "proposed")
    assert review.appearance is not None


def test_without_a_claim_one_is_sent_to_choose_it(signed_in: SignedIn, checker: User) -> None:
    answer = signed_in(checker).get(reverse("admin:newsroom_review_add"))
    assert answer.headers["Location"] == reverse("admin:newsroom_claim_changelist")


def test_only_this_claims_places_and_the_current_scale_are_offered(
    signed_in: SignedIn, checker: User, claim: Claim, address: str
) -> None:
    current = RatingScale.objects.get()
    newer = RatingScale.objects.create(
        code_name=current.code_name, version=current.version + 1, name="Nuova", in_force_since=now()
    )
    old = current.levels.first()
    client = signed_in(checker)
    form = client.get(address).context["adminform"].form
    elsewhere = Appearance.objects.exclude(claim=claim).first()

    assert set(form.fields["appearance"].queryset) == set(claim.appearances.all())
    assert set(form.fields["level"].queryset) == set(newer.levels.all())
    page = save(client, address, level=str(old.pk), appearance=str(elsewhere.pk), summary="Di un'altra.")
    assert {"level", "appearance"} <= set(page.context["adminform"].form.errors)


def test_a_summary_is_counted(signed_in: SignedIn, checker: User, address: str) -> None:
    page = save(signed_in(checker), address, level=str(level("true").pk), summary="è" * 161)
    assert "summary" in page.context["adminform"].form.errors


def test_a_rule_of_the_desk_is_said_in_the_form_and_nothing_typed_is_lost(
    signed_in: SignedIn, checker: User, claim: Claim, address: str
) -> None:
    claim.kind = "opinion"
    claim.save()
    count = Review.objects.count()
    page = save(signed_in(checker), address, level=str(level("false").pk), summary="Non è così.")

    assert page.status_code == 422
    assert page.context["adminform"].form.non_field_errors()
    assert filled(page)["summary"] == ["Non è così."]
    assert Review.objects.count() == count


def test_nobody_publishes_their_own_review(signed_in: SignedIn, editor: User, claim: Claim) -> None:
    own = proposed(claim, editor)
    (message,) = act(signed_in(editor), "publish_selected", own)

    assert str(own) in message
    assert state(own) == "proposed"


def test_in_a_bulk_each_review_keeps_its_four_eyes(
    signed_in: SignedIn, editor: User, checker: User, claim: Claim
) -> None:
    other = (
        Claim.objects.filter(kind="fact", accuses="no", evidence__isnull=False).exclude(pk=claim.pk).first()
    )
    own, another = proposed(claim, editor), proposed(other, checker)
    said = act(signed_in(editor), "publish_selected", own, another)

    assert len(said) == 2
    assert (state(own), state(another)) == ("proposed", "published")
    assert Review.objects.get(pk=another.pk).approver == editor


def test_a_checker_does_not_publish(signed_in: SignedIn, checker: User, reporter: User, claim: Claim) -> None:
    review = proposed(claim, checker)
    act(signed_in(checker), "publish_selected", review)
    act(signed_in(reporter), "publish_selected", review)
    assert state(review) == "proposed"


def test_a_review_is_withdrawn_with_its_reason(signed_in: SignedIn, editor: User, claim: Claim) -> None:
    review = Review.objects.current().first()
    client = signed_in(editor)
    act(client, "withdraw_selected", review)
    assert state(review) == "published"
    act(client, "withdraw_selected", review, reason="Il documento era falso.")
    assert state(review) == "withdrawn"


def test_posting_a_state_publishes_nothing(
    signed_in: SignedIn, editor: User, checker: User, claim: Claim, address: str
) -> None:
    editor.is_superuser = True
    editor.save()
    client = signed_in(editor)
    review = proposed(claim, checker)
    page = reverse("admin:newsroom_review_change", args=[review.pk])
    forged = {"state": "published", "approver": str(editor.pk), "published_at_0": "2026-01-01"}

    assert client.post(page, forged).status_code == 403
    assert state(review) == "proposed"
    save(client, address, level=str(level("true").pk), summary="Risulta.", **forged)
    assert Review.objects.latest("id").state == "proposed"


def test_the_page_of_a_proposed_review_offers_to_approve_it(
    signed_in: SignedIn, editor: User, checker: User, claim: Claim
) -> None:
    page = reverse("admin:newsroom_review_change", args=[proposed(claim, checker).pk])
    assert "publish_selected" in signed_in(editor).get(page).content.decode()
    assert "publish_selected" not in signed_in(checker).get(page).content.decode()


# The rest of the workflow


def test_a_review_is_approved_sent_back_and_doubted(
    signed_in: SignedIn, editor: User, checker: User, claim: Claim
) -> None:
    client, review = signed_in(editor), proposed(claim, checker)
    act(client, "approve_selected", review)
    assert state(review) == "approved"
    act(client, "send_back_selected", review)
    assert state(review) == "approved"
    act(client, "send_back_selected", review, reason="Dite da dove viene.")
    review = Review.objects.get(pk=review.pk)
    assert (review.state, review.changes_note) == ("changes", "Dite da dove viene.")
    public = Review.objects.current().first()
    act(signed_in(checker), "doubt_selected", public, reason="Un atto nuovo.")
    public.refresh_from_db()
    assert (public.state, public.stale_reason) == ("stale", "Un atto nuovo.")
    assert len(mail.outbox) == 2


def test_what_accuses_is_not_approved_in_a_bulk(
    signed_in: SignedIn, editor: User, checker: User, claim: Claim
) -> None:
    claims.weigh(claim, accuses="yes", accused="il Comune", by=editor, at=now())
    review = proposed(claim, checker)
    for action in ("approve_selected", "publish_selected"):
        (message,) = act(signed_in(editor), action, review)
        assert "il Comune" in message
        assert f'href="{reverse("desk:claim", args=[claim.code])}#decide"' in message
    assert state(review) == "proposed"


def test_the_page_of_a_review_that_accuses_leads_to_the_desk_when_it_refuses(
    signed_in: SignedIn, editor: User, checker: User, claim: Claim
) -> None:
    claims.weigh(claim, accuses="yes", accused="<il Comune>", by=editor, at=now())
    review, client = proposed(claim, checker), signed_in(editor)
    page = reverse("admin:newsroom_review_change", args=[review.pk])
    form = tree(client.get(page)).xpath("//form[@class='deeds']")[0]
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    offered = form.xpath(".//button/@value")
    for action in ("approve_selected", "publish_selected"):
        assert action in offered
        answer = client.post(form.get("action"), fields | {"action": action}, follow=True)
        [link] = tree(answer).xpath("//ul[@class='messagelist']//a")
        assert link.text == "Decidi in redazione"
        assert "<il Comune>" in link.getparent().text
        assert client.get(link.get("href").removesuffix("#decide")).status_code == 200
    assert state(review) == "proposed"


def test_a_page_that_stood_open_does_not_decide_on_what_was_changed_since(
    signed_in: SignedIn, editor: User, checker: User, claim: Claim
) -> None:
    client, review = signed_in(editor), proposed(claim, checker)
    page = client.get(reverse("admin:newsroom_review_change", args=[review.pk]))
    [shown] = tree(page).xpath(f"//input[@name='row_version-{review.pk}']/@value")
    reviews.amend(review, summary="Risulta, pare.", by=checker, at=now())
    for action in ("approve_selected", "publish_selected", "send_back_selected", "withdraw_selected"):
        (message,) = act(client, action, review, reason="Così.", **{f"row_version-{review.pk}": shown})
        assert "Ornella Vismara" in message
    assert state(review) == "proposed"
    reason = client.post(
        reverse("admin:newsroom_review_changelist"),
        {"action": "withdraw_selected", "_selected_action": [review.pk]},
    )
    assert tree(reason).xpath(f"//input[@name='row_version-{review.pk}']/@value") == ["2"]


def test_the_page_of_a_review_offers_what_can_be_done_with_it(
    signed_in: SignedIn, editor: User, checker: User, claim: Claim
) -> None:
    def offered(user: User, review: Review) -> list[str]:
        page = signed_in(user).get(reverse("admin:newsroom_review_change", args=[review.pk]))
        return tree(page).xpath("//form[@class='deeds']//button/@value")

    review, public = proposed(claim, checker), Review.objects.current().first()
    assert offered(editor, review) == [
        "approve_selected", "send_back_selected", "publish_selected", "withdraw_selected"
    ]  # fmt: skip
    assert offered(editor, public) == ["doubt_selected", "withdraw_selected"]
    assert offered(checker, public) == ["doubt_selected"]
    assert offered(checker, review) == []


def test_only_what_readers_see_leads_to_the_site(
    signed_in: SignedIn, editor: User, checker: User, claim: Claim
) -> None:
    client, public = signed_in(editor), Review.objects.current().first()
    for review, leads in ((public, True), (proposed(claim, checker), False)):
        page = client.get(reverse("admin:newsroom_review_change", args=[review.pk]))
        assert bool(tree(page).xpath("//a[contains(@class, 'viewsitelink')]")) == leads


def test_a_claim_is_weighed_on_its_page(signed_in: SignedIn, editor: User, claim: Claim) -> None:
    page = reverse("admin:newsroom_claim_change", args=[claim.pk])
    client, review = signed_in(editor), claim.reviews.current().get()
    save(client, page, accuses="yes", accused="il Comune")
    claim.refresh_from_db()
    review.refresh_from_db()
    assert (claim.accuses, claim.accused, review.state) == ("yes", "il Comune", "stale")
    assert Deed.objects.filter(verb="claim.weigh").count() == 1
    for wrong in ({"accuses": "", "accused": ""}, {"accuses": "no"}, {"accused": ""}):
        assert save(client, page, **wrong).status_code == 422
    claim.refresh_from_db()
    assert (claim.accuses, claim.accused) == ("yes", "il Comune")


def test_what_another_said_of_a_claim_in_between_is_kept(
    signed_in: SignedIn, editor: User, claim: Claim
) -> None:
    page = reverse("admin:newsroom_claim_change", args=[claim.pk])
    client = signed_in(editor)
    posted = filled(client.get(page), note="Da rileggere.")
    claims.weigh(claim, accuses="yes", accused="il Comune", by=editor, at=now())
    told = client.post(page, posted)
    assert told.status_code == 409
    assert client.post(page, filled(told)).status_code == 302
    claim.refresh_from_db()
    assert (claim.note, claim.accuses, claim.accused) == ("Da rileggere.", "yes", "il Comune")
