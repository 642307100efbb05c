"""Typst sets a page of paper: the files of a sheet go in, a PDF comes out."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import typst


def typeset(files: Mapping[str, bytes]) -> bytes:
    """The PDF of `main.typ`, which finds the other files by their names and nothing else of this machine.

    It is PDF/UA-1 (ISO 14289-1) where that can be said of it: not of text in a script for which there are no
    letters here.
    """
    with tempfile.TemporaryDirectory(prefix="paper-") as folder:
        for name, body in files.items():
            (Path(folder) / name).write_bytes(body)
        main = str(Path(folder) / "main.typ")
        try:
            return typst.compile(main, root=folder, format="pdf", pdf_standards=["ua-1"])
        except typst.TypstError:
            return typst.compile(main, root=folder, format="pdf")
