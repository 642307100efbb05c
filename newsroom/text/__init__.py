"""What can be known from text alone: no Django, no row, no clock, no network, no file.

document     sanitised HTML → canonical text, blocks, inline spans; and back
segments     spans that overlap → flat runs that never do
selectors    place ↔ quotation (W3C Web Annotation)
sentences    where sentences begin and end
quotations   where words stand in quotation marks
attribution  who says what, with which words: source, cue, content
mentions     whose names stand in a text, and unknown names
claim_matching  how much of a claim another one says, and what differs
embeddings   what a model of sentences must be, and its vectors kept as bytes
check_worthiness  which sentences are worth a check, how much, and why
reanchoring  what an annotation's words become in the next revision
offsets      code points ↔ UTF-16 units
dates        imprecise dates (EDTF)
folding      a name → the key it is sorted and searched by
mentioned    who is called by name: “@giulia”
paragraphs   typed text made tidy, and parted
stems        text → words, their stems, and the tokens that a search indexes
queries      what somebody types → what a text must have
logistic     logistic regression over sparse rows
model_files  the file of a model that the newsroom trained
hits         where a query's words stand, and which passage shows them

characters and outline are what document stands on.
"""
