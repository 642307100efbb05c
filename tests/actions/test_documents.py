"""Documents stand here once; copies and looks at their addresses say whether what was read still stands."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

from newsroom.actions import articles, documents, evidence, reviews
from newsroom.actions.documents import Content, Known
from newsroom.actions.refusals import Overtaken, Refused
from newsroom.models import Deed, Document, DocumentCheck, Evidence, Review, StoredCopy, User
from tests.making import (
    HTML,
    LATER,
    make_appearance,
    make_check,
    make_claim,
    make_copy,
    make_document,
    make_evidence,
    make_review,
)

pytestmark = pytest.mark.django_db

URL = "https://a.example/atti/delibera"
PAGE = (
    "Il consiglio ha approvato la spesa di dieci milioni di euro con ventuno voti. "
    "Il ponte sarà aperto a maggio, dopo le verifiche di carico che i tecnici hanno già finito."
)


def content(text: str = PAGE, **given: Any) -> Content:
    return Content(
        **({"body": text.encode(), "content_type": "text/html", "text": text, "whole": text} | given)
    )


def rated(*quotations: str, document: Document | None = None) -> Review:
    """A published review of words in an article; its claim rests on these words of a document."""
    document = document or make_document(url=URL)
    appearance = make_appearance()
    for quotation in quotations:
        make_evidence(appearance.claim, document=document, quotation=quotation)
    return make_review(appearance)


def check_of(review: Review) -> DocumentCheck:
    return make_check(review.claim.evidence.first().document, finding="")


# Once


@pytest.mark.parametrize("url", [URL, URL + "/", "http://www.a.example/atti/delibera#p2"])
def test_an_address_that_is_here_is_offered_and_not_doubled(url: str, reporter: User) -> None:
    known = make_document(url=URL)
    with pytest.raises(Known) as refused:
        documents.add(title="La delibera", url=url, by=reporter, at=LATER)
    assert refused.value.document == known
    assert known.title in refused.value.messages[0]


def test_another_part_of_a_page_is_added_all_the_same(reporter: User) -> None:
    make_document(url=URL)
    documents.add(title="L’allegato", url=URL, although_known=True, by=reporter, at=LATER)
    assert Document.objects.at_address(URL).count() == 2


def test_documents_without_an_address_are_as_many_as_there_are(reporter: User) -> None:
    for title in ("Un fascicolo", "Un altro"):
        documents.add(title=title, by=reporter, at=LATER)


def test_who_changes_what_another_changed_meanwhile_is_told_who(reporter: User, editor: User) -> None:
    document = make_document()
    documents.change(document, changes={"publisher": "Il comune"}, by=editor, at=LATER, row_version=1)
    with pytest.raises(Overtaken, match=str(editor)):
        documents.change(document, changes={"publisher": "Nessuno"}, by=reporter, at=LATER, row_version=1)
    document.refresh_from_db()
    assert (document.publisher, document.row_version) == ("Il comune", 2)


def test_a_save_in_the_admin_counts_as_well(reporter: User) -> None:
    document = make_document()
    document.save()
    with pytest.raises(Overtaken):
        documents.change(document, changes={"publisher": "Nessuno"}, by=reporter, at=LATER, row_version=1)


def test_a_date_that_is_none_is_refused_beside_its_field(reporter: User) -> None:
    with pytest.raises(ValidationError) as refused:
        documents.add(title="La delibera", date="ieri", by=reporter, at=LATER)
    assert "date" in refused.value.error_dict


# Copies


def test_a_copy_keeps_its_bytes_their_hash_and_who_kept_it(reporter: User) -> None:
    copy = documents.keep_file(
        make_document(), content=content(), file_name="atto.html", by=reporter, at=LATER
    )
    assert copy.sha256 == hashlib.sha256(PAGE.encode()).hexdigest()
    assert (copy.by, copy.kept_at, copy.size) == (reporter, LATER, len(PAGE.encode()))
    assert copy.file.open().read() == PAGE.encode()


def test_what_is_refused_leaves_no_file(reporter: User) -> None:
    make_copy()
    before = set(default_storage.listdir("copies")[1])
    with pytest.raises(ValidationError):
        documents.keep_file(make_document(), content=content(), file_name="a" * 300, by=reporter, at=LATER)
    assert set(default_storage.listdir("copies")[1]) == before
    assert StoredCopy.objects.count() == 1


def test_two_who_ask_for_a_copy_get_the_same_one(reporter: User, editor: User) -> None:
    document = make_document(url=URL)
    first = documents.ask_for_copy(document, by=reporter, at=LATER)
    assert documents.ask_for_copy(document, by=editor, at=LATER) == first


def test_a_copy_comes_once(reporter: User) -> None:
    copy = make_copy(state="waiting")
    documents.copy_came(copy, content=content(), by=reporter, at=LATER)
    with pytest.raises(Refused):
        documents.copy_came(copy, content=content("Altro."), by=reporter, at=LATER)


@pytest.mark.parametrize("document", [{}, {"url": URL, "withdrawn_at": LATER, "withdrawal_reason": "Falso."}])
def test_what_has_no_address_or_was_withdrawn_is_not_fetched(
    document: dict[str, Any], reporter: User
) -> None:
    for ask in (documents.ask_for_copy, documents.ask_for_check):
        with pytest.raises(Refused):
            ask(make_document(**document), by=reporter, at=LATER)


# Quoted words


def test_a_quotation_is_held_against_the_newest_copy(reporter: User) -> None:
    item = make_evidence(make_claim(), quotation="dieci milioni di euro")
    documents.keep_file(item.document, content=content(), by=reporter, at=LATER)
    item.refresh_from_db()
    assert item.in_copy == "exact"
    evidence.change(
        item,
        changes={"quotation": "dodici milioni di euro"},
        by=reporter,
        at=LATER,
        row_version=item.row_version,
    )
    item.refresh_from_db()
    assert item.in_copy == "absent"
    scan = content("", body=b"%PDF-1.7", content_type="application/pdf")
    documents.keep_file(item.document, content=scan, by=reporter, at=LATER)
    item.refresh_from_db()
    assert item.in_copy == "absent"


def test_without_words_or_without_a_copy_nothing_is_said(reporter: User) -> None:
    claim, document = make_claim(), make_document()
    quoting = evidence.add(
        claim,
        document=document,
        stance="supports",
        checked="whole",
        quotation="Aperto.",
        by=reporter,
        at=LATER,
    )
    assert quoting.in_copy == ""
    documents.keep_file(document, content=content(), by=reporter, at=LATER)
    silent = evidence.add(claim, document=document, stance="supports", checked="known", by=reporter, at=LATER)
    assert silent.in_copy == ""


# Evidence


def test_the_same_words_of_a_document_stand_once_for_a_claim(reporter: User) -> None:
    item = make_evidence(make_claim(), quotation="Aperto.")
    same = {"document": item.document, "stance": "supports", "checked": "whole", "quotation": " Aperto. "}
    with pytest.raises(ValidationError):
        evidence.add(item.claim, by=reporter, at=LATER, **same)
    evidence.withdraw(item, reason="Un altro ponte.", by=reporter, at=LATER, row_version=1)
    assert evidence.add(item.claim, by=reporter, at=LATER, **same).ordinal == 1


def test_when_it_was_checked_is_said_of_what_was_opened(reporter: User) -> None:
    item = make_evidence(make_claim(), checked="known")
    opened = evidence.change(item, changes={"checked": "excerpt"}, by=reporter, at=LATER, row_version=1)
    assert opened.checked_at == LATER
    closed = evidence.change(opened, changes={"checked": "known"}, by=reporter, at=LATER, row_version=2)
    assert closed.checked_at is None


def test_withdrawn_evidence_supports_no_rating(checker: User) -> None:
    item = make_evidence(make_claim())
    evidence.withdraw(item, reason="Un altro ponte.", by=checker, at=LATER, row_version=1)
    with pytest.raises(Refused, match="riscontri|evidence"):
        reviews.propose(
            item.claim, level=make_review().level, summary="No.", appearance=None, by=checker, at=LATER
        )


@pytest.mark.parametrize("deed", [evidence.withdraw, documents.withdraw])
def test_what_is_withdrawn_puts_the_rating_into_doubt(deed: Any, reporter: User) -> None:
    review = rated("dieci milioni di euro")
    item = review.claim.evidence.get()
    deed(
        item if deed is evidence.withdraw else item.document,
        reason="Falso.",
        by=reporter,
        at=LATER,
        row_version=1,
    )
    review.refresh_from_db()
    assert (review.state, review.stale_cause, review.stale_at) == ("stale", "document", LATER)
    assert not review.claim.evidence.standing().exists()


# Looked at again


def test_the_first_look_keeps_a_copy_to_compare_with(reporter: User) -> None:
    review = rated("mai stato lì")
    check = documents.checked(check_of(review), content=content(), by=reporter, at=LATER)
    assert (check.finding, check.found.text, check.compared) == ("first", PAGE, None)
    review.refresh_from_db()
    assert review.state == "published"


def test_the_same_text_is_unchanged_and_nothing_more_is_kept(reporter: User) -> None:
    review = rated("dieci milioni di euro")
    make_copy(review.claim.evidence.get().document, text=PAGE)
    now = content(f"{PAGE}\nLeggi anche: il tram.", whole=f"Menù\n{PAGE}\nIeri")
    check = documents.checked(check_of(review), content=now, by=reporter, at=LATER)
    assert (check.finding, check.found) == ("unchanged", None)
    review.refresh_from_db()
    assert review.state == "published"


def test_where_quoted_words_are_gone_only_what_rests_on_them_is_in_doubt(reporter: User) -> None:
    document = make_document(url=URL)
    make_copy(document, text=PAGE)
    costs = rated("dieci milioni di euro", document=document)
    opens = rated("Il ponte sarà aperto a maggio", document=document)
    now = content(PAGE.replace("dieci", "dodici"))
    check = documents.checked(make_check(document, finding=""), content=now, by=reporter, at=LATER)
    costs.refresh_from_db()
    opens.refresh_from_db()
    assert (check.finding, check.lost) == ("drifted", [str(costs.claim.evidence.get().uuid)])
    assert (costs.state, costs.stale_cause, opens.state) == ("stale", "document", "published")
    assert costs.history.filter(history_user=reporter, state="stale").exists()
    assert Deed.objects.filter(verb="review.drift").get().objects_touched == [["review", str(costs.uuid)]]


def test_where_the_text_says_something_else_all_that_rests_on_it_is_in_doubt(reporter: User) -> None:
    review = rated("")
    make_copy(review.claim.evidence.get().document, text=PAGE)
    check = documents.checked(check_of(review), content=content("Accedi per leggere."), by=reporter, at=LATER)
    review.refresh_from_db()
    assert (check.finding, review.state) == ("drifted", "stale")


def test_a_drift_is_news_once_the_next_look_is_held_against_what_was_found(reporter: User) -> None:
    review = rated("dieci milioni di euro")
    document = review.claim.evidence.get().document
    make_copy(document, text=PAGE)
    now = content(PAGE.replace("dieci", "dodici"))
    findings = [
        documents.checked(make_check(document, finding=""), content=now, by=reporter, at=LATER).finding
        for _time in range(2)
    ]
    assert findings == ["drifted", "unchanged"]


def test_gone_is_news_once(reporter: User, editor: User) -> None:
    review = rated("dieci milioni di euro")
    documents.found_gone(check_of(review), message="404", by=reporter, at=LATER)
    review.refresh_from_db()
    assert review.stale_cause == "document"
    reviews.hold(review, reason="La copia basta.", by=editor, at=LATER)
    documents.found_gone(check_of(review), message="404", by=reporter, at=LATER)
    review.refresh_from_db()
    assert review.state == "published"


def test_what_is_not_reached_says_nothing(reporter: User) -> None:
    review = rated("dieci milioni di euro")
    documents.not_reached(check_of(review), message="Non risponde.", by=reporter, at=LATER)
    review.refresh_from_db()
    assert review.state == "published"


def test_two_who_look_at_once_look_once(reporter: User, editor: User) -> None:
    document = make_document(url=URL)
    check = documents.ask_for_check(document, by=reporter, at=LATER)
    assert documents.ask_for_check(document, by=editor, at=LATER) == check
    documents.checked(check, content=content(), by=reporter, at=LATER)
    with pytest.raises(Refused):
        documents.checked(check, content=content(), by=reporter, at=LATER)


# It holds again


def test_a_rating_holds_when_an_editor_who_did_not_write_it_says_so(editor: User) -> None:
    review = make_review(make_appearance(), state="stale", stale_cause="document")
    reviews.hold(review, reason="Lo dice ancora.", by=editor, at=LATER)
    review.refresh_from_db()
    assert (review.state, review.stale_cause, review.stale_at) == ("published", "", None)
    assert Deed.objects.latest("pk").after == {"reason": "Lo dice ancora."}


def test_nobody_says_so_of_their_own(editor: User, checker: User) -> None:
    review = make_review(make_appearance(), state="stale", stale_cause="document", author=editor)
    with pytest.raises(Refused):
        reviews.hold(review, reason="Lo dice ancora.", by=editor, at=LATER)
    other = make_review(make_appearance(), state="stale", stale_cause="document", author=checker)
    other.contributors.add(editor)
    with pytest.raises(Refused):
        reviews.hold(other, reason="Lo dice ancora.", by=editor, at=LATER)


def test_what_was_withdrawn_while_in_doubt_does_not_hold_again(editor: User) -> None:
    review = make_review(make_appearance(), state="stale", stale_cause="document")
    review = reviews.withdraw(review, reason="Era sbagliata.", by=editor, at=LATER)
    with pytest.raises(Refused):
        reviews.hold(review, reason="Lo dice ancora.", by=editor, at=LATER)
    review.refresh_from_db()
    assert review.state == "withdrawn"


@pytest.mark.parametrize("given", [{"stale_cause": "words"}, {"state": "published"}])
def test_only_what_a_document_put_into_doubt_holds_so(given: dict[str, str], editor: User) -> None:
    review = make_review(make_appearance(), **({"state": "stale"} | given))
    with pytest.raises(Refused):
        reviews.hold(review, reason="Lo dice ancora.", by=editor, at=LATER)


def test_it_wants_a_reason_and_something_that_it_rests_on(editor: User) -> None:
    review = make_review(make_appearance(), state="stale", stale_cause="document", no_evidence_reason="")
    make_evidence(review.claim)
    with pytest.raises(Refused):
        reviews.hold(review, reason=" ", by=editor, at=LATER)
    Evidence.objects.filter(claim=review.claim).update(withdrawn_at=LATER, withdrawal_reason="Falso.")
    with pytest.raises(Refused):
        reviews.hold(review, reason="Vale.", by=editor, at=LATER)


def test_a_rating_whose_words_changed_as_well_does_not_hold(reporter: User, editor: User) -> None:
    review = rated("dieci milioni di euro")
    article = review.appearance.annotation.article
    html = HTML.replace("sarà aperto a maggio", "resterà chiuso")
    articles.revise(article, html=html, kind="correction", note="Il mese.", by=reporter, at=LATER, based_on=1)
    documents.found_gone(check_of(review), message="404", by=reporter, at=LATER)
    review.refresh_from_db()
    assert review.stale_cause == "document"
    with pytest.raises(Refused):
        reviews.hold(review, reason="Vale.", by=editor, at=LATER)
