"""The edge of the process: where every error becomes one screen of text and an exit code.

Exit codes: 0 done; 1 done and something was found; 2 usage; 3 bad input or internal error;
130 interrupted; 143 terminated. Everything heavy is imported inside, so that Ctrl-C is clean
from the start.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from policyenforce.cli.streams import discard, printable, say, settle

DONE, BAD_INPUT = 0, 3
_ENDED = 128  # what shells add to the number of a signal
_WORDS = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}


def main() -> None:
    """Run the command with the arguments of the process."""
    settle()
    _upon_signals(_stop, instead_of=(signal.default_int_handler, signal.SIG_DFL))
    code = run(sys.argv[1:])
    _upon_signals(signal.SIG_IGN, instead_of=(_stop,))  # all is done, and the exit code is known
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """The exit code of one call; standard output is flushed, whoever reads it."""
    code = DONE
    try:
        code = _guarded(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        discard(sys.stdout)
        return code
    except OSError as error:
        discard(sys.stdout)
        return _failed(f"standard output: {error.strerror}")
    except KeyboardInterrupt as stop:
        return _stopped(stop)


def _guarded(arguments: Sequence[str]) -> int:
    from policyenforce.cli.app import invoke
    from policyenforce.errors import PolicyEnforceError

    try:
        return invoke(arguments)
    except BrokenPipeError:
        discard(sys.stdout)
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
    say(f"error: {printable(what)}")  # it may repeat a name or a word of the input
    return BAD_INPUT


def _stop(number: int, _: object) -> None:
    """End by an exception, so that on the way out all that is open is closed."""
    raise KeyboardInterrupt(signal.Signals(number))


def _stopped(stop: KeyboardInterrupt) -> int:
    """Say so in a line: what the command noted on the exception, or what holds of all of them."""
    try:
        sys.stdout.flush()
    except (OSError, KeyboardInterrupt):  # nobody reads, or a second Ctrl-C would not wait for it
        discard(sys.stdout)
    _upon_signals(signal.SIG_IGN, instead_of=(_stop,))
    number = stop.args[0] if stop.args else signal.SIGINT
    notes = getattr(stop, "__notes__", ["what was not committed is as it was"])
    say(f"{_WORDS[number]}; {notes[0]}")
    return _ENDED + int(number)


def _upon_signals(handler: object, *, instead_of: Sequence[object]) -> None:
    """Whoever started the process may have wanted a signal ignored; that is left as it is."""
    for number in _WORDS:
        if signal.getsignal(number) in instead_of:
            signal.signal(number, handler)  # type: ignore[arg-type]  # as `getsignal` gave it


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
