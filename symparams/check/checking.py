"""The whole way of a check, on one screen."""

from __future__ import annotations

from typing import Any

from ..errors import LimitError
from .chains import chains
from .findings import Findings
from .judging import Judge
from .passages import document
from .tabulated import judged_summaries, judged_tables

MAX_TEXT = 8_000_000


def check_text(text: str, name: str = "-", network: Any = None) -> Findings:
    """What is false in a text, what differs from a network, and what could not be read.

    `name` says what the text is: .md, .tex, .py, anything else is plain text or Markdown. Raises LimitError where it is
    too long.
    """
    if len(text) > MAX_TEXT:
        raise LimitError(f"{name} has {len(text):,} characters; at most {MAX_TEXT:,} are checked")
    pieces = document(name, text)
    judge = Judge(pieces, chains(pieces))
    judge.judge()
    equalities = [*judge.equalities, *judged_tables(pieces), *judged_summaries(pieces)]
    equalities.sort(key=lambda equality: (equality.start, equality.end))
    return Findings(equalities, [], judge.not_read)
