from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pytest

from newsroom.text.reanchoring import Fate, State, reanchor
from tests.text.revisions import ENGLISH, ITALIAN, edited, ends, fate_of, place


@dataclass(frozen=True)
class Example:
    """``words`` of ``text`` become ``then`` (None: nothing) after the edits."""

    name: str
    text: str
    words: str
    edits: tuple[tuple[str, str], ...]
    then: str | None
    state: State
    needs_check: bool = False


LAST_ITALIAN = ITALIAN.rpartition("\n")[2]
LAST_ENGLISH = ENGLISH.rpartition("\n")[2]
EXAMPLES = [
    Example(
        "unchanged, the text before it grew",
        ITALIAN,
        "Non sono previsti tagli",
        (("La giunta regionale ha", "Con tre voti di scarto, nella notte, la giunta regionale ha"),),
        "Non sono previsti tagli",
        State.EXACT,
    ),
    Example(
        "unchanged, a sentence went before it",
        ENGLISH,
        "Residents disagree.",
        ((" Nobody will lose their job, according to the budget office.", ""),),
        "Residents disagree.",
        State.EXACT,
    ),
    Example(
        "normalised quotes and apostrophes",
        ITALIAN,
        "«i pronto soccorso sono al collasso» e chiede una commissione d’inchiesta",
        (("«i pronto", '"i pronto'), ("collasso»", 'collasso"'), ("d’inchiesta", "d'inchiesta")),
        '"i pronto soccorso sono al collasso" e chiede una commissione d\'inchiesta',
        State.EXACT,
    ),
    Example(
        "normalised blanks and case",
        ENGLISH,
        "central branch has welcomed",
        (("central branch has", "Central Branch\u00a0has  "),),
        "Central Branch\u00a0has   welcomed",
        State.EXACT,
    ),
    Example(
        "a word corrected",
        ITALIAN,
        "la spesa sanitaria crescerà di 120 milioni di euro",
        (("crescerà", "aumenterà"),),
        "la spesa sanitaria aumenterà di 120 milioni di euro",
        State.ALTERED,
    ),
    Example(
        "a typing error corrected",
        ENGLISH,
        "the closures hurt children first, and parents plan to march next week",
        (("closures", "closure"),),
        "the closure hurt children first, and parents plan to march next week",
        State.ALTERED,
    ),
    Example(
        "half of the sentence rewritten",
        ENGLISH,
        "many of them students without a quiet room at home",
        (("many of them students without", "among them pupils and students who have no place like"),),
        "among them pupils and students who have no place like a quiet room at home",
        State.ALTERED,
        True,
    ),
    Example(
        "half of the sentence rewritten, in Italian",
        ITALIAN,
        "Nelle corsie mancano almeno trecento infermieri",
        (("mancano almeno", "ci sarebbe bisogno subito di altri"),),
        "Nelle corsie ci sarebbe bisogno subito di altri trecento infermieri",
        State.ALTERED,
        True,
    ),
    Example(
        "the first words replaced",
        ITALIAN,
        "Il consigliere Rossi sostiene",
        (("Il consigliere Rossi", "Il capogruppo Rossi"),),
        "Il capogruppo Rossi sostiene",
        State.ALTERED,
        True,
    ),
    Example(
        "the first word of a paragraph replaced",
        ENGLISH,
        "Librarians point to rising numbers of visitors",
        (("Librarians", "Staff members"),),
        "Staff members point to rising numbers of visitors",
        State.ALTERED,
        True,
    ),
    Example(
        "the last word replaced",
        ENGLISH,
        "to close three public libraries",
        (("libraries.", "reading rooms."),),
        "to close three public reading rooms",
        State.ALTERED,
        True,
    ),
    Example(
        "a paragraph went to the front",
        ITALIAN,
        "Nelle corsie mancano almeno trecento infermieri",
        (("\n" + LAST_ITALIAN, ""), ("La giunta regionale ha", LAST_ITALIAN + "\nLa giunta regionale ha")),
        "Nelle corsie mancano almeno trecento infermieri",
        State.MOVED,
    ),
    Example(
        "a paragraph went to the front, with its full stop",
        ENGLISH,
        "Librarians point to rising numbers of visitors.",
        (("\n" + LAST_ENGLISH, ""), ("The city council voted", LAST_ENGLISH + "\nThe city council voted")),
        "Librarians point to rising numbers of visitors.",
        State.MOVED,
    ),
    Example(
        "a paragraph went to the front and lost a word",
        ENGLISH,
        "Since 2019 the central branch has welcomed a third more readers",
        (
            ("\n" + LAST_ENGLISH, ""),
            ("The city council voted", LAST_ENGLISH + "\nThe city council voted"),
            ("the central branch", "the branch"),
        ),
        "Since 2019 the branch has welcomed a third more readers",
        State.ALTERED,
    ),
    Example(
        "deleted",
        ITALIAN,
        "I sindacati annunciano uno sciopero",
        (("I sindacati annunciano uno sciopero per il 12 maggio. ", ""),),
        None,
        State.ORPHANED,
    ),
    Example(
        "replaced by something else",
        ENGLISH,
        "Nobody will lose their job",
        (
            (
                "Nobody will lose their job, according to the budget office.",
                "Opening hours elsewhere are to be extended until nine in the evening.",
            ),
        ),
        None,
        State.ORPHANED,
    ),
    Example(
        "deleted, while the same words stand elsewhere",
        ITALIAN,
        "giunta regionale respinge",
        ((" La giunta regionale respinge le accuse.", ""),),
        None,
        State.ORPHANED,
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_span_becomes_what_the_edit_made_of_it(example: Example) -> None:
    new = edited(example.text, *example.edits)
    fate = fate_of(example.words, example.text, new)
    assert fate.state == example.state
    assert fate.needs_check is example.needs_check
    if example.then is None:
        assert (fate.start, fate.end) == (None, None)
    else:
        assert (fate.start, fate.end) == place(new, example.then)


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        (ITALIAN, "giunta regionale", " La giunta regionale respinge le accuse."),
        (ENGLISH, "city council", " The city council has not answered the petition."),
    ],
)
def test_a_repeated_name_goes_with_its_own_sentence(text: str, name: str, sentence: str) -> None:
    first, second = text.index(name), text.rindex(name)
    spans = [(first, first + len(name)), (second, second + len(name))]
    longer = "In breve.\n" + text
    assert [fate.start for fate in reanchor(text, longer, spans)] == [first + 10, second + 10]
    shorter = text.replace(sentence, "")
    kept, gone = reanchor(text, shorter, spans)
    assert (kept.state, kept.start) == (State.EXACT, first)
    assert gone.state == State.ORPHANED
    assert [(candidate.start, candidate.end) for candidate in gone.candidates] == [spans[0]]


