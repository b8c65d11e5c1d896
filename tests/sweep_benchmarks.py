"""Sweeps beside a DuckDB query written by hand, and NumPy over decoded indices: each in a process of its own.

`python tests/sweep_benchmarks.py [CONFIGURATIONS]` prints them. The same work is compared: a sorted Parquet file of all
that meets a budget, in at most twice the time of the query; how many do, with the 20 that come nearest, in no more than
the time of NumPy. A sweep stays below 1 GB.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from symparams import parse
from symparams.zoo import source

USUAL_SIZE = 10**8
BUDGET = 2_000_000
# How the parameters of ResNet-50 with `b` blocks in its third stage are written by someone who has the formula.
BY_HAND = "4092*w*w + 272*b*w*w + 689*w + 48*b*w + 32*n*w + n"
MOST_MEMORY = 10**9


def resnet_with_blocks() -> Any:
    """ResNet-50 with the blocks of its third stage as a parameter."""
    text = source("resnet50").text.replace("n=1000)", "n=1000, b=6)").replace("(2, 6)", "(2, b)")
    return parse(text)


def swept(size: int, folder: str) -> int:
    over = {"w": range(1, size // 10**6 + 1), "n": range(1, 1001), "b": range(1, 1001)}
    return resnet_with_blocks().sweep(over, f"params <= {BUDGET}").save(f"{folder}/swept.parquet")


def best_swept(size: int, folder: str) -> int:
    over = {"w": range(1, size // 10**6 + 1), "n": range(1, 1001), "b": range(1, 1001)}
    table = resnet_with_blocks().sweep(over, f"params <= {BUDGET}", sort="-params", limit=20)
    assert len(table.rows) == 20
    return table.count


def queried(size: int, folder: str) -> int:
    import duckdb

    grid = f"range(1, {size // 10**6 + 1}) AS s(w), range(1, 1001) AS t(n), range(1, 1001) AS u(b)"
    query = f"SELECT w, n, b, {BY_HAND} AS params FROM {grid} WHERE {BY_HAND} <= {BUDGET} ORDER BY w, n, b"
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"COPY ({query}) TO '{folder}/queried.parquet'")
        return connection.execute(f"SELECT count(*) FROM '{folder}/queried.parquet'").fetchall()[0][0]


def best_decoded(size: int, folder: str) -> int:
    import numpy

    found, step, best = 0, 2**16, numpy.empty((4, 0), numpy.int64)
    for start in range(0, size, step):
        i = numpy.arange(start, min(start + step, size))
        w, n, b = i // 10**6 + 1, i // 1000 % 1000 + 1, i % 1000 + 1
        params = 4092 * w * w + 272 * b * w * w + 689 * w + 48 * b * w + 32 * n * w + n
        kept = numpy.flatnonzero(params <= BUDGET)
        found += len(kept)
        if len(kept):
            kept = kept[numpy.argsort(-params[kept], kind="stable")[:20]]
            rows = numpy.concatenate([best, numpy.stack([w[kept], n[kept], b[kept], params[kept]])], axis=1)
            best = rows[:, numpy.argsort(-rows[3], kind="stable")[:20]]
    assert best.shape == (4, 20)
    return found


WAYS = {"file": swept, "query": queried, "best": best_swept, "numpy": best_decoded}
# Each with its reference, and the most of its time that it may take.
PAIRS = (("file", "query", 2.0), ("best", "numpy", 1.0))


def measured(way: str, size: int) -> tuple[float, int, int]:
    """Seconds, rows and bytes of memory of one way, imports included."""
    done = subprocess.run([sys.executable, __file__, str(size), way], check=True, capture_output=True, text=True)
    seconds, rows, memory = done.stdout.split()
    return float(seconds), int(rows), int(memory)


def compared(size: int, times: int = 3) -> None:
    runs = {way: min(measured(way, size) for _ in range(times)) for way in WAYS}
    assert len({rows for _, rows, _ in runs.values()}) == 1, runs
    for way, reference, target in PAIRS:
        seconds, _, memory = runs[way]
        ratio = seconds / runs[reference][0]
        verdict = "within" if ratio <= target and memory <= MOST_MEMORY else "OVER"
        name = f"a sweep of {size:,}: {way}, {memory // 10**6} MB"
        print(f"{name:<52} {seconds * 1000:8.1f} ms  {ratio:6.2f} × {reference} by hand ({verdict} {target})")


def main() -> None:
    size = int(float(sys.argv[1])) if len(sys.argv) > 1 else USUAL_SIZE
    if len(sys.argv) < 3:
        compared(size)
        return
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        rows = WAYS[sys.argv[2]](size, str(Path(folder)))
        seconds = time.perf_counter() - start
    print(seconds, rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


if __name__ == "__main__":
    main()
