from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.sentences import SHORT_QUOTATION, sentence_around, sentences
from tests.text.hostile import TEXTS

LANGUAGES = st.sampled_from(["it", "en", "de", "it-IT", "en-GB", "ar", ""])
# Prose is what breaks a splitter: stops, marks and capitals in every order.
PIECES = st.sampled_from(
    ["Il sig.", "Rossi", "n. 4", "ecc.", "U.S.", "G.", "a.C.", "«", "»", '"', "“", "”", "’", "'", ".", "...",
     "…", "!", "?", ",", " ", "  ", "\n", "3.14", "parola", "Parola", "è", "È", "(", ")", "Mr.", "e.g.", "😀"]
)  # fmt: skip
PROSE = st.lists(PIECES, max_size=30).map(" ".join)

ITALIAN = [
    "Il sig. Rossi è arrivato.|L'on. Bianchi no.",
    "Il dott. Verdi e la dott.ssa Neri tacciono.|Il prof. G. Parisi parla.",
    "L'avv. M. Bianchi difende la S.p.A. Rossi.|Ha detto di no.",
    "Lo dice l'art. 5 della legge n. 104 del 1992.|Poi basta.",
    "Il comma 2, lett. b), dell'art. 3 c.p. lo prevede.|Non altro.",
    "Vedi pag. 12, cap. 3, fig. 2 e vol. 4.|Fine.",
    "Ha risposto di no.|Il sindaco tace.",
    "Ha detto di no.|10 persone sono uscite.",
    "I costi (p.es. affitti, bollette ecc.) crescono.|Non è finita.",
    "Frutta, verdura ecc.|Il mercato è aperto.",
    "Frutta, verdura ecc. sono rincarate.",
    "J. R. R. Tolkien scrisse molto.|C. S. Lewis pure.",
    "J.-P. Sartre rifiutò il Nobel.|Il piano B.|La Germania esita.",
    "Nel 300 a.C. Roma era piccola.|Nel 100 d.C. era grande.",
    "Gli U.S.A. hanno detto no.|Anche la Cina.",
    "Il prezzo è 3.14 euro.|Era 1.200,50 un anno fa.",
    "Il 12.05.2023 è nato.|Alle 15.30 è partito.",
    "Il 31 dic. 2020 scade.|Il 1. maggio si festeggia.",
    "Morì il 5 maggio 1821.|Aveva 51 anni.",
    "Aspettava... poi se ne andò.|Era tardi…|Molto tardi.",
    "Che cosa?|«Niente!» rispose.|E poi?",
    "«Non ci sto. Me ne vado», ha detto.|Poi è uscito.",
    "«Non ci sto. Me ne vado.»|Poi è uscito.",
    "“Non ci sto. Me ne vado”, ha detto Rossi.|Poi è uscito.",
    '"Non ci sto. Me ne vado", ha detto Rossi.|Poi è uscito.',
    "Lo disse (era il 1990. O il 1991).|Nessuno rispose.",
    "Integra Llama 2 in watsonx.ai.|IBM lo conferma.",
    "Vedi www.example.it.|Poi torna.",
    "S. Maria Novella è chiusa.|Il card. Zuppi lo sa.",
]
ENGLISH = [
    "Mr. Smith left.|Mrs. Jones and Ms. Brown stayed.",
    "Dr. J. Watson met Prof. Moriarty in St. Louis.|It rained.",
    "The U.S. Senate voted.|It came from the U.S.|The vote was close.",
    "Buy fruit, e.g. apples, i.e. red ones.|Eat them.",
    "Sen. Warren, Gov. Newsom and Gen. Milley agreed.|Done.",
    "Acme Inc. fell.|No. 10 Downing St. is closed.",
    "He earned $3.5 million.|It fell 2.7% in Jan. 2020.",
    "At 5 p.m. he left.|At 6 a.m. Monday he returned at 7 p.m.|She stayed.",
    "He counted to ten.|Then he left.",
    "He waited...|Then he left.|She said: “No.”|And left.",
    "“I won't go. Never,” he said.|Then he left.",
    "He said ‘I can’t. Really.’|Then he left.",
    "Is it?|“Yes!” she cried.|OK.",
]


def parted(text: str, lang: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, lang)]


@pytest.mark.parametrize("marked", ITALIAN)
def test_italian_is_parted_where_its_sentences_end(marked: str) -> None:
    assert parted(marked.replace("|", " "), "it") == marked.split("|")


@pytest.mark.parametrize("marked", ENGLISH)
def test_english_is_parted_where_its_sentences_end(marked: str) -> None:
    assert parted(marked.replace("|", " "), "en") == marked.split("|")


def test_a_block_ends_every_sentence_even_behind_an_abbreviation() -> None:
    assert parted("Il sig.\nRossi «tace.\nE va»", "it") == ["Il sig.", "Rossi «tace.", "E va»"]


def test_a_long_quotation_is_parted_into_its_sentences() -> None:
    words = "Questa è una frase detta da qualcuno. "
    short = f"«{words * 3}», ha detto."
    long = f"«{words * (SHORT_QUOTATION // len(words) + 1)}Fine», ha detto."
    assert len(sentences(short)) == 1
    assert parted(long, "it")[-1] == "Fine», ha detto."


def test_other_languages_are_left_to_the_library() -> None:
    assert parted("Hr. Meier kam z.B. am 3. Mai. Er ging.", "de") == [
        "Hr. Meier kam z.B. am 3. Mai.",
        "Er ging.",
    ]


@given(st.one_of(TEXTS, PROSE), LANGUAGES)
def test_sentences_are_the_text_but_for_blanks_and_never_cross_a_block(text: str, lang: str) -> None:
    found = sentences(text, lang)
    at = 0
    for start, end in found:
        assert at <= start < end <= len(text)
        assert text[at:start].strip() == ""
        assert "\n" not in text[start:end]
        assert text[start:end] == text[start:end].strip()
        at = end
    assert text[at:].strip() == ""
    assert sentences(text, lang) == found


@given(PROSE, PROSE, LANGUAGES)
def test_a_block_is_parted_alike_whatever_stands_beside_it(one: str, other: str, lang: str) -> None:
    # A mark that is open at the end of a block may be taken up by the next: these are not.
    one, other = one.replace("\n", " ").strip('«“"'), "x" + other.replace("\n", " ")
    moved = [(start + len(one) + 1, end + len(one) + 1) for start, end in sentences(other, lang)]
    assert sentences(f"{one}\n{other}", lang) == sentences(one, lang) + moved


@given(PROSE, st.data())
def test_the_sentence_around_a_selection_holds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = sentence_around(text, start, end)
    assert first <= start <= end <= last


@pytest.mark.parametrize(
    "text",
    ["Il sig. Rossi ha detto di no. " * 5000, "«" * 100_000, "." * 100_000, '"\'' * 50_000, "A. " * 40_000,
     "« a. » " * 20_000, "😀" * 100_000, "a! " * 40_000, "a . " * 30_000, "a.b." * 30_000],
    ids=range(10),
)  # fmt: skip
@pytest.mark.parametrize("lang", ["it", "de"])
def test_a_hundred_thousand_characters_of_anything_are_parted_at_once(text: str, lang: str) -> None:
    began = process_time()
    sentences(text, lang)
    assert process_time() - began < 3  # milliseconds are measured in benchmarks/; this stops a quadratic
