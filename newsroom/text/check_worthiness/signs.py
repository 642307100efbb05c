"""What gives a sentence away: words and marks that say why it is worth a check, or less so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum


class Sign(StrEnum):
    """Why a sentence is worth a check, or less so."""

    FIGURE = "figure"
    COMPARISON = "comparison"
    DATE = "date"
    NAMED_ACTOR = "named actor"
    ACT = "act"
    CAUSE = "cause"
    SUPERLATIVE = "superlative"
    REPORTED = "reported speech"
    OPINION = "opinion"
    QUESTION = "question"
    PREDICTION = "prediction"
    FRAGMENT = "fragment"
    #: What the newsroom's own tags taught raises or lowers the score.
    LEARNED = "learned"


#: Fewer words say nothing that could be checked.
_SHORT = 4


def _any(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words.split())})(?!\w)", re.IGNORECASE)


# Blanks within an expression are written `_`.
def _phrases(words: str) -> re.Pattern[str]:
    return _any(words.replace("_", r"\s+"))


_MONTHS = {
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "en": "january february march april june july august september october november december",
}
_SIGNS: dict[str, dict[Sign, re.Pattern[str]]] = {
    "it": {
        Sign.FIGURE: _phrases(
            r"due tre quattro cinque sei sette otto nove dieci undici dodici venti trenta cento mille "
            r"(?:cinqu|sess|quar|sett|ott|nov)anta duecento trecento duemila tremila (?:un_)?miliard[oi] "
            r"(?:un_)?milion[ei] migliaia centinaia decine metà (?:un|due)_terz[oi] un_quarto "
            r"percentual[ei] per_cento numeros[aeio]"
        ),
        Sign.COMPARISON: _phrases(
            r"rispetto_a\w* in_confronto pi[uù]_\w+_(?:di|del|della|dei|delle|che) "
            r"meno_\w+_(?:di|del|della|dei|delle|che) maggior[ei]?_\w+ minor[ei]?_\w+ simil[ei]_a\w* "
            r"(?:il|al)_doppio raddoppia\w* triplica\w* dimezza\w* aument[aioò]\w* diminui\w+ cresciut\w+ "
            r"crescono cresce cala\w* ridott\w+ concorrent[ei] pi[uù]_alt\w+ pi[uù]_bass\w+"
        ),
        Sign.DATE: _phrases(
            _MONTHS["it"] + r" (?:1[5-9]|20)\d\d ieri oggi l['’]altro_ieri recentemente "
            r"di_recente (?:luned|marted|mercoled|gioved|venerd)ì sabato scors[oaie] (?:anni|mesi|giorni)_fa"
        ),
        Sign.CAUSE: _phrases(
            r"perch[eé] a_causa caus(?:a|ano|ato|ata|ò)_\w+ grazie_a\w* per_colpa provoca\w* determina\w* "
            r"ha_portato dovut[oaie] poich[eé] di_conseguenza quindi dunque non_[eè]_riuscit\w+"
        ),
        Sign.SUPERLATIVE: _phrases(
            r"(?:il|la|lo|i|gli|le|l['’])_?(?:pi[uù]|meno)_\w+ prim[oaie]_(?:volta|al|del|in) unic[oaie] mai "
            r"nessun[oa]? sempre ovunque tutt[iaeo] massim[oaie] minim[oaie] record peggior[ei] miglior[ei] "
            r"\w{3,}issim[oaie] esclusiv[oaie] alcun[oa]?"
        ),
        Sign.PREDICTION: _phrases(
            r"\w{2,}(?:erà|irà|arà|eranno|iranno|aranno|errà|orrà|vrà|drà|trà|vranno|dranno|tranno) sarà "
            r"saranno potrebbe(?:ro)? in_futuro prossim[oaie]_(?:anno|mese|settimana|anni|mesi) si_prevede "
            r"rischia(?:no)?_di"
        ),
        Sign.OPINION: _phrases(
            r"sembr(?:a|ano|ava|erebbe) par[ee] forse magari purtroppo fortunatamente per_fortuna "
            r"evidentemente ovviamente naturalmente curiosamente credo penso ritengo secondo_me a_mio_\w+ "
            r"bisogna dovrebbe(?:ro)? dovremmo occorre \w*vergogn\w+ scandalos\w+ assurd\w+ "
            r"insomma straordinari\w+ bellissim\w+ orribil\w+ ridicol\w+ inutil[ei] "
            r"giust[oaie] sbagliat[oaie] io noi nostr[oaie] mi[oa] ingiust\w+"
        ),
        Sign.ACT: _phrases(
            r"(?:ha|hanno|aveva|avevano|[eè]|sono|era|erano|[eè]_stat[oa]|sono_stat[ie]|viene|vengono)_"
            r"(?:(?:gi[aà]|anche|mai|poi|recentemente|successivamente|stat[oaie]|non)_){0,2}"
            r"(?!cercat|stat[oaie])\w+(?:at|ut|it|tt|st|ss|rs|ss|ns|rt|lt|nt)[oaie] "
            r"si_sta(?:nno)?_\w+ndo sta(?:nno)?_(?!cercando)\w+ndo "
            r"rivelando \w{3,}(?:arono|irono|erono) \w{3,}ò"
        ),
    },
    "en": {
        Sign.FIGURE: _phrases(
            r"two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundreds? "
            r"thousands? millions? billions? trillions? dozens? half (?:a|one|two)_(?:third|quarter)s? "
            r"per_?cent percentage numerous"
        ),
        Sign.COMPARISON: _phrases(
            r"compared_(?:to|with) (?:more|less|fewer|higher|lower|larger|smaller|bigger|better|worse)_\w*_?"
            r"than \w+er_than doubled? tripled? halved? increased? decreased? rose fell grew risen fallen "
            r"as_\w+_as similar_to twice"
        ),
        Sign.DATE: _phrases(
            _MONTHS["en"] + r" (?:1[5-9]|20)\d\d yesterday today recently last_(?:year|month|week|night) "
            r"(?:mon|tues|wednes|thurs|fri|satur|sun)day (?:years|months|weeks|days)_ago"
        ),
        Sign.CAUSE: _phrases(
            r"because due_to thanks_to caused? causes led_to leads_to resulted_in results_in therefore "
            r"as_a_result owing_to consequently responsible_for"
        ),
        Sign.SUPERLATIVE: _phrases(
            r"the_(?:most|least|first|only|best|worst|\w{3,}est) never always every none no_one nobody all "
            r"everyone unprecedented record exclusive"
        ),
        Sign.PREDICTION: _phrases(
            r"will won['’]t could may might is_expected_to are_expected_to set_to going_to "
            r"in_the_future next_(?:year|month|week|decade)"
        ),
        Sign.OPINION: _phrases(
            r"seems? appears? perhaps maybe unfortunately fortunately sadly clearly obviously surely "
            r"arguably i_think i_believe in_my_\w+ should must ought shameful outrageous absurd ridiculous "
            r"disgraceful terrible wonderful awful horrible pathetic i we our us my you your"
        ),
        Sign.ACT: _phrases(
            r"(?:has|have|had|was|were|been)_(?:(?:already|also|never|been|not|recently)_){0,2}"
            r"(?:\w+ed|\w+en|made|done|sold|bought|held|paid|built|lost|won|cut|put|set|met|left|told) "
            r"\w{3,}ed bought sold paid built lost won"
        ),
    },
}
_DIGIT = re.compile(r"\d|%")
#: A capital within the sentence, behind an elision, in an acronym, within a word. Each looks but one
#: character back: a text without blanks takes no longer.
_NAME = re.compile(
    r"(?<=[\w,;:)»”\"'’] )[\"«“(]?[A-ZÀ-Þ]|[a-zàèéìòù]['’][A-ZÀ-Þ]\w|\b[A-Z]{2,}\b|(?<=\w[a-z])[A-Z]"
)
_WORD = re.compile(r"\w+")
_QUESTION = re.compile(r"\?[\"'»”’)\]]*\s*$")
_EXCLAIMED = re.compile(r"!(?:$|[^\w])")


def signs(
    sentence: str, *, lang: str = "it", names: Iterable[str] = (), reported: bool = False
) -> list[Sign]:
    """What gives a sentence away, in the order in which `Sign` tells them."""
    rules = _SIGNS.get(lang.partition("-")[0].lower(), {})
    found = {sign for sign, pattern in rules.items() if pattern.search(sentence)}
    if _DIGIT.search(sentence):
        found.add(Sign.FIGURE)
    if _NAME.search(sentence) or any(name in sentence for name in names):
        found.add(Sign.NAMED_ACTOR)
    if reported:
        found.add(Sign.REPORTED)
    if _QUESTION.search(sentence):
        found.add(Sign.QUESTION)
    if _EXCLAIMED.search(sentence):
        found.add(Sign.OPINION)
    if len(_WORD.findall(sentence)) < _SHORT:
        found.add(Sign.FRAGMENT)
    return [sign for sign in Sign if sign in found]
