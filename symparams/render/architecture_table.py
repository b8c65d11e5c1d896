"""An architecture's table in the formats of papers: LaTeX with booktabs, Markdown, CSV."""

from __future__ import annotations

import csv
from io import StringIO

from ..core.network import CoreNetwork
from ..derive.architecture import Architecture
from ..derive.messages import Messages
from ..errors import UsageFault, did_you_mean, listing
from ..evaluate.figures import DERIVED, PARAMS
from ..formula.latex import LatexNotation
from ..formula.text import TextNotation
from .latex_page import LatexPage
from .markdown_page import Markdown
from .text_page import TextPage

NEEDS = "% Needs the packages amsmath, amssymb, booktabs, longtable and array."
TABLE_FORMATS = ("latex", "markdown", "csv")
TABLE_SUFFIXES = {"tex": "latex", "md": "markdown", "csv": "csv"}


def architecture(net: CoreNetwork, target: str, columns: tuple[str, ...] = (), depth: int = 0, lang: str = "en") -> str:
    """The stages of a network with their outputs and parameters, and further figures that are asked for, as a table.

    LaTeX needs amsmath and booktabs. Blocks are opened `depth` deep. Raises UsageFault for another format or figure.
    """
    if target not in TABLE_FORMATS:
        hint = did_you_mean(target, TABLE_FORMATS) or f"the formats are {listing(TABLE_FORMATS)}"
        raise UsageFault(f"there is no format {target!r} of a table", None, hint)
    for name in columns:
        if name not in DERIVED or not DERIVED[name].letter:
            counted = [figure for figure, row in DERIVED.items() if row.letter]
            raise UsageFault(f"{name!r} is no column of this table", None, f"choose from {listing(counted)}")
    figures = tuple(name for name in DERIVED if name == PARAMS.name or name in columns)
    table = Architecture(net, Messages(lang), figures, depth).table()
    notation = LatexNotation("comma", net.spellings)
    if target == "latex":
        return f"{NEEDS}\n{LatexPage(notation).table(table)}\n"
    if target == "markdown":
        return Markdown(notation).table(table) + "\n"
    page = TextPage(TextNotation("none"))
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(
        [page.line(cell).replace("\xa0", " ") for cell in row] for row in (table.header, *table.rows)
    )
    return written.getvalue()
