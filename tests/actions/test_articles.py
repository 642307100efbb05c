"""Articles: made with a free address, revised with their annotations, moved, published, withdrawn."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from newsroom.actions import articles
from newsroom.actions.refusals import Outdated, Refused
from newsroom.models import Article, ArticleAddress, Correction, Deed, Review, Target, User
from tests.actions.revising import revise, target_in
from tests.making import (
    HTML,
    LATER,
    THEN,
    make_annotation,
    make_appearance,
    make_article,
    make_review,
)

pytestmark = pytest.mark.django_db


# Made


def test_an_article_is_made_as_a_draft_with_its_first_text(reporter: User) -> None:
    article = articles.create(html=HTML, headline="Il ponte", by=reporter, at=LATER)
    article.refresh_from_db()
    first = article.current_revision
    assert (article.published_at, first.number, first.kind, first.by, first.at) == (
        None,
        1,
        "first",
        reporter,
        LATER,
    )
    assert first.text.startswith("Il ponte sarà aperto a maggio, ha detto la sindaca.")
    assert first.sha256 == hashlib.sha256(first.text.encode()).hexdigest()
    assert first.document.text == first.text


def test_a_headline_makes_the_address(reporter: User) -> None:
    made = [articles.create(html=HTML, headline="È il ponte!", by=reporter, at=LATER) for _time in range(3)]
    assert [article.slug for article in made] == ["e-il-ponte", "e-il-ponte-2", "e-il-ponte-3"]


def test_a_headline_without_letters_has_an_address_too(reporter: User) -> None:
    assert articles.create(html=HTML, headline="北京", by=reporter, at=LATER).slug == "articolo"


def test_a_long_headline_fits_into_the_address(reporter: User) -> None:
    made = [articles.create(html=HTML, headline="ponte " * 50, by=reporter, at=LATER) for _time in range(2)]
    assert len({article.slug for article in made}) == 2
    assert all(len(article.slug) <= 120 for article in made)


def test_an_address_that_redirects_is_not_free(reporter: User) -> None:
    ArticleAddress.objects.create(article=make_article(), slug="il-ponte")
    assert articles.create(html=HTML, headline="Il ponte", by=reporter, at=LATER).slug == "il-ponte-2"


def test_an_address_of_the_desk_is_not_free(reporter: User) -> None:
    assert articles.create(html=HTML, headline="New!", by=reporter, at=LATER).slug == "new-2"
    with pytest.raises(ValidationError) as refused:
        articles.create(html=HTML, headline="Il ponte", slug="new", by=reporter, at=LATER)
    assert "slug" in refused.value.message_dict


def test_a_given_address_that_is_taken_is_refused(reporter: User) -> None:
    make_article(slug="il-ponte")
    with pytest.raises(ValidationError) as refused:
        articles.create(html=HTML, headline="Il ponte", slug="il-ponte", by=reporter, at=LATER)
    assert "slug" in refused.value.message_dict


def test_a_given_address_that_redirects_elsewhere_is_refused(reporter: User) -> None:
    ArticleAddress.objects.create(article=make_article(), slug="il-ponte")
    with pytest.raises(ValidationError):
        articles.create(html=HTML, headline="Il ponte", slug="il-ponte", by=reporter, at=LATER)


def test_an_article_without_text_is_refused(reporter: User) -> None:
    with pytest.raises(Refused) as refused:
        articles.create(html="<script>alert(1)</script> ", headline="Vuoto", by=reporter, at=LATER)
    assert refused.value.code == "empty"


# Revised


def test_words_that_stayed_are_carried_to_where_they_stand_now(editor: User) -> None:
    article = make_article()
    annotation = make_annotation(article, "le prove sono finite")
    after = revise(article, ("dieci milioni", "dodici milioni e mezzo"), by=editor)
    target = target_in(after, annotation)
    assert target.fate == "exact"
    assert after.text[target.start : target.end] == target.exact == "le prove sono finite"
    assert target.start == target_in(article.revisions.get(number=1), annotation).start + len("e mezzo ") + 1


def test_words_that_are_gone_are_orphaned_and_keep_their_quotation(editor: User) -> None:
    article = make_article()
    annotation = make_annotation(article, "dieci milioni")
    target = target_in(revise(article, ("dieci milioni", "molto"), by=editor), annotation)
    assert (target.fate, target.start, target.end, target.exact) == ("orphaned", None, None, "dieci milioni")
    assert target.score == 0


def test_words_that_stand_twice_now_wait_for_a_person(editor: User) -> None:
    article = make_article(html="<p>Il ponte è qui. Costa dieci euro.</p>")
    annotation = make_annotation(article, "dieci")
    html = "<p>La strada vale dieci soldi; la casa vale dieci lire.</p>"
    after = revise(article, by=editor, html=html)
    target = target_in(after, annotation)
    assert target in Target.objects.lost() | Target.objects.to_check()
    places = {start for start, _end, _score in target.candidates} | {target.start}
    assert places >= {after.text.index("dieci"), after.text.rindex("dieci")}


def test_words_whose_neighbours_all_changed_are_orphaned(editor: User) -> None:
    article = make_article(html="<p>Ha speso tutti i dieci milioni di euro del comune.</p>")
    annotation = make_annotation(article, "dieci")
    after = revise(article, by=editor, html="<p>Intanto passano lente quelle dieci barche rosse laggiù.</p>")
    assert target_in(after, annotation).fate == "orphaned"


def test_the_old_text_keeps_its_targets(editor: User) -> None:
    article = make_article()
    annotation = make_annotation(article, "dieci milioni")
    before = annotation.targets.values().get()
    revise(article, ("dieci milioni", "molto"), by=editor)
    assert annotation.targets.values().get(revision__number=1) == before


@pytest.mark.parametrize(("state", "carried"), [("suggested", 1), ("rejected", 0), ("withdrawn", 0)])
def test_only_what_lives_is_carried(editor: User, state: str, carried: int) -> None:
    article = make_article()
    annotation = make_annotation(article, "la sindaca", state=state, generator="prova 1.0")
    after = revise(article, ("dieci", "dodici"), by=editor)
    assert annotation.targets.filter(revision=after).count() == carried


def test_a_rating_goes_stale_with_the_words_it_judged(editor: User) -> None:
    article = make_article()
    gone, kept = make_appearance(article, "dieci milioni"), make_appearance(article, "le prove sono finite")
    lost, still = make_review(gone), make_review(kept)
    revise(article, ("dieci milioni", "molto"), by=editor)
    lost.refresh_from_db()
    still.refresh_from_db()
    assert (lost.state, lost.stale_at) == ("stale", LATER)
    assert (still.state, still.stale_at) == ("published", None)


def test_a_stale_rating_has_its_own_record_before_that_of_the_text(editor: User) -> None:
    article = make_article()
    review = make_review(make_appearance(article, "dieci milioni"))
    after = revise(article, ("dieci milioni", "molto"), by=editor)
    stale, revised = Deed.objects.filter(article=article).order_by("pk")
    assert (stale.verb, revised.verb) == ("review.stale", "article.revise")
    assert stale.objects_touched == [["review", str(review.uuid)]]
    assert ["review", str(review.uuid)] in revised.objects_touched
    assert revised.after == {
        "number": 2,
        "sha256": after.sha256,
        "kind": "correction",
        "note": "Il costo.",
    }


def test_a_correction_is_public_and_names_the_claims_that_it_touches(editor: User) -> None:
    article = make_article()
    gone = make_appearance(article, "dieci milioni")
    make_appearance(article, "le prove sono finite")
    after = revise(article, ("dieci milioni", "molto"), by=editor, note=" Il costo era sbagliato. ")
    correction = Correction.objects.get(article=article)
    assert (correction.before.number, correction.after, correction.note, correction.by, correction.at) == (
        1,
        after,
        "Il costo era sbagliato.",
        editor,
        LATER,
    )
    assert list(correction.claims.all()) == [gone.claim]


def test_a_later_correction_does_not_name_the_claims_that_an_earlier_one_touched(editor: User) -> None:
    article = make_article()
    make_appearance(article, "dieci milioni")
    revise(article, ("dieci milioni", "molto"), by=editor)
    after = revise(article, ("le prove", "le verifiche"), by=editor)
    assert list(after.correction.claims.all()) == []


def test_a_correction_does_not_name_a_claim_that_was_only_suggested(editor: User) -> None:
    article = make_article()
    make_appearance(article, "dieci milioni", state="suggested", generator="prova 1.0")
    after = revise(article, ("dieci milioni", "molto"), by=editor)
    assert not after.correction.claims.exists()


@pytest.mark.parametrize("published_at", [None, LATER + timedelta(days=1)])
def test_a_draft_is_not_corrected(editor: User, published_at: datetime | None) -> None:
    article = make_article(published_at=published_at)
    with pytest.raises(Refused) as refused:
        revise(article, ("dieci", "dodici"), by=editor, kind="correction")
    assert refused.value.code == "kind"
    assert revise(article, ("dieci", "dodici"), by=editor, kind="minor").number == 2


def test_what_was_public_once_is_corrected(editor: User) -> None:
    article = make_article(withdrawn_at=LATER, withdrawal_reason="Errore.")
    assert revise(article, ("dieci", "dodici"), by=editor, kind="correction").correction


def test_a_minor_edit_is_no_correction(editor: User) -> None:
    article = make_article()
    after = revise(article, ("milioni di euro", "milioni d’euro"), by=editor, kind="minor", note="Refuso.")
    assert (after.kind, after.note) == ("minor", "Refuso.")
    assert not Correction.objects.filter(article=article).exists()


@pytest.mark.parametrize("kind", ["minor", "correction"])
@pytest.mark.parametrize("note", ["", "  \n"])
def test_a_change_without_its_reason_is_refused(editor: User, kind: str, note: str) -> None:
    article = make_article()
    with pytest.raises(Refused) as refused:
        revise(article, ("dieci", "dodici"), by=editor, kind=kind, note=note)
    assert refused.value.code == "note"
    assert article.revisions.count() == 1


@pytest.mark.parametrize("kind", ["first", "", "rewrite"])
def test_a_change_is_a_minor_edit_or_a_correction(editor: User, kind: str) -> None:
    with pytest.raises(Refused) as refused:
        revise(make_article(), ("dieci", "dodici"), by=editor, kind=kind)
    assert refused.value.code == "kind"


@pytest.mark.parametrize(
    "html",
    [HTML, HTML.replace("</p><p>", "</p>\n\n<p>"), f"<div>{HTML}</div><p> </p>", HTML.replace(" è", "  è")],
)
def test_an_unchanged_text_is_refused(editor: User, html: str) -> None:
    article = make_article()
    with pytest.raises(Refused) as refused:
        revise(article, by=editor, html=html)
    assert refused.value.code == "unchanged"
    assert article.revisions.count() == 1


def test_a_text_that_becomes_empty_is_refused(editor: User) -> None:
    with pytest.raises(Refused) as refused:
        revise(make_article(), by=editor, html="<p> </p>")
    assert refused.value.code == "empty"


def test_other_marks_on_the_same_words_are_a_change(editor: User) -> None:
    article = make_article()
    annotation = make_annotation(article, "dieci milioni")
    after = revise(article, ("dieci milioni", "<em>dieci</em> milioni"), by=editor, kind="minor")
    assert after.sha256 == article.revisions.get(number=1).sha256
    assert target_in(after, annotation).fate == "exact"


def test_two_people_on_one_text_notice_each_other(editor: User, checker: User) -> None:
    article = make_article()
    revise(article, ("dieci", "dodici"), by=checker)
    deeds = Deed.objects.count()
    with pytest.raises(Outdated) as refused:
        revise(article, ("maggio", "giugno"), by=editor, based_on=1)
    assert refused.value.revision.by == checker
    assert str(checker) in refused.value.messages[0] and "2" in refused.value.messages[0]
    assert (article.revisions.count(), Deed.objects.count()) == (2, deeds)
    assert not article.revisions.filter(text__contains="giugno").exists()


def test_the_message_to_the_second_is_in_their_language(editor: User, checker: User) -> None:
    article = make_article()
    revise(article, ("dieci", "dodici"), by=checker)
    with translation.override("it"), pytest.raises(Outdated) as refused:
        revise(article, ("maggio", "giugno"), by=editor, based_on=1)
    assert "Nel frattempo" in refused.value.messages[0]


def test_a_text_goes_through_many_revisions(editor: User) -> None:
    article = make_article()
    annotation = make_annotation(article, "le prove sono finite")
    for word in ("undici", "dodici", "tredici"):
        last = revise(article, ("dieci", word), ("undici", word), ("dodici", word), by=editor)
    article.refresh_from_db()
    assert (last.number, article.current_revision) == (4, last)
    for revision in article.revisions.all():
        target = target_in(revision, annotation)
        assert revision.text[target.start : target.end] == "le prove sono finite"


def test_words_that_come_back_bring_their_annotation_back(editor: User) -> None:
    article = make_article()
    appearance = make_appearance(article, "dieci milioni")
    review = make_review(appearance)
    revise(article, ("dieci milioni", "molto"), by=editor)
    again = revise(article, ("molto", "dieci milioni"), by=editor)
    target = target_in(again, appearance.annotation)
    assert target.fate == "exact"
    assert again.text[target.start : target.end] == "dieci milioni"
    review.refresh_from_db()
    assert (review.state, review.stale_at, review.stale_cause) == (Review.State.PUBLISHED, None, "")


def test_a_review_that_is_only_proposed_does_not_go_stale(editor: User) -> None:
    article = make_article()
    review = make_review(make_appearance(article, "dieci milioni"), state="proposed")
    revise(article, ("dieci milioni", "molto"), by=editor)
    review.refresh_from_db()
    assert review.state == Review.State.PROPOSED


# Edited


def test_an_old_address_redirects_to_the_new_one(editor: User) -> None:
    article = make_article(slug="ponte")
    articles.edit(article, changes={"slug": "ponte-nuovo", "byline": "Ada Neri"}, by=editor, at=LATER)
    article.refresh_from_db()
    assert (article.slug, article.byline) == ("ponte-nuovo", "Ada Neri")
    assert list(article.old_addresses.values_list("slug", flat=True)) == ["ponte"]
    deed = Deed.objects.get(article=article)
    assert (deed.before, deed.after) == (
        {"slug": "ponte", "byline": ""},
        {"slug": "ponte-nuovo", "byline": "Ada Neri"},
    )


def test_an_article_may_go_back_to_its_old_address(editor: User) -> None:
    article = make_article(slug="ponte")
    for slug in ("ponte-nuovo", "ponte"):
        articles.edit(article, changes={"slug": slug}, by=editor, at=LATER)
    article.refresh_from_db()
    assert article.slug == "ponte"
    assert list(article.old_addresses.values_list("slug", flat=True)) == ["ponte-nuovo"]


@pytest.mark.parametrize("slug", ["preso", "era-preso"])
def test_the_address_of_another_article_is_refused(editor: User, slug: str) -> None:
    ArticleAddress.objects.create(article=make_article(slug="preso"), slug="era-preso")
    article = make_article(slug="ponte")
    with pytest.raises(ValidationError):
        articles.edit(article, changes={"slug": slug}, by=editor, at=LATER)
    article.refresh_from_db()
    assert article.slug == "ponte"
    assert not article.old_addresses.exists()


def test_an_edit_that_leaves_the_address_alone_leaves_no_redirect(editor: User) -> None:
    article = make_article()
    articles.edit(article, changes={"headline": "Il ponte nuovo"}, by=editor, at=LATER)
    assert not article.old_addresses.exists()


def test_nonsense_around_the_text_is_refused(editor: User) -> None:
    article = make_article()
    with pytest.raises(ValidationError):
        articles.edit(article, changes={"date": "agosto", "headline": ""}, by=editor, at=LATER)
    assert not Deed.objects.filter(article=article).exists()


# Published and withdrawn


def test_a_draft_becomes_public(editor: User) -> None:
    article = make_article(published_at=None)
    assert articles.publish(article, by=editor, at=LATER) in Article.objects.published(at=LATER)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "published"),
        ({"withdrawn_at": THEN, "withdrawal_reason": "Errore."}, "withdrawn"),
    ],
)
def test_what_is_or_was_public_is_not_published_again(editor: User, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        articles.publish(make_article(**given), by=editor, at=LATER)
    assert refused.value.code == code


def test_a_public_article_is_withdrawn_with_its_reason(editor: User) -> None:
    article = articles.withdraw(make_article(), reason=" Era falso. ", by=editor, at=LATER)
    article.refresh_from_db()
    assert (article.withdrawn_at, article.withdrawal_reason) == (LATER, "Era falso.")


def test_a_withdrawal_without_a_reason_is_refused(editor: User) -> None:
    with pytest.raises(Refused) as refused:
        articles.withdraw(make_article(), reason=" ", by=editor, at=LATER)
    assert refused.value.code == "reason"


@pytest.mark.parametrize(
    "given", [{"published_at": None}, {"withdrawn_at": THEN, "withdrawal_reason": "Errore."}]
)
def test_only_a_public_article_can_be_withdrawn(editor: User, given: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        articles.withdraw(make_article(**given), reason="Era falso.", by=editor, at=LATER)
    assert refused.value.code == "state"
