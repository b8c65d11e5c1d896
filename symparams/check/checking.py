"""The whole way of a check, on one screen."""

from __future__ import annotations

from ..core.network import CoreNetwork
from ..errors import LimitError
from .chains import chains
from .claims import claims
from .consequences import follow
from .findings import Findings
from .judging import Judge
from .passages import document
from .pasted_summaries import judged_summaries
from .tabulated import judged_tables
from .web_pages import is_page, page_as_text

MAX_TEXT = 2_000_000


def check_text(text: str, name: str = "-", network: CoreNetwork | None = None) -> Findings:
    """What is false in a text, what differs from a network, and what could not be read.

    `name` says what the text is: .tex is LaTeX, .py is code, all else is Markdown or plain text. Raises LimitError
    where it is too long.
    """
    if len(text) > MAX_TEXT:
        raise LimitError(f"{name} has {len(text):,} characters; at most {MAX_TEXT:,} are checked")
    pieces = document(name, page_as_text(text) if is_page(text) else text)
    found = chains(pieces)
    judge = Judge(pieces, found)
    judge.judge()
    equalities = [*judge.equalities, *judged_tables(pieces), *judged_summaries(pieces)]
    equalities.sort(key=lambda equality: (equality.start, equality.end))
    follow(pieces, equalities)
    against = claims(pieces, found.chains, network) if network else []
    return Findings(equalities, against, judge.not_read)
