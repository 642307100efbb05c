"""Versions of the scale: the next is written beside the one in force, and what was rated stays as it was."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import translation

from newsroom.actions import reviews, scales
from newsroom.actions.refusals import Refused
from newsroom.models import Article, Deed, RatingLabel, RatingLevel, RatingScale, Review, User
from newsroom.presenters import register
from newsroom.presenters.method import method_page
from newsroom.presenters.ratings import Ratings
from tests.making import LATER, level, make_appearance, make_article, make_review
from tests.reading import tree

pytestmark = pytest.mark.django_db


def scale() -> RatingScale:
    return RatingScale.objects.current().get()


def next_version(by: User, **labels: str) -> RatingScale:
    """In force, with other words for these levels, and without “unverifiable”."""
    draft = scales.begin_next_version(scale(), by=by, at=LATER)
    draft.levels.get(code_name="unverifiable").delete()
    for code_name, label in labels.items():
        RatingLabel.objects.filter(level__scale=draft, level__code_name=code_name, lang="it").update(
            label=label, meaning=f"{label}: ora vuol dire altro.", attribution_label=f"{label} davvero"
        )
    return scales.put_in_force(draft, by=by, at=LATER)


def refusal_of(code: str, deed: Any, row: RatingScale, by: User) -> None:
    with pytest.raises(Refused) as refused:
        deed(row, by=by, at=LATER)
    assert refused.value.code == code


def words(client: Client, address: str) -> str:
    """The text of a page, without what the day of a test changes in it."""
    page = tree(client.get(address))
    [main] = page.xpath("//main")
    return re.sub(r"\s+", " ", main.text_content())


def test_the_next_version_begins_as_a_copy_that_nobody_uses_yet(editor: User) -> None:
    draft = scales.begin_next_version(scale(), by=editor, at=LATER)
    assert (draft.version, draft.in_force_since) == (scale().version + 1, None)
    for row in scale().levels.all():
        copy = draft.levels.get(code_name=row.code_name)
        assert (copy.position, copy.number, copy.tone, copy.icon) == (
            row.position,
            row.number,
            row.tone,
            row.icon,
        )
        assert list(copy.labels.order_by("lang").values_list("lang", "label", "meaning")) == list(
            row.labels.order_by("lang").values_list("lang", "label", "meaning")
        )
    assert set(Ratings.load().levels()) == set(scale().levels.all())
    [shown] = method_page().scales
    assert (len(shown.levels), method_page().earlier) == (7, ())
    assert Deed.objects.latest("pk").after == {"version": draft.version}


def test_one_next_version_is_written_at_a_time(editor: User) -> None:
    scales.begin_next_version(scale(), by=editor, at=LATER)
    refusal_of("draft", scales.begin_next_version, scale(), editor)


def test_a_version_is_put_in_force_whole_and_once(editor: User) -> None:
    refusal_of("state", scales.put_in_force, scale(), editor)
    draft = scales.begin_next_version(scale(), by=editor, at=LATER)
    label = RatingLabel.objects.get(level__scale=draft, level__code_name="true", lang="en")
    label.delete()
    refusal_of("labels", scales.put_in_force, draft, editor)
    label.save()
    RatingLabel.objects.filter(pk=label.pk).update(attribution_label="")
    refusal_of("labels", scales.put_in_force, draft, editor)
    empty = RatingScale.objects.create(code_name="vuota", name="Vuota")
    refusal_of("levels", scales.put_in_force, empty, editor)


def test_an_earlier_version_does_not_come_after_a_later_one(editor: User) -> None:
    old = RatingScale.objects.create(code_name=scale().code_name, version=0, name="Prima")
    refusal_of("version", scales.put_in_force, old, editor)


def test_an_old_review_shows_what_it_showed_whatever_the_scale_becomes(
    reader: Client, editor: User, checker: User
) -> None:
    appearance = make_appearance(article := make_article(), "dieci milioni")
    review = make_review(appearance, explanation="La delibera lo esclude.")
    pages = [review.get_absolute_url(), review.claim.get_absolute_url(), article.get_absolute_url()]
    before = [words(reader, page) for page in pages]
    assert "Falso" in before[0] and "versione 1" in before[0]
    next_version(editor, false="Smentito")
    assert [words(reader, page) for page in pages] == before

    with translation.override("it"):
        assert Ratings.load().badge(review).label == "Falso"
    later = reviews.publish(
        reviews.propose(
            review.claim,
            level=RatingLevel.objects.get(scale=scale(), code_name="false"),
            summary="Ora lo esclude anche il bilancio.",
            no_evidence_reason="Nessun atto.",
            by=checker,
            at=LATER,
        ),
        by=editor,
        at=LATER,
    )
    assert "Smentito" in words(reader, later.get_absolute_url())
    old = words(reader, review.get_absolute_url())
    assert "Falso" in old and "Smentito" not in old
    assert f"{later.published_at:%Y}" in old and "superata il" in old


def counted(client: Client, article: Article) -> dict[str, str]:
    page = tree(client.get(article.get_absolute_url()))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    links = page.xpath("//a[contains(@href, '?rating=')]")
    return {
        link.get("href").rpartition("=")[2]: re.sub(r"\s+", " ", link.text_content()).strip()
        for link in links
    }


def test_a_register_counts_together_what_is_called_the_same(reader: Client, editor: User) -> None:
    article = make_article()
    make_review(make_appearance(article, "dieci milioni"))
    make_review(make_appearance(article, "la sindaca"), level=level("true"))
    make_review(make_appearance(article, "Il ponte vecchio"), level=level("unverifiable"))
    next_version(editor, false="Smentito")
    for words_, code_name in (("i tecnici", "false"), ("le prove", "true")):
        today = RatingLevel.objects.get(scale=scale(), code_name=code_name)
        make_review(make_appearance(article, words_), level=today)
    found = counted(reader, article)
    assert found.keys() == {"true", "false", "false-1", "unverifiable-1"}
    assert "2" in found["true"] and "1" in found["false"]
    assert "Smentito" in found["false"] and "Falso" in found["false-1"]
    filtered = tree(reader.get(f"{article.get_absolute_url()}?rating=false-1"))
    assert len(filtered.xpath("//li[starts-with(@id, 'note-')]")) == 1
    [numbers] = register.of_articles([article]).values()
    assert {key: number for key, number in numbers.items() if number} == {
        "true": 2, "false": 1, "false-1": 1, "unverifiable-1": 1
    }  # fmt: skip


def test_the_method_explains_todays_scale(reader: Client, editor: User) -> None:
    next_version(editor, false="Smentito")
    page = tree(reader.get("/method/"))
    today = page.xpath("string(//section[starts-with(@aria-labelledby, 'scale-')])")
    assert "Smentito" in today and "Non verificabile" not in today and "Falso" not in today
    assert "Falso" in page.xpath("string(//section[@aria-labelledby='earlier-title'])")


def test_what_was_proposed_by_the_old_scale_is_rated_anew(editor: User, checker: User) -> None:
    review = make_review(state="proposed", author=checker)
    approved = make_review(state="approved")
    next_version(editor)
    for deed, row in ((reviews.approve, review), (reviews.publish, approved)):
        with pytest.raises(Refused) as refused:
            deed(row, by=editor, at=LATER)
        assert refused.value.code == "scale"
    now_false = RatingLevel.objects.get(scale=scale(), code_name="false")
    review = reviews.amend(Review.objects.get(pk=review.pk), level=now_false, by=checker, at=LATER)
    assert reviews.publish(review, by=editor, at=LATER).state == "published"


def test_a_checker_does_not_touch_the_scale(checker: User) -> None:
    with pytest.raises(PermissionDenied):
        scales.begin_next_version(scale(), by=checker, at=LATER)
