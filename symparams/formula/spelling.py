"""How the names of symbols are written in LaTeX: as a mathematician writes them.

All that is written here renders in pdflatex, KaTeX, MathJax and on GitHub.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SMALL = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi"
GREEK = f"{_SMALL} omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()
_LETTERS = dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", GREEK))


def spelled(name: str) -> str:
    """A name as a mathematician writes it: C_in with an upright index, alpha and α as the Greek letter."""
    head, *indices = [part for part in name.split("_") if part] or [name]
    numbered = re.fullmatch(r"([^\W\d_])(\d+)", head)
    if numbered:
        head, indices = numbered[1], [numbered[2], *indices]
    return _word(head) + (f"_{{{','.join(map(_word, indices))}}}" if indices else "")


def _word(part: str) -> str:
    greek = part if part in GREEK else _LETTERS.get(part)
    if greek:
        return f"\\{greek}"
    return part if len(part) == 1 or part.isdigit() else rf"\mathrm{{{part}}}"


def spellings(names: Iterable[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """The LaTeX of each name, no two alike: as `chosen`, else as is usual, else x with a number."""
    found = dict(chosen)
    for name in names:
        if name in chosen:
            continue
        usual = spelled(name)
        if not usual.isascii() or not name.strip("_") or usual in found.values():
            taken = {*found.values(), *map(spelled, names)}
            usual = next(x for i in range(1, len(taken) + 2) if (x := f"x_{{{i}}}") not in taken)
        found[name] = usual
    return found
