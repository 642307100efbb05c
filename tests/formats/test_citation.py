"""How a review is cited, for people and for reference managers."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.utils import translation

from newsroom.formats.citation import Citation, bibtex, csl_json, in_words

CITED = Citation(
    code="k3f9x2ab00",
    version=2,
    newsroom="Redazione & figli",
    claim="Il 50% delle {scuole} costa 3 $_#~^\\",
    lang="it",
    rating="Falso",
    published_on=date(2026, 11, 2),
    url="https://redazione.example/claims/il-50-k3f9x2ab00/versions/2/",
)


def test_in_words_it_names_newsroom_claim_rating_day_version_and_address() -> None:
    with translation.override("it"):
        assert in_words(CITED) == (
            "Redazione & figli, «Il 50% delle {scuole} costa 3 $_#~^\\»: Falso. "
            "Verifica del 2 novembre 2026, versione 2, https://redazione.example/claims/il-50-k3f9x2ab00/versions/2/"
        )
    with translation.override("en"):
        assert "Review of 2 November 2026, version 2, https://" in in_words(CITED)


def test_bibtex_escapes_what_it_would_read() -> None:
    written = bibtex(CITED)
    assert written.startswith("@misc{controluce-k3f9x2ab00-2,\n")
    assert r"author = {{Redazione \& figli}}," in written
    assert (
        r"50\% delle \{scuole\} costa 3 \$\_\#\textasciitilde{}\textasciicircum{}\textbackslash{}" in written
    )
    assert "url = {https://redazione.example/claims/il-50-k3f9x2ab00/versions/2/}," in written
    assert written.count("{") - written.count(r"\{") == written.count("}") - written.count(r"\}")


def test_csl_json_is_one_item_of_a_web_page() -> None:
    [item] = json.loads(csl_json(CITED))
    assert (item["type"], item["version"], item["URL"]) == ("webpage", "2", CITED.url)
    assert item["issued"] == {"date-parts": [[2026, 11, 2]]}
    assert item["author"] == [{"literal": "Redazione & figli"}]
    assert item["title"] == f"«{CITED.claim}»: Falso"


@pytest.mark.parametrize("claim", ["a\nb", "  a   b ", "a\tb"])
def test_a_title_is_one_line(claim: str) -> None:
    cited = Citation(**{name: getattr(CITED, name) for name in CITED.__slots__} | {"claim": claim})
    assert "\n" not in bibtex(cited).split("title = ")[1].split("},\n")[0]
