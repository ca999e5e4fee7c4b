"""``lint``: proves house rules sound before they are used, or shows the case that breaks them."""

from __future__ import annotations

from attrs import evolve

from policyenforce.errors import PolicyError
from policyenforce.policy.coherence import require_coherent
from policyenforce.policy.proofs.clauses import clause_problems
from policyenforce.policy.proofs.ladder import ladder_problems
from policyenforce.policy.proofs.powers import power_problems
from policyenforce.policy.proofs.problem import Problem
from policyenforce.policy.proofs.review import review_problems
from policyenforce.policy.proofs.time import time_problems
from policyenforce.policy.rules import HouseRules
from policyenforce.terms.timeline import Terms

__all__ = ["Problem", "lint"]

_PROOFS = (ladder_problems, clause_problems, power_problems, review_problems, time_problems)


def lint(rules: HouseRules, terms: Terms | None = None) -> tuple[Problem, ...]:
    """Every problem of the rules over their Terms, or over other Terms; empty when sound.

    It proves that rungs rise in points and severity and each can be reached, that no clause is
    dead, that floors lie under the top rung, that every action stays inside a power its grounds
    open, that points die before their record, that the merge window lets repeats count, and
    that no review gate stands open. Rules that name what is not there get that one problem.

    >>> from policyenforce.policy.load import load_rules
    >>> lint(load_rules())
    ()
    """
    if terms is not None:
        rules = evolve(rules, terms=terms)
    try:
        require_coherent(rules)
    except PolicyError as flaw:
        return (Problem("unknown", flaw.message, flaw.hint or "", flaw.where or ""),)
    found = (problem for proof in _PROOFS for problem in proof(rules))
    return tuple(dict.fromkeys(found))
