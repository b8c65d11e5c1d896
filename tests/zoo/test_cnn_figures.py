"""The convolutional networks of the zoo against the figures of the frameworks' own models.

The file of figures was written by figures_cnn.py. That it is still what the frameworks count is tested where they are
installed, and with SYMPARAMS_REQUIRE_FRAMEWORKS=1 they must be.
"""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

import symparams as sp

HERE = Path(__file__).parent
FIGURES: list[dict[str, Any]] = json.loads((HERE / "figures_cnn.json").read_text(encoding="utf-8"))
COUNTS = ("params", "trainable", "non_trainable", "state", "macs")


def label(entry: dict[str, Any]) -> str:
    values = ",".join(f"{name}={value}" for name, value in entry["set"].items())
    return f"{entry['net']}({values}) {entry['source'].split('/')[-1]}"


@pytest.mark.parametrize("entry", FIGURES, ids=label)
def test_equals_the_model(entry: dict[str, Any]) -> None:
    net = sp.load(f"zoo:{entry['net']}")
    assert not net.warnings
    net = net(**entry["set"])
    for name in COUNTS:
        if name in entry:
            assert getattr(net, name) == entry[name], name
    if "published" in entry:
        assert net.params == entry["published"]
    assert list(net.output) == entry["output"]
    rows = {layer.name: list(layer.output) for layer in net.rows(depth=0)}
    for name, output in entry.get("stages", {}).items():
        assert rows[name] == output, name


def test_every_convolutional_network_has_figures() -> None:
    """One without figures from a framework has no place in the zoo."""
    convolutional = {
        name for name in sp.zoo.names() if any(row.layer == "gap" for row in sp.load(f"zoo:{name}").rows())
    }
    assert convolutional - {entry["net"] for entry in FIGURES} <= {"resnet50", "swin"}


@pytest.mark.parametrize(
    "name, smallest",
    [("alexnet", 63), ("vgg", 32), ("googlenet", 15), ("inception_v3", 75), ("densenet", 29), ("squeezenet", 21)],
)
def test_smallest_image_is_the_one_that_torchvision_states(name: str, smallest: int) -> None:
    net = sp.load(f"zoo:{name}").free("H", "W")
    net(H=smallest)
    with pytest.raises(sp.SymparamsError):
        net(H=smallest - 1)


@pytest.mark.parametrize(
    "part, framework", [("by_hand", "torch"), ("of_transformers", "transformers"), ("of_keras", "keras")]
)
def test_the_figures_are_what_the_framework_counts(part: str, framework: str) -> None:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    for name in ("torch", framework):
        if os.environ.get("SYMPARAMS_REQUIRE_FRAMEWORKS") == "1":
            importlib.import_module(name)
        else:
            pytest.importorskip(name)
    import figures_cnn as script

    counted = {label(entry): entry for entry in map(script.figures, getattr(script, part)())}
    own = {"by_hand": "tests", "of_transformers": "transformers", "of_keras": "keras"}[part]
    assert counted == {label(entry): entry for entry in FIGURES if entry["source"].startswith(own)}
