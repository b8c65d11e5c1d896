"""Programs gone wrong, many of them: `python tests/mutations.py --programs 100000` works them all out.

Each is a good program with pieces left out, doubled, changed or brought in from another. It gives a network or a
SymparamsError, within five seconds and a gigabyte. In between good programs are worked out again: what was read before
changes nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from fuzzing import GOOD, MOST_BYTES, TOKENS, record_of, work_out

CHUNK = 250
GOOD_EVERY = 25
PIECE = re.compile(r"\w+|\s+|[^\w\s]")


def mutated(choice: random.Random) -> str:
    pieces = PIECE.findall(choice.choice(GOOD))
    for _ in range(choice.randint(1, 4)):
        start = choice.randint(0, len(pieces))
        stop = min(len(pieces), start + choice.randint(0, 3))
        pieces[start:stop] = choice.choice(CHANGES)(choice, pieces[start:stop], start)
    return "".join(pieces)


CHANGES = (
    lambda choice, pieces, start: [],
    lambda choice, pieces, start: pieces * choice.randint(2, 4),
    lambda choice, pieces, start: [choice.choice(TOKENS)],
    lambda choice, pieces, start: [choice.choice(TOKENS), *pieces],
    lambda choice, pieces, start: PIECE.findall(choice.choice(GOOD))[start : start + 5],
)


def run(seed: int) -> list[str]:
    """The faults of one chunk of programs, the same ones for the same seed."""
    choice = random.Random(seed)
    first: dict[str, str] = {}
    return [fault for number in range(CHUNK) if (fault := _fault(choice, first, number % GOOD_EVERY == 0))]


def _fault(choice: random.Random, first: dict[str, str], again: bool) -> str | None:
    """What goes wrong with the next program; `first` is what good ones came to when they were met first."""
    text = choice.choice(GOOD[:GOOD_EVERY]) if again else mutated(choice)
    try:
        work_out(text)
        if again:
            record = record_of(text)
            assert first.setdefault(text, record) == record, "the same text gave another answer before"
    except Exception:
        return f"{text!r}\n{traceback.format_exc(limit=-6)}"
    return None


def limit_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


def faults(programs: int, seed: int, processes: int) -> Iterator[str]:
    """What goes wrong in so many programs, worked out side by side."""
    seeds = [seed * 1_000_003 + i for i in range(-(-programs // CHUNK))]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=limit_memory) as pool:
        for found in pool.map(run, seeds):
            yield from found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--programs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    options = parser.parse_args()
    started, number = time.monotonic(), 0
    for fault in faults(options.programs, options.seed, options.processes):
        number += 1
        print(fault, flush=True)
    print(f"{options.programs:,} programs, {number} with a fault, in {time.monotonic() - started:.0f} s")
    return 1 if number else 0


if __name__ == "__main__":
    sys.exit(main())
