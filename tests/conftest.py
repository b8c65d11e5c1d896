"""Settings that all tests share.

HYPOTHESIS_PROFILE=ci draws more examples, and the same ones every time, to repeat a run; "long" draws many.
"""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import engine

_CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

settings.register_profile("default", deadline=None, max_examples=8, suppress_health_check=_CHECKS, print_blob=True)
settings.register_profile("ci", settings.get_profile("default"), max_examples=60, derandomize=True)
settings.register_profile("long", settings.get_profile("default"), max_examples=2_000)

# A random program is made small in a few seconds or not at all; Hypothesis would try for five minutes.
engine.MAX_SHRINKING_SECONDS = 15

settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# A run in the background ignores Ctrl-C, and so would the programs that tests start and interrupt.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
