"""Where sentences begin and end.

The problem is the full stop. It ends a sentence, shortens a word («sig.», “e.g.”), stands for a name
(«G.»), parts digits, and does two of these at once («…affitti, bollette ecc. Il Comune…»). A model learns
all this, and is heavy, and another one next year. A browser's segmenter breaks after «on.». A regular
expression of one's own learns abbreviations one complaint at a time.

So a well-kept splitter with word lists for many languages decides (Wikimedia's sentencex), and this module
before it wherever it sees more: in Italian and English, behind the abbreviations of a newsroom, between
initials, around quotation marks. The library is asked where that leaves a doubt, and about short pieces,
because its time grows with the square of their length.

A sentence never crosses a line feed: canonical text has one between blocks. A short quotation stays whole,
with the words that introduce it: «Non ci sto. Me ne vado», ha detto. In a long one each sentence stands by
itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right

import sentencex

from newsroom.text.quotations import quotations

#: A quotation of more characters is parted into its sentences.
SHORT_QUOTATION = 300
#: So many characters the library is given at once: a "sentence" that is longer is layout.
_PIECE = 2_000

# What may end a sentence, the marks that close behind it, the blanks after it. Possessive: a line of
# nothing but stops is walked once.
_STOP = re.compile(r"(?<![.!?…])(?P<stop>[.!?…]++)(?P<closing>[\"'»”’›)\]]*+)\s++(?=\S)")
_BRACKETS = re.compile(rf"\([^()\n]{{1,{SHORT_QUOTATION}}}\)")
_WORD_BEFORE = re.compile(r"[^\s(\[«“\"'‘’]*$")
_NEXT_WORD = re.compile(r"[(\[«“„\"'‘—–-]*\s?(?P<word>[^\W_]+)?")
_INITIAL = re.compile(r"(?:[A-ZÀ-Þ]\.-?)*[A-ZÀ-Þ]\.")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.){2,}", re.IGNORECASE)


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: A name follows: never the last word of a sentence.
_BEFORE_A_NAME = {
    "it": _listed("""
        amm app arch ass avv avv.ti avv.to brig c.so cap card cav cav.lav col com comm cons d dir don dott
        dott.ssa dr dr.ssa egr em em.za fra fraz gen gent gent.ma gent.mo geom ill ill.mo ing l.go loc m.llo
        magg mar min mons mr mrs ms on on.le onn p p.za p.zza pres prof prof.ssa proff rag rev s s.e s.em
        s.m segr sen serg sig sig.na sig.ra sig.re sig.ri sigg sigra spett ss st ten uff v.le vicepres
    """),
    "en": _listed("""
        adm br capt cmdr col cpl det dr fr ft gen gov govs hon insp lt maj messrs mmes mr mrs ms mt mx pres
        prof pvt rep reps rev sen sens sgt sr st supt
    """),
}
#: A number follows, or a small letter: else it may end one.
_BEFORE_A_NUMBER = {
    "it": _listed("""
        all art artt c ca cap capp circ ed f fasc ff fig figg lett max min n nn nr num op p pag pagg par pp
        sez sgg segg ss tab tav tel v vol voll vv gen feb mar apr mag giu lug ago set sett ott nov dic
    """),
    "en": _listed("""
        art c ca ch ed eds ex fig figs n no nos num op p par pp sec secs tel v vol vols jan feb mar apr jun
        jul aug sep sept oct nov dec
    """),
}
#: Ends a sentence where a word follows that begins one.
_EITHER = _listed("""
    a.c al approx b.a bros c.d cd cit corp d.c dept e.g es est etc i.e inc jr llc ltd m.a m.d max min p.e
    p.es ph.d prov s.n.c s.p.a s.r.l sgg segg sr temp tot trad u.k u.n u.s u.s.a vs
