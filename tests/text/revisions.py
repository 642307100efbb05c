"""Two articles, what an editor may do to them, and what is asked of where their words went."""

from __future__ import annotations

import resource
import sys
import unicodedata
from time import process_time

from hypothesis import strategies as st

from newsroom.text.reanchoring import Fate, reanchor
from tests.text.hostile import TEXTS

ITALIAN = (
    "La giunta regionale ha approvato ieri il bilancio di previsione. Secondo l’assessora Bianchi la spesa "
    "sanitaria crescerà di 120 milioni di euro. Non sono previsti tagli agli ospedali di montagna.\n"
    "L’opposizione contesta i numeri. Il consigliere Rossi sostiene che «i pronto soccorso sono al collasso» "
    "e chiede una commissione d’inchiesta. La giunta regionale respinge le accuse.\n"
    "I sindacati annunciano uno sciopero per il 12 maggio. Nelle corsie mancano almeno trecento infermieri, "
    "e i turni superano spesso le dodici ore."
)
ENGLISH = (
    "The city council voted on Tuesday to close three public libraries. Mayor Green said the decision would "
    "save 4.5 million dollars a year. Nobody will lose their job, according to the budget office.\n"
    "Residents disagree. A petition signed by 9,000 people says the closures hurt children first, and "
    "parents plan to march next week. The city council has not answered the petition.\n"
    "Librarians point to rising numbers of visitors. Since 2019 the central branch has welcomed a third more "
    "readers, many of them students without a quiet room at home."
)


def place(text: str, words: str) -> tuple[int, int]:
    assert text.count(words) == 1, f"{words!r} must stand once"
    return text.index(words), text.index(words) + len(words)


def edited(text: str, *edits: tuple[str, str]) -> str:
    for before, after in edits:
        start, end = place(text, before)
        text = text[:start] + after + text[end:]
    return text


def fate_of(words: str, old: str, new: str) -> Fate:
    return reanchor(old, new, [place(old, words)])[0]


def ends(fate: Fate) -> tuple[int, int]:
    assert fate.start is not None and fate.end is not None
    return fate.start, fate.end


def spans_of(text: str) -> st.SearchStrategy[tuple[int, int]]:
    offsets = st.integers(0, len(text))
    return st.tuples(offsets, offsets).map(lambda pair: (min(pair), max(pair)))


_WORDS = st.sampled_from(
    "la il di non 7 1.250 maggio Rossi bilancio bilanci crescerà 😀 the not Monday petition … “ ” ’".split()
)
_QUOTES = str.maketrans("’“”«»'\"–-", '\'""""’“-–')
_BLANKS = st.sampled_from(["  ", "\u00a0", "\n", "\t", "\u2009", "\n\n"])
_EDITS = (
    "put in",
    "take out",
    "replace",
    "move",
    "copy",
    "swap",
    "blanks",
    "quotes",
    "case",
    "form",
    "break",
)


@st.composite
def edits(draw: st.DrawFn, text: str) -> str:
    """The text after one edit as a person, or a careless program, makes it."""
    start, end = draw(spans_of(text))
    end = min(end, start + draw(st.integers(0, 120)))
    before, piece, behind = text[:start], text[start:end], text[end:]
    match draw(st.sampled_from(_EDITS)):
        case "put in":
            return f"{before} {' '.join(draw(st.lists(_WORDS, max_size=8)))} {piece}{behind}"
        case "take out":
            return before + behind
        case "replace":
            return before + " ".join(draw(st.lists(_WORDS | TEXTS, max_size=4))) + behind
        case "move":
            target = draw(st.integers(0, len(before + behind)))
            return (before + behind)[:target] + piece + (before + behind)[target:]
        case "copy":
            target = draw(st.integers(0, len(text)))
            return text[:target] + piece + text[target:]
        case "swap":
            return "\n".join(draw(st.permutations(text.split("\n"))))
        case "blanks":
            return before + piece.replace(" ", draw(_BLANKS)) + behind
        case "quotes":
            return before + piece.translate(_QUOTES) + behind
        case "case":
            return before + piece.swapcase() + behind
        case "form":
            return before + unicodedata.normalize("NFD", piece) + behind
        case _:
            return f"{before}\n{piece}{behind}"


def cost_of(old: str, new: str, spans: list[tuple[int, int]]) -> tuple[list[Fate], float, float]:
    """The fates, and the seconds of CPU and megabytes they took. For a process that did nothing else."""
    memory, began = _most_memory(), process_time()
    fates = reanchor(old, new, spans)
    return fates, process_time() - began, _most_memory() - memory


def _most_memory() -> float:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_000_000 if sys.platform == "darwin" else 1_000)
