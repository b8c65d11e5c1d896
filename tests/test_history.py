"""The same text gives the same output: in any process, and whatever was worked out in it before."""

from __future__ import annotations

import contextlib
import os
import random
import re
import subprocess
import sys

import pytest

from symparams.api import parse
from symparams.errors import SymparamsError
from symparams.tables.record import network_record

NAMES = list("abCdHkmnpsW")
PROGRAMS = [
    "input(C, H, W) -> conv(m, k, s, p) -> maxpool(2) -> flatten -> linear(n)",
    "input(3, H, W) -> avgpool(k, ceil_mode=true) -> conv(max(a, b, C//2), 3) -> conv(min(m + n, n*d), 1, g=d)",
    "input(W, d)\nlinear((a*b + H)//(m + n)) -> linear(C//k*(d//s)) -> linear(n % m + 4)",
    "input(b, a)\nif (m - n)*(n - m)//4 <= 0 { linear(H % k + k) } else { linear(3) }",
    "input(n, H, W)\nrepeat(m) { conv(n, 3, s=2, p=1) }\nfor i in 0..k { conv(n*2**i, 1) }",
    "x: input(3, H, W)\ny: input(3, W, H)\nadd { from x } { from y }\nadd { from y } { from x }\nconv(a + b, 3)",
    "input(C)\nlinear((a - b)*(b - a)*(W - H) + 90*H*W*a*b) -> linear(6*C//(d + m)//(n + s))",
    "input(3, H, W)\nassume H >= k and W % m == 0\nconv(C, k, s) -> concat { id } { conv(d, 1) } -> gap",
]


def shown(program: str) -> str:
    try:
        return repr(network_record(parse(program)))
    except SymparamsError as error:
        return repr(str(error))


def renamed(program: str, draw: random.Random) -> str:
    """The program with other letters in place of its names, so that the same atoms are met in another order."""
    others = dict(zip(NAMES, draw.sample(NAMES, len(NAMES))))
    return re.sub(r"(?<![*.])\b[A-Za-z]\b(?!=)", lambda found: others.get(found[0], found[0]), program)


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_a_fresh_process_and_a_long_one_say_the_same(seed: str) -> None:
    path = os.pathsep.join([os.path.dirname(__file__), *sys.path])
    code = "import test_history as t\nprint(*map(t.shown, t.PROGRAMS), sep='\\n')"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
    fresh = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    draw = random.Random(seed)
    kept = []  # what is remembered keeps its atoms alive
    for _ in range(200):
        with contextlib.suppress(SymparamsError):
            kept.append(parse(renamed(draw.choice(PROGRAMS), draw)))
    assert fresh.stdout.splitlines() == [shown(program) for program in PROGRAMS]
