"""Which known claims say the same as a sentence, and what is said of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsroom.text.claim_matching import Frequencies, Match, Wording, compared, matches, read, shortlist

CLAIMS = (
    "La diga di Ridracoli fornisce acqua a cinquanta comuni della Romagna.",
    "Il comune di Milano ha speso 12.400 euro per i libri.",
    "Le sigarette elettroniche contengono sostanze cancerogene.",
    "The bridge will open in May.",
)


def found(sentence: str, *claims: str, lang: str = "it") -> list[Match]:
    known = [read(Wording(text, lang)) for text in claims or CLAIMS]
    frequencies = Frequencies.of((said.tokens, said.forms) for said in known)
    return matches(read(Wording(sentence, lang)), enumerate(known), frequencies)


def test_other_forms_of_the_words_find_the_claim() -> None:
    assert found("Cinquanta comuni romagnoli bevono dalle dighe di Ridracoli")[0].key == 0


def test_the_very_words_score_most() -> None:
    for key, text in enumerate(CLAIMS):
        best = found(text)[0]
        assert best.key == key
        assert best.score > 0.75


def test_a_misspelt_name_finds_it_too() -> None:
    assert found("Ridraccoli")[0].key == 0


def test_what_is_in_common_is_shown_as_the_sentence_has_it() -> None:
    match = found("Spesi 12400 euro a Milano: erano libri https://example.org/romagna")[0]
    assert (match.key, match.figures, match.names) == (1, ("12400",), ("Milano",))
    assert "libri" in match.words


def test_other_figures_are_said() -> None:
    assert found("Milano ha speso 900 euro per i libri")[0].figures_differ
    assert not found("Milano ha speso 12.400 euro per i libri")[0].figures_differ
    assert not found("Milano ha speso molto per i libri")[0].figures_differ


def test_not_on_one_side_only_is_said() -> None:
    assert found("La diga di Ridracoli non fornisce acqua alla Romagna")[0].negation_differs
    assert found("The bridge won't open in May", CLAIMS[3], lang="en")[0].negation_differs
    assert not found("La diga di Ridracoli fornisce acqua alla Romagna")[0].negation_differs


def test_a_hashtag_is_read_as_its_words() -> None:
    assert found("#DigaDiRidracoli")[0].key == 0


def test_a_name_of_glued_words_is_shown_as_it_is_written() -> None:
    asked, claim = read(Wording("Secondo OpenAI è falso.", "it")), read(Wording("OpenAI risponde.", "it"))
    assert compared(asked, claim, key=0, score=1.0).names == ("OpenAI",)


def test_of_equals_the_oldest_comes_first() -> None:
    assert [match.key for match in found(CLAIMS[0], CLAIMS[0], CLAIMS[0])] == [0, 1]


def test_a_shortlist_has_those_that_share_most() -> None:
    assert shortlist([(2.0, [7, 3]), (1.0, [3, 9])], 2) == [3, 7]


#: Weights of which sums differ by what a computer rounds, or by more.
WEIGHTS = st.sampled_from([0.1, 0.2, 0.3, 0.30000000000000004, 1.0, 1.1])


@given(
    st.lists(st.tuples(WEIGHTS, st.lists(st.integers(1, 30), unique=True)), max_size=8),
    st.integers(0, 12),
)
def test_a_shortlist_is_the_first_of_all_in_their_order(hits, most) -> None:
    whole = shortlist(hits, 1000)
    assert len(whole) == len({key for _weight, keys in hits for key in keys})
    assert shortlist(hits, most) == whole[:most]


@given(st.text(max_size=200), st.sampled_from(["it", "en", "ar", "", "it-CH"]))
def test_whatever_is_asked_scores_are_between_nothing_and_all(text: str, lang: str) -> None:
    known = [read(Wording(claim, "it")) for claim in (*CLAIMS, text)]
    frequencies = Frequencies.of((said.tokens, said.forms) for said in known)
    scored = matches(read(Wording(text, lang)), enumerate(known), frequencies)
    assert all(0 < match.score <= 1 for match in scored)
    assert [match.score for match in scored] == sorted((match.score for match in scored), reverse=True)
