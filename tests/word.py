"""Word documents for tests, made part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
P = "http://schemas.openxmlformats.org/package/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def paragraph(words: str, style: str = "", properties: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{named}<w:r>{properties}<w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def picture(relation: str = "rIdPicture", alt: str = "Il ponte") -> str:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    return (
        f'<w:p><w:r><w:drawing xmlns:wp="{drawing}/wordprocessingDrawing"><wp:inline>'
        f'<wp:docPr id="1" name="p" descr="{alt}"/>'
        f'<a:graphic xmlns:a="{drawing}/main"><a:graphicData uri="{drawing}/picture">'
        f'<pic:pic xmlns:pic="{drawing}/picture"><pic:blipFill><a:blip r:embed="{relation}"/></pic:blipFill>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


#: A style is known by its name; Word's own are these.
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{style}"><w:name w:val="{name}"/></w:style>'
    for style, name in {"Title": "Title", "Subtitle": "Subtitle", "Heading1": "heading 1"}.items()
)


def parts(*paragraphs: str, title: str = "", author: str = "", image: bytes = b"") -> dict[str, bytes]:
    """The parts of a document, by name, for a test to spoil."""
    relation = f'<Relationship Id="rIdPicture" Type="{R}/image" Target="media/1.png"/>' if image else ""
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{P}/content-types">'
        '<Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{P}/relationships">'
        f'<Relationship Id="r1" Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{P}/relationships">'
        f"{relation}</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{R}">'
        f"<w:body>{''.join(paragraphs)}</w:body></w:document>",
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{STYLES}</w:styles>',
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{P}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator></cp:coreProperties>",
    }
    made = {name: f"{XML}{text}".encode() for name, text in texts.items()}
    return made | ({"word/media/1.png": image} if image else {})


def packed(parts: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def word(*paragraphs: str, **given: object) -> bytes:
    """A Word document: `word(paragraph("Il ponte", "Title"), paragraph("È chiuso."))`."""
    return packed(parts(*paragraphs, **given))
