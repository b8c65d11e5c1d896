"""Keras's image layout as it comes, before each test; the table of what was compared, after all."""

from __future__ import annotations

import sys
from typing import Any

import pytest

OUTCOMES = ("equal", "refused by both", "known difference", "built by its rule")


@pytest.fixture(autouse=True)
def _keras_layout_as_it_comes() -> None:
    """A program that sets the layout, run by one test, would turn the images of the next."""
    if keras := sys.modules.get("keras"):
        keras.config.set_image_data_format("channels_last")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    from oracle import TALLY

    if not TALLY:
        return
    terminalreporter.section("layers compared with the frameworks")
    terminalreporter.write_line(f"{'layer':22}{'dialect':9}" + "".join(f"{o:>18}" for o in OUTCOMES))
    for layer, dialect in sorted({key[:2] for key in TALLY}):
        counts = "".join(f"{TALLY[layer, dialect, outcome]:18,}" for outcome in OUTCOMES)
        terminalreporter.write_line(f"{layer:22}{dialect:9}{counts}")
