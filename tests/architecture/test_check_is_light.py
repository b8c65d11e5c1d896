"""Checking a note needs neither sympy nor the stages that derive and print."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"sympy", "mpmath", "numpy", "rich", "click", "torch", "keras"}


def test_checking_loads_nothing_heavy() -> None:
    code = (
        "from symparams.check.checking import check_text\n"
        "assert check_text('$3 \\\\cdot 4 = 13$ and $2(n + 1) = 2n + 2$').checked == 2\n"
        "import sys; print(*sys.modules)"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not HEAVY & {name.split(".")[0] for name in loaded}
    assert not {name for name in loaded if name.startswith(("symparams.derive", "symparams.render"))}
