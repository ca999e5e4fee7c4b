"""The command: one module for each group, one place where errors become exit codes.

Exit codes: 0 done; 1 done and something was found; 2 usage; 3 bad input or internal error.
"""

from __future__ import annotations

import os
import sys

import click
import typer

from policyenforce.cli import demo, facts, ledger, people, policy, screen, terms
from policyenforce.cli.output import say
from policyenforce.errors import PolicyEnforceError

app = typer.Typer(
    name="policyenforce",
    help="A marketplace's Terms of Use, enforced fairly: facts in, reasoned decisions out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for room in (demo, facts, screen, people):
    room.add_to(app)
app.add_typer(terms.app, name="terms")
app.add_typer(policy.app, name="policy")
app.add_typer(ledger.app, name="ledger")

BAD_INPUT = 3
INTERRUPTED = 130


def main() -> None:
    """Run the command; every error ends in one screen of text and an exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of one call."""
    try:
        code = app(args=arguments, prog_name="policyenforce", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("interrupted; whatever was not committed is as it was")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us is gone: keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except PolicyEnforceError as error:
        say(f"error: {error}")
        return BAD_INPUT
    except OSError as error:
        say(f"error: {error.filename or 'the system'}: {error.strerror or type(error).__name__}")
        return BAD_INPUT
    except Exception as error:  # the last line of defence: no personal value may be printed
        say(f"internal error: {type(error).__name__} in {_where(error)}; please report it")
        return BAD_INPUT


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
