"""Where sentences begin and end.

The problem is the full stop. It ends a sentence, shortens a word («sig.», “e.g.”), stands for a name («G.»),
parts digits, and does two of these at once («…affitti, bollette ecc. Il Comune…»). A model learns this and
is heavy, and not the same tomorrow; a browser's segmenter breaks after «on.»; a regular expression of one's own
learns abbreviations one complaint at a time. So a well-kept splitter with word lists for many languages decides
(Wikimedia's sentencex), and this module decides before it where it can see more: for Italian and English, after
the abbreviations of a newsroom, between initials, around quotation marks. Only where it has nothing to say is the
library asked. It is asked about short pieces, because its time grows with the square of their length.

A sentence never crosses a line feed: canonical text has one between blocks. A short quotation stays whole, with
the words that introduce it: «Non ci sto. Me ne vado», ha detto. In a long one each sentence is one by itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right

import sentencex

from .quotations import quotations

#: A quotation longer than this, in characters, is parted into its sentences.
SHORT_QUOTATION = 300
#: What the library is given at once. A "sentence" that is longer than this is layout.
_PIECE = 2_000

# What may end a sentence, the marks that close behind it, the blanks after it.
# Nothing here is tried twice: a line of nothing but stops is walked once.
_STOP = re.compile(r"(?<![.!?…])(?P<stop>[.!?…]++)(?P<closing>[\"'»”’›)\]]*+)\s++(?=\S)")
_WORD_BEFORE = re.compile(r"[^\s(\[«“\"'‘’]*$")
_NEXT_WORD = re.compile(r"[(\[«“„\"'‘—–-]*\s?(?P<word>[^\W_]+)?")
_INITIAL = re.compile(r"(?:[A-ZÀ-Þ]\.-?)*[A-ZÀ-Þ]\.")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.){2,}", re.IGNORECASE)

#: Never the last word of a sentence: a name follows.
_BEFORE_A_NAME = {
    "it": frozenset(
        "sig sigg sigra sig.ra sig.na sig.re sig.ri gent gent.mo gent.ma egr spett dott dott.ssa dr dr.ssa prof "
        "prof.ssa proff avv avv.ti avv.to ing arch geom rag on onn on.le sen cav comm cav.lav uff gen col ten cap magg "
        "mar brig app serg m.llo amm com card mons don d p s ss fra rev em em.za s.e s.em s.m min pres vicepres ass "
        "cons segr dir ill ill.mo v.le p.za p.zza c.so l.go loc fraz st mr mrs ms".split()
    ),
    "en": frozenset(
        "mr mrs ms mx messrs mmes dr prof rev fr sr br hon rep reps sen sens gov govs gen col capt cpl cmdr lt sgt maj "
        "adm pvt supt det insp pres st mt ft".split()
    ),
}
#: Not the last word where a number follows, or a small letter.
_BEFORE_A_NUMBER = {
    "it": frozenset(
        "n nn nr num art artt lett cap capp pag pagg p pp vol voll fig figg tab tav ca c tel all par sez op fasc ed "
        "v vv ss f ff gen feb mar apr mag giu lug ago set sett ott nov dic max min sgg segg circ".split()
    ),
    "en": frozenset(
        "n no nos num art p pp vol vols fig figs c ca tel par op ed eds v ch sec secs ex "
        "jan feb mar apr jun jul aug sep sept oct nov dec".split()
    ),
}
#: Amid a sentence, or the last word of one.
_EITHER = frozenset(
    "ecc etc ecc.ra cit al p.es p.e es a.c d.c a.m p.m s.p.a s.r.l s.n.c inc corp ltd llc bros jr sr dept est approx "
    "ph.d b.a m.a m.d u.s u.k u.n u.s.a e.g i.e vs max min temp tot prov circ trad cd sgg segg dept"
    .split()
)  # fmt: skip
#: Nothing ends behind these.
_GOES_ON = frozenset("p.es p.e es e.g i.e cfr vs cd approx".split())
_ALWAYS_MAY_END = frozenset("ecc etc ecc.ra a.m p.m".split())
#: A word with a capital that begins a sentence rather than a name.
_BEGINNERS = frozenset(
    # Italian
    "il lo la i gli le l un uno una in nel nella nei nelle nello nell al alla ai alle allo all dal dalla del della dei "
    "delle di da a e è ed o ma se per con su sul sulla tra fra non ne si ci che chi come cosa quando dove perché poi "
    "però anche ancora allora così questo questa questi queste quest quello quella quelli quelle quell dopo prima "
    "intanto inoltre infine oggi ieri domani mentre ora secondo sono era erano hanno ha lui lei loro nessuno tutti "
    "tutto molti alcuni altri invece insomma eppure quindi dunque fu solo "
    # English
    "the a an it its he she they we you his her their our this that these those there then but and or nor so if in on "
    "at by for from to of with as after before when while where who what why how not no yes now is was were are has "
    "have had will would one some many all most other others however meanwhile still yet both each every since"
    .split()
)  # fmt: skip
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december est edt cet gmt bst pst"
    .split()
)  # fmt: skip


def sentences(text: str, lang: str = "it") -> list[tuple[int, int]]:
    """Start and end (code points, end exclusive, blanks at the edges left out) of each sentence, in order.

    Together they are the text but for blanks. A line feed always ends a sentence.
    """
    language = lang.partition("-")[0].lower()
    quoted = [
        (quotation.start, quotation.end)
        for quotation in quotations(text)
        if quotation.end - quotation.start <= SHORT_QUOTATION
    ]
    starts = [start for start, _ in quoted]
    found: list[tuple[int, int]] = []
    line_start = 0
    for line in text.split("\n"):
        ends = []
        asked: list[int] = []
        for stop in _STOP.finditer(line):
            at = line_start + stop.end("closing")
            nearest = bisect_right(starts, at - 1) - 1
            if nearest >= 0 and quoted[nearest][0] < at < quoted[nearest][1]:
                continue
            parts = _ends(line, stop, language) if language in _BEFORE_A_NAME else None
            if parts is None:
                asked.append(stop.end())
            elif parts:
                ends.append(stop.end())
        if asked:
            ends = sorted({*ends, *_asked(line, language, ends, asked)})
        start = 0
        for end in (*ends, len(line)):
            words = line[start:end]
            first = line_start + start + len(words) - len(words.lstrip())
            last = line_start + start + len(words.rstrip())
            if first < last:
                found.append((first, last))
            start = end
        line_start += len(line) + 1
    return found


def sentence_around(text: str, start: int, end: int, lang: str = "it") -> tuple[int, int]:
    """The bounds of the sentence, or run of sentences, that holds `text[start:end]` (code points)."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    touching = [
        (first + a, first + b)
        for a, b in sentences(text[first:last], lang)
        if first + a < end and start < first + b
    ]
    if not touching:
        return start, end
    return min(start, touching[0][0]), max(end, touching[-1][1])


