"""Text and HTML as nobody should write them, for the property tests of the text room."""

from __future__ import annotations

from hypothesis import strategies as st

# Characters that have broken somebody's offsets: wide, combining, joining, right to left, blank, no text.
CHARACTERS = st.one_of(
    st.sampled_from("aeè’« .,AZ19&<>\"'"),
    st.sampled_from("\u0300\u0301\u0323\u0338\u0345e\u1100\u1161\u11a8\uac00\u09c7\u09be"),
    st.sampled_from("😀👩🏽\u200d\ufe0f🇮🇹𝒜\U000e0067"),
    st.sampled_from("שלוםمرحبا\u200e\u200f\u202e\u202c"),
    st.sampled_from(" \t\n\r\f\v\xa0\u2009\u202f\u3000\u2028\u2029\x85"),
    st.sampled_from("\0\x07\x1f\x7f\xad\u200b\u2060\ufeff\ufffe\ufffc\ud83d\ude00"),
    st.characters(),
)
TEXTS = st.text(CHARACTERS, max_size=30)

ANY_TAGS = """
    p h1 h2 h3 h4 h5 h6 blockquote ul ol li a em i strong b sub sup code pre figure img figcaption br hr table
    caption thead tbody tfoot tr th td colgroup col div section article aside dl dt dd details summary q cite
    span u s font center form button input select option textarea label fieldset script style template
    noscript title head body html base meta link iframe object embed svg math mi foreignObject desc
    annotation-xml video audio source picture marquee plaintext xmp noembed frameset frame x-quote ruby rt
    slot dialog
"""
SUBSET_TAGS = """
    p p h1 h3 blockquote ul ul ol li li li a em i strong sub code pre figure img figcaption br br table
    caption thead tbody tfoot tr tr th td td div q
"""
VOID_TAGS = {"br", "img", "hr"}
ATTRIBUTES = """
    href="https://example.org/?a=1&amp;b=%20" href="/path" href="#note" href="//cdn.example/x" href="" href
    href="mailto:desk@example.org" href="javascript:alert(1)" href="jAva&Tab;script:alert(1)"
    href="&#106;avascript:alert(1)" href="&nbsp;javascript:alert(1)" href="/\\evil.example"
    href="data:text/html,x" src="/photo.png" src="https://example.org/a&#32;b.png" src="data:image/png,x"
    src="x"onerror="alert(1)" alt="a&#10;&quot;b&quot;<i>" onclick="alert(1)" style="color:red" class="x"
    id="x" name="x" lang="it" hx-get="/desk/" data-hx-get="/desk/" hx-on:click="alert(1)" data-o="7"
    srcdoc="<p>x" formaction="javascript:x" xlink:href="javascript:alert(1)" scope="col" scope="evil"
    colspan="2" colspan="0" rowspan="3" rowspan="99999" a=" < /
"""
ODDITIES = """
    <!-- --> <!--> <![CDATA[ ]]> <!doctype <?php &lt;script&gt; &amp;lt; &nbsp; &#0; &#13; &#x200b; &#769;
    &notit; & < </ <p <p/> <br/>
"""


def opening(name: str, attributes: list[str]) -> str:
    return f"<{' '.join([name, *attributes])}>"


def element(name: str, attributes: list[str], inside: list[str]) -> str:
    start = opening(name, attributes)
    return start if name in VOID_TAGS else f"{start}{''.join(inside)}</{name}>"


_TAG = st.sampled_from(ANY_TAGS.split())
_ATTRIBUTE = st.sampled_from(ATTRIBUTES.split())
_PIECE = st.one_of(
    TEXTS,
    st.builds(opening, _TAG, st.lists(_ATTRIBUTE, max_size=3)),
    st.builds("</{}>".format, _TAG),
    st.sampled_from(ODDITIES.split()),
)
SOUPS = st.lists(_PIECE, max_size=40).map("".join)

# Well-formed trees of the tags that are read: a soup seldom nests deep enough to mean anything.
_ELEMENT = st.recursive(
    st.text("abc è😀\u0301ש \n", max_size=8),
    lambda inside: st.builds(
        element,
        st.sampled_from(SUBSET_TAGS.split()),
        st.lists(_ATTRIBUTE, max_size=1),
        st.lists(inside, max_size=4),
    ),
    max_leaves=25,
)
TREES = st.lists(_ELEMENT, max_size=4).map("".join)

HTML = st.one_of(SOUPS, TREES)