@pytest.mark.parametrize(
    ("text", "words", "before", "after"),
    [
        (ITALIAN, "la spesa sanitaria crescerà di 120 milioni di euro", "120", "12"),
        (ITALIAN, "la spesa sanitaria crescerà di 120 milioni di euro", "120 milioni", "120 miliardi"),
        (ITALIAN, "uno sciopero per il 12 maggio", "maggio", "giugno"),
        (ITALIAN, "Non sono previsti tagli agli ospedali di montagna", "Non sono", "Sono"),
        (ITALIAN, "Secondo l’assessora Bianchi la spesa sanitaria", "Bianchi", "Bianca"),
        (ITALIAN, "i turni superano spesso le dodici ore", "superano", "non superano"),
        (ENGLISH, "would save 4.5 million dollars a year", "4.5", "45"),
        (ENGLISH, "would save 4.5 million dollars a year", "4.5", "4,5"),
        (ENGLISH, "would save 4.5 million dollars a year", "would", "wouldn't"),
        (ENGLISH, "The city council voted on Tuesday to close", "Tuesday", "Thursday"),
        (ENGLISH, "Mayor Green said the decision would save", "Green", "Greene"),
        (ENGLISH, "a third more readers", "a third", "a half"),
    ],
)
def test_a_changed_number_date_negation_or_name_is_for_a_person(
    text: str, words: str, before: str, after: str
) -> None:
    new = edited(text, (words, words.replace(before, after)))
    fate = fate_of(words, text, new)
    assert (fate.state, fate.needs_check, fate.reason) == (State.ALTERED, True, "facts")
    assert new[fate.start : fate.end] == words.replace(before, after)


