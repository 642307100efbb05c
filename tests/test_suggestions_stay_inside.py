"""What nobody accepted is for the desk alone: no public address, no export for readers says a word of it.

Canaries stand in suggestions that wait, were rejected or ended with an older text: in the names that they may
stand for, in the claims that came with them, in their reasons, in the program that made them. The addresses
are read off the URL configuration, so one that is added later is asked as well.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from itertools import product
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now

from newsroom.actions import annotations, archiving, articles, suggestions
from newsroom.formats.annotated import Losses
from newsroom.formats.exchanges import outgoing
from newsroom.formats.newsroom_archive import Writer
from newsroom.models import (
    Annotation,
    Article,
    Attribution,
    Claim,
    Mention,
    Rights,
    Suggestion,
    SuggestionOffer,
    Target,
    User,
)
from newsroom.presenters.exporting import annotated_texts
from tests.making import (
    HTML,
    LATER,
    make_appearance,
    make_article,
    make_attribution,
    make_claim,
    make_entity,
    make_mention,
    make_review,
    make_source,
    make_suggestion,
)
from tests.reading import said_by
from tests.test_comments_stay_inside import public_patterns, values

pytestmark = pytest.mark.django_db

#: In whom they may stand for, in claims, reasons, programs.
CANARIES = ("gheppio", "canarino", "cardellino", "fringuello", "lucherino")
#: A word of a text that readers may see around tagged words alone.
IN_THE_TEXT = "pettirosso"
QUOTED = f"<p>Il ponte è chiuso da maggio.</p><p>Un {IN_THE_TEXT} ha fatto il nido in comune.</p>"


def suggested(article: Article, words: str, by: User) -> list[Suggestion]:
    """One of each kind on these words, and what was brought with its rows."""
    reasons = [["context", ["cardellino"]]]
    entity, source = make_entity(name="Gino Gheppio"), make_source(name="Gaia Gheppio")
    claim = make_claim(text="Il canarino costa dieci milioni.")
    found = [
        make_suggestion(article, words, kind=kind, offers=[thing], reasons=reasons)
        for kind, thing in (("mention", entity), ("attribution", source), ("claim", claim))
    ]
    for made in (
        make_appearance(article, words, claim=make_claim(text="Un canarino di fuori.")).annotation,
        make_mention(article, words, entity=make_entity(name="Lia Lucherino")).annotation,
        make_attribution(article, [words], source=make_source(name="Ugo Lucherino")).annotation,
    ):
        Annotation.objects.filter(pk=made.pk).update(state=Annotation.State.SUGGESTED, generator="x")
        found.append(Suggestion.objects.create(annotation=made))
    keys = [one.annotation_id for one in found]
    Annotation.objects.filter(pk__in=keys).update(generator="fringuello 1.0", by=by)
    return [Suggestion.objects.select_related("annotation").get(pk=one.pk) for one in found]


def reject(suggestion: Suggestion, by: User) -> None:
    version = suggestion.annotation.row_version
    suggestions.reject(suggestion.annotation, by=by, at=LATER, row_version=version)


@pytest.fixture
def article(editor: User) -> Article:
    """Public, corrected once, rated, with suggestions that wait, were rejected, withdrawn, ended, undone."""
    article = make_article(by=editor, original_url="https://example.org/ponte", slug="il-ponte")
    make_review(make_appearance(article))
    suggested(article, "la sindaca", editor)
    for one in suggested(article, "Costerà dieci milioni di euro", editor):
        reject(one, editor)
    for one in suggested(article, "i tecnici", editor):
        annotations.withdraw(one.annotation, reason="No.", by=editor, at=LATER, row_version=1)
    suggested(article, "le prove sono finite", editor)
    [undone, *_others] = suggested(article, "resterà chiuso", editor)
    suggestions.accept(undone.annotation, by=editor, at=LATER, row_version=undone.annotation.row_version)
    annotations.undo(article, by=editor, at=LATER)
    html = HTML.replace("le prove sono finite", "la prova è finita")
    articles.revise(article, html=html, kind="correction", note="La prova.", by=editor, at=LATER, based_on=1)
    article.refresh_from_db()
    return article


@pytest.fixture
def quoted(editor: User) -> Article:
    """Of which readers see the tagged words with a sentence around them: no suggestion opens a sentence."""
    article = make_article(html=QUOTED, by=editor, rights=Rights.QUOTATION, slug="il-nido")
    make_review(make_appearance(article, "Il ponte è chiuso"))
    suggested(article, f"Un {IN_THE_TEXT} ha fatto il nido", editor)
    for one in suggested(article, "il nido in comune", editor):
        reject(one, editor)
    return article


def secret_names(*of: Article) -> set[str]:
    """By what what waits, or what it may stand for, is known."""
    hidden = Annotation.objects.filter(article__in=of).exclude(state=Annotation.State.ACCEPTED)
    rows = [*hidden, *Suggestion.objects.all(), *SuggestionOffer.objects.all()]
    rows += [*Target.objects.filter(annotation__in=hidden)]
    rows += [
        *Mention.objects.filter(annotation__in=hidden),
        *Attribution.objects.filter(annotation__in=hidden),
    ]
    return {name for row in rows for name in (row.code, str(row.uuid))}


@pytest.mark.parametrize("lang", ["it", "en"])
def test_no_public_address_says_a_word_of_what_nobody_accepted(
    reader: Client, article: Article, quoted: Article, lang: str
) -> None:
    answered = set()
    secret = {*CANARIES, IN_THE_TEXT, *secret_names(article, quoted)}
    with translation.override(lang):
        asked = [pair for one in (article, quoted) for pair in addresses(one)]
    queries: list[dict[str, Any]] = [
        {"layer": ["claims", "attributions", "entities"]},
        {"page": "0"},
        {"q": "costa"},
    ]
    for name, address in asked:
        # An address without arguments is asked everything; of one with arguments there are hundreds.
        for query in queries if address.count("/") < 3 or name in ("reader:article",) else queries[:1]:
            answer = reader.get(address, query, follow=True)
            told = said_by(answer) + str(answer.headers)
            for word in [address.removeprefix("/en"), *query.values()]:
                told = told.replace(str(word), "")  # what was asked may be repeated
            said = told.lower()
            assert not [word for word in secret if word in said], (address, query)
            if answer.status_code == 200:
                answered.add(name)
    assert {f"reader:{name}" for name in ("front", "article", "claim", "history", "revision")} <= answered


def addresses(article: Article) -> list[tuple[str, str]]:
    of = Annotation.objects.filter(article=article)
    states = [row for state in Annotation.State.values for row in of.filter(state=state).order_by("-pk")[:3]]
    rows = [
        *states,
        *Suggestion.objects.of(article).order_by("-pk")[:2],
        *Claim.objects.filter(appearances__annotation__in=of),
    ]
    more = {
        "address": [f"x-{row.code}" for row in rows],
        "code": [row.code for row in rows],
        "uuid": [row.uuid for row in rows],
        "id": [row.uuid for row in rows],
    }
    found = []
    for name, pattern in public_patterns():
        places = list(pattern.pattern.converters)
        each = [more.get(place) or values(place, article) for place in places]
        for given in product(*each):
            found.append((name, reverse(name, kwargs=dict(zip(places, given, strict=True)))))
    return found


@pytest.mark.parametrize("exchange", outgoing(), ids=lambda exchange: exchange.key)
def test_no_export_has_it(article: Article, quoted: Article, exchange: Any) -> None:
    """Of the desk neither: whoever read it again would take it for a tag."""
    for for_the_desk in (False, True):
        some = Article.objects.filter(pk__in=[article.pk, quoted.pk])
        texts = annotated_texts(some, for_the_desk=for_the_desk, at=now(), demo=False)
        told = b"".join(exchange.write(texts, Losses())).decode(errors="replace").lower()
        secret = {*CANARIES, *secret_names(article, quoted)}
        secret |= set() if for_the_desk else {IN_THE_TEXT}
        assert not [word for word in secret if word in told]


def test_the_archive_has_all_of_it_and_gives_it_back(article: Article, editor: User) -> None:
    chief = User.objects.get(pk=editor.pk)
    chief.is_superuser = True
    chief.save()
    body = BytesIO()
    archiving.export(Writer(body), by=chief, at=datetime.now(tz=UTC))
    with ZipFile(body) as archive:
        rows = archive.read("rows/suggestion.jsonl").decode()
        offers = archive.read("rows/suggestionoffer.jsonl").decode()
    assert rows.count("\n") == Suggestion.objects.count()
    assert "cardellino" in rows and '"decision":"outdated"' in rows
    assert offers.count("\n") == SuggestionOffer.objects.count()


def test_the_canaries_sing_once_somebody_accepts(reader: Client, article: Article, editor: User) -> None:
    """What is asked above would be heard."""
    [waiting] = (
        Suggestion.objects.pending()
        .of(article)
        .filter(annotation__kind="mention", annotation__targets__exact="la sindaca", revision__isnull=False)
        .distinct()
    )
    suggestions.accept(waiting.annotation, by=editor, at=LATER, row_version=waiting.annotation.row_version)
    page = reader.get(article.get_absolute_url(), {"layer": ["entities"]})
    assert "Gino Gheppio" in page.content.decode()
    said = reader.get(reverse("data:annotation", args=[waiting.annotation.uuid]))
    assert "fringuello 1.0" in said.content.decode() and '"confidence":0.8' in said.content.decode()
