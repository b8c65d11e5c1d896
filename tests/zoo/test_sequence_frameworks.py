"""The stored figures of the sequence networks are those of the frameworks' model code that is installed here."""

from __future__ import annotations

import os

import figures_sequence as reference
import pytest

if os.environ.get("SYMPARAMS_REQUIRE_FRAMEWORKS") != "1":
    pytest.importorskip("torch")
    pytest.importorskip("transformers")

CASES = list(reference.cases())
STORED = {(entry["name"], str(entry["set"])): entry for entry in reference.stored()}


def test_every_figure_has_a_case():
    assert {(case.name, str(case.values)) for case in CASES} == set(STORED)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}{case.values or ''}")
def test_figures_are_those_of_the_model_code(case: reference.Case):
    assert reference.of_framework(case) == STORED[case.name, str(case.values)]