def test_few_words_whose_neighbours_are_gone_are_for_a_person() -> None:
    old = (
        "Nel porto entrano ogni giorno navi da carico cinesi dirette a Trieste, scrive la capitaneria di "
        "Porto Vecchio in una nota breve."
    )
    new = (
        "Per i lavori al tunnel serviranno altri fondi pubblici, stima il ministero: le navi da carico "
        "cinesi aspettano al largo."
    )
    fate = fate_of("navi da carico cinesi", old, new)
    assert (fate.state, fate.needs_check, fate.reason) == (State.EXACT, True, "neighbours")
    assert ends(fate) == place(new, "navi da carico cinesi")


def test_the_like_of_lost_words_is_proposed_but_not_taken() -> None:
    words = "Appeals Request Form of the council"
    old = f"{words} is online.\n" + ENGLISH
    new = ENGLISH + "\nThe apeals request forms of the council are closed."
    fate = fate_of(words, old, new)
    assert (fate.state, fate.start, fate.reason) == (State.ORPHANED, None, "gone")
    best = fate.candidates[0]
    assert new[best.start : best.end] == "apeals request forms of the council"
    assert 0.75 < best.score < 1


LATEST_REWRITTEN = (
    "Secondo il comunicato i sindacati annunciano uno sciopero per il 12 maggio, davanti alla Regione. Nelle "
    "corsie mancano trecento infermieri."
)


@pytest.mark.parametrize(
    ("words", "then", "state"),
    [
        ("sindacati", "sindacati", State.MOVED),
        ("12 maggio", "12 maggio", State.MOVED),
        ("infermieri", "infermieri", State.MOVED),
        ("corsie mancano almeno trecento", "corsie mancano trecento", State.ALTERED),
        ("turni", None, State.ORPHANED),
    ],
)
def test_names_go_along_with_a_passage_that_was_rewritten_and_moved(
    words: str, then: str | None, state: State
) -> None:
    new = LATEST_REWRITTEN + "\n" + ITALIAN.rpartition("\n")[0]
    fate = fate_of(words, ITALIAN, new)
    assert fate.state == state
    if then:
        assert ends(fate) == place(new, then)


def test_of_two_passages_alike_the_one_that_stays_alike_for_longer_is_followed() -> None:
    rule = "Chi abita in città può chiedere un rimborso entro trenta giorni all’ufficio di via Roma."
    like = "Chi abita in città può chiedere un rimborso entro trenta anni."
    rest = "Il servizio è gratuito. Gli uffici restano chiusi ad agosto, e il personale è poco.\n" + ITALIAN
    changed = rule.replace("rimborso", "sussidio")
    for new in (f"{rest}\n{like}\n{changed}", f"{rest}\n{changed}\n{like}"):
        fate = fate_of("abita in città", f"{rule}\n{rest}", new)
        assert (fate.state, fate.start) == (State.MOVED, new.index("abita in città", new.index(changed)))


def test_a_word_that_ends_a_moved_passage_is_not_held_by_the_order() -> None:
    first = "Il comune sceglie programmi aperti, come alternativa ai modelli proprietari di Agora."
    second = "La fondazione teme chi sta presso Agora."
    third = "Una collaborazione con la rete civica ha dato sicurezza agli uffici della provincia."
    old = "\n".join([ENGLISH, first, ITALIAN, f"{second} {third}"])
    first_now, third_now = (
        first.replace("proprietari ", ""),
        third.replace("Una collaborazione", "Questa intesa"),
    )
    new = "\n".join([ENGLISH, ITALIAN, first_now, third_now])
    spans = [(start := old.index("Agora", old.index(passage)), start + 5) for passage in (first, second)]
    moved, gone = reanchor(old, new, spans)
    assert (moved.state, moved.start) == (State.MOVED, new.index("Agora"))
    assert gone.state == State.ORPHANED


