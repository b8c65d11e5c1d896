"""The table of what was compared, after the tests."""

from __future__ import annotations

from typing import Any

OUTCOMES = ("equal", "refused by both", "known difference", "built by its rule")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    from oracle import TALLY

    if not TALLY:
        return
    terminalreporter.section("layers compared with the frameworks")
    terminalreporter.write_line(f"{'layer':22}{'dialect':9}" + "".join(f"{o:>18}" for o in OUTCOMES))
    for layer, dialect in sorted({key[:2] for key in TALLY}):
        counts = "".join(f"{TALLY[layer, dialect, outcome]:18,}" for outcome in OUTCOMES)
        terminalreporter.write_line(f"{layer:22}{dialect:9}{counts}")
