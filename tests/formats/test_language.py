"""The language is guessed where there is text enough to tell, and only there."""

from __future__ import annotations

import pytest

from newsroom.formats.language import guess


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("it", "Il ponte sarà aperto a maggio, ha detto la sindaca. Costerà dieci milioni di euro."),
        ("en", "The bridge will be opened in May, the mayor said. It will cost ten million euros."),
        ("fr", "Le pont sera ouvert en mai, a déclaré la maire. Il coûtera dix millions d’euros."),
        ("de", "Die Brücke wird im Mai eröffnet, sagte die Bürgermeisterin. Sie kostet zehn Millionen."),
        ("es", "El puente se abrirá en mayo, dijo la alcaldesa. Costará diez millones de euros."),
        ("ru", "Мост будет открыт в мае, сказала мэр. Он будет стоить десять миллионов евро."),
    ],
)
def test_a_language_is_known_by_its_letters(lang: str, text: str) -> None:
    assert guess(text) == lang


@pytest.mark.parametrize("text", ["", "Il ponte", "1234567890 " * 20, "— · —" * 50])
def test_of_too_little_nothing_is_said(text: str) -> None:
    assert guess(text) == ""
