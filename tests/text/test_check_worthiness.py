"""Which sentences are worth a check: what gives them away, what a model adds, and what no text may break."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.assisting import opinions, seed
from newsroom.text.check_worthiness import (
    OPINION,
    WORTH,
    SentenceModel,
    Sign,
    UnusableModel,
    check_worthiness,
    learned,
    signs,
)
from newsroom.text.model_files import sealed
from newsroom.text.sentences import sentences
from tests.text.hostile import TEXTS

SOURCE = Path(__file__).parent.parent.parent / "fixtures" / "source"


@cache
def small(kind: str = OPINION) -> SentenceModel:
    said = [f"Credo che {what} sia una vergogna!" for what in ("il ponte", "la legge", "il piano", "la gara")]
    told = [f"Il comune ha chiuso {what} nel 2019." for what in ("il ponte", "la scuola", "la via", "il bar")]
    return learned([*((one, True) for one in said), *((one, False) for one in told)], kind=kind)


# Measured on the seed article


def test_every_attribution_of_the_seed_article_counts_as_right() -> None:
    found = seed.measure(SOURCE)["attributions"]
    assert (found["with_a_cue"], found["right"], found["found_besides"]) == (7, 7, 0)


def test_the_better_half_of_the_seed_article_has_the_claims_that_matter() -> None:
    found = seed.measure(SOURCE)["worth"]
    assert (found["high"], found["in_first_half_at_best"]) == (18, 18)
    assert found["of_perfect"] >= 0.8


# Signs


@pytest.mark.parametrize(
    ("sentence", "lang", "sign"),
    [
        ("La spesa è salita di 120 milioni di euro.", "it", Sign.FIGURE),
        ("Tre famiglie hanno lasciato la casa.", "it", Sign.FIGURE),
        ("I treni sono più lenti di una bicicletta.", "it", Sign.COMPARISON),
        ("Il ponte fu chiuso nel marzo di allora.", "it", Sign.DATE),
        ("Ne è convinta la ministra Bianchi.", "it", Sign.NAMED_ACTOR),
        ("La giunta ha approvato il bilancio.", "it", Sign.ACT),
        ("Il fiume è uscito a causa delle piogge.", "it", Sign.CAUSE),
        ("La città è la più cara del Paese.", "it", Sign.SUPERLATIVE),
        ("Purtroppo il sindaco tace.", "it", Sign.OPINION),
        ("Chi paga il ponte?", "it", Sign.QUESTION),
        ("Il cantiere finirà presto.", "it", Sign.PREDICTION),
        ("Rents rose by 12 per cent.", "en", Sign.FIGURE),
        ("Trains are slower than bicycles.", "en", Sign.COMPARISON),
        ("The bridge was closed last year.", "en", Sign.DATE),
        ("The council approved the budget.", "en", Sign.ACT),
        ("The river flooded because of the rain.", "en", Sign.CAUSE),
        ("It is the most expensive city.", "en", Sign.SUPERLATIVE),
        ("Sadly the mayor is silent.", "en", Sign.OPINION),
        ("Who pays for the bridge?", "en", Sign.QUESTION),
        ("The works will end soon.", "en", Sign.PREDICTION),
    ],
    ids=[f"{lang}-{number}" for lang, many in (("it", 11), ("en", 9)) for number in range(many)],
)
def test_a_sentence_gives_itself_away(sentence: str, lang: str, sign: Sign) -> None:
    assert sign in signs(sentence, lang=lang)


def test_what_somebody_is_said_to_have_said_is_reported_speech() -> None:
    first, second = check_worthiness("Il sindaco ha detto che il cantiere slitta. Piove da un po'.")
    assert Sign.REPORTED in first.signs and Sign.REPORTED not in second.signs
    assert first.score > second.score


def test_a_figure_is_worth_more_than_a_question_or_an_opinion() -> None:
    text = "La giunta ha speso 12 milioni nel 2019. Chi ha pagato tutto questo? Forse è una vergogna."
    figure, question, opinion = check_worthiness(text)
    assert question.is_question and opinion.is_opinion and not figure.is_opinion
    assert figure.score > max(question.score, opinion.score)
    assert opinion.opinion > figure.opinion


def test_a_name_that_the_newsroom_knows_is_an_actor_at_the_head_of_a_sentence() -> None:
    assert Sign.NAMED_ACTOR not in signs("Velmo vende.")
    assert Sign.NAMED_ACTOR in signs("Velmo vende.", names=["Velmo"])


# What no text may break

# Trained before Hypothesis looks at its watch.
MODELS = {"worth": small(WORTH), "opinions": small()}


@given(TEXTS, st.sampled_from(["it", "en", "en-GB", "ar", ""]), st.booleans())
def test_scores_are_between_0_and_1_and_offsets_those_of_the_sentences(
    text: str, lang: str, with_models: bool
) -> None:
    models = MODELS if with_models else {}
    scored = check_worthiness(text, lang=lang, **models)
    assert [(one.start, one.end) for one in scored] == sentences(text, lang)
    for one in scored:
        assert 0 <= one.score <= 1 and 0 <= one.opinion <= 1
        assert list(one.signs) == [sign for sign in Sign if sign in one.signs]


def test_a_text_in_arabic_has_the_signs_that_need_no_words() -> None:
    scored = check_worthiness(
        "أعلنت الحكومة أن الميزانية بلغت 120 مليون. هذا كل شيء في الوقت الحالي.", lang="ar"
    )
    assert scored and Sign.FIGURE in scored[0].signs
    assert not any(one.is_opinion or one.is_prediction for one in scored)


def test_a_long_text_takes_time_in_proportion() -> None:
    text = ("Il sindaco ha detto che il cantiere slitta di 12 mesi rispetto al 2019. " * 1_400)[:100_000]
    begun = process_time()
    assert len(check_worthiness(text)) > 1_300
    assert process_time() - begun < 10
    for piece in ("parola ", "a", "Aa", "A", "?", "l'", "1", "non è mai ", "più "):
        begun = process_time()
        assert check_worthiness(piece * (100_000 // len(piece)), **MODELS)
        assert process_time() - begun < 10


# What is learned


def test_a_model_knows_what_it_was_taught() -> None:
    model = small()
    assert model.probability("Credo che il bar sia una vergogna!") > 0.6
    assert model.probability("Il comune ha chiuso la gara nel 2019.") < 0.4
    assert model.reads("it-IT") and not model.reads("en")


def test_a_model_changes_scores_and_says_so() -> None:
    text = "Il comune ha chiuso il ponte nel 2019."
    (without,), (with_one,) = check_worthiness(text), check_worthiness(text, worth=small(WORTH))
    assert Sign.LEARNED in with_one.signs and Sign.LEARNED not in without.signs
    assert with_one.score < without.score
    (english,) = check_worthiness(text, lang="en", worth=small(WORTH))
    assert Sign.LEARNED not in english.signs


def test_the_same_examples_give_the_same_model_and_its_file_reads_alike() -> None:
    file = small().to_bytes()
    assert small.__wrapped__().to_bytes() == file
    again = SentenceModel.from_bytes(file)
    assert again.to_bytes() == file
    for sentence in ("Credo di sì!", "", "Il ponte è chiuso.", "🙂"):
        assert again.probability(sentence) == small().probability(sentence)


@pytest.mark.parametrize("taken", [[], [True, True], [False]], ids=["none", "taken", "left"])
def test_one_sort_of_sentences_teaches_nothing(taken: list[bool]) -> None:
    with pytest.raises(ValueError, match="both sorts"):
        learned([("Il ponte è chiuso.", each) for each in taken], kind=WORTH)
    with pytest.raises(ValueError, match="no kind"):
        learned([("Sì.", True), ("No.", False)], kind="colour")


def test_a_poisoned_file_is_refused_with_one_error() -> None:
    file = small().to_bytes()
    head, _, content = file.partition(b"\n")
    poisoned = [
        b"",
        b"\x80\x04cos\nsystem\n",
        file[:-1],
        file + b"x",
        file.replace(b"sentences 1", b"sentences 9"),
        file.replace(b"sentences", b"names"),
        head + b"\n" + bytes(len(content)),
        sealed("sentences", 1, b""),
        sealed("sentences", 1, content[:-9]),
        sealed("sentences", 1, b"\0\0\0\2{}" + content[6:]),
        f"controluce sentences 1 {hashlib.sha256(b'x').hexdigest()}\nx".encode(),
    ]
    for number, each in enumerate(poisoned):
        with pytest.raises(UnusableModel):
            SentenceModel.from_bytes(each)
            pytest.fail(f"poisoned file {number} was read")


def test_opinions_are_measured_on_a_folder_of_the_layout(tmp_path: Path) -> None:
    rows = [
        f'"Credo che il caso {n} sia una vergogna!",SUBJ\n"Il caso {n} è del 2019.",OBJ' for n in range(10)
    ]
    for name in ("train", "test"):
        (tmp_path / f"{name}.csv").write_text("\n".join(["Sentence,Label", *rows]), encoding="utf-8")
    found = opinions.PARTS["opinions/it"].measure(tmp_path)
    assert found["sentences"] == 20
    assert found["learned"]["macro_f1"] == found["learned"]["cross_validated"] == 1.0
    assert opinions.macro_f1([True, True, False, False], [True, False, False, False]) == 0.7333
