"""The review page: what it shows, what each member of the cast may do on it, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from newsroom.actions import assignments, requests, reviews
from newsroom.models import Claim, Evidence, RequestForComment, Review, User
from tests.making import (
    LATER,
    THEN,
    level,
    make_appearance,
    make_article,
    make_attribution,
    make_check,
    make_claim,
    make_copy,
    make_document,
    make_evidence,
    make_review,
    make_source,
    make_thread,
    make_user,
    under,
)
from tests.reading import faults, tree

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def address(name: str, row: Any) -> str:
    return reverse(f"desk:{name}", args=[row.code])


def words(response: HttpResponse, path: str = "//body") -> str:
    return " ".join(" ".join(tree(response).xpath(f"{path}//text()")).split())


def whole(response: HttpResponse, status: int = 200) -> str:
    assert (response.status_code, faults(response)) == (status, [])
    return words(response)


def checked_claim(**given: Any) -> Claim:
    """A claim that is not accusing, with one document that was opened."""
    claim = make_claim(**({"accuses": "no"} | given))
    make_evidence(claim, quotation="Aprirà a giugno.", stance="refutes", checked="whole")
    return claim


def proposed(author: User, **given: Any) -> Review:
    claim = given.pop("claim", None) or checked_claim()
    fields = {"level": level("false"), "summary": "Aprirà a giugno."} | given
    return reviews.propose(claim, by=author, at=THEN, **fields)


def rating(**given: Any) -> dict[str, str]:
    fields = {
        "level": str(level("false").uuid),
        "judges": "content",
        "appearance": "",
        "lang": "it",
        "summary": "Aprirà a giugno.",
        "explanation": "Lo dice l’*atto*.",
        "seen": "",
    }
    return under("rate", fields | given)


# What it shows


def test_a_claim_stands_in_its_context(signed_in: SignedIn, checker: User) -> None:
    article = make_article(headline="Il ponte di Ada", published_at=None)
    claim = make_claim(text="Il ponte sarà aperto a maggio.", claimant=make_source(name="Ada Neri"))
    make_appearance(article, "Il ponte sarà aperto a maggio", claim=claim)
    make_attribution(article, claim=claim, source=make_source(name="La giunta", desk_only=True))
    make_evidence(claim, quotation="Aprirà a giugno.", stance="refutes", checked="known")
    make_thread(claim, body="Ho chiamato i tecnici.")
    make_review(claim=claim, state="withdrawn", withdrawal_reason="Era un errore.")
    text = whole(signed_in(checker).get(address("claim", claim)))
    for shown in (
        "Ada Neri",
        "ha detto la sindaca. Costerà dieci milioni di euro.",
        "Il ponte di Ada",
        "La giunta",
        "non nominata in pubblico",
        "Aprirà a giugno.",
        "noto, non aperto",
        "Era un errore.",
        "Ho chiamato i tecnici.",
    ):
        assert shown in text
    assert "Secondo i tecnici" not in text  # the next paragraph


def test_words_that_left_the_text_are_shown_as_lost(signed_in: SignedIn, checker: User) -> None:
    appearance = make_appearance(make_article(), "Il ponte vecchio")
    appearance.annotation.targets.update(fate="orphaned", start=None, end=None)
    text = whole(signed_in(checker).get(address("claim", appearance.claim)))
    assert "Non più nel testo: «Il ponte vecchio»" in text


def test_a_claim_like_it_is_found_and_leads_to_its_own_page(signed_in: SignedIn, checker: User) -> None:
    claim = make_claim(text="La diga di Ridracoli fornisce acqua a cinquanta comuni della Romagna.")
    like = make_claim(text="Cinquanta comuni romagnoli bevono l’acqua della diga di Ridracoli.")
    make_claim(text="La diga di Ridracoli ha un museo.", withdrawn_at=LATER, withdrawal_reason="Doppia.")
    page = tree(signed_in(checker).get(address("claim", claim)))
    found = page.xpath("//section[@aria-labelledby='similar-title']//a/@href")
    assert found == [address("claim", like)]


def test_every_level_has_a_digit_and_the_keys_are_listed(signed_in: SignedIn, checker: User) -> None:
    page = tree(signed_in(checker).get(address("claim", make_claim())))
    assert page.xpath("//input[@name='rate-level']/@data-key") == [str(number) for number in range(1, 8)]
    assert page.xpath("//*[@data-keys]//kbd")
    assert not page.xpath("//input[@name='rate-level'][@checked]")


def test_a_confidential_name_is_not_there(signed_in: SignedIn, reporter: User) -> None:
    source = make_source(name="Un funzionario", desk_only=True)
    claim = make_claim(claimant=source)
    assert "Un funzionario" in whole(signed_in(reporter).get(address("claim", claim)))


@pytest.mark.parametrize("who", ["reporter", "checker", "editor"])
def test_the_page_asks_the_same_of_the_database_however_much_there_is(
    signed_in: SignedIn, who: str, request: pytest.FixtureRequest
) -> None:
    client, claim = signed_in(request.getfixturevalue(who)), make_claim()
    counted = []
    for number in (2, 15):
        for _time in range(number):
            article = make_article()
            make_appearance(article, claim=claim)
            make_attribution(article, claim=claim)
            item = make_evidence(
                claim, document=make_document(kind="republication", original=make_document())
            )
            make_check(item.document, compared=make_copy(item.document))
            make_evidence(claim, withdrawn_at=LATER, withdrawal_reason="Falso.")
            make_review(claim=claim, state="superseded")
            requests.ask_for_comment(
                claim,
                asked="Ada Neri",
                how="posta",
                asked_at=THEN,
                by=User.objects.get(username="editor"),
                at=LATER,
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("claim", claim)).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 42


# A rating


def test_a_checker_proposes_and_it_waits_for_somebody_else(signed_in: SignedIn, checker: User) -> None:
    claim = checked_claim()
    client = signed_in(checker)
    answer = client.post(address("claim-propose", claim), rating())
    assert answer.headers["Location"] == f"{address('claim', claim)}#claim-title"
    review = claim.reviews.get()
    assert (review.author, review.state, review.explanation) == (checker, "proposed", "Lo dice l’*atto*.")
    text = whole(client.get(address("claim", claim)))
    assert "Proposta: decide qualcun altro." in text
    assert "L’hai scritta tu: decide qualcun altro." in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"level": ""}, "Scegli una valutazione."),
        ({"level": "nonsense"}, "Scegli"),
        ({"summary": ""}, "Questo campo è obbligatorio."),
        ({"summary": "è" * 161}, "Ha 161 caratteri: il massimo è 160."),
    ],
)
def test_a_rating_that_is_not_whole_comes_back_with_what_was_typed(
    signed_in: SignedIn, checker: User, given: dict[str, str], said: str
) -> None:
    claim = checked_claim()
    text = rating(**{"explanation": "Ho telefonato."} | given)
    for headers in ({}, HTMX):
        answer = signed_in(checker).post(address("claim-propose", claim), text, headers=headers)
        assert (answer.status_code, faults(answer)) == (422, [])
        assert said in words(answer, "//section[@id='rating']")
        assert tree(answer).xpath("string(//textarea[@name='rate-explanation'])").strip() == "Ho telefonato."
    assert not claim.reviews.exists()


def test_a_summary_of_a_hundred_and_sixty_letters_fits_whatever_ends_its_lines(
    signed_in: SignedIn, checker: User
) -> None:
    claim = checked_claim()
    typed = f"  {'è' * 79}\r\n{'😀' * 80}  "
    assert signed_in(checker).post(address("claim-propose", claim), rating(summary=typed)).status_code == 302
    assert claim.reviews.get().summary == f"{'è' * 79} {'😀' * 80}"


def test_what_a_rule_wants_is_asked_for_beside_its_field(signed_in: SignedIn, checker: User) -> None:
    claim = make_claim(kind="opinion", accuses="no")
    client = signed_in(checker)
    answer = client.post(address("claim-propose", claim), rating())
    assert answer.status_code == 422
    page = tree(answer)
    assert page.xpath("//textarea[@name='rate-no_evidence_reason'][@aria-invalid='true']")
    assert page.xpath("//details[.//textarea[@name='rate-no_evidence_reason']]/@open") == [""]
    answer = client.post(address("claim-propose", claim), rating(no_evidence_reason="Nessun atto."))
    assert tree(answer).xpath("//textarea[@name='rate-facts_judged'][@aria-invalid='true']")


def test_who_comes_second_with_a_rating_sees_the_first_and_may_stand_by_it(
    signed_in: SignedIn, checker: User
) -> None:
    claim = checked_claim()
    proposed(make_checker(), claim=claim, summary="È vero.", level=level("true"))
    client = signed_in(checker)
    answer = client.post(address("claim-propose", claim), rating())
    text = whole(answer, 409)
    assert "Nel frattempo qualcun altro ha lavorato" in text
    assert "È vero." in text
    [seen] = tree(answer).xpath("//input[@name='rate-seen']/@value")
    assert client.post(address("claim-propose", claim), rating(seen=seen)).status_code == 302
    assert claim.reviews.count() == 2


def make_checker() -> User:
    user = make_user(is_staff=True)
    user.groups.set(User.objects.get(username="checker").groups.all())
    return user


def test_a_proposal_is_changed_by_its_author(signed_in: SignedIn, checker: User) -> None:
    review = proposed(checker, explanation="Prima.")
    client = signed_in(checker)
    page = tree(client.get(address("review-amend", review)))
    assert page.xpath("string(//textarea[@name='rate-explanation'])").strip() == "Prima."
    assert page.xpath("//input[@name='rate-level'][@checked]/@value") == [str(level("false").uuid)]
    [version] = page.xpath("//section[@id='rating']//input[@name='rate-row_version']/@value")
    changed = rating(explanation="Dopo.", row_version=version)
    assert client.post(address("review-amend", review), changed).status_code == 302
    review.refresh_from_db()
    assert (review.explanation, review.state) == ("Dopo.", "proposed")
    again = client.post(address("review-amend", review), changed | {"rate-explanation": "Troppo tardi."})
    assert again.status_code == 409
    assert "Troppo tardi." in words(again)


# Decisions


#: Deeds of one form: approving, and publishing what nobody approved yet.
OF_REVIEW = {"publish": "approve"}


def decide(client: Client, name: str, review: Review, headers: dict[str, str] | None = None, **given: Any):
    review.refresh_from_db()
    data = under(
        f"{OF_REVIEW.get(name, name)}-{review.code}", {"row_version": str(review.row_version)} | given
    )
    return client.post(address(f"review-{name}", review), data, headers=headers or {})


def test_an_editor_approves_and_then_publishes(signed_in: SignedIn, checker: User, editor: User) -> None:
    review, client = proposed(checker), signed_in(editor)
    assert decide(client, "approve", review).status_code == 302
    review.refresh_from_db()
    assert (review.state, review.approver) == ("approved", editor)
    assert decide(client, "publish", review).status_code == 302
    review.refresh_from_db()
    assert review.state == "published"
    assert "Pubblicata: i lettori la vedono." in whole(client.get(address("claim", review.claim)))


def test_a_proposal_is_sent_back_with_what_is_to_be_changed(
    signed_in: SignedIn, checker: User, editor: User
) -> None:
    review = proposed(checker)
    refused = decide(signed_in(editor), "changes", review, note=" ")
    assert "Indica che cosa va modificato." in whole(refused, 422)
    assert decide(signed_in(editor), "changes", review, note="Manca la data.").status_code == 302
    text = whole(signed_in(checker).get(address("claim", review.claim)))
    assert "Manca la data." in text
    assert tree(signed_in(checker).get(address("claim", review.claim))).xpath(
        f"//a[starts-with(@href, '{address('review-amend', review)}')]"
    )


def test_a_published_review_is_marked_and_withdrawn_with_reasons(
    signed_in: SignedIn, editor: User, checker: User
) -> None:
    review = proposed(checker)
    client = signed_in(editor)
    decide(client, "publish", review)
    assert decide(client, "stale", review, reason="È uscito un nuovo atto.").status_code == 302
    review.refresh_from_db()
    assert (review.state, review.stale_reason) == ("stale", "È uscito un nuovo atto.")
    assert decide(client, "withdraw", review, reason="Era un’altra cosa.").status_code == 302
    review.refresh_from_db()
    assert review.state == "withdrawn"


def test_a_decision_on_what_was_changed_meanwhile_is_shown_what_is_there(
    signed_in: SignedIn, checker: User, editor: User
) -> None:
    review = proposed(checker)
    version = review.row_version
    reviews.amend(review, explanation="Altro.", by=checker, at=LATER)
    for name, given in (("approve", {}), ("publish", {}), ("changes", {"note": "Manca la data."})):
        answer = decide(signed_in(editor), name, review, row_version=str(version), **given)
        assert "ha cambiato questa verifica" in whole(answer, 409)
        if given:
            assert "Manca la data." in tree(answer).xpath(
                "string(//details[@open]//textarea[contains(@name, '-note')])"
            )
    review.refresh_from_db()
    assert review.state == "proposed"


def test_nobody_is_offered_or_allowed_to_approve_their_own(signed_in: SignedIn, editor: User) -> None:
    review, client = proposed(editor), signed_in(editor)
    page = tree(client.get(address("claim", review.claim)))
    assert not page.xpath(f"//*[@formaction='{address('review-publish', review)}']")
    for name in ("approve", "publish"):
        answer = decide(client, name, review)
        assert "Nessuno approva la propria verifica." in whole(answer, 422)
    review.refresh_from_db()
    assert review.state == "proposed"


def test_a_claim_that_accuses_wants_a_request_and_three_confirmations(
    signed_in: SignedIn, checker: User, editor: User
) -> None:
    client, claim = signed_in(editor), checked_claim(accuses="")
    review = proposed(checker, claim=claim)
    assert "Indica prima se l’affermazione accusa" in whole(decide(client, "publish", review), 422)

    client.post(address("claim-accusation", claim), under("accusation", {"accuses": "yes", "accused": ""}))
    claim.refresh_from_db()
    assert claim.accuses == ""
    client.post(
        address("claim-accusation", claim), under("accusation", {"accuses": "yes", "accused": "La giunta"})
    )
    confirmed = ["public_interest", "measured_wording", "presumption_of_innocence"]
    assert decide(client, "publish", review, confirmed=confirmed).status_code == 422

    asked = {"asked": "La giunta", "how": "Per posta elettronica", "asked_at": "2024-05-06T10:00"}
    asked = under("request", asked)
    assert client.post(address("claim-request", claim), asked).status_code == 302
    request = claim.requests.get()
    assert decide(client, "publish", review, confirmed=confirmed).status_code == 422  # waits for the answer
    answered = under(f"answer-{request.code}", {"answer": "", "answered_at": "2024-05-08T10:00"})
    assert client.post(address("request-answer", request), answered).status_code == 302
    assert "nessuna risposta entro il" in whole(client.get(address("claim", claim)))

    refused = decide(client, "publish", review, confirmed=confirmed[:2])
    page = tree(refused)
    assert refused.status_code == 422
    assert page.xpath("//input[contains(@name, '-confirmed')][@checked]/@value") == confirmed[:2]
    assert decide(client, "publish", review, confirmed=confirmed).status_code == 302


def test_an_answer_before_its_question_is_refused_in_its_own_form(signed_in: SignedIn, checker: User) -> None:
    claim = make_claim(accuses="yes", accused="La giunta")
    request = requests.ask_for_comment(
        claim, asked="La giunta", how="posta", asked_at=LATER, by=checker, at=now()
    )
    typed = under(f"answer-{request.code}", {"answer": "Non è vero.", "answered_at": "2024-05-01T10:00"})
    answer = signed_in(checker).post(address("request-answer", request), typed, headers=HTMX)
    assert (answer.status_code, faults(answer)) == (422, [])
    assert tree(answer).xpath("string(//details[@open]//textarea)").strip() == "Non è vero."


# Who checks it


def test_a_claim_is_assigned_with_a_date_and_given_back(
    signed_in: SignedIn, checker: User, editor: User
) -> None:
    claim, client = make_claim(), signed_in(editor)
    tomorrow = date.today() + timedelta(days=1)
    given = under("assign", {"to": checker.username, "due": tomorrow.isoformat(), "instead_of": ""})
    assert client.post(address("claim-assign", claim), given).status_code == 302
    assert claim.assignments.get().due == tomorrow
    assert f"Assegnata a {checker.desk_name}." in whole(client.get(address("claim", claim)))
    assert client.post(address("claim-release", claim)).status_code == 302
    assert not claim.assignments.open().exists()
    assert client.post(address("claim-release", claim), headers=HTMX).status_code == 422


def test_who_assigns_second_sees_who_has_it_and_may_take_it(
    signed_in: SignedIn, checker: User, editor: User
) -> None:
    claim = make_claim()
    assignments.assign(claim, to=checker, due=None, by=editor, at=THEN)
    client = signed_in(editor)
    given = under("assign", {"to": editor.username, "due": "", "instead_of": ""})
    answer = client.post(address("claim-assign", claim), given, headers=HTMX)
    assert answer.status_code == 409
    assert checker.desk_name in words(answer, "//*[@role='alert']")
    [shown] = tree(answer).xpath("//input[@name='assign-instead_of']/@value")
    assert (
        client.post(address("claim-assign", claim), given | {"assign-instead_of": shown}).status_code == 302
    )
    assert claim.assignments.open().get().assignee == editor


@pytest.mark.parametrize("due", ["2001-01-01", "domani", "2024-13-40"])
def test_a_date_that_cannot_be_is_refused_with_what_was_typed(
    signed_in: SignedIn, checker: User, editor: User, due: str
) -> None:
    given = under("assign", {"to": checker.username, "due": due, "instead_of": ""})
    answer = signed_in(editor).post(address("claim-assign", make_claim()), given)
    assert (answer.status_code, faults(answer)) == (422, [])
    assert tree(answer).xpath("//input[@name='assign-due']/@value") == [due]


# Evidence


def item(**given: str) -> dict[str, str]:
    fields = {"title": "Delibera 7", "url": "https://example.org/delibera-7", "stance": "refutes"}
    fields |= {"quotation": "Aprirà a giugno.", "checked": "whole", "document_kind": "primary"}
    return under("evidence", fields | given)


def test_evidence_is_added_with_a_new_document_and_with_one_that_is_known(
    signed_in: SignedIn, reporter: User
) -> None:
    client, first, second = signed_in(reporter), make_claim(), make_claim()
    assert client.post(address("evidence-add", first), item()).status_code == 302
    document = first.evidence.get().document
    assert (document.title, document.kind) == ("Delibera 7", "primary")
    found = client.get(address("evidence-find", second), {"evidence-q": "delib"}, headers=HTMX)
    assert tree(found).xpath("//input[@value!='']/@value") == [document.code]
    given = item(document=document.code, title="", url="", stance="context")
    assert client.post(address("evidence-add", second), given).status_code == 302
    assert second.evidence.get().document == document


def test_a_document_that_is_here_already_is_offered_instead(signed_in: SignedIn, reporter: User) -> None:
    known = make_document(url="https://example.org/delibera-7")
    answer = signed_in(reporter).post(address("evidence-add", make_claim()), item(), headers=HTMX)
    assert (answer.status_code, faults(answer)) == (422, [])
    assert tree(answer).xpath("//input[@name='evidence-document'][@checked]/@value") == [known.code]
    assert tree(answer).xpath("//input[@name='evidence-title']/@value") == ["Delibera 7"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": ""}, "Scegli un documento"),
        ({"stance": ""}, "Indica se sostiene"),
        ({"date": "ieri"}, "non è una data"),
        ({"url": "http://"}, "URL"),
    ],
)
def test_evidence_that_is_not_whole_comes_back_with_what_was_typed(
    signed_in: SignedIn, reporter: User, given: dict[str, str], said: str
) -> None:
    claim = make_claim()
    answer = signed_in(reporter).post(address("evidence-add", claim), item(**given), headers=HTMX)
    assert (answer.status_code, faults(answer)) == (422, [])
    assert said in words(answer, "//section[@id='claim-evidence']")
    assert tree(answer).xpath("string(//textarea[@name='evidence-quotation'])").strip() == "Aprirà a giugno."
    assert not Evidence.objects.filter(claim=claim).exists()


def test_without_javascript_a_button_finds_documents_and_keeps_what_was_typed(
    signed_in: SignedIn, reporter: User
) -> None:
    known = make_document(title="Bilancio del 2019")
    given = item(title="", q="bilancio") | {"find": ""}
    answer = signed_in(reporter).post(address("evidence-add", make_claim()), given)
    page = tree(answer)
    assert (answer.status_code, faults(answer)) == (200, [])
    assert known.code in page.xpath("//input[@name='evidence-document']/@value")
    assert (
        page.xpath("string(//form[@id='evidence-form']//textarea[@name='evidence-quotation'])").strip()
        == "Aprirà a giugno."
    )
    assert page.xpath("//form[@id='evidence-form']//input[@name='evidence-stance'][@checked]/@value") == [
        "refutes"
    ]


def test_evidence_is_changed_where_it_stands_and_who_comes_second_is_told(
    signed_in: SignedIn, reporter: User
) -> None:
    found = make_evidence(make_claim(), stance="context", checked="known", quotation="")
    client = signed_in(reporter)
    page = client.get(address("evidence-item", found))
    assert faults(page) == []
    form = f"//form[@action='{address('evidence-item', found)}']"
    prefix = f"evidence-{found.code}"
    shown = f"{form}/input[@name='{prefix}-row_version']/@value"
    [version] = tree(page).xpath(shown)
    given = {"stance": "supports", "quotation": "Sì.", "checked": "whole", "note": "", "row_version": version}
    given = under(prefix, given)
    assert client.post(address("evidence-item", found), given, headers=HTMX).status_code == 200
    found.refresh_from_db()
    assert (found.stance, found.checked) == ("supports", "whole")
    late = client.post(address("evidence-item", found), given | {f"{prefix}-quotation": "No."}, headers=HTMX)
    assert (late.status_code, faults(late)) == (409, [])
    assert "Sì." in words(late)
    assert tree(late).xpath(f"string({form}//textarea[@name='{prefix}-quotation'])").strip() == "No."
    [now_there] = tree(late).xpath(shown)
    given |= under(prefix, {"quotation": "No.", "row_version": now_there})
    assert client.post(address("evidence-item", found), given).status_code == 302


# Who may


def rows(checker: User) -> dict[str, Callable[[], tuple[Any, dict[str, Any]]]]:
    """Every step -> what makes a row that it can be done to, and says what it sends."""

    def said(prefix: str, row: Any, **words: str) -> tuple[Any, dict[str, Any]]:
        return row, under(f"{prefix}-{row.code}", {"row_version": "1"} | words)

    def request() -> RequestForComment:
        return requests.ask_for_comment(
            checked_claim(), asked="Ada", how="posta", asked_at=THEN, by=checker, at=LATER
        )

    def answered(row: RequestForComment) -> tuple[Any, dict[str, Any]]:
        return row, under(f"answer-{row.code}", {"answer": "No.", "answered_at": "2024-05-08T10:00"})

    def public() -> Review:
        return make_review(claim=checked_claim())

    asked = {"asked": "Ada", "how": "posta", "asked_at": "2024-05-06T10:00"}
    assigned_to = {"to": "checker", "due": "", "instead_of": ""}
    return {
        "claim-propose": lambda: (checked_claim(), rating()),
        "review-amend": lambda: (proposed(checker), rating(row_version="1")),
        "review-approve": lambda: said("approve", proposed(checker)),
        "review-publish": lambda: said("approve", proposed(checker)),
        "review-changes": lambda: said("changes", proposed(checker), note="Manca la data."),
        "review-stale": lambda: said("stale", public(), reason="Un nuovo atto."),
        "review-withdraw": lambda: said("withdraw", public(), reason="Errore."),
        "claim-assign": lambda: (make_claim(), under("assign", assigned_to)),
        "claim-release": lambda: (assigned(checker), {}),
        "claim-accusation": lambda: (make_claim(), {"accusation-accuses": "no"}),
        "claim-request": lambda: (request().claim, under("request", asked)),
        "request-answer": lambda: answered(request()),
        "evidence-add": lambda: (make_claim(), item(url="")),
        "evidence-item": lambda: said(
            "evidence", make_evidence(make_claim()), stance="context", checked="known"
        ),
    }


def assigned(checker: User) -> Claim:
    claim = make_claim()
    assignments.assign(claim, to=checker, due=None, by=checker, at=THEN)
    return claim


#: Step -> who of the cast may take it.
MAY = {
    "claim-propose": {"checker", "editor"},
    "review-amend": {"checker", "editor"},
    "review-approve": {"editor"},
    "review-publish": {"editor"},
    "review-changes": {"editor"},
    "review-stale": {"checker", "editor"},
    "review-withdraw": {"editor"},
    "claim-assign": {"checker", "editor"},
    "claim-release": {"checker", "editor"},
    "claim-accusation": {"reporter", "checker", "editor"},
    "claim-request": {"checker", "editor"},
    "request-answer": {"checker", "editor"},
    "evidence-add": {"reporter", "checker", "editor"},
    "evidence-item": {"reporter", "checker", "editor"},
}


@pytest.mark.parametrize("name", MAY)
@pytest.mark.parametrize("who", ["reader", "reporter", "checker", "editor"])
def test_each_step_is_taken_by_who_may_and_by_nobody_else(
    name: str, who: str, signed_in: SignedIn, reader: Client, checker: User, request: pytest.FixtureRequest
) -> None:
    row, given = rows(checker)[name]()
    before = list(Review.objects.order_by("pk").values_list("pk", "state"))
    client = reader if who == "reader" else signed_in(request.getfixturevalue(who))
    answer = client.post(address(name, row), given)
    if who == "reader":
        assert (answer.status_code, "/login/" in answer.headers["Location"]) == (302, True)
    elif who in MAY[name]:
        assert (answer.status_code, "/login/" in answer.headers["Location"]) == (302, False)
        return
    else:
        assert answer.status_code == 403
    assert list(Review.objects.order_by("pk").values_list("pk", "state")) == before


@pytest.mark.parametrize("who", ["reporter", "checker", "editor"])
def test_nothing_is_offered_that_would_be_refused(
    who: str, signed_in: SignedIn, checker: User, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(who))
    for name, make in rows(checker).items():
        row, _given = make()
        claim = row if isinstance(row, Claim) else row.claim
        page = tree(client.get(address("claim", claim)))
        offered = set(page.xpath("//form/@action | //button/@formaction | //a/@href"))
        if who not in MAY[name]:
            assert not {link for link in offered if link.startswith(address(name, row))}, name
