"""Parts of which only the tensors and the output are known are counted, and named wherever the totals are."""

from __future__ import annotations

import json

from click.testing import CliRunner

import symparams as sp
from symparams.cli import main

WHOLE = "input(3, H, W) -> conv(4, 3)"
PART = "{ head: opaque((10, C), learned=((C, 3), (5,)), state=(7,)) }"
TEXT = f"net A\ndef block() {PART}\n{WHOLE} -> b: block -> freeze {{ tail: opaque(9, learned=(6,)) }}"


def test_what_is_known_is_counted() -> None:
    net = sp.parse(TEXT)
    whole = sp.parse(WHOLE)
    assert str(net.params - whole.params) == "3*C + 11"
    assert net(C=5).trainable - whole.trainable == 20
    assert (net.state, net.macs, net.output) == (7, whole.macs, (9,))
    assert net.opaque == ("b.head", "tail")
    assert whole.opaque == ()


def test_the_json_and_the_totals_name_it() -> None:
    record = json.loads(CliRunner().invoke(main, ["-e", TEXT, "--json"]).output)
    assert record["opaque"] == ["b.head", "tail"]
    shown = CliRunner().invoke(main, ["-e", TEXT]).output
    assert "not read       b.head: its tensors are counted, its work is not\n               tail: " in shown
    assert "opaque" not in json.loads(CliRunner().invoke(main, ["-e", WHOLE, "--json"]).output)


def test_no_receptive_field_goes_through_it() -> None:
    result = CliRunner().invoke(main, ["receptive-field", "-e", TEXT])
    assert result.exit_code == 1 and "opaque" in result.output