""")
#: Nothing ends behind these.
_GOES_ON = _listed("approx cd cfr e.g es i.e p.e p.es vs")
#: Ends a sentence where any capital follows.
_MAY_END = _listed("a.m ecc ecc.ra etc p.m")
#: A word that with a capital begins a sentence rather than a name: in Italian, then in English.
_BEGINNERS = _listed("""
    a ai al all alla alle allo allora altri anche ancora che chi ci come con cosa così da dal dalla dei del
    della delle di domani dopo dove e ed eppure era erano fra fu gli ha hanno i ieri il in infine inoltre
    insomma intanto invece l la le lei lo loro lui ma mentre molti ne nei nel nell nella nelle nello nessuno
    non o oggi ora per perché però poi prima quando quell quella quelle quelli quello quest questa queste
    questi questo quindi dunque se secondo si solo sono su sul sulla tra tutti tutto un una uno è alcuni
    after all an and are as at before both but by each every for from had has have he her his how however if
    is it its many meanwhile most no nor not now of on one or other others our she since so some still that
    the their then there these they this those to was we were what when where while who why will with would
    yes yet you your
""")
_DAYS = _listed("""
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december est edt cet gmt bst pst
""")


def sentences(text: str, lang: str = "it") -> list[tuple[int, int]]:
    """Start and end (code points, end exclusive, blanks at the edges left out) of each sentence, in order.

    Together they are the text but for blanks. A line feed always ends a sentence.
    """
    language = lang.partition("-")[0].lower()
    whole = _whole(text)
    starts = [start for start, _ in whole]
    found: list[tuple[int, int]] = []
    line_start = 0
    for line in text.split("\n"):
        ends: list[int] = []
        doubtful: list[int] = []
        for stop in _STOP.finditer(line):
            at = line_start + stop.end("closing")
            quoted = bisect_right(starts, at - 1) - 1
            if quoted >= 0 and at < whole[quoted][1]:
                continue
            parts = _ends(line, stop, language) if language in _BEFORE_A_NAME else None
            if parts is None:
                doubtful.append(stop.end())
            elif parts:
                ends.append(stop.end())
        if doubtful:
            ends = sorted({*ends, *_asked(line, language, ends, doubtful)})
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


def _whole(text: str) -> list[tuple[int, int]]:
    """What is not parted, in order and apart: short quotations, and what stands in brackets."""
    spans = [(mark.start, mark.end) for mark in quotations(text) if mark.end - mark.start <= SHORT_QUOTATION]
    spans += [found.span() for found in _BRACKETS.finditer(text)]
    whole: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if whole and start < whole[-1][1]:
            whole[-1] = whole[-1][0], max(end, whole[-1][1])
        else:
            whole.append((start, end))
    return whole


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
    following = (after and after["word"]) or ""
    rises = following[:1].isupper()
    if stop["closing"] or stop["stop"] != ".":
        # «Niente!» rispose: a small letter goes on with the sentence.
        return not following[:1].islower()
    before = _WORD_BEFORE.search(line, max(0, stop.start() - 30), stop.start())
    word = before[0] if before else ""
    lowered = word.lower()
    begins = following.lower() in _BEGINNERS
    if lowered in _GOES_ON:
        return False
    if lowered in _MAY_END:
        return rises and following.lower() not in _DAYS
    if _INITIAL.fullmatch(word + "."):
        # «Il piano B. La Germania…» against «I. La Russa»: a name has nothing small before its initial.
        alone = len(word) > 1 or line[: stop.start() - len(word)].rstrip()[-1:].islower()
        return rises and begins and alone
    if lowered in _BEFORE_A_NUMBER[language] and (following[:1].isdigit() or not rises):
        return False
    if lowered in _BEFORE_A_NAME[language] and following and word != lowered.upper():
        return False
    if lowered in _EITHER or _DOTTED.fullmatch(word + "."):
        return rises and begins
    if word.isdigit() and len(word) < 3 and not rises:
        return False  # «il 1. maggio»
    return True if rises or following[:1].isdigit() else None


def _asked(line: str, language: str, ends: list[int], doubtful: list[int]) -> list[int]:
    """Which of the doubtful stops the library takes for the end of a sentence."""
    taken = []
    known = set(doubtful)
    start = 0
    for end in (*ends, len(line)):
        while start < end:
            piece = line[start : min(end, start + _PIECE)]
            within = bisect_right(doubtful, start)
            if within < len(doubtful) and doubtful[within] < start + len(piece):
                at = start
                for words in sentencex.segment(language, piece):
                    at += len(words)
                    if at in known:
                        taken.append(at)
            start += len(piece)
    return taken
