"""What is written keeps to the rules of each target; no engine is needed to see it."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pytest
from markup import dollar_formulas, github_formulas
from networks import LANGUAGES, written

GITHUB_FORBIDS = r"\\(operatorname|newcommand|def|phantom|mbox|bm|require|color|cancel|intertext|label)\b"


@pytest.mark.parametrize("language", LANGUAGES)
def test_formulas_keep_to_the_subset(language: str) -> None:
    for name, page in written("github", language).items():
        for text, _ in github_formulas(page):
            words = re.findall(r"_\{\\text\{([^{}]*)\}\}", text)
            assert not any("_" in label for label in words)
            text = re.sub(r"_\{\\text\{[^{}]*\}\}", "", text)
            assert text.isascii() and r"\text" not in text, (name, text)
            assert not re.search(GITHUB_FORBIDS, text), (name, text)
            assert not re.search(r"[|#%~]|\\\\\s*\[|_[^{]|\^[^{]|\\[{}]", text), (name, text)
            assert "\n\n" not in text
            assert all(line.endswith(r"\\") or r"\\" not in line for line in text.split("\n")), (name, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown_has_the_formulas_of_github_between_dollars(language: str) -> None:
    for name, page in written("markdown", language).items():
        assert dollar_formulas(page) == github_formulas(written("github", language)[name]), name
        page = re.sub(r"```text\n.*?\n```", "", page, flags=re.S)
        blocks = page.split("\n\n")
        for i, block in enumerate(blocks):
            if "$$" in block:
                assert re.fullmatch(r"\$\$\n[^$]+\n\$\$", block.strip("\n")), (name, block)
                assert i and "$$" not in blocks[i - 1], (name, block)
        assert "\\[" not in re.sub(r"\\\[", "", page) and "```" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_well_formed_and_need_nothing_else(language: str) -> None:
    for name, page in written("html", language).items():
        ElementTree.fromstring(re.sub(r"<!DOCTYPE html>|<meta[^>]*>", "", page))
        assert not re.search(r"https?://(?!www\.w3\.org)|<script|<link|@import|url\(", page), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_has_no_commands(language: str) -> None:
    for name, page in written("text", language).items():
        listing = re.compile(r"^  .*[{}\\].*$", re.M)
        page = listing.sub("", page)
        assert not re.search(r"[\\${}]|\bfrac\b|mathrm|<m", page), (name, re.findall(r".*[\\${}].*", page))


@pytest.mark.parametrize("language", LANGUAGES)
def test_json_holds_chains_of_steps(language: str) -> None:
    def chains(value: object) -> list[dict[str, object]]:
        if isinstance(value, list):
            return [chain for item in value for chain in chains(item)]
        if not isinstance(value, dict):
            return []
        return [value] * ("steps" in value) + [chain for item in value.values() for chain in chains(item)]

    for name, page in written("json", language).items():
        for chain in chains(json.loads(page)):
            steps = chain["steps"]
            assert isinstance(steps, list) and steps, name
            assert steps[0]["reason"] == "formula" and steps[0]["previous"] == chain["target"][-1], name  # type: ignore[index]
            assert all(b["previous"] == a["next"] for a, b in pairwise(steps)), name
            assert all(step["layer"] is None or step["rule"]["end"] > step["rule"]["start"] for step in steps), name
