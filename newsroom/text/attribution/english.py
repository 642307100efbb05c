"""English: who reports with which words, and the small words around them."""

from __future__ import annotations

import re

from newsroom.text.attribution.conjugation import english
from newsroom.text.attribution.lexicon import Grammar, Lexicon

VERBS = """
say: that zero quote whether
tell: tell that zero quote whether
add: that zero quote
admit: that zero quote ing
acknowledge: that zero quote
affirm: that quote
allege: that zero quote
announce: that zero quote object
argue: that zero quote
assert: that zero quote
assure: tell that zero quote
believe: that zero weak
boast: that quote
caution: that quote
claim: that zero inf quote
comment: that quote
complain: that quote
concede: that zero quote
conclude: that quote
confess: that quote
confirm: that zero quote
contend: that zero quote
continue: quote
cry: quote
declare: that zero quote
deny: that zero quote ing object
disclose: that quote
emphasise: that quote
emphasize: that quote
estimate: that zero quote object
exclaim: quote
explain: that quote
fear: that zero weak
forecast: that object
hope: that zero weak
hint: that quote
inform: tell that quote
insist: that zero quote
joke: that quote
laugh: quote
lament: that quote
maintain: that zero quote
mention: that
mutter: quote
note: that quote
observe: that quote
predict: that zero quote object
pledge: that inf quote
point out: that quote
make clear: that quote
proclaim: that quote
promise: that zero inf quote
protest: that quote
quip: quote
reassure: tell that quote
recall: that quote ing
recommend: that quote
remark: that quote
remember: that quote
remind: tell that quote
repeat: that quote
reply: that quote
report: that zero quote
respond: that quote
retort: that quote
reveal: that quote
shout: that quote
speculate: that
state: that quote
stress: that quote
suggest: that quote
swear: that inf quote
suspect: that zero weak
testify: that quote
think: that zero quote weak
threaten: inf quote
tweet: that quote
underline: that quote
vow: that inf quote
warn: that zero quote
whisper: that quote
wonder: whether quote
worry: that quote weak
read: quote
write: that zero quote
ask: whether quote
accuse: of
blame: of
call: as
describe: as
brand: as
denounce: as
dismiss: as
dub: as
label: as
find: that data
show: that data
indicate: that data
demonstrate: that data
hold: that
raise alarm/concern/concerns/doubt/doubts/objections/questions/fears: act
express concern/concerns/doubt/doubts/regret/relief/support/sympathy/outrage/dismay/fears: act
voice concern/concerns/doubt/doubts/fears/support/opposition: act
sound alarm: act
issue warning/warnings: act
reject accusations/allegations/claims/criticism: act
"""

NOUNS = """
accusation/accusations admission allegation/allegations announcement assertion/assertions assurance/assurances
claim/claims complaint/complaints conclusion contention denial hint/hints insistence
prediction/predictions promise/promises report/reports rumour/rumours rumor/rumors suggestion/suggestions
warning/warnings statement/statements
belief: that weak
fear/fears: that weak
notion: that weak
suspicion/suspicions: that weak
theory: that weak
answer: quote
comment/comments: quote
estimate/estimates: quote
forecast: quote
message: quote
note/notes: quote
question/questions: quote
remark/remarks: quote
reply/replies: quote
response: quote
state/states: quote
tweet: quote
verdict: quote
view: quote
word/words: quote
call/calls: quote
"""

# In capitals, classes: NP is whoever speaks, SAYS a verb of this file, SAID its participle.
PREPOSITIONS = """
according to
in the words OF
in the view OF
in the opinion OF
in the eyes OF
as SA
as DETTO BY
"""

