"""What rows say of themselves: dates as far as they are known, names as people chose them, addresses."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from newsroom.models import ClaimRelation, EntityIdentifier, User
from tests.making import make_article, make_claim, make_document, make_entity, make_source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        ("", None, None),
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023-08", date(2023, 8, 1), date(2023, 8, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-08-21", date(2023, 8, 21), date(2023, 8, 21)),
        ("2023-08~", date(2023, 8, 1), date(2023, 8, 31)),
        ("2023?", date(2023, 1, 1), date(2023, 12, 31)),
    ],
)
def test_a_date_is_kept_with_its_earliest_and_latest_day(
    edtf: str, earliest: date | None, latest: date | None
) -> None:
    document = make_document(date=edtf)
    document.refresh_from_db()
    assert (document.date_earliest, document.date_latest) == (earliest, latest)


def test_a_date_that_is_forgotten_loses_its_days() -> None:
    document = make_document(date="2023-08")
    document.date = ""
    document.save()
    document.refresh_from_db()
    assert (document.date_earliest, document.date_latest) == (None, None)


@pytest.mark.parametrize("before", ["", "2023", "2023-08-21"])
@pytest.mark.parametrize("after", ["", "2024", "2024-02~"])
def test_a_date_may_become_any_other(before: str, after: str) -> None:
    """Also in a form, which asks the constraints before it saves."""
    document = make_document(date=before)
    document.date = after
    document.full_clean()
    document.save()
    assert bool(document.date_latest) is bool(after)


@pytest.mark.parametrize(
    ("edtf", "italian", "english"),
    [
        ("", "", ""),
        ("2023", "2023", "2023"),
        ("2023-08", "agosto 2023", "August 2023"),
        ("2023-08-21", "21 agosto 2023", "21 August 2023"),
        ("2023-08~", "circa agosto 2023", "about August 2023"),
        ("2023%", "circa 2023", "about 2023"),
    ],
)
def test_a_date_is_said_as_far_as_it_is_known(edtf: str, italian: str, english: str) -> None:
    document = make_document(date=edtf)
    with translation.override("it"):
        assert document.date_in_words == italian
    with translation.override("en"):
        assert document.date_in_words == english


@pytest.mark.parametrize(
    "nonsense", ["agosto 2023", "2023-13", "2023-02-30", "2023-8", "08/2023", "2023~~", "0000"]
)
def test_what_is_no_date_is_refused(nonsense: str) -> None:
    claim = make_claim()
    claim.date = nonsense
    with pytest.raises(ValidationError) as refused:
        claim.full_clean()
    assert "date" in refused.value.message_dict


@pytest.mark.parametrize("tag", ["it", "en-GB", "zh-Hant-TW", "sr-Latn"])
def test_a_language_tag_is_taken(tag: str) -> None:
    make_claim(lang=tag).full_clean()


@pytest.mark.parametrize("tag", ["italiano", "i", "en_GB", "it-", "", "<b>"])
def test_what_is_no_language_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValidationError) as refused:
        make_claim(lang=tag).full_clean()
    assert "lang" in refused.value.message_dict


@pytest.mark.parametrize(
    ("chosen", "italian", "english"),
    [
        ({"signature": "name", "first_name": "Ada", "last_name": "Neri"}, "Ada Neri", "Ada Neri"),
        ({"signature": "role", "role_title": "caporedattrice"}, "caporedattrice", "caporedattrice"),
        ({"signature": "newsroom", "first_name": "Ada"}, "la redazione", "the newsroom"),
        ({"signature": "name"}, "la redazione", "the newsroom"),
        ({"signature": "role"}, "la redazione", "the newsroom"),
    ],
)
def test_people_are_named_in_public_as_they_chose(chosen: dict[str, str], italian: str, english: str) -> None:
    person = User(username="ada", **chosen)
    with translation.override("it"):
        assert str(person.public_name) == italian
    with translation.override("en"):
        assert str(person.public_name) == english


@pytest.mark.parametrize("kind", ["opinion", "prediction"])
def test_opinions_and_predictions_are_subjective(kind: str) -> None:
    assert make_claim(kind=kind).is_subjective


@pytest.mark.parametrize("kind", ["fact", "statistic", "allegation"])
def test_what_can_be_checked_is_not_subjective(kind: str) -> None:
    assert not make_claim(kind=kind).is_subjective


def test_an_address_has_words_and_a_code() -> None:
    claim = make_claim(text="È vero: il «ponte» aprirà!")
    assert claim.get_absolute_url() == f"/claims/e-vero-il-ponte-aprira-{claim.code}/"
    with translation.override("en"):
        assert claim.get_absolute_url() == f"/en/claims/e-vero-il-ponte-aprira-{claim.code}/"


def test_what_has_no_latin_letters_has_an_address_too() -> None:
    claim, source, entity = make_claim(text="—"), make_source(name="北京"), make_entity(name="🙂")
    assert claim.get_absolute_url() == f"/claims/claim-{claim.code}/"
    assert source.get_absolute_url() == f"/sources/source-{source.code}/"
    assert entity.get_absolute_url() == f"/entities/entity-{entity.code}/"


def test_names_are_sorted_without_case_and_accents() -> None:
    assert make_entity(name="Élite «L’Unità»").sort_key == 'elite "l\'unita"'
    assert make_source(name="  ÀB  c ").sort_key == "ab c"


@pytest.mark.parametrize(
    ("scheme", "value", "url"),
    [
        ("wikidata", "Q2283", "https://www.wikidata.org/wiki/Q2283"),
        ("viaf", "1", "https://viaf.org/viaf/1"),
        ("other", "https://example.org/x", "https://example.org/x"),
    ],
)
def test_an_identifier_leads_to_its_catalogue(scheme: str, value: str, url: str) -> None:
    assert EntityIdentifier(scheme=scheme, value=value).url == url


def test_every_catalogue_has_a_page() -> None:
    assert EntityIdentifier.PAGES.keys() == set(EntityIdentifier.Scheme)


def test_rows_name_themselves_in_words() -> None:
    one, other = make_claim(text="Uno."), make_claim(text="Altro.")
    relation = ClaimRelation(source=one, target=other, kind="supports")
    assert str(one) == "Uno."
    assert str(one.pk) in str(relation) and str(other.pk) in str(relation)
    assert str(make_article(headline="Il ponte")) == "Il ponte"
