"""Whatever editors do to a text, no annotation stands silently on other words, and no rating on such."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.actions import articles
from newsroom.actions.refusals import Refused
from newsroom.models import Article, Review, Target, User
from newsroom.text.changes import same_words
from newsroom.text.selectors import joined
from tests.making import LATER, make_appearance, make_article, make_attribution, make_mention, make_review

pytestmark = pytest.mark.django_db

Paragraphs = list[list[str]]
Edit = Callable[[Paragraphs], None]

WORDS = "ponte sindaca dieci dodici milioni maggio non sarà aperto chiuso Ada il la di 🌉".split()
PARAGRAPHS = [
    "Il ponte sarà aperto a maggio, ha detto la sindaca. Costerà dieci milioni di euro.".split(),
    "Secondo i tecnici le prove sono finite. Il ponte vecchio resterà chiuso.".split(),
    "Dieci milioni di euro non bastano, e la sindaca lo sa da maggio.".split(),
]


def _replace(paragraph: int, word: int, new: str) -> Edit:
    def edit(text: Paragraphs) -> None:
        words = text[paragraph % len(text)]
        words[word % len(words)] = new

    return edit


def _insert(paragraph: int, word: int, new: list[str]) -> Edit:
    def edit(text: Paragraphs) -> None:
        words = text[paragraph % len(text)]
        place = word % len(words)
        words[place:place] = new

    return edit


def _remove(paragraph: int, word: int, number: int) -> Edit:
    def edit(text: Paragraphs) -> None:
        words = text[paragraph % len(text)]
        place = word % len(words)
        if len(words) > number:
            del words[place : place + number]

    return edit


def _move(paragraph: int, to: int) -> Edit:
    def edit(text: Paragraphs) -> None:
        text.insert(to % len(text), text.pop(paragraph % len(text)))

    return edit


def _copy(paragraph: int, to: int) -> Edit:
    def edit(text: Paragraphs) -> None:
        text.insert(to % len(text), list(text[paragraph % len(text)]))

    return edit


numbers = st.integers(0, 40)
edits = st.one_of(
    st.builds(_replace, numbers, numbers, st.sampled_from(WORDS)),
    st.builds(_insert, numbers, numbers, st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)),
    st.builds(_remove, numbers, numbers, st.integers(1, 6)),
    st.builds(_move, numbers, numbers),
    st.builds(_copy, numbers, numbers),
)
#: A revision is some edits, or, as a number, the return to an earlier text.
revisions = st.lists(st.one_of(st.lists(edits, min_size=1, max_size=4), numbers), min_size=1, max_size=6)


def html_of(text: Paragraphs) -> str:
    return "".join(f"<p>{' '.join(words)}</p>" for words in text)


def annotated() -> Article:
    article = make_article(html=html_of(PARAGRAPHS))
    for words in ("Costerà dieci milioni", "le prove sono finite", "la sindaca lo sa"):
        make_review(make_appearance(article, words))
    make_appearance(article, "Il ponte vecchio", "dieci milioni")
    make_attribution(article)
    make_mention(article, "i tecnici")
    return article


def hold_to_what_always_holds(article: Article, rated: list[Review], parts: int) -> None:
    revision = article.current_revision
    targets = list(Target.objects.filter(revision=revision).order_by("annotation", "role", "ordinal"))
    assert len(targets) == parts
    for target in targets:
        assert target.fate in Target.Fate.values
        if target.fate == Target.Fate.ORPHANED:
            assert (target.start, target.end) == (None, None) and target.exact
        else:
            assert revision.text[target.start : target.end] == target.exact
    for review in rated:
        review.refresh_from_db()
        standing = [
            target.exact
            for target in targets
            if target.annotation_id == review.appearance.annotation_id and target.start is not None
        ]
        stands = same_words(joined(standing), review.judged_words)
        assert review.state == (Review.State.PUBLISHED if stands else Review.State.STALE)
        assert bool(review.stale_at) == bool(review.stale_cause) == (not stands)


# The database is the same for all examples: each makes an article of its own.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(revisions)
def test_after_any_edits_every_annotation_and_rating_is_accounted_for(
    editor: User, changes: list[list[Edit] | int]
) -> None:
    article = annotated()
    rated = list(Review.objects.filter(appearance__annotation__article=article).select_related("appearance"))
    parts = Target.objects.filter(revision=article.current_revision).count()
    before = list(Target.objects.filter(revision=article.current_revision).order_by("pk").values())
    first = article.current_revision
    texts = [[list(words) for words in PARAGRAPHS]]
    for change in changes:
        given_by = {"kind": "correction", "note": "Prova.", "by": editor, "at": LATER}
        number = article.current_revision.number
        try:
            if isinstance(change, int):
                to = article.revisions.get(number=change % number + 1)
                articles.revert(article, to=to, based_on=number, **given_by)
                texts.append([list(words) for words in texts[to.number - 1]])
            else:
                text = [list(words) for words in texts[-1]]
                for edit in change:
                    edit(text)
                articles.revise(article, html=html_of(text), based_on=number, **given_by)
                texts.append(text)
        except Refused as refusal:
            assert refusal.code == "unchanged"
            continue
        article.refresh_from_db()
        hold_to_what_always_holds(article, rated, parts)
    assert list(Target.objects.filter(revision=first).order_by("pk").values()) == before


def test_a_text_that_is_returned_to_gives_every_annotation_its_place_back(editor: User) -> None:
    article = annotated()
    first = article.current_revision
    places = Target.objects.order_by("annotation", "role", "ordinal").values_list(
        "start", "end", "exact", "fate"
    )
    before = list(places.filter(revision=first))
    given_by = {"kind": "correction", "note": "Prova.", "by": editor, "at": LATER}
    articles.revise(article, html="<p>Tutt’altro testo, e nient’altro.</p>", based_on=1, **given_by)
    assert not Target.objects.placed().filter(revision__article=article, revision__number=2).exists()
    after = articles.revert(article, to=first, based_on=2, **given_by)
    assert list(places.filter(revision=after)) == before
    assert not Review.objects.filter(state="stale", appearance__annotation__article=article).exists()
