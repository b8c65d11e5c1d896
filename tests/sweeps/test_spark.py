"""The same SQL on Spark, as local[2]: exact at the edges of BIGINT and DECIMAL(38, 0), in ANSI mode and without.

In a profile of its own: where pyspark or Java is missing it is skipped, or a failure with SYMPARAMS_REQUIRE_ENGINES=1.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from shutil import which
from typing import Any

import pytest
from engines import required
from random_arithmetic import Drawn, compared
from sweep_cases import CASES, SweepCase, expected_rows

from symparams import parse
from symparams.sweeps.sql_numbers import SPARK
