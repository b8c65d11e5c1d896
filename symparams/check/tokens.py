"""What a sign or a macro means, in LaTeX, in plain text and in code: the kinds of tokens, as data."""

from __future__ import annotations

from typing import Any

from lark import Token

# Kinds that a side of an equality is not made of.
EQUAL, APPROX, ORDER = "EQUAL", "APPROX", "ORDER"
# A statement ends; a comma, where it may; a word; something that is not read; a row of an alignment; the end of a line.
STOP, COMMA, WORD, OTHER, ROW, LINE = "STOP", "COMMA", "WORD", "OTHER", "ROW", "LINE"
# A formula inside prose.
MATH = "MATH"
RELATIONS = (EQUAL, APPROX, ORDER)
OPERATORS = ("PLUS", "MINUS", "TIMES", "OVER", "WHOLE", "MOD", "POW")
OPENING = {"LPAR": "RPAR", "LBRACE": "RBRACE", "LFLOOR": "RFLOOR", "LCEIL": "RCEIL"}
CLOSING = {end: start for start, end in OPENING.items()}
OPERAND_ENDS = ("NUM", "NAME", "NOTED", *CLOSING)


class Mark(Token):
    """A token with its offsets in the document; `gap` tells that a blank stands before it."""

    __slots__ = ("end", "gap", "inner", "start")
    start: int
    end: int
    gap: bool
    # The tokens of a formula, those below a brace.
    inner: Any
    start_pos = end_pos = line = column = end_line = end_column = 0

    def __new__(cls, kind: str, value: str, start: int, end: int, gap: bool = False, inner: Any = None) -> Mark:
        sign = str.__new__(cls, value)
        sign.type, sign.value, sign.start, sign.end, sign.gap, sign.inner = kind, value, start, end, gap, inner
        return sign


def _all(kind: str, signs: str) -> dict[str, str]:
    return dict.fromkeys(signs.split(), kind)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _all_mean_nothing(macros: str, groups: int) -> dict[str, int]:
    return dict.fromkeys(macros.split(), groups)


PLAIN = {
    **_all("PLUS", "+ ＋"),
    **_all("MINUS", "- − – ‐ ‑ －"),
    **_all("TIMES", "* × · ⋅ ∙ ∗ ＊ ✕ ✖ ╳ \\* &times; &middot;"),
    **_all("OVER", "/ ÷ ∕ ⁄ ／ &divide;"),
    **_all("WHOLE", "//"),
    **_all("POW", "^ ** ＾"),
    **_all("LPAR", "( （ [ ［"),
    **_all("RPAR", ") ） ] ］"),
    **_all("LFLOOR", "⌊"),
    **_all("RFLOOR", "⌋"),
    **_all("LCEIL", "⌈"),
    **_all("RCEIL", "⌉"),
    **_all(EQUAL, "= == === ＝ ＝＝"),
    **_all(APPROX, "≈ ≃ ≅ ≒ ~= =~ ∼= &approx;"),
    **_all(ORDER, "!= ≠ <= >= < > ≤ ≥ ⩽ ⩾ ≦ ≧ := += -= *= /= ＜ ＞ <> ∣ ∤ ∈ ∉ ∝ ≪ ≫"),
    **_all(STOP, "-> → => ⇒ ⟹ ⟶ ➔ ➜ ↦ ⇔ ⟺ <-> ← ; ； : ： 。 ？ ! ！ ? … ... ∴ ∵ ∧ ∨ ∀ ∃ | ¦"),
    **_all(COMMA, ", ， 、"),
}

MACROS = {
    **_all("TIMES", "times cdot ast"),
    **_all("OVER", "div"),
    **_all("MOD", "bmod"),
    **_all("FRAC", "frac tfrac dfrac cfrac nicefrac"),
    **_all("SQRT", "sqrt"),
    **_all("UNDER", "underbrace overbrace"),
    **_all("LFLOOR", "lfloor"),
    **_all("RFLOOR", "rfloor"),
    **_all("LCEIL", "lceil"),
    **_all("RCEIL", "rceil"),
    **_all("FUNC", "max min log lg ln"),
    **_all(APPROX, "approx simeq approxeq cong doteq"),
    **_all(EQUAL, "equiv coloneqq"),
    **_all(ORDER, "ne neq le leq leqslant ge geq geqslant lt gt ll gg mid nmid in notin sim propto subset"),
    **_all(
        STOP,
        "land lor wedge vee forall exists to rightarrow"
        " longrightarrow mapsto Rightarrow Longrightarrow implies iff"
        " Leftrightarrow longmapsto quad qquad leftarrow gets therefore because hfill ldotp newline hline",
    ),
}
# Macros that mean nothing to the value, with how many groups behind them mean nothing either.
EMPTY = {
    **_all_mean_nothing(
        "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag strut allowbreak"
        " bigl bigr Bigl Bigr biggl biggr Biggl Biggr big Big bigg Bigg left right middle",
        0,
    ),
    **_all_mean_nothing("tag label phantom hspace vspace vphantom hphantom color begin end", 1),
}
TEXTS = _words("text textrm textbf textit texttt textsf mbox")
ROMANS = _words("mathrm mathit mathbf mathsf mathtt mathcal mathbb operatorname boldsymbol bm rm")
GREEK = _words(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau"
    " upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell"
)
FUNCTIONS = _words("floor ceil sqrt max min abs round log2 int")
