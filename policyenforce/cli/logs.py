"""Where the library's events go when the command runs it: key=value lines on standard error."""

from __future__ import annotations

import logging

import structlog

from policyenforce.cli.streams import say


class Remarks:
    """A logger for structlog; that nobody reads them stops nothing that is being recorded."""

    def msg(self, line: str) -> None:
        """Write one line, of whatever level."""
        say(line)

    debug = info = warning = error = critical = exception = msg


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
        logger_factory=lambda *_: Remarks(),
        cache_logger_on_first_use=False,
    )