def _ends(line: str, stop: re.Match[str], language: str) -> bool | None:
    """Whether a sentence ends at this stop; None where the library knows better."""
    after = _NEXT_WORD.match(line, stop.end())
    following = (after and after.group("word")) or ""
    rises = following[:1].isupper()
    if stop.group("closing"):
        # «Niente!» rispose: what is closed is part of a sentence that goes on.
        return not following[:1].islower()
    if stop.group("stop") != ".":
        return not following[:1].islower()
    before = _WORD_BEFORE.search(line, max(0, stop.start() - 30), stop.start())
    word = before.group() if before else ""
    lowered = word.lower()
    begins = following.lower() in _BEGINNERS
    if lowered in _GOES_ON:
        return False
    if lowered in _ALWAYS_MAY_END:
        return rises and following.lower() not in _DAYS
    if _INITIAL.fullmatch(word + "."):
        return _ends_at_capitals(line, stop.start() - len(word), word, following, begins)
    if lowered in _BEFORE_A_NUMBER[language] and (following[:1].isdigit() or not rises):
        return False
    if lowered in _BEFORE_A_NAME[language] and word != lowered.upper():
        return False if rises or following else None
    if lowered in _EITHER or _DOTTED.fullmatch(word + "."):
        return rises and begins
    if word.isdigit() and len(word) < 3 and not rises:
        return False
    if rises or following[:1].isdigit():
        return True
    return None


def _ends_at_capitals(line: str, start: int, word: str, following: str, begins: bool) -> bool:
    """After «G.», «J.-P.» or «U.S.»: a name goes on, unless a word follows that begins sentences."""
    if not following[:1].isupper():
        return False
    if len(word) > 1:
        return begins
    # «Il piano B. La Germania…» against «I. La Russa»: a name has nothing small before its initial.
    small_before = line[:start].rstrip()[-1:].islower()
    return begins and small_before


def _asked(line: str, language: str, ends: list[int], asked: list[int]) -> list[int]:
    """Which of the doubtful stops the library takes for the end of a sentence."""
    taken = []
    doubtful = set(asked)
    start = 0
    for end in (*ends, len(line)):
        while start < end:
            piece = line[start : min(end, start + _PIECE)]
            if any(start < at < start + len(piece) for at in asked):
                at = start
                for words in sentencex.segment(language, piece):
                    at += len(words)
                    if at in doubtful:
                        taken.append(at)
            start += len(piece)
    return taken