_CLASSES = {
    "G": "some many several few most all both others two three",
    "D": """
        the a an this these those any four five six seven eight nine ten dozens hundreds thousands each
        every no another other my your his her its our their half more one
    """,
    "O": "of",
    "A": "to",
    "B": "by",
    "F": "for from at with",
    "P": """
        such according in on into onto about over under after before during without within between among
        against through across behind beyond near until till up down off out despite toward towards amid
        via per upon around outside inside alongside
    """,
    "C": "and or but nor yet",
    "S": """
        that because when while where if whether although though unless as since who which whose whom
        whereas what why how than so once
    """,
    "R": """
        also already always again even ever only just later then thus too very still soon often however
        instead meanwhile moreover indeed perhaps maybe therefore nevertheless nonetheless earlier
        recently repeatedly now here there once away back ago almost quite rather further far since yet
        long
    """,
    "Z": "not n't never",
    "T": """
        yesterday today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday
        january february march april june july august september october november december
    """,
    "N": """
        he she it they we i you who somebody someone nobody everyone everybody anyone others him them me
        us
    """,
    "X": """
        is are was were be been being am has have had having do does did will would can cannot could may
        might must shall should wo ca went came took made got gave fell rose grew lost won began became
        kept left led met ran sat stood paid sold sent spent hid goes comes takes makes gets falls rises
        loses wins begins knows knew saw sees wants wanted needs needed seems seemed failed stopped
        started died killed broke built bought
    """,
    "H": """
        minister ministers ministry mayor president governor government senator senators congressman
        congresswoman lawmaker lawmakers mp mps secretary chancellor council councillor councillors
        spokesman spokeswoman spokesperson spokespeople official officials officer officers police
        detectives prosecutor prosecutors judge judges court courts lawyer lawyers attorney attorneys
        sheriff army military soldier soldiers general company companies firm firms bank banks executive
        executives chairman chairwoman chief boss owner owners founder director directors manager
        managers airline airlines union unions charity charities group groups agency agencies
        organisation organization association federation club team coach captain player players analyst
        analysts economist economists expert experts scientist scientists researcher researchers
        professor professors doctor doctors nurse nurses surgeon engineer engineers historian historians
        author writer actor actress singer artist critic critics activist activists campaigner
        campaigners protester protesters resident residents witness witnesses neighbour neighbours
        neighbor neighbors family families mother father son daughter brother sister wife husband friend
        friends colleague colleagues aide aides adviser advisers ambassador diplomat diplomats envoy
        envoys bishop pope priest imam rabbi church teacher teachers student students worker workers
        farmer farmers fisherman driver passenger passengers man woman boy girl people source sources
        reporter reporters journalist journalists editor newspaper newspapers paper magazine broadcaster
        investigators authorities opposition party parliament commission committee board treasury
        department coroner inspector inspectors regulator watchdog consultant clerk guard former senior
        deputy head leader leaders staff customer customers victim victims patient patients survivor
        survivors veteran tenant tenants landlord shopkeeper
    """,
    "M": """
        report reports study studies survey surveys research poll polls paper papers document documents
        analysis review statement letter article book data figures estimates findings results statistics
        memo audit inquiry investigation experiment filing census
    """,
    "I": "law laws rule rules treaty agreement contract plan programme program constitution",
    "Y": """
        day days week weeks month months year years hour hours minute minutes morning afternoon evening
        night time
    """,
}

GRAMMAR = Grammar(
    lang="en",
    classes={word: letter for letter, words in reversed(_CLASSES.items()) for word in words.split()},
    endings=(
        (re.compile(r".{3,}[^aeiou]ly$|.{4,}ily$"), "R"),
        (re.compile(r".{3,}[bcdfghjklmnpqrstvwz]ing$"), "E"),
        (re.compile(r".{4,}(?:ologist|onomist|tician|woman|(?<!wo)man|ologists|onomists|ticians)$"), "H"),
    ),
    conjugate=english,
    sets={
        name: frozenset(words.split())
        for name, words in {
            "first person": "i we you me us",
            "of": "of for",
            "expletive": "it there",
            "personal": "he she they",
            "definite": "the",
            "that": "that",
            "whether": "whether if",
            "to": "to",
            "have": "has have had 've",
            "having": "having",
            "be": "is are was were be been 's 're",
            "been": "been being",
            "plural": "have are were 've 're",
            "modal": "will would can could may might must shall should cannot do does did 'll 'd wo ca",
            "phase": "went goes go continued continues",
            "by": "by",
            "relative": "who which that",
            "while": "while whereas though although",
            "as": "as",
            "how": "how why",
            "is": "is was",
            "not believed": """
                plan plans schedule rules rule law tradition custom need needs size age taste tastes
                design order instructions specification specifications budget script recipe type kind
                colour color weight height rank status number numbers degree extent level levels
                principle principles ability means formula method model standard standards pattern class
                classes income
            """,
            "told in": """
                statement interview letter message post tweet video email memo speech broadcast call
                briefing note filing report
            """,
            "title before": """
                film movie book novel song album title play show series essay track single documentary
                musical opera painting
            """,
            "written": "write tweet",
            "document subject": "this these it",
        }.items()
    },
)

ENGLISH = Lexicon.of(
    GRAMMAR,
    verbs=VERBS.strip().splitlines(),
    nouns=[row for line in NOUNS.strip().splitlines() for row in ([line] if ":" in line else line.split())],
    prepositions=PREPOSITIONS.strip().splitlines(),
)
