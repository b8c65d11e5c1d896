"""The project's own derivations are read to the last line; one number altered in them is found."""

from __future__ import annotations

import re

import pytest

from symparams.api import load, parse
from symparams.check.checking import check_text
from symparams.render.derivation import Derivation

NAMES = {"text": "page.txt", "markdown": "page.md", "github": "page.md", "latex": "page.tex", "html": "page.html"}
SYMBOLIC = "input(C, H, W) -> conv(M, k, s=s, p=p) -> maxpool(2) -> conv(2*M, 3, g=2) -> gap -> linear(n)"


def texts(derivation: Derivation) -> list[tuple[str, str]]:
    return [(name, getattr(derivation, target)()) for target, name in NAMES.items()]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("detail", ["normal", "full"])
@pytest.mark.parametrize("program", ["zoo:lenet5", "zoo:unet", "zoo:bert", "zoo:mobilenet_v3", "zoo:whisper", SYMBOLIC])
def test_a_derivation_passes_without_a_line_unread(program: str, detail: str, lang: str) -> None:
    net = load(program) if program.startswith("zoo:") else parse(program)
    for name, text in texts(net.derive(["params", "output", "macs"], detail=detail, lang=lang)):
        found = check_text(text, name)
        assert found.record() == {"checked": found.checked, "false": [], "against": [], "not_read": []}
        assert found.checked >= 3


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_altered_number_is_found(lang: str) -> None:
    for name, text in texts(load("zoo:lenet5").derive(["params", "output"], lang=lang))[:4]:
        places = [m for m in re.finditer(r"\d(?=\d\d\b|,\d{3}|\{,\}\d{3})", text) if _is_in_arithmetic(text, m.start())]
        missed = []
        for place in places:
            digit = str(int(place.group()) % 9 + 1)
            if not check_text(text[: place.start()] + digit + text[place.end() :], name).false:
                missed.append(text[place.start() - 20 : place.end() + 20])
        assert places and not missed


def _is_in_arithmetic(text: str, at: int) -> bool:
    """Whether a number stands beside a sign of equality, a sum or a product."""
    around = text[max(0, at - 8) : at].rstrip(" $`{")
    return around.endswith(("=", "+", "times", "×"))