@pytest.mark.parametrize(
    ("order", "goes"), [((1, 0, 2), "L’opposizione contesta"), ((0, 2, 1), "I sindacati annunciano")]
)
def test_of_two_paragraphs_that_changed_places_the_lighter_one_moved(
    order: tuple[int, ...], goes: str
) -> None:
    paragraphs = ITALIAN.split("\n")
    new = "\n".join(paragraphs[n] for n in order)
    beginnings = ("La giunta regionale ha", "L’opposizione contesta", "I sindacati annunciano")
    states = {words: fate_of(words, ITALIAN, new).state for words in beginnings}
    assert states == dict.fromkeys(beginnings, State.EXACT) | {goes: State.MOVED}


def test_of_a_passage_that_stands_twice_in_a_row_nobody_knows_which_one_stayed() -> None:
    passage = "Il sindaco non ha risposto alle domande del nostro giornale."
    once = f"La gara è stata vinta da una ditta di Udine. {passage}\nI lavori cominciano in aprile."
    other = "Anche la seconda gara ha avuto un solo concorrente."
    twice = once.replace("\n", f"\n{other} {passage}\n")
    for words in (passage, "sindaco"):
        fate = fate_of(words, once, twice)
        assert (fate.state, fate.needs_check, fate.reason) == (State.EXACT, True, "twice")
        second = twice.rindex(words)
        assert [(other.start, other.end) for other in fate.candidates] == [(second, second + len(words))]
    assert fate_of("una ditta di Udine", once, twice).reason == ""


def test_if_one_of_two_equal_passages_in_a_row_goes_it_may_be_either() -> None:
    passage = "Il sindaco non ha risposto alle domande del nostro giornale."
    once = f"La gara è stata vinta da una ditta di Udine. {passage}\nI lavori cominciano in aprile."
    other = "Anche la seconda gara ha avuto un solo concorrente."
    twice = once.replace("\n", f"\n{other} {passage}\n")
    for words in (passage, "sindaco"):
        first, second = twice.index(words), twice.rindex(words)
        spans = [(first, first + len(words)), (second, second + len(words))]
        there = (once.index(words), once.index(words) + len(words))
        for fate in reanchor(twice, once, spans):
            assert (fate.state, fate.needs_check) == (State.ORPHANED, False)
            assert [(place.start, place.end) for place in fate.candidates] == [there]
        assert reanchor(twice, once, spans)[0].reason == "twice"
    assert fate_of("una ditta di Udine", twice, once).reason == ""


def test_a_name_stands_though_all_that_was_next_to_it_was_taken_out() -> None:
    rest = "You will hear well in advance about the date and the room, and guests are welcome."
    lost = "Staff brings friends and good cakes every month."
    old = f"{ENGLISH}\nTown hall\n{lost}\n{rest}"
    new = f"Parking is free behind the church on Sundays, and dear otherwise.\nWear a hat.\nTown hall\n{rest}"
    fate = fate_of("Town hall", old, new)
    assert (fate.state, ends(fate)) == (State.EXACT, place(new, "Town hall"))


def test_a_passage_that_ended_with_its_sentence_still_does() -> None:
    old = "Per informazioni si può scrivere all’indirizzo info@comune.it.\nIl bando scade a luglio."
    new = "Per informazioni si può telefonare al numero verde del comune.\nIl bando scade a luglio."
    fate = fate_of("Per informazioni si può scrivere all’indirizzo info@comune.it", old, new)
    assert ends(fate) == place(new, "Per informazioni si può telefonare al numero verde del comune")
    longer = new.replace("comune.", "comune. (La linea è aperta dalle nove.)")
    fate = fate_of("si può scrivere all’indirizzo info@comune.it.", old, longer)
    assert ends(fate) == place(longer, "si può telefonare al numero verde del comune.")


def test_words_that_went_elsewhere_do_not_cut_the_place_of_the_others() -> None:
    goes = ", le opere d’arte, i libri rari"
    old = f"Restano fuori i beni mobili{goes} e gli strumenti musicali a corda di chi ricorre in tempo."
    new = old.replace(goes, "") + "\nUna legge protegge le opere d’arte, i libri rari e i disegni."
    fate = fate_of(f"i beni mobili{goes} e gli strumenti musicali a corda", old, new)
    assert fate.state == State.ALTERED
    assert ends(fate) == place(new, "i beni mobili e gli strumenti musicali a corda")


