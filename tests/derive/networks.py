"""The networks whose derivations are rendered and read back: zoo, acceptance programs, random ones, odd ones."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from checks import THOROUGH
from hypothesis import given, seed, settings

import symparams as sp
from symparams import SymparamsError, zoo
from symparams.api import Network
from symparams.render.derivation import FORMATS, Derivation

ACCEPTANCE = Path(__file__).parents[3] / "shared" / "acceptance" / "programs"
SEED = int(os.environ.get("SYMPARAMS_RANDOM_SEED", "1"))
WHAT = ("params", "output", "macs")
LANGUAGES = ("en", "zh")
DETAILS = ("brief", "normal", "full")
RANDOM = int(os.environ.get("SYMPARAMS_RANDOM_PROGRAMS", "12"))

ODD = {
    "names": "net 网络_1\ninput(3, 8, 8)\n卷积: conv(4, 3)\nconv_1_a: conv(é_x, 3)\nα: conv(β, 1)\n"
    "straße: conv(c_in_1, 1)\nслой_2: conv(שלום, 1)",
    "letters": "net ℕ_1\ninput(P_a)\n"
    + "\n".join(
        f"{name}: linear(9)" for name in ["_", "__", "a__b", "a_b", "ﬁ", "x̂", "𝐀𝛼", "ⅷ", "ªº", "Ǆ", "a_", "P_a"]
    ),
    "spelled": r"""latex C = "\hat{\mathbf{W}}_{k+1}"
        latex k = "\kappa^{\prime}"
        latex s = "\mathcal{S}_{\alpha n}^{*}"
        input(C, H, P) -> conv(M, k, s) -> gap -> linear(P)""",
    "wide": "input(3, 32, 32)\n" + "\n".join(f"a_rather_long_name_{i}: conv({i + 5}, 3, p=1)" for i in range(25)),
    "own rule": "layer twice(n_x, bias=true) on (C) {\n  weight w(n_x, C)\n  weight b(n_x) if bias\n"
    "  output (2*n_x,)\n}\ninput(d)\ntwice(m)\ntwice(7, bias=false)",
    "sum": "input(c, 8, 8)\nfor i in 0..n { conv(c + (i + 1)*g, 3, p=1) }",
    "reals": "net thin(a=0.5)\ninput(3, H, W)\nconv(floor(32*a), 3, s=2, p=1)\nupsample(2)",
    "frozen": "input(T)\ne: embedding(V, d)\nfreeze { lstm(n, 2, bidirectional=true) }\nlinear(d)\nlinear(V, tied=e)",
}


@cache
def fixed_networks() -> dict[str, Network]:
    """The zoo and the acceptance programs, as they are and with all parameters free, and programs with odd names."""
    sources = {f"zoo {name}": f"zoo:{name}" for name in zoo.names()}
    if ACCEPTANCE.exists():
        sources |= {path.stem: str(path) for path in sorted(ACCEPTANCE.glob("*.arch"))}
    found = {name: sp.parse(text) for name, text in ODD.items()}
    for name, source in sources.items():
        try:
            net = sp.load(source)
        except SymparamsError:
            continue
        found[name] = net
        freed = [p.name for p in net.program.parameters if p.default is not None]
        if freed:
            try:
                found[f"{name} free"] = net.free(*freed)
            except SymparamsError:
                continue
    return found


@cache
def random_networks() -> dict[str, Network]:
    """Random programs, the same ones in every run: those of another SYMPARAMS_RANDOM_SEED are others."""
    from checks import symbolic
    from strategies import Drawn, programs

    found: dict[str, Network] = {}

    @seed(SEED)
    @settings(max_examples=RANDOM, database=None)
    @given(programs())
    def collect(drawn: Drawn) -> None:
        found[f"random {len(found) + 1}"] = symbolic(drawn.text, drawn.defaults or ())

    collect()
    return found


@cache
def all_networks() -> dict[str, Network]:
    return {**fixed_networks(), **random_networks()}


def derivation(name: str, language: str = "en", detail: str = "normal", thousands: str = "comma") -> Derivation:
    return all_networks()[name].derive(WHAT, lang=language, detail=detail, thousands=thousands)


def written(target: str, language: str = "en", detail: str = "normal", thousands: str = "comma") -> dict[str, str]:
    """Derivations in one format, by the names of the networks: of each sixth one where the engines are not demanded."""
    return {name: texts[target] for name, texts in _pages(language, detail, thousands).items()}


@cache
def _pages(language: str, detail: str, thousands: str) -> dict[str, dict[str, str]]:
    """Each network's texts by their formats; a derivation itself is not kept."""
    targets = FORMATS if (detail, thousands) == ("normal", "comma") else ("markdown", "github", "latex")
    names = list(all_networks())[:: 1 if THOROUGH else 6]
    return {name: _texts(derivation(name, language, detail, thousands), targets) for name in names}


def _texts(derived: Derivation, targets: Iterable[str]) -> dict[str, str]:
    return {target: derived.to(target) for target in targets}
