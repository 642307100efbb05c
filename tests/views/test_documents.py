"""Documents at the desk and the evidence of a claim: found, added, changed, copied, looked at again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from newsroom.models import Document, DocumentCheck, Evidence, Review, StoredCopy, User
from tests.local_web import LocalWeb, page
from tests.making import (
    LATER,
    make_appearance,
    make_assignment,
    make_check,
    make_claim,
    make_copy,
    make_document,
    make_evidence,
    make_review,
    make_user,
    under,
)
from tests.reading import tree
from tests.word import packed, paragraph, parts

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]

DOCUMENT = {"title": "La delibera", "kind": "primary", "lang": "it", "rights": "quotation"}
ITEM = under("evidence", {"stance": "refutes", "checked": "whole", "quotation": "Il ponte è chiuso."})


@pytest.fixture
def desk(signed_in: SignedIn, reporter: User) -> Client:
    return signed_in(reporter)


def there(name: str, row: Any) -> str:
    return reverse(f"desk:{name}", args=[row.code])


def titles(answer: HttpResponse) -> list[str]:
    return [link.text_content() for link in tree(answer).cssselect(".documents h2 a")]


def said(answer: HttpResponse) -> str:
    return " ".join(tree(answer).cssselect("main")[0].text_content().split())


# The list


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "nuvole"}, {"Atlante delle nuvole"}),
        ({"q": "https://www.a.example/nuvole/"}, {"Atlante delle nuvole"}),
        ({"publisher": "zeppelin"}, {"Atlante delle nuvole", "Bollettino"}),
        ({"publisher": "zeppelin", "kind": "primary"}, {"Bollettino"}),
        ({"publisher": "zeppelin", "state": "doubtful"}, {"Bollettino"}),
        ({"publisher": "zeppelin", "state": "copied"}, {"Atlante delle nuvole"}),
        ({"publisher": "zeppelin", "state": "uncopied"}, {"Bollettino"}),
        ({"publisher": "zeppelin", "state": "unchecked"}, {"Atlante delle nuvole"}),
        ({"publisher": "zeppelin", "state": "unreached"}, set()),
        (
            {"publisher": "zeppelin", "state": "odd", "kind": "odd", "page": "odd"},
            {"Atlante delle nuvole", "Bollettino"},
        ),
    ],
)
def test_documents_are_found_by_words_and_filters(
    query: dict[str, str], found: set[str], desk: Client
) -> None:
    atlas = make_document(title="Atlante delle nuvole", publisher="Zeppelin", url="http://a.example/nuvole")
    bulletin = make_document(
        title="Bollettino", publisher="Zeppelin", kind="primary", url="http://a.example/b"
    )
    make_copy(atlas)
    make_check(bulletin, finding="unchanged")
    make_check(bulletin, finding="gone", checked_at=LATER)
    assert set(titles(desk.get(reverse("desk:documents"), query))) == found


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_page_costs_the_same_for_few_and_for_many(desk: Client) -> None:
    document, claim = make_document(url="https://a.example/"), make_claim()
    lists = [reverse("desk:documents"), there("document", document)]

    def more(number: int) -> None:
        for index in range(number):
            item = make_evidence(claim, quotation=f"Parole {document.pk} {index} {number}")
            make_copy(item.document)
            make_check(item.document)
            appearance = make_appearance()
            make_evidence(appearance.claim, document=document, quotation="A.")
            make_review(appearance)
            make_copy(document)
            make_check(document, lost=[str(item.uuid)], finding="drifted")

    more(1)
    for address in lists:
        queries(desk, address)
    few = [queries(desk, address) for address in lists]
    more(6)
    assert [queries(desk, address) for address in lists] == few
    assert max(few) <= 16


# A document


def test_a_document_is_added_and_shown(desk: Client, reporter: User) -> None:
    answer = desk.post(
        reverse("desk:new-document"), DOCUMENT | {"url": "https://a.example/x", "date": "2023-08~"}
    )
    document = Document.objects.latest("pk")
    assert answer.headers["Location"] == there("document", document)
    assert "circa agosto 2023" in said(desk.get(answer.headers["Location"]))


def test_one_of_the_same_address_is_offered(desk: Client) -> None:
    known, claim = make_document(url="https://a.example/x"), make_claim()
    answer = desk.post(
        reverse("desk:new-document"), DOCUMENT | {"url": "http://a.example/x/", "claim": claim.code}
    )
    assert answer.status_code == 422
    links = tree(answer).xpath("//a/@href")
    assert there("document", known) in links
    assert f"{there('claim', claim)}?document={known.code}#add-evidence" in links
    assert tree(answer).cssselect("[name=title]")[0].text_content().strip() == DOCUMENT["title"]
    again = DOCUMENT | {"url": "http://a.example/x/", "although_known": "on"}
    assert desk.post(reverse("desk:new-document"), again).status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("url", "no address"), ("date", "ieri"), ("kind", "odd"), ("rights", ""), ("lang", "1")],
)
def test_what_is_wrong_is_said_beside_its_field(field: str, value: str, desk: Client) -> None:
    answer = desk.post(reverse("desk:new-document"), DOCUMENT | {field: value})
    assert answer.status_code == 422
    assert tree(answer).cssselect(f".field-{field} .errorlist")


def test_a_republication_names_its_original(desk: Client) -> None:
    original = make_document(url="https://a.example/prima")
    given = DOCUMENT | {"kind": "republication", "original_find": "http://www.a.example/prima"}
    desk.post(reverse("desk:new-document"), given)
    republished = Document.objects.latest("pk")
    assert republished.original == original
    for wrong in ({"kind": "primary"}, {"original_find": "https://altrove.example/"}):
        answer = desk.post(reverse("desk:new-document"), given | wrong)
        assert tree(answer).cssselect(".field-original_find .errorlist")
    change = there("document-change", republished)
    assert desk.post(change, given | {"row_version": 1, "original_find": republished.code}).status_code == 422


def test_who_comes_second_sees_theirs_and_keeps_mine(desk: Client) -> None:
    document = make_document(title="La delibera")
    change = there("document-change", document)
    assert tree(desk.get(change)).cssselect("[name=row_version]")[0].get("value") == "1"
    document.publisher = "Il comune"
    document.save()
    mine = DOCUMENT | {"publisher": "La regione", "row_version": 1}
    answer = desk.post(change, mine)
    assert answer.status_code == 409
    assert "Il comune" in said(answer)
    assert tree(answer).cssselect("[name=publisher]")[0].get("value") == "La regione"
    version = tree(answer).cssselect("[name=row_version]")[0].get("value")
    assert desk.post(change, mine | {"row_version": version}).status_code == 302
    document.refresh_from_db()
    assert document.publisher == "La regione"


def test_a_document_is_withdrawn_with_its_reason(desk: Client) -> None:
    document = make_document()
    withdraw = there("document-withdraw", document)
    assert desk.post(withdraw, {"row_version": 1, "reason": ""}).status_code == 422
    assert desk.post(withdraw, {"row_version": 7, "reason": "Falso."}).status_code == 409
    assert desk.post(withdraw, {"row_version": 1, "reason": "Falso."}).status_code == 302
    shown = desk.get(there("document", document))
    assert "Falso." in said(shown)
    assert document.title not in titles(desk.get(reverse("desk:documents")))


# Copies


def upload(name: str, body: bytes) -> dict[str, Any]:
    return {"way": "file", "file": SimpleUploadedFile(name, body)}


def test_a_file_is_kept_and_had_again_as_it_came(desk: Client) -> None:
    document = make_document()
    body = b"<script>alert(1)</script><p>Il ponte riapre.</p>"
    assert desk.post(there("document-copy", document), upload("atto.html", body)).status_code == 302
    copy = document.copies.get()
    assert copy.sha256 in said(desk.get(there("document", document)))
    answer = desk.get(there("copy-file", copy))
    assert b"".join(answer.streaming_content) == body
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="atto.html"'


BOMB = packed({**parts(paragraph("a")), "bomb.xml": b"\0" * 200_000_000})


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("a.exe", b"MZ\x90", 422),
        ("a.zip", b"PK\x03\x04", 422),
        ("a.docx", BOMB, 422),
        ("a.docx", b"PK\x03\x04 no", 422),
        ("a.txt", b"", 422),
        ("a.txt", b"a" * 2_000_000, 413),
        ("a.txt", b"a" * 1_000_001, 413),
    ],
)
def test_what_is_no_copy_is_refused_and_nothing_is_kept(
    name: str, body: bytes, status: int, desk: Client, settings: Settings
) -> None:
    settings.UPLOAD_LIMIT = 1_000_000
    answer = desk.post(there("document-copy", make_document()), upload(name, body))
    assert answer.status_code == status
    assert not StoredCopy.objects.exists()


def test_a_form_without_a_file_is_told_so(desk: Client) -> None:
    answer = desk.post(there("document-copy", make_document()), {"way": "file"})
    assert answer.status_code == 422
    assert tree(answer).cssselect(".field-file .errorlist")


def test_a_copy_is_fetched_and_what_cannot_be_is_said(desk: Client, web: LocalWeb) -> None:
    kept = make_document(url=web.serve("/atto", page()))
    assert desk.post(there("document-copy", kept), {"way": "address"}).status_code == 302
    assert kept.copies.get().state == "kept"
    gone = make_document(url=web.url("/altrove"))
    answer = desk.post(there("document-copy", gone), {"way": "address"})
    assert answer.status_code == 422 and "404" in said(answer)
    for url in ("http://127.0.0.1/segreto", "http://169.254.169.254/latest/"):
        inside = make_document(url=url)
        answer = desk.post(there("document-copy", inside), {"way": "address"})
        assert answer.status_code == 422 and "rete privata" in said(answer)
        assert not inside.copies.exists()
    assert desk.post(there("document-copy", make_document()), {"way": "address"}).status_code == 422


def test_a_copy_is_for_the_desk_alone(reader: Client, signed_in: SignedIn) -> None:
    copy = make_copy()
    for client in (reader, signed_in(make_user(is_staff=True))):
        assert client.get(there("copy-file", copy)).status_code in (302, 403)


def test_readers_see_date_and_hash_of_a_copy_and_nothing_more(reader: Client) -> None:
    appearance = make_appearance()
    item = make_evidence(appearance.claim, document=make_document(note="Solo per noi."))
    old, copy = (
        make_copy(item.document, text="Segreto vecchio."),
        make_copy(item.document, text="Segreto.", kept_at=LATER),
    )
    make_check(item.document, finding="unchanged")
    answer = reader.get(appearance.claim.get_absolute_url())
    told = answer.content.decode()
    assert copy.sha256 in told and old.sha256 not in told
    assert "copia conservata il 7 maggio 2024" in said(answer)
    assert "Segreto" not in told and "Solo per noi" not in told and "/copies/" not in told


# Looked at again


def test_the_button_says_what_was_found(desk: Client, web: LocalWeb) -> None:
    document = make_document(url=web.serve("/atto", page()))
    check = there("document-check", document)
    assert "una copia è conservata" in said(desk.post(check, follow=True))
    assert "Invariato" in said(desk.post(check, follow=True))
    web.serve("/atto", page().replace("può essere riaperto", "resta chiuso per sempre, hanno detto"))
    assert "Cambiato" in said(desk.post(check, follow=True))
    del web.pages["/atto"]
    assert "Scomparso" in said(desk.post(check, follow=True))
    assert [row.finding for row in DocumentCheck.objects.order_by("pk")] == [
        "first",
        "unchanged",
        "drifted",
        "gone",
    ]
    assert desk.post(there("document-check", make_document())).status_code == 422


def test_with_a_worker_the_page_says_that_it_waits(desk: Client) -> None:
    document = make_document(url="https://a.example/")
    make_check(document, finding="")
    assert "La pagina si sta scaricando" in said(desk.get(there("document", document)))


def in_doubt(**given: Any) -> Review:
    review = make_review(make_appearance(), state="stale", stale_cause="document", **given)
    make_evidence(review.claim)
    return review


@pytest.mark.parametrize("page_of", ["document", "claim"])
def test_a_rating_in_doubt_holds_when_an_editor_says_so(
    page_of: str, signed_in: SignedIn, editor: User
) -> None:
    """From a document one comes back to it; what is refused is said on the review page, with the words."""
    review = in_doubt()
    client, hold, prefix = signed_in(editor), there("review-hold", review), f"hold-{review.code}"
    row = review.claim if page_of == "claim" else review.claim.evidence.get().document
    [form] = tree(client.get(there(page_of, row))).xpath(f"//form[@action='{hold}']")
    given = {each.get("name"): each.get("value") for each in form.xpath(".//input[@type='hidden']")}
    assert given[f"{prefix}-row_version"] == str(review.row_version)
    assert client.post(hold, given | {f"{prefix}-reason": ""}).status_code == 422
    late = client.post(hold, given | under(prefix, {"reason": "Lo dice ancora.", "row_version": "99"}))
    assert late.status_code == 409
    assert tree(late).xpath(f"string(//form[@action='{hold}']//textarea)").strip() == "Lo dice ancora."
    answer = client.post(hold, given | {f"{prefix}-reason": "Lo dice ancora."})
    assert answer.headers["Location"].startswith(there(page_of, row))
    review.refresh_from_db()
    assert review.state == "published"


def test_who_may_not_say_so_is_not_asked(signed_in: SignedIn, editor: User, checker: User) -> None:
    review, own, touched = in_doubt(), in_doubt(author=editor), in_doubt()
    touched.contributors.add(editor)
    for user, seen in ((checker, review), (editor, own), (editor, touched)):
        for address in (there("claim", seen.claim), there("document", seen.claim.evidence.get().document)):
            answer = signed_in(user).get(address)
            assert "vale ancora" in said(answer)
            assert tree(answer).xpath(f"//form[@action='{there('review-hold', seen)}']") == []
    assert (
        signed_in(editor).post(there("review-hold", own), {f"hold-{own.code}-reason": "Sì."}).status_code
        == 422
    )


def test_a_document_of_a_claim_that_somebody_checks_is_shown_to_an_editor(
    signed_in: SignedIn, editor: User
) -> None:
    item = make_evidence(make_assignment().claim)
    assert "In verifica" in said(signed_in(editor).get(there("document", item.document)))


def test_beside_the_rating_readers_are_told_why_once(reader: Client) -> None:
    page = tree(reader.get(in_doubt().claim.get_absolute_url()))
    [judgement] = page.xpath("//header//div[contains(@class, 'judgement')]")
    assert judgement.text_content().count("Un documento su cui si fonda") == 1


@pytest.mark.parametrize("lang", ["", "/en"])
def test_readers_and_the_desk_are_told_why(lang: str, reader: Client, desk: Client) -> None:
    review = in_doubt()
    words = "A document that it rests on" if lang else "Un documento su cui si fonda"
    article = review.appearance.annotation.article.get_absolute_url()
    claim = review.claim.get_absolute_url()
    for address in (article, f"{article}?layer=linear", claim, f"{claim}card/"):
        told = said_by(reader, lang + address)
        assert words in told and ("The words have changed" if lang else "Le parole sono cambiate") not in told
    home = desk.get(f"{lang}/desk/")
    assert f"{there('claim', review.claim)}#claim-evidence" in " ".join(tree(home).xpath("//a/@href"))


def said_by(client: Client, address: str) -> str:
    return " ".join(tree(client.get(address)).text_content().split())


# The evidence of a claim


def test_a_document_is_found_by_its_words_and_by_its_address(desk: Client) -> None:
    claim = make_claim()
    document = make_document(title="Bollettino del ponte", url="https://a.example/b")
    for words in ("bollettino", "http://www.a.example/b"):
        found = desk.get(there("evidence-find", claim), {"evidence-q": words})
        assert document.code in tree(found).xpath("//input[@name='evidence-document']/@value")


def test_a_document_that_was_added_for_a_claim_is_chosen_as_its_evidence(desk: Client) -> None:
    claim = make_claim()
    [new] = tree(desk.get(there("claim", claim))).xpath(
        f"//form[@id='evidence-form']//a[starts-with(@href, '{reverse('desk:new-document')}')]/@href"
    )
    given = DOCUMENT | {"claim": tree(desk.get(new)).cssselect("[name=claim]")[0].get("value")}
    answer = desk.post(reverse("desk:new-document"), given)
    document = Document.objects.latest("pk")
    assert answer.headers["Location"] == f"{there('claim', claim)}?document={document.code}#add-evidence"
    page = tree(desk.get(answer.headers["Location"]))
    assert page.xpath("//details[@open]//input[@name='evidence-document'][@checked]/@value") == [
        document.code
    ]
    assert (
        desk.post(there("evidence-add", claim), ITEM | {"evidence-document": document.code}).status_code
        == 302
    )
    item = Evidence.objects.latest("pk")
    assert (item.claim, item.document, item.quotation) == (claim, document, ITEM["evidence-quotation"])
    odd = tree(desk.get(there("claim", claim), {"document": "0000000000"}))
    assert odd.xpath("//details[@open]//form[@id='evidence-form']") == []


def test_an_address_that_was_looked_for_is_that_of_the_new_document(desk: Client) -> None:
    claim, address = make_claim(), "https://b.example/nuovo"
    found = desk.post(there("evidence-add", claim), ITEM | {"evidence-q": address, "find": ""})
    assert tree(found).xpath("//details[@open]//input[@name='evidence-url']/@value") == [address]
    given = {"q": address, "title": "Un  atto\n nuovo", "lang": "en", "document_kind": "primary"}
    given = ITEM | under("evidence", given)
    assert desk.post(there("evidence-add", claim), given).status_code == 302
    document = claim.evidence.get().document
    assert (document.url, document.title, document.lang) == (address, "Un atto nuovo", "en")


def test_a_second_document_of_one_address_is_added_by_who_says_so(desk: Client) -> None:
    known, claim = make_document(url="https://a.example/x"), make_claim()
    given = ITEM | under("evidence", {"title": "Un altro giorno", "url": "https://a.example/x"})
    offered = tree(desk.post(there("evidence-add", claim), given))
    assert offered.xpath("//input[@name='evidence-document'][@checked]/@value") == [known.code]
    assert offered.xpath("//details[@open]//input[@name='evidence-although_known']")
    assert (
        desk.post(there("evidence-add", claim), given | {"evidence-although_known": "on"}).status_code == 302
    )
    assert claim.evidence.get().document.title == "Un altro giorno"


def test_evidence_wants_its_document_and_what_it_says(desk: Client) -> None:
    claim, document = make_claim(), make_document()
    add = there("evidence-add", claim)
    for wrong in ({}, {"evidence-document": "0000000000"}):
        assert desk.post(add, ITEM | wrong).status_code == 422
    for field in ("stance", "checked"):
        assert (
            desk.post(add, ITEM | {"evidence-document": document.code, f"evidence-{field}": ""}).status_code
            == 422
        )
    for status in (302, 422):
        assert desk.post(add, ITEM | {"evidence-document": document.code}).status_code == status


@pytest.mark.parametrize("htmx", [False, True], ids=["without JavaScript", "with htmx"])
def test_evidence_is_withdrawn_and_stays_to_be_seen_by_the_desk(
    htmx: bool, desk: Client, reader: Client
) -> None:
    appearance = make_appearance()
    item = make_evidence(appearance.claim, quotation="Mai detto.")
    withdraw, headers = there("evidence-withdraw", item), {"HX-Request": "true"} if htmx else {}
    prefix = f"withdrawal-{item.code}"
    form = tree(desk.get(there("evidence-item", item))).xpath(f"//form[@action='{withdraw}']")[0]
    given = {each.get("name"): each.get("value") for each in form.xpath(".//input[@type='hidden']")}
    assert desk.post(withdraw, given | {f"{prefix}-reason": " "}, headers=headers).status_code == 422
    late = desk.post(
        withdraw, given | under(prefix, {"row_version": "9", "reason": "Falso."}), headers=headers
    )
    assert late.status_code == 409
    assert tree(late).xpath(f"string(//form[@action='{withdraw}']//textarea)").strip() == "Falso."
    answer = desk.post(withdraw, given | {f"{prefix}-reason": "Falso."}, headers=headers)
    if htmx:
        assert (answer.status_code, answer.headers["HX-Retarget"]) == (200, "#claim-evidence")
    else:
        assert answer.headers["Location"].startswith(there("claim", item.claim))
    assert "Falso." in said(desk.get(there("claim", item.claim)))
    assert "Falso." in said(desk.get(there("evidence-item", item)))
    assert "Mai detto" not in said_by(reader, item.claim.get_absolute_url())


def test_what_was_typed_into_evidence_that_was_withdrawn_meanwhile_is_kept(desk: Client) -> None:
    item = make_evidence(make_claim(), withdrawn_at=LATER, withdrawal_reason="Falso.")
    said_of_it = {name.removeprefix("evidence-"): value for name, value in ITEM.items()}
    answer = desk.post(
        there("evidence-item", item), under(f"evidence-{item.code}", said_of_it | {"row_version": "1"})
    )
    assert answer.status_code == 409
    assert ITEM["evidence-quotation"] in said(answer) and "Falso." in said(answer)


def test_why_it_was_to_be_withdrawn_is_kept_if_somebody_else_withdrew_it(desk: Client) -> None:
    item = make_evidence(make_claim(), withdrawn_at=LATER, withdrawal_reason="Falso.")
    given = under(f"withdrawal-{item.code}", {"row_version": "1", "reason": "La pagina è di satira."})
    answer = desk.post(there("evidence-withdraw", item), given)
    assert answer.status_code == 409
    assert "La pagina è di satira." in said(answer) and "Falso." in said(answer)
    assert tree(answer).xpath("//button[contains(@formaction, 'withdraw')]") == []


def test_the_review_page_says_how_a_document_stands(desk: Client) -> None:
    claim = make_claim()
    gone, bare = make_document(url="https://a.example/"), make_document()
    make_copy(gone)
    make_check(gone, finding="gone")
    for document in (gone, bare):
        make_evidence(claim, document=document)
    told = said(desk.get(there("claim", claim)))
    assert "copia conservata il" in told and "nessuna copia conservata" in told and "scompars" in told.lower()


def test_what_a_copy_says_of_quoted_words_is_shown(desk: Client) -> None:
    item = make_evidence(make_claim(), quotation="Aperto.", in_copy="absent")
    for address in (
        there("claim", item.claim),
        there("document", item.document),
        there("evidence-item", item),
    ):
        assert "queste parole non compaiono nella copia conservata" in said(desk.get(address))
