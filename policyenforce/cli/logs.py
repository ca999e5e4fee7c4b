"""Where the library's events go when the command runs it: key=value lines on standard error."""

from __future__ import annotations

import logging
import sys

import structlog


def to_standard_error(*, verbose: bool) -> None:
    """Show warnings and errors, with ``verbose`` also what was decided and amended."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.INFO if verbose else logging.WARNING
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
