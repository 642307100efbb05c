"""Lists of claims, sources, entities and corrections: what is on them, in which order, and what never is."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import translation

from newsroom.models import Claim, Entity, Review, Source
from newsroom.presenters.claim_list import ClaimListPage, claim_list
from newsroom.presenters.corrections import corrections_page
from newsroom.presenters.name_list import entity_list, source_list
from newsroom.presenters.paging import Pages, turn
from tests.making import (
    LATER,
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
from tests.public_pages import corrected

pytestmark = pytest.mark.django_db

#: When the seed is public.
TODAY = LATER.replace(year=2030)


def words(page: ClaimListPage) -> list[str]:
    return [line.words for line in page.lines]


def asked_by(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def turned(given: dict[str, str], listed, *, way: str = "next_url") -> Iterator[tuple]:
    """Page after page from an address, forwards or back."""
    while True:
        page = listed(given, at=LATER)
        yield page.lines
        if not (url := getattr(page.pages, way)):
            return
        given = asked_by(url)


@pytest.fixture
def bare(db: None) -> None:
    """Without the seed’s claims: nothing of them is public."""
    Claim.objects.update(withdrawn_at=THEN, withdrawal_reason="Altrove.")


# Turning pages


def test_pages_follow_one_another_and_lead_back_without_a_gap() -> None:
    Source.objects.update(withdrawn_at=THEN, withdrawal_reason="Altrove.")
    made = [make_source(name=f"Fonte {number:03}") for number in range(7)]
    twins = [make_source(name="Fonte 003") for _ in range(3)]
    rows = Source.objects.public()
    order, seen, after = ("sort_key", "pk"), [], ""
    while True:
        page = turn(rows, order, after=after, size=4)
        seen.append(page.rows)
        if not (after := page.after):
            break
    assert [len(page) for page in seen] == [4, 4, 2]
    assert [row for page in seen for row in page] == sorted([*made, *twins], key=lambda r: (r.sort_key, r.pk))
    back = turn(rows, order, before=seen[2][0].code, size=4)
    assert back.rows == seen[1]
    assert (back.before, back.after) == (seen[1][0].code, seen[1][-1].code)
    first = turn(rows, order, before=seen[1][0].code, size=4)
    assert (first.rows, first.before) == (seen[0], "")


@pytest.mark.parametrize("code", ["", "x", "0000000000", "’", "zzzzzzzzzzz"])
def test_a_code_that_leads_nowhere_shows_the_first_page(code: str) -> None:
    first = turn(Source.objects.all(), ("sort_key", "pk"), size=3)
    for given in ({"after": code}, {"before": code}):
        assert turn(Source.objects.all(), ("sort_key", "pk"), size=3, **given).rows == first.rows


def test_an_end_of_the_list_says_so() -> None:
    last = Source.objects.order_by("-sort_key", "-pk")[0]
    page = turn(Source.objects.all(), ("sort_key", "pk"), after=last.code)
    assert page.pages("/sources/", {}) == Pages("", "")


# Claims


def test_claims_are_listed_by_their_day_the_undated_last(bare: None) -> None:
    article = make_article()
    days = ("2023-05", "2024-01-02", "", "2023-05-30", "")
    claims = [make_appearance(article, claim=make_claim(date=day)).claim for day in days]
    assert words(claim_list({}, at=LATER)) == [claims[index].text for index in (1, 0, 3, 4, 2)] or words(
        claim_list({}, at=LATER)
    ) == [claims[index].text for index in (1, 3, 0, 4, 2)]


def test_every_claim_stands_on_exactly_one_page(bare: None) -> None:
    article = make_article()
    claims = {
        make_appearance(article, claim=make_claim(date=f"202{number % 4}")).claim.text for number in range(65)
    }
    pages = [[line.words for line in lines] for lines in turned({}, claim_list)]
    assert [len(page) for page in pages] == [30, 30, 5]
    assert {line for page in pages for line in page} == claims
    assert sum(map(len, pages)) == len(claims)


def test_only_what_is_public_is_listed(bare: None) -> None:
    make_appearance(make_article(published_at=None))
    make_appearance(state="withdrawn")
    make_appearance(state="suggested", generator="prova")
    make_appearance(make_article(withdrawn_at=THEN, withdrawal_reason="Errore."))
    make_claim()
    public = make_appearance().claim
    assert words(claim_list({}, at=LATER)) == [public.text]


@pytest.fixture
def rated(bare: None) -> dict[str, str]:
    """A claim under each key of the register, in one article."""
    article = make_article()
    states = {
        "false": {},
        "attribution": {"judges": "attribution"},
        "stale": {"state": Review.State.STALE},
        "unchecked": None,
    }
    claims = {}
    for key, given in states.items():
        appearance = make_appearance(article)
        claims[key] = appearance.claim.text
        if given is not None:
            make_review(appearance, **given)
    return claims


@pytest.mark.parametrize("key", ["false", "attribution", "stale", "unchecked"])
def test_a_rating_filters_and_the_numbers_stay_those_of_all(key: str, rated: dict[str, str]) -> None:
    page = claim_list({"rating": key}, at=LATER)
    assert words(page) == [rated[key]]
    assert {one.badge.key: one.number for one in page.ratings} == dict.fromkeys(rated, 1)
    (selected,) = [one for one in page.ratings if one.selected]
    assert (selected.badge.key, asked_by(selected.url)) == (key, {})


def test_nothing_unchecked_is_among_the_rated(rated: dict[str, str]) -> None:
    for key in {"true", "false", "opinion", "attribution", "stale"}:
        assert rated["unchecked"] not in words(claim_list({"rating": key}, at=LATER))


def test_what_is_superseded_or_withdrawn_counts_no_more(bare: None) -> None:
    appearance = make_appearance()
    first = make_review(appearance, state=Review.State.SUPERSEDED)
    make_review(appearance, level=first.level, state=Review.State.WITHDRAWN, withdrawal_reason="Errore.")
    assert words(claim_list({"rating": "false"}, at=LATER)) == []
    assert words(claim_list({"rating": "unchecked"}, at=LATER)) == [appearance.claim.text]


def test_kind_language_days_article_and_words_filter(bare: None) -> None:
    article = make_article(headline="Uno")
    wanted = make_claim(text="La diga costa troppo.", kind="statistic", lang="en", date="2023-05-10")
    make_appearance(article, claim=wanted)
    make_appearance(article, claim=make_claim(text="La diga costa poco.", date="2022"))
    make_appearance(make_article(), claim=make_claim(text="Il mulino costa troppo.", date="2023-06"))
    for given in (
        {"kind": "statistic"},
        {"lang": "en"},
        {"since": "2023-05-10", "until": "2023-05-10"},
        {"since": "2023-01-01", "until": "2023-05-31"},
        {"article": article.slug, "since": "2023-01-01"},
        {"q": "diga troppo"},
        {"q": "costa", "kind": "statistic", "article": article.slug},
    ):
        assert words(claim_list(given, at=LATER)) == [wanted.text], given
    assert len(words(claim_list({"article": article.slug}, at=LATER))) == 2
    assert len(words(claim_list({"since": "2022-06-01"}, at=LATER))) == 2
    assert len(words(claim_list({"until": "2023-05-10"}, at=LATER))) == 2


@pytest.mark.parametrize(
    "given",
    [
        {"rating": "x"}, {"rating": "unverifiable’"}, {"kind": "x"}, {"lang": "xx"}, {"since": "ieri"},
        {"since": "2023-13-40"}, {"since": "2023-W01-1"}, {"until": "20230101"}, {"until": "9999-12-31"},
        {"since": "0001-01-01"}, {"article": "non-esiste"}, {"source": "x"}, {"source": "0000000000"},
        {"entity": "’"}, {"page": "x"}, {"q": " \t"}, {"after": "x", "before": "y"},
    ],
)  # fmt: skip
def test_what_is_not_understood_filters_nothing(given: dict[str, str], bare: None) -> None:
    claim = make_appearance(claim=make_claim(date="2023")).claim
    assert words(claim_list(given, at=LATER)) == [claim.text]


@pytest.mark.parametrize("given", [{"since": "9999-12-31"}, {"until": "0001-01-01"}, {"q": "inesistente"}])
def test_a_filter_that_keeps_nothing_says_so(given: dict[str, str], bare: None) -> None:
    make_appearance(claim=make_claim(date="2023"))
    with translation.override("en"):
        page = claim_list(given, at=LATER)
    assert (page.lines, page.is_filtered, page.announcement) == ((), True, "Nothing found.")


def test_a_source_or_a_name_filters_without_any_count(rated: dict[str, str]) -> None:
    source, entity = make_source(), make_entity()
    article = Claim.objects.get(text=rated["false"]).appearances.get().annotation.article
    Claim.objects.filter(text__in=rated.values()).update(claimant=source)
    make_mention(article, "Il ponte", entity=entity)
    for given in ({"source": source.code}, {"entity": entity.code}):
        for more in ({}, {"rating": "false"}, {"article": article.slug}, {"q": "ponte"}):
            page = claim_list(given | more, at=LATER)
            assert page.lines
            assert {one.number for one in page.ratings} == {None}


def test_who_has_no_page_filters_nothing(rated: dict[str, str]) -> None:
    """Else an address would gather the ratings of who is protected or known by a pseudonym alone."""
    article = Claim.objects.get(text=rated["false"]).appearances.get().annotation.article
    other = make_appearance(make_article()).claim
    hidden = [make_source(desk_only=True), make_source(pseudonymous=True)]
    for source in hidden:
        Claim.objects.filter(text__in=rated.values()).update(claimant=source)
        page = claim_list({"source": source.code}, at=LATER)
        assert other.text in words(page) and not page.chosen
    for protected in (make_entity(privacy="minor"), make_entity(pseudonymous=True)):
        make_mention(article, "Il ponte", entity=protected)
        assert other.text in words(claim_list({"entity": protected.code}, at=LATER))


def test_who_may_not_be_named_is_not_named_beside_a_claim(bare: None) -> None:
    make_appearance(claim=make_claim(claimant=make_source(name="Riservata", desk_only=True)))
    (line,) = claim_list({}, at=LATER).lines
    assert (line.claimant, line.claimant_url) == ("", "")


def test_many_claims_are_not_counted(bare: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.presenters.claim_list.COUNTED", 2)
    article = make_article()
    for _ in range(3):
        make_appearance(article)
    assert {one.number for one in claim_list({}, at=LATER).ratings} == {None}
    assert [one.badge.key for one in claim_list({}, at=LATER).ratings][-1] == "unchecked"


def test_a_claim_names_a_person_where_the_words_overlap_and_nowhere_else(bare: None) -> None:
    article, entity = make_article(), make_entity()
    claim = make_appearance(article, "Il ponte sarà aperto a maggio").claim
    make_appearance(article, "Costerà dieci milioni")
    make_mention(article, "aperto", entity=entity)
    gone = make_annotation(article, "dieci", kind="mention", state="withdrawn")
    gone.mentions.create(entity=entity)
    assert list(Claim.objects.naming(entity.pk, at=LATER)) == [claim]


# Sources and entities


def names(page) -> list[str]:
    return [line.name for line in page.lines]


def test_names_stand_in_the_alphabet_of_people_not_of_the_database() -> None:
    article = make_article()
    for name in ("Zagabria", "étage", "L’Unità", "abaco", "La Stampa", "Òpera", "12 aprile"):
        make_mention(article, "Il ponte", entity=make_entity(name=name))
    page = entity_list({"article": article.slug}, at=LATER)
    assert names(page) == ["12 aprile", "abaco", "étage", "L’Unità", "La Stampa", "Òpera", "Zagabria"]


def test_a_letter_turns_to_its_place_and_the_pages_go_on_from_there() -> None:
    article = make_article()
    for number in range(40):
        make_mention(article, "Il ponte", entity=make_entity(name=f"Zeta {number:02}"))
    make_mention(article, "Il ponte", entity=make_entity(name="Yacht"))
    first, second = turned({"letter": "z", "article": article.slug}, entity_list)
    assert [line.name for line in first][0] == "Zeta 00"
    assert len(first) + len(second) == 40


def test_only_those_whom_readers_meet_are_listed() -> None:
    """A source of a draft, listed, would tell whom the desk is talking with."""
    draft, public = make_article(published_at=None), make_article()
    known, unknown = make_source(name="Nota Fonte"), make_source(name="Ignota Fonte")
    make_attribution(public, source=known)
    make_attribution(draft, source=unknown)
    claimant = make_source(name="Chi afferma")
    make_appearance(public, claim=make_claim(claimant=claimant))
    hidden = make_source(name="Solo redazione", desk_only=True)
    make_attribution(public, source=hidden)
    listed = [name for lines in turned({}, source_list) for name in [line.name for line in lines]]
    assert {"Nota Fonte", "Chi afferma"} <= set(listed)
    assert not {"Ignota Fonte", "Solo redazione"} & set(listed)
    assert "Voce dell’articolo" not in listed
    make_mention(draft, "Il ponte", entity=make_entity(name="Ignota Entità"))
    make_mention(public, "Il ponte", entity=make_entity(name="Una minorenne", privacy="minor"))
    listed = [name for lines in turned({}, entity_list) for name in [line.name for line in lines]]
    assert not {"Ignota Entità", "Una minorenne"} & set(listed)


def test_a_list_of_names_is_filtered_by_kind_article_and_words() -> None:
    article = make_article()
    wanted = make_source(name="Comune di Prova", kind="organisation")
    make_attribution(article, source=wanted)
    make_attribution(article, source=make_source(name="Ada Prova"))
    make_attribution(make_article(), source=make_source(name="Comune altrove", kind="organisation"))
    for given in (
        {"kind": "organisation", "article": article.slug},
        {"q": "comune prova"},
        {"q": "prova", "kind": "organisation"},
    ):
        assert names(source_list(given, at=LATER)) == [wanted.name], given
    assert source_list({"q": "prova"}, at=LATER).letters == ()


def test_a_list_of_names_has_no_rating_on_it() -> None:
    fields = {*source_list({}, at=TODAY).__slots__, *source_list({}, at=TODAY).lines[0].__slots__}
    assert not [name for name in fields if "rating" in name or "count" in name or "badge" in name]


@pytest.mark.parametrize(
    "given", [{"kind": "x"}, {"lang": "x"}, {"letter": "ab"}, {"letter": "É"}, {"page": "x"}]
)
def test_what_is_not_understood_filters_no_names(given: dict[str, str]) -> None:
    assert names(entity_list(given, at=TODAY)) == names(entity_list({}, at=TODAY))
    assert names(source_list(given, at=TODAY)) == names(source_list({}, at=TODAY))
    assert Entity.objects.met(at=TODAY).exists()


# Corrections


def test_corrections_name_both_texts_and_the_claims_they_touched() -> None:
    article = corrected()
    page = corrections_page({}, at=TODAY)
    lines = [line for line in page.lines if line.correction.article == article]
    assert [line.correction.note for line in lines] == [f"Era sbagliato: {n}." for n in (3, 2, 1)]
    assert [line.changes_url.rstrip("/").rpartition("/")[2] for line in lines] == ["3-4", "2-3", "1-2"]
    assert all(line.claims for line in lines)


def test_corrections_of_what_is_not_public_are_not_listed() -> None:
    article = corrected()
    article.published_at = None
    article.save()
    assert corrections_page({}, at=TODAY).lines == ()
    article.published_at, article.withdrawn_at, article.withdrawal_reason = THEN, LATER, "Errore."
    article.save()
    assert corrections_page({}, at=TODAY).lines == ()


def test_a_claim_that_is_not_public_is_not_named_with_a_correction() -> None:
    corrected()
    Claim.objects.update(withdrawn_at=THEN, withdrawal_reason="Errore.")
    assert {line.claims for line in corrections_page({}, at=TODAY).lines} == {()}
