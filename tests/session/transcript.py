"""Transcripts of sessions: lines after `> ` (continued after `. `), and what each replies."""

from __future__ import annotations

import re

from symparams.prompt.session import Session


def lines_of(transcript: str) -> list[str]:
    """What is typed in a transcript."""
    found: list[str] = []
    for line in transcript.splitlines():
        if re.match(r"> |>$", line):
            found.append(line[2:])
        elif line.startswith(". ") and found:
            found[-1] += "\n" + line[2:]
    return found


def replayed(transcript: str, session: Session | None = None) -> str:
    """The transcript that the same lines give."""
    session = session or Session()
    shown: list[str] = []
    for line in lines_of(transcript):
        shown.append("> " + line.replace("\n", "\n. "))
        text = session.run(line).text
        shown += [text] if text else []
    return "\n".join(shown) + "\n"
