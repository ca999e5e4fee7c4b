"""The edge of the process: where every error becomes one screen of text and an exit code.

Exit codes: 0 done; 1 done and something was found; 2 usage; 3 bad input or internal error;
130 interrupted. Everything heavy is imported inside, so that Ctrl-C is clean from the start.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

DONE, BAD_INPUT, INTERRUPTED = 0, 3, 130


def main() -> None:
    """Run the command with the arguments of the process."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:  # it was closed; a file opened later must not take its place
            setattr(sys, name, os.fdopen(_nowhere(number), "w", encoding="utf-8"))
        else:
            getattr(sys, name).reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """The exit code of one call; standard output is flushed, whoever reads it."""
    try:
        code = _guarded(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        discard_output()
        return code
    except OSError as error:
        discard_output()
        return _failed(f"standard output: {error.strerror}")
    except KeyboardInterrupt:
        return _interrupted()


def discard_output() -> None:
    """Nobody reads standard output any more: let what is still to come vanish."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _guarded(arguments: Sequence[str]) -> int:
    try:
        from policyenforce.cli.app import invoke
        from policyenforce.errors import PolicyEnforceError
    except KeyboardInterrupt:
        return _interrupted()
    try:
        return invoke(arguments)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        discard_output()
        return DONE
    except PolicyEnforceError as error:
        return _failed(str(error))
    except OSError as error:
        return _failed(
            f"{error.filename or 'input or output'}: {error.strerror or type(error).__name__}"
        )
    except Exception as error:  # the last line of defence: its text could hold a personal value
        what = f"{type(error).__name__} in {_where(error)}"
        return _failed(f"internal error, {what} (hint: please report it)")


def _failed(what: str) -> int:
    print(f"error: {what}", file=sys.stderr)
    return BAD_INPUT


def _interrupted() -> int:
    print("interrupted; what was not committed is as it was", file=sys.stderr)
    return INTERRUPTED


def _nowhere(number: int) -> int:
    opened = os.open(os.devnull, os.O_RDWR)
    if opened != number:
        os.dup2(opened, number)
    return number


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
