"""What holds for all tests: no time is asserted, so that a busy machine fails none.

Tests that are spread over several processes measure what those cover, but not what the commands
cover that they start: each would start a second later.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
