"""Derivations are still being built: their tests, which need LaTeX, KaTeX, MathJax and Chromium, run on demand.

`SYMPARAMS_REQUIRE_ENGINES=1 pytest tests/derive` runs them.
"""

from __future__ import annotations

import os
from pathlib import Path

DEMANDED = os.environ.get("SYMPARAMS_REQUIRE_ENGINES") == "1"
collect_ignore = [] if DEMANDED else [path.name for path in Path(__file__).parent.glob("test_*.py")]