def test_no_spans_have_no_fates() -> None:
    assert reanchor(ITALIAN, ENGLISH, []) == []


@pytest.mark.parametrize("new", ["", " ", "\n\n"])
def test_in_an_empty_text_everything_is_an_orphan(new: str) -> None:
    fates = reanchor(ITALIAN, new, [(0, 9), (10, 60), (0, len(ITALIAN))])
    assert [(fate.state, fate.start, fate.end) for fate in fates] == [(State.ORPHANED, None, None)] * 3


def test_an_empty_text_has_only_the_empty_span() -> None:
    assert reanchor("", ITALIAN, [(0, 0)]) == [Fate(State.ORPHANED, None, None, 0.0, reason="blank")]


def test_no_words_are_nowhere() -> None:
    new = "Prima. " + ITALIAN
    end_of_line = ITALIAN.index("\n")
    for span in [(5, 5), (2, 3), (end_of_line, end_of_line + 1)]:
        assert reanchor(ITALIAN, new, [span])[0].state == State.ORPHANED


@pytest.mark.parametrize("span", [(-1, 3), (3, 2), (0, len(ITALIAN) + 1)])
def test_a_span_outside_the_text_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="is no place in a text"):
        reanchor(ITALIAN, ENGLISH, [span])


def test_the_unicode_form_does_not_count() -> None:
    decomposed = unicodedata.normalize("NFD", ITALIAN)
    words = "la spesa sanitaria crescerà di 120 milioni di euro. Non sono previsti tagli"
    there = fate_of(words, ITALIAN, decomposed)
    assert (there.state, there.reason, there.needs_check) == (State.EXACT, "normalised", False)
    assert decomposed[there.start : there.end] == unicodedata.normalize("NFD", words)
    back = reanchor(decomposed, ITALIAN, [(there.start, there.end)])[0]
    assert (back.start, back.end) == place(ITALIAN, words)


def test_offsets_are_code_points_beside_emoji() -> None:
    old = "Applausi 👏🏽👏🏽 in aula 🇮🇹. La legge è passata con 97 voti 🎉🎉."
    new = "🎉 Applausi 👏🏽👏🏽👨‍👩‍👧 in aula 🇮🇹🇪🇺. La legge è passata con 97 voti 🎉🎉🎉."
    fate = fate_of("La legge è passata", old, new)
    assert (fate.state, fate.start, fate.end) == (State.EXACT, *place(new, "La legge è passata"))
    fate = fate_of("👏🏽👏🏽 in aula", old, new)
    assert new[fate.start : fate.end] == "👏🏽👏🏽👨‍👩‍👧 in aula"


def test_a_span_that_cuts_a_word_cuts_the_same_word() -> None:
    new = edited(ITALIAN, ("ieri il", "ieri sera il"))
    assert new[slice(*ends(fate_of("ancio di previs", ITALIAN, new)))] == "ancio di previs"
    longer = edited(ITALIAN, ("previsione", "previsioni triennali"))
    assert longer[slice(*ends(fate_of("ancio di previs", ITALIAN, longer)))] == "ancio di previsioni"


def test_blanks_at_the_ends_of_a_span_are_kept() -> None:
    new = "Prima. " + ITALIAN
    fate = fate_of(" consigliere Rossi sostiene ", ITALIAN, new)
    assert (fate.state, fate.reason) == (State.EXACT, "")
    assert new[fate.start : fate.end] == " consigliere Rossi sostiene "


def test_swapped_texts_give_fates_the_other_way_round() -> None:
    new = edited(ITALIAN, ("L’opposizione", "Nel merito, l’opposizione"), ("trecento", "duecento"))
    for words in ("respinge le accuse", "una commissione d’inchiesta", "Secondo l’assessora Bianchi"):
        there = fate_of(words, ITALIAN, new)
        back = reanchor(new, ITALIAN, [ends(there)])[0]
        assert (there.state, back.state) == (State.EXACT, State.EXACT)
        assert ends(back) == place(ITALIAN, words)
