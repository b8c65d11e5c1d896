"""The words of the prompt, with what each means: figures, functions, constants, statements."""

from __future__ import annotations

from ..evaluate import figures

FIGURES = {name: figure.means for name, figure in figures.FIGURES.items()}

# What each function does, by the way it is called.
FUNCTIONS = {
    "diff": ("diff(params, k)", "the derivative"),
    "solve": (
        "solve(params == 1e6, M)",
        "the positive values for which an equation or a bound holds",
    ),
    "subs": ("subs(params, C=3)", "the formula with values put in"),
    "expand": ("expand(f)", "brackets multiplied out"),
    "factor": ("factor(f)", "written as a product"),
    "simplify": ("simplify(f)", "written shorter"),
    "collect": ("collect(f, k)", "sorted by powers of a symbol"),
    "together": ("together(f)", "over one denominator"),
    "apart": ("apart(f, k)", "as partial fractions"),
    "cancel": ("cancel(f)", "common factors cancelled"),
    "limit": ("limit(f, C, oo)", "the limit"),
    "degree": ("degree(params, k)", "the highest power of a symbol"),
    "numer": ("numer(f)", "the numerator"),
    "denom": ("denom(f)", "the denominator"),
    "gcd": ("gcd(f, g)", "the greatest common divisor"),
    "lcm": ("lcm(f, g)", "the least common multiple"),
    "N": ("N(f, 10)", "as a decimal, with so many digits"),
    "sqrt": ("sqrt(f)", "the square root"),
    "log": ("log(f, 10)", "the logarithm; the natural one without a base"),
    "ln": ("ln(f)", "the natural logarithm"),
    "log2": ("log2(f)", "the logarithm to the base 2"),
    "exp": ("exp(f)", "e to the power f"),
    "floor": ("floor(f)", "rounded down"),
    "ceil": ("ceil(f)", "rounded up"),
    "ceiling": ("ceiling(f)", "rounded up"),
    "round": ("round(f)", "rounded to the nearest whole number"),
    "abs": ("abs(f)", "without its sign"),
    "Abs": ("Abs(f)", "without its sign"),
    "min": ("min(f, g)", "the least"),
    "Min": ("Min(f, g)", "the least"),
    "max": ("max(f, g)", "the largest"),
    "Max": ("Max(f, g)", "the largest"),
    "sum": ("sum(output)", "the sum of the elements"),
    "prod": ("prod(output)", "the product of the elements"),
    "len": ("len(output)", "how many elements"),
}
CONSTANTS = {"pi": "3.14159...", "E": "2.71828...", "oo": "infinity"}

# What programs are made of beside layers.
STATEMENTS = {
    "def": "def block(c) { ... }: a block",
    "let": "let x = 3: a value",
    "assume": "assume H % 32 == 0: a fact",
    "net": "net name(w=64): the name and the parameters of the network",
    "layer": "layer mine(out) on (C, *S) { ... }: a layer's rule",
    "fn": "fn f(a) = a + 1: a function",
    "dialect": "dialect keras: count as a framework does",
    "from": "from e1: go on from a named output",
    "for": "for i in 0..3 { ... }",
    "if": "if c != C { ... } else { ... }",
    "use": 'use "blocks.arch": the definitions of another file',
}
STRUCTURE = {
    "input": "input(C, H, W): what flows in",
    "residual": "residual { f }: f(x) + x",
    "add": "add { f } { g }: f(x) + g(x)",
    "mul": "mul { f } { g }: f(x)·g(x)",
    "concat": "concat { f } { g }: side by side",
    "repeat": "repeat(n) { f }: f, n times",
    "freeze": "freeze { f }: f without training",
    "reuse": "reuse(name): a layer again, with the same weights",
    "output": "output(a, b): the named outputs that end the network; output alone is their shape",
}
