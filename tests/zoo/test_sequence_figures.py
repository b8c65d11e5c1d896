"""The zoo's sequence networks: their figures, their closed forms, the conditions of these."""

from __future__ import annotations

from typing import Any

import figures_sequence as reference
import pytest
import sympy

import symparams
from symparams.language.unparse import unparse

STORED = reference.stored()
NETWORKS = list(dict.fromkeys(entry["name"] for entry in STORED))

# Parameters that are freed, the closed form of their number, and what must hold.
FORMULAS = {
    "vit": ("L D k P H W n", "12*L*D**2 + 13*L*D + 3*D*P**2 + D*H*W/P**2 + D*n + 5*D + n", "P|H P|W k|D"),
    "deit": ("L D h P H W n", "12*L*D**2 + 13*L*D + 3*D*P**2 + D*H*W/P**2 + 2*D*n + 7*D + 2*n", "P|H P|W h|D"),
    "transformer": (
        "N d_model d_ff h V S T",
        "12*N*d_model**2 + 4*N*d_model*d_ff + 24*N*d_model + 2*N*d_ff + d_model*V",
        "h|d_model",
    ),
    "t5": ("L d h d_kv d_ff V b S T", "12*L*d*h*d_kv + 4*L*d*d_ff + 5*L*d + d*V + 2*h*b + 2*d", ""),
    "whisper": ("L d h F V S T", "28*L*d**2 + 29*L*d + 3*d**2 + 3*d*F + d*V + d*S + d*T + 6*d", "h|d"),
    "bert": ("L H A V P S T", "12*L*H**2 + 13*L*H + H**2 + H*V + H*P + H*S + 3*H", "A|H P>=T"),
    "distilbert": ("L d h V T", "12*L*d**2 + 13*L*d + d*V + d*T + 2*d", "h|d"),
    "clip_text": ("L d h V T e", "12*L*d**2 + 13*L*d + d*V + d*T + d*e + 2*d", "h|d"),
    "gpt2": ("L d h V T", "12*L*d**2 + 13*L*d + d*V + d*T + 2*d", "h|d"),
    "gpt_neox": ("L d h V T", "12*L*d**2 + 13*L*d + 2*d*V + 2*d", "h|d"),
    "llama2": ("L d h g f V T", "L*(2*d**2 + 2*d**2*g/h + 3*d*f + 2*d) + 2*d*V + d", "h|d g|h"),
    "mixtral": ("L d h g f E k V T", "L*(2*d**2 + 2*d**2*g/h + E*(3*d*f + d) + 2*d) + 2*d*V + d", "h|d g|h E>=k"),
    "lstm_lm": ("L d V T", "8*L*d**2 + 8*L*d + 2*d*V + V", ""),
    "seq2seq": (
        "n m n_a l K_x K_y S T",
        "16*n**2 + 9*n*m + 3*n*n_a + 6*n*l + 2*m*l + m*K_x + m*K_y + l*K_y + 19*n + n_a + 2*l + K_y",
        "",
    ),
    "swin": (
        "C L M d α H W n",
        "(32*L + 276)*α*C**2 + (64*L + 720)*C**2 + (4*L + 22)*C*(α + (2*M - 1)**2/d) + (36*L + 321)*C + 8*C*n + n",
        "32*M|H 32*M|W d|C",
    ),
}


def test_every_network_has_a_formula():
    assert sorted(FORMULAS) == sorted(NETWORKS)


@pytest.mark.parametrize("entry", STORED, ids=lambda entry: f"{entry['name']}{entry['set'] or ''}")
def test_figures_equal_those_of_the_framework(entry: dict[str, Any]):
    own = reference.of_symparams(entry["name"], entry["set"])
    assert own == {key: entry[key] for key in own}


@pytest.mark.parametrize("name", NETWORKS)
def test_closed_form(name: str):
    freed, formula, conditions = FORMULAS[name]
    net = symparams.load(f"zoo:{name}").free(*freed.split())
    symbols = dict(net.symbols)
    expected = sympy.sympify(formula.replace("α", "alpha_"), locals={**symbols, "alpha_": symbols.get("α")})
    assert sympy.expand(net.params - expected) == 0
    assert sorted(map(shown, net.conditions)) == sorted(conditions.split())


def shown(condition: Any) -> str:
    """A condition in the short form of the table above."""
    if isinstance(condition, sympy.Eq) and isinstance(condition.lhs, sympy.Mod):
        return f"{condition.lhs.args[1]}|{condition.lhs.args[0]}"
    return str(condition).replace(" ", "")


@pytest.mark.parametrize("name", NETWORKS)
def test_the_closed_form_gives_the_figures_of_every_variant(name: str):
    net = symparams.load(f"zoo:{name}")
    free = net.free(*FORMULAS[name][0].split())
    for entry in STORED:
        if entry["name"] == name and entry["set"].get("tied", True):
            values = {free.symbols[n]: v for n, v in published(net, entry["set"]).items() if n in free.symbols}
            assert free.params.subs(values) == entry["params"]
            assert free.macs.subs(values) == entry["macs"]


def published(net: symparams.Network, given: dict[str, Any]) -> dict[str, Any]:
    """The value of every parameter: the one given, or what the net line says."""
    values: dict[str, Any] = {}
    for parameter in net.program.parameters:
        default = unparse(parameter.default)
        values[parameter.name] = given.get(parameter.name) or eval(default, {"true": True}, values)
    return values


def test_parameters_that_act_on_a_token():
    """Mixtral: all parameters but those of the experts that a token is not sent to, as the program's comment says."""
    idle = 32 * (8 - 2) * 3 * 4096 * 14336
    active = symparams.load("zoo:mixtral").params - idle
    assert f"{active:,}" in symparams.zoo.source("mixtral").text
