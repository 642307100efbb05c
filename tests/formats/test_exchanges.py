"""What goes out comes back, in each format; and what does not is named."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pytest
from django.utils.timezone import now
from hypothesis import given

from newsroom.formats import brat, cas_json, conll2003, conllu, doccano, label_studio, webanno_tsv
from newsroom.formats.annotated import AnnotatedText, Losses, fitting, trimmed
from newsroom.formats.exchanges import FORMATS, outgoing
from newsroom.models import Article
from newsroom.presenters.exporting import annotated_texts

from .annotated_texts import corpora


def _room(room, then=lambda text, losses: text):
    return lambda text, losses, number: then(room.reduced(text, losses), losses)


#: What each format says that it can carry of a text.
REDUCED = {
    "brat": lambda text, losses, number: brat._reduced(text, losses),
    "cas": _room(cas_json.ROOM),
    "conll2003": conll2003.reduced,
    "conllu": _room(conllu.ROOM, trimmed),
    "doccano": _room(doccano.SPANS),
    "doccano-relations": _room(doccano.RELATIONS),
    "label-studio": _room(label_studio.ROOM),
    "webanno": lambda text, losses, number: webanno_tsv._reduced(text, losses),
}
#: Those that go both ways.
BOTH_WAYS = [exchange.key for exchange in outgoing() if exchange.read is not None]
every_format = pytest.mark.parametrize("key", BOTH_WAYS)


def written(key: str, texts: Iterable[AnnotatedText]) -> tuple[bytes, Losses]:
    losses = Losses()
    return b"".join(FORMATS[key].write(texts, losses)), losses


def read(key: str, body: bytes) -> list[AnnotatedText]:
    return list(FORMATS[key].read(io.BytesIO(body), Losses()))


def without(key: str, texts: Iterable[AnnotatedText]) -> tuple[list[AnnotatedText], Losses]:
    losses = Losses()
    return [REDUCED[key](text, losses, number) for number, text in enumerate(texts, start=1)], losses


@every_format
@given(corpora)
def test_what_comes_back_is_what_went_but_for_the_losses(key: str, corpus) -> None:
    body, losses = written(key, corpus)
    expected, named = without(key, corpus)
    assert read(key, body) == [fitting(text) for text in expected]
    assert losses.counts == named.counts


@every_format
@given(corpora)
def test_nothing_is_lost_without_a_name(key: str, corpus) -> None:
    for number, text in enumerate(corpus, start=1):
        losses = Losses()
        carried = REDUCED[key](text, losses, number)
        lost = {
            "html": carried.html != text.html,
            "metadata": (carried.known, carried.lang) != (text.known, text.lang),
            "text": carried.id != text.id,
            "blanks": carried.text != text.text,
        }
        for name, is_lost in lost.items():
            assert is_lost == bool(losses.counts[name]), name
        if carried.tags != text.tags:
            assert losses.counts.keys() & {"parts", "overlap", "edges", "attributes", "ids", "tag", "blanks"}
        if fitting(carried).links != fitting(text).links:
            assert losses.counts.keys() & {"links", "ids"}


@every_format
@pytest.mark.django_db
def test_the_seed_article_comes_back_but_for_the_losses(key: str) -> None:
    [text] = annotated_texts(Article.objects.all(), at=now(), demo=True, for_the_desk=True)
    assert len(text.tags) > 150
    body, losses = written(key, [text])
    expected, named = without(key, [text])
    assert read(key, body) == [fitting(each) for each in expected]
    assert losses.counts == named.counts
