"""What leaves in a corpus: what a reader sees, or what the desk does, and of nobody who is protected."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from newsroom.models import Article, ConfidentialSource
from newsroom.presenters.exporting import annotated_texts
from newsroom.text.annotated import AnnotatedText
from tests.making import (
    THEN,
    make_annotation,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_entity,
    make_mention,
    make_review,
    make_source,
)

pytestmark = pytest.mark.django_db


def texts(*articles: Article, for_the_desk: bool = False, demo: bool = True) -> list[AnnotatedText]:
    chosen = Article.objects.filter(pk__in=[article.pk for article in articles]).order_by("pk")
    return list(annotated_texts(chosen, at=now(), demo=demo, for_the_desk=for_the_desk))


@pytest.fixture
def article() -> Article:
    return make_article(rights="ours", published_at=THEN)


def test_a_text_with_its_tags(article: Article) -> None:
    appearance = make_appearance(article, "Il ponte")
    entity = make_entity(name="Ponte", kind="work")
    make_mention(article, "ponte", entity=entity)
    [text] = texts(article)
    assert (text.id, text.text) == (str(article.uuid), article.current_revision.text)
    claim, mention = text.tags
    assert (claim.id, claim.known["claim"]) == (str(appearance.annotation.uuid), str(appearance.claim.uuid))
    assert (mention.known["name"], text.text[mention.start : mention.end]) == ("Ponte", "ponte")


def test_readers_get_no_drafts_and_the_desk_does(article: Article) -> None:
    draft, withdrawn = (
        make_article(published_at=None),
        make_article(published_at=THEN, withdrawn_at=THEN, withdrawal_reason="Errore."),
    )
    assert len(texts(article, draft, withdrawn)) == 1
    assert len(texts(article, draft, withdrawn, for_the_desk=True)) == 3


@pytest.mark.parametrize("for_the_desk", [False, True])
def test_suggestions_and_the_withdrawn_leave_for_nobody(article: Article, for_the_desk: bool) -> None:
    for state in ("suggested", "rejected", "withdrawn"):
        make_appearance(article, "Il ponte", state=state, generator="spacy")
    [text] = texts(article, for_the_desk=for_the_desk)
    assert text.tags == ()


@pytest.mark.parametrize("for_the_desk", [False, True])
@pytest.mark.parametrize("privacy", ["minor", "victim", "delisted"])
def test_the_protected_are_named_nowhere(article: Article, for_the_desk: bool, privacy: str, editor) -> None:
    entity = make_entity(
        name="Zelinda", privacy=privacy, protection_reason="È così.", protected_by=editor, protected_at=THEN
    )
    make_mention(article, "Il ponte", entity=entity)
    source = make_source(name="Zelinda", entity=entity)
    make_attribution(article, source=source)
    make_appearance(article, "Il ponte", claim=make_claim(claimant=source))
    [text] = texts(article, for_the_desk=for_the_desk)
    assert "Zelinda" not in repr(text)


def test_a_pseudonym_is_for_the_desk(article: Article) -> None:
    make_mention(article, "Il ponte", entity=make_entity(name="Zelinda", pseudonymous=True))
    assert "Zelinda" not in repr(texts(article))
    assert "Zelinda" in repr(texts(article, for_the_desk=True))


@pytest.mark.parametrize("for_the_desk", [False, True])
def test_whom_a_confidential_source_really_is_leaves_for_nobody(article: Article, for_the_desk: bool) -> None:
    source = make_source(name="Una fonte del Comune")
    ConfidentialSource.objects.create(
        source=source, real_name="Zelinda Neri", reason="Rischia.", note="Segreta"
    )
    make_attribution(article, source=source)
    [text] = texts(article, for_the_desk=for_the_desk)
    assert text.tags and "Zelinda" not in repr(text) and "Segreta" not in repr(text)


def test_a_source_of_the_desk_alone_is_not_named_to_readers(article: Article) -> None:
    make_attribution(article, source=make_source(name="Zelinda", desk_only=True))
    assert "Zelinda" not in repr(texts(article))
    assert "Zelinda" in repr(texts(article, for_the_desk=True))


def test_only_a_published_rating_of_the_content_leaves(article: Article) -> None:
    for state, judges in (("published", "content"), ("published", "attribution"), ("stale", "content")):
        make_review(make_appearance(article, "Il ponte"), state=state, judges=judges)
    make_appearance(article, "Il ponte")
    [text] = texts(article)
    assert [tag.known.get("rating") for tag in text.tags] == ["false", None, None, None]


@pytest.mark.parametrize("rights", ["quotation", "demo"])
def test_a_text_that_is_not_ours_leaves_as_sentences_round_the_tags(rights: str) -> None:
    article = make_article(
        html="<p>Prima frase qui. Il ponte è chiuso. Altra frase.</p><p>Niente.</p><p>Il ponte costa.</p>",
        rights=rights,
        published_at=THEN,
    )
    make_appearance(article, "ponte è chiuso")
    make_mention(article, "costa")
    [text] = texts(article, demo=False)
    assert text.text == "Il ponte è chiuso.\n[…]\nIl ponte costa."
    assert [text.text[tag.start : tag.end] for tag in text.tags] == ["ponte è chiuso", "costa"]
    [whole] = texts(article, demo=False, for_the_desk=True)
    assert whole.text == article.current_revision.text


def test_who_tagged_it_and_notes_are_for_the_desk(article: Article) -> None:
    make_mention(article, "Il ponte", note="Da rivedere")
    assert not {"by", "at", "note"} & texts(article)[0].tags[0].known.keys()
    assert {"by", "at", "note"} <= texts(article, for_the_desk=True)[0].tags[0].known.keys()


def test_several_things_by_the_same_words_are_as_many_tags(article: Article) -> None:
    mention = make_mention(article, "Il ponte", entity=make_entity(name="A"))
    mention.annotation.mentions.create(entity=make_entity(name="B"))
    [text] = texts(article)
    uuid = str(mention.annotation.uuid)
    assert [(tag.id, tag.known["name"]) for tag in text.tags] == [(uuid, "A"), (f"{uuid}+2", "B")]


def test_an_orphan_has_no_place(article: Article) -> None:
    annotation = make_annotation(article, "Il ponte")
    annotation.targets.update(start=None, end=None, fate="orphaned")
    assert texts(article)[0].tags == ()


def test_queries_do_not_grow_with_articles_and_tags(article: Article) -> None:
    def counted(*articles: Article) -> int:
        for each in articles:
            make_review(make_appearance(each, "Il ponte"))
            make_mention(each, "Il ponte")
            make_attribution(each)
        with CaptureQueriesContext(connection) as queries:
            texts(*articles)
        return len(queries)

    few = counted(article)
    assert counted(*(make_article(rights="ours", published_at=THEN) for _ in range(4))) == few <= 16
