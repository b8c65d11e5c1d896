"""A session without a prompt: the lines of a text, one after the other."""

from __future__ import annotations

import sys

from .lines import inputs
from .session import Session


def run_script(session: Session, script: str) -> bool:
    """Run the lines of a text and print what they give, faults on standard error. Whether there was no fault."""
    right = True
    for line in inputs(script):
        reply = session.run(line)
        if reply.text:
            print(reply.text, file=sys.stderr if reply.fault else sys.stdout, flush=True)
        right = right and not reply.fault
        if reply.ended:
            break
    return right
