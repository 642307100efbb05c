"""Several forms on one page, and no JavaScript: sending one loses nothing of what is in the others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from newsroom.actions import assignments, reviews
from newsroom.models import Claim, Comment, User
from tests.making import THEN, level, make_claim, make_document, make_evidence, make_thread
from tests.watched_browser import WatchedBrowser

SignIn = Callable[[Page, User], None]
SUMMARY, ASKED, BODY = "Costa dodici milioni.", "La giunta di Ada", "Chi chiama i tecnici?"


@pytest.fixture
def bare(watched: WatchedBrowser, live: str) -> Page:
    """A page without JavaScript."""
    return watched.open(java_script_enabled=False)


@pytest.fixture
def claim(live: str) -> Claim:
    claim = make_claim(accuses="no")
    make_evidence(claim, stance="refutes", checked="whole")
    return claim


def review_page(page: Page, claim: Claim) -> None:
    page.goto(f"/desk/claims/{claim.code}/")


def type_everywhere(page: Page) -> None:
    """A rating, a request and a comment, none of them sent."""
    rating = page.locator("#rating")
    rating.get_by_role("radio", name="Falso").check()
    page.locator("#rate-summary").fill(SUMMARY)
    page.get_by_text("Annota una richiesta di commento").click()
    page.locator("#request-asked").fill(ASKED)
    new_thread(page).fill(BODY)


def new_thread(page: Page) -> Locator:
    return page.locator(".threads [name=body-new]")


def stands_everywhere(page: Page, *, but: str = "") -> None:
    if but != "rating":
        expect(page.locator("#rate-summary")).to_have_value(SUMMARY)
        expect(page.locator("#rating").get_by_role("radio", name="Falso")).to_be_checked()
    if but != "request":
        expect(page.locator("#request-asked")).to_have_value(ASKED)
        expect(page.locator("#request-asked")).to_be_visible()
    if but != "comment":
        expect(new_thread(page)).to_have_value(BODY)


def add_evidence(page: Page, words: str = "dodici milioni") -> None:
    page.locator("#add-evidence").click()
    fill_evidence(page, words)
    page.locator("#evidence-form").get_by_role("button", name="Aggiungi").click()


def fill_evidence(page: Page, words: str) -> None:
    form = page.locator("#evidence-form")
    form.get_by_text("Se è nuovo").click()
    form.get_by_label("Titolo").fill("Delibera 7 della giunta")
    form.get_by_label("Contro").check()
    form.get_by_label("Parole esatte").fill(words)


def told(page: Page, words: str) -> None:
    expect(page.locator(".messages")).to_contain_text(words)


def test_what_is_sent_is_done_and_all_else_stands_where_it_was(
    bare: Page, sign_in: SignIn, claim: Claim, checker: User
) -> None:
    sign_in(bare, checker)
    review_page(bare, claim)
    type_everywhere(bare)
    add_evidence(bare)
    told(bare, "Il riscontro è aggiunto.")
    expect(bare.locator("#evidence-heading")).to_be_focused()
    assert claim.evidence.count() == 2
    expect(bare.locator("#evidence-quotation")).to_have_value("")
    stands_everywhere(bare)

    bare.locator("#claim-accusation").get_by_role("button", name="Salva").last.click()
    expect(bare.locator("#request-how")).to_be_focused()  # how they were asked is not said
    stands_everywhere(bare)
    bare.locator("#request-how").fill("Per posta")
    bare.locator("#claim-accusation").get_by_role("button", name="Salva").last.click()
    told(bare, "La richiesta è annotata.")
    stands_everywhere(bare, but="request")

    bare.locator(".threads").get_by_role("button", name="Commenta").click()
    expect(bare.locator(".comment")).to_contain_text(BODY)
    expect(new_thread(bare)).to_have_value("")
    expect(bare.locator("#rate-summary")).to_have_value(SUMMARY)

    bare.locator("#rating").get_by_role("button", name="Proponi").click()
    told(bare, "Proposta")
    assert claim.reviews.get().summary == SUMMARY


def test_enter_in_a_field_sends_nothing_and_loses_nothing(
    bare: Page, sign_in: SignIn, claim: Claim, checker: User
) -> None:
    sign_in(bare, checker)
    review_page(bare, claim)
    type_everywhere(bare)
    bare.locator("#request-asked").press("Enter")
    told(bare, "Non è stato ancora inviato nulla")
    stands_everywhere(bare)
    assert not claim.requests.exists() and not claim.reviews.exists()


def test_documents_are_looked_for_and_nothing_is_lost(
    bare: Page, sign_in: SignIn, claim: Claim, checker: User
) -> None:
    make_document(title="Bilancio del 2019")
    sign_in(bare, checker)
    review_page(bare, claim)
    type_everywhere(bare)
    bare.locator("#add-evidence").click()
    bare.locator("#evidence-q").fill("bilancio")
    bare.locator("#evidence-form").get_by_role("button", name="Trova").click()
    bare.get_by_role("radio", name="Bilancio del 2019").check()
    stands_everywhere(bare)
    # Another part is sent: what was chosen stays chosen.
    bare.locator("#request-how").fill("Per posta")
    bare.locator("#claim-accusation").get_by_role("button", name="Salva").last.click()
    told(bare, "La richiesta è annotata.")
    expect(bare.get_by_role("radio", name="Bilancio del 2019")).to_be_checked()
    expect(bare.locator("#rate-summary")).to_have_value(SUMMARY)


def test_a_conflict_in_one_part_leaves_the_others_as_they_are(
    bare: Page, sign_in: SignIn, claim: Claim, checker: User, editor: User
) -> None:
    sign_in(bare, editor)
    review_page(bare, claim)
    type_everywhere(bare)
    bare.locator("#claim-assignment summary").click()
    bare.get_by_role("combobox", name="Chi la verifica").select_option("checker")
    assignments.assign(claim, to=editor, due=None, by=checker, at=THEN)
    bare.locator("#claim-assignment").get_by_role("button", name="Assegna").click()
    expect(bare.get_by_role("alert")).to_contain_text(checker.desk_name)
    expect(bare.locator("#assignment-title")).to_be_focused()
    stands_everywhere(bare)
    bare.locator("#claim-assignment").get_by_role("button", name="Assegna").click()
    told(bare, "Assegnata a")
    stands_everywhere(bare)


def test_a_rating_that_travelled_along_still_meets_what_somebody_did_meanwhile(
    bare: Page, sign_in: SignIn, claim: Claim, checker: User, editor: User
) -> None:
    sign_in(bare, checker)
    review_page(bare, claim)
    type_everywhere(bare)
    reviews.propose(claim, level=level("true"), summary="È vero.", by=editor, at=THEN)
    add_evidence(bare)
    told(bare, "Il riscontro è aggiunto.")
    stands_everywhere(bare)
    bare.locator("#rating").get_by_role("button", name="Proponi").click()
    expect(bare.locator("#rating [role=alert]")).to_contain_text("Nel frattempo qualcun altro")
    expect(bare.locator("#rating-title")).to_be_focused()
    stands_everywhere(bare)
    assert claim.reviews.count() == 1


def test_words_whose_form_is_gone_are_shown_to_be_copied(
    bare: Page, sign_in: SignIn, claim: Claim, checker: User, editor: User
) -> None:
    review = reviews.propose(claim, level=level("false"), summary="No.", by=checker, at=THEN)
    thread = make_thread(claim, body="Chi lo dice?")
    sign_in(bare, editor)
    review_page(bare, claim)
    bare.get_by_text("Chiedi modifiche…").click()
    bare.locator(f"#changes-{review.code}-note").fill("Manca la data della delibera.")
    bare.locator(f"[name=body-thread-{thread.code}]").fill("Lo chiedo io.")
    reviews.withdraw(review, reason="Sbagliata.", row_version=review.row_version, by=checker, at=THEN)
    new_thread(bare).fill(BODY)
    bare.locator(".threads").get_by_role("button", name="Commenta").click()
    expect(bare.locator(".notice[role=alert]")).to_contain_text("Manca la data della delibera.")
    expect(bare.locator(f"[name=body-thread-{thread.code}]")).to_have_value("Lo chiedo io.")


def test_an_own_proposal_that_is_being_changed_is_changed_still(
    bare: Page, sign_in: SignIn, claim: Claim, checker: User
) -> None:
    review = reviews.propose(claim, level=level("false"), summary="No.", by=checker, at=THEN)
    sign_in(bare, checker)
    bare.goto(f"/desk/reviews/{review.code}/amend/")
    bare.locator("#rate-summary").fill(SUMMARY)
    add_evidence(bare)
    told(bare, "Il riscontro è aggiunto.")
    expect(bare.locator("#rate-summary")).to_have_value(SUMMARY)
    bare.get_by_role("button", name="Proponila di nuovo").click()
    told(bare, "Proposta di nuovo")
    assert claim.reviews.get().summary == SUMMARY


def test_a_page_that_was_sent_is_sent_again_and_adds_nothing_twice(
    bare: Page, sign_in: SignIn, claim: Claim, checker: User
) -> None:
    sign_in(bare, checker)
    review_page(bare, claim)
    type_everywhere(bare)
    add_evidence(bare)
    told(bare, "Il riscontro è aggiunto.")
    bare.reload()
    told(bare, "Il riscontro è aggiunto.")
    stands_everywhere(bare)
    assert claim.evidence.count() == 2

    bare.locator(".threads").get_by_role("button", name="Commenta").click()
    expect(bare.locator(".comment")).to_have_count(1)
    bare.reload()
    expect(bare.locator(".comment")).to_have_count(1)
    assert Comment.objects.count() == 1
    expect(bare.locator("#rate-summary")).to_have_value(SUMMARY)


def test_all_of_it_travels_through_signing_in(
    bare: Page, sign_in: SignIn, claim: Claim, checker: User
) -> None:
    checker.set_password("parola")
    checker.save()
    sign_in(bare, checker)
    review_page(bare, claim)
    type_everywhere(bare)
    bare.locator("#add-evidence").click()
    fill_evidence(bare, "dodici milioni")
    bare.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    bare.locator("#evidence-form").get_by_role("button", name="Aggiungi").click()
    expect(bare.get_by_role("heading", level=1)).to_have_text("La sessione è finita")
    for words in (SUMMARY, ASKED, BODY):
        expect(bare.locator(".typed-words", has_text=words)).to_be_visible()
    bare.locator("[name=username]").fill(checker.username)
    bare.locator("[name=password]").fill("parola")
    bare.locator("[name=password]").press("Enter")
    bare.get_by_role("button", name="Invia").click()
    told(bare, "Il riscontro è aggiunto.")
    stands_everywhere(bare)
    assert claim.evidence.count() == 2


def test_an_item_of_evidence_and_why_it_is_withdrawn_stand_beside_each_other(
    bare: Page, sign_in: SignIn, claim: Claim, checker: User
) -> None:
    item = claim.evidence.get()
    sign_in(bare, checker)
    bare.goto(f"/desk/evidence/{item.code}/")
    bare.locator(f"#evidence-{item.code}-quotation").fill("la spesa di dodici milioni")
    bare.locator("summary", has_text="Ritira").click()
    bare.locator(f"#withdrawal-{item.code}-reason").fill("Forse è falso.")
    bare.get_by_role("button", name="Salva").click()
    told(bare, "Il riscontro è modificato.")
    expect(bare.locator(f"#withdrawal-{item.code}-reason")).to_have_value("Forse è falso.")
    item.refresh_from_db()
    assert item.quotation == "la spesa di dodici milioni"


def test_with_javascript_a_form_is_sent_twice_and_adds_one(
    page: Page, sign_in: SignIn, claim: Claim, checker: User
) -> None:
    sign_in(page, checker)
    review_page(page, claim)
    page.locator(".threads textarea").fill(BODY)
    answers = page.evaluate(
        """async () => {
            const form = document.querySelector(".comment-form");
            const body = new URLSearchParams(new FormData(form));
            const send = async () => (await fetch(form.action, { method: "POST", body })).status;
            return Promise.all([send(), send(), send()]);
        }"""
    )
    assert answers == [200, 200, 200]
    assert Comment.objects.count() == 1


def test_with_javascript_a_decision_leaves_what_is_typed_beside_it(
    page: Page, sign_in: SignIn, claim: Claim, checker: User, editor: User
) -> None:
    reviews.propose(claim, level=level("false"), summary="No.", by=checker, at=THEN)
    sign_in(page, editor)
    review_page(page, claim)
    page.locator("#rate-summary").fill(SUMMARY)
    page.locator("#rating").get_by_role("radio", name="Falso").check()
    page.get_by_text("Annota una richiesta di commento").click()
    page.locator("#request-asked").fill(ASKED)
    page.get_by_role("button", name="Approva", exact=True).click()
    expect(page.locator(".panel-strong", has_text="approvata")).to_be_visible()
    expect(page.locator("#rate-summary")).to_have_value(SUMMARY)
    expect(page.locator("#rating").get_by_role("radio", name="Falso")).to_be_checked()
    expect(page.locator("#request-asked")).to_have_value(ASKED)
    expect(page.locator("#request-asked")).to_be_visible()


def test_evidence_that_is_withdrawn_changes_the_rating_at_the_head_at_once(
    page: Page, sign_in: SignIn, claim: Claim, checker: User, editor: User
) -> None:
    review = reviews.propose(claim, level=level("false"), summary="No.", by=checker, at=THEN)
    reviews.publish(review, by=editor, at=THEN)
    sign_in(page, checker)
    review_page(page, claim)
    expect(page.locator("#claim-judgement")).not_to_contain_text("Da riverificare")
    page.get_by_role("link", name="Modifica o ritira").click()
    page.locator("summary", has_text="Ritira").click()
    item = claim.evidence.get()
    page.locator(f"#withdrawal-{item.code}-reason").fill("Era falso.")
    page.locator(f"#evidence-{item.code}").get_by_role("button", name="Ritira").click()
    expect(page.locator("#claim-judgement")).to_contain_text("Da riverificare")
