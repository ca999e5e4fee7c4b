"""What a decision costs: from ready objects, from dicts, with a trace, beside other engines.

    python tests/benchmarks/decide.py [--incidents N]

An incident is what the checks saw of one fact: how sure each of fourteen clauses is. Bare
predicates, a JSONLogic engine (`pip install datalogic-py`) and a CEL engine
(`pip install cel-expr-python`) say which clause reaches its threshold, and no more. We say that
too, and which power it opens behind which gate, what the house answers, the points, the rung, the
readings and the evidence, in a record that can be appealed. The floor beside it builds the very
same records and looks at nothing. The engines are optional and left out when they are missing.

All run in turn over the same incidents, five times; the best of each is printed, in processor
time.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from attrs import evolve, fields

import policyenforce as pe
from policyenforce.discipline.decide import decide
from policyenforce.discipline.setting import Setting
from policyenforce.discipline.standing import standing_at
from policyenforce.model.evidence import Evidence
from policyenforce.model.findings import found
from policyenforce.model.outcome import AccountRecord
from policyenforce.model.structuring import record_converter
from policyenforce.policy.load import load_rules

RUNS = 5
CLAUSES = (
    "3.6", "4.1/s2", "4.3/s3", "5.2(a)", "5.4(b)", "5.5(c)", "5.5(d)", "5.5(f)", "5.6(d)",
    "5.6(e)", "5.6(f)", "5.6(h)", "5.6(i)", "5.7",
)  # fmt: skip
AT = datetime(2019, 10, 20, tzinfo=UTC)
RULES = load_rules()
TERMS = RULES.terms_at(AT)
SEVERITIES = tuple(pe.Severity)
Incident = tuple[pe.Finding, ...]


def incidents(count: int) -> list[Incident]:
    """One finding an incident, or in one of five two, each with its evidence; the seed is fixed."""
    dice = random.Random(14)
    made = []
    for number in range(count):
        chosen = dice.sample(CLAUSES, 2 if dice.random() < 0.2 else 1)
        made.append(tuple(_finding(clause, number, dice) for clause in chosen))
    return made


def _finding(clause: str, number: int, dice: random.Random) -> pe.Finding:
    fact = f"f-{number}"
    finding = found(
        clause,
        subject="a-1",
        confidence=round(dice.random(), 3),
        explanation="it says what may not be said",
        check="benchmark",
        version=1,
        fact_ids=(fact,),
        evidence=(Evidence("seen", "It was seen on the page.", 40, (fact,)),),
        severity=dice.choice(SEVERITIES),
        target=f"c-{number}@1",
    )
    return evolve(finding, conduct_at=AT)


def setting() -> Setting:
    """A Member of some weeks with a clean record, and a fact at the instant of the conduct."""
    account = AccountRecord("a-1", AT - timedelta(days=30), None, ("alibaba",), user="u-1")
    fact = pe.SignedOut(id="f-1", at=AT, account_id="a-1", site="alibaba")
    history = pe.History("u-1", accounts=(account,), origin="CN")
    return Setting(fact, AT, TERMS, RULES, history, AT)


def seconds(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    """Processor seconds to do the work once for each."""
    start = time.process_time()
    for item in items:
        work(item)
    return time.process_time() - start


def predicates() -> Callable[[dict[str, float]], list[str]]:
    """Fourteen bare comparisons in Python, which say no reason."""
    rows = [(clause, RULES.threshold_of(_ref(clause), None).belief) for clause in CLAUSES]
    return lambda seen: [clause for clause, belief in rows if seen.get(clause, 0.0) >= belief]


def jsonlogic() -> Callable[[dict[str, float]], object]:
    """The same in JSONLogic."""
    engine = import_module("datalogic_py").Engine()
    branches: list[Any] = []
    for index, clause in enumerate(CLAUSES):
        belief = RULES.threshold_of(_ref(clause), None).belief
        branches += [{">=": [{"var": [f"c{index}", 0]}, belief]}, clause]
    rule = engine.compile({"if": [*branches, "none"]})
    named = {clause: f"c{index}" for index, clause in enumerate(CLAUSES)}
    return lambda seen: rule.evaluate({named[clause]: sure for clause, sure in seen.items()})


def cel() -> Callable[[dict[str, float]], object]:
    """The same in CEL."""
    engine = import_module("cel_expr_python.cel")
    names = [f"c{index}" for index in range(len(CLAUSES))]
    env = engine.NewEnv(variables=dict.fromkeys(names, engine.Type.DOUBLE))
    text = "'none'"
    for name, clause in reversed(list(zip(names, CLAUSES, strict=True))):
        text = (
            f"{name} >= {RULES.threshold_of(_ref(clause), None).belief:.3f} ? '{clause}' : {text}"
        )
    expression = env.compile(text)

    def work(seen: dict[str, float]) -> object:
        data = {n: seen.get(c, 0.0) for n, c in zip(names, CLAUSES, strict=True)}
        return expression.eval(data=data).value()

    return work


def rebuilt(decision: pe.Decision) -> Callable[[Any], object]:
    """The floor: the records of a decision built anew from their values, nothing looked at."""
    kinds = ((pe.Ground, decision.grounds), (pe.DisciplinaryAction, decision.actions))
    parts = [(kind, _values(one)) for kind, several in kinds for one in several]
    scopes = [(pe.Scope, _values(a.scope)) for a in decision.actions]
    ends = [(pe.End, _values(a.end)) for a in decision.actions]
    whole = [*parts, *scopes, *ends, (pe.Decision, _values(decision))]

    def work(_: Any) -> None:
        for kind, values in whole:
            kind(**values)

    return work


def _values(record: Any) -> dict[str, Any]:
    return {a.name: getattr(record, a.name) for a in fields(type(record)) if a.init}


def _ref(clause: str) -> pe.ClauseRef:
    return pe.ClauseRef.parse(clause)


def main() -> None:
    """Print a rate a line, and how it stands to the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=5_000, help="how many incidents")
    count = parser.parse_args().incidents
    many, here = incidents(count), setting()
    seen = [{str(f.clause): f.confidence for f in several} for several in many]
    records = record_converter(RULES.terms)
    told = [[records.to_record(f) for f in several] for several in many]
    verdicts = [decide(several, here) for several in many]
    decided = [several for several, v in zip(many, verdicts, strict=True) if v.decisions]
    waiting = [several for several, v in zip(many, verdicts, strict=True) if not v.decisions]
    usual = next(v.decisions[0] for v in verdicts if len(v.decisions) == 1)
    shown, together = evolve(here, traced=True), tuple(f for several in many[:4] for f in several)
    looked_at = len(decide(together, shown).trace)

    def structured(data: list[dict[str, Any]]) -> object:
        return decide([records.from_record(one, pe.Finding) for one in data], here)

    capabilities = tuple(pe.Capability)
    standing = standing_at(
        evolve(here.history, decisions=(usual,)), "a-1", AT + timedelta(hours=1), RULES
    )
    work: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
        "floor: the same records, nothing looked at": (rebuilt(usual), decided),
        "bare predicates, no reason": (predicates(), seen),
        **{
            f"{name}, no reason": (made(), seen)
            for name, made, module in (
                ("JSONLogic", jsonlogic, "datalogic_py"),
                ("CEL", cel, "cel_expr_python"),
            )
            if _installed(module)
        },
        "policyenforce, ready objects": (lambda several: decide(several, here), many),
        "  of these, what a person must see": (lambda several: decide(several, here), waiting),
        "  of these, decided in full": (lambda several: decide(several, here), decided),
        "policyenforce, dicts through cattrs": (structured, told),
        f"policyenforce, {looked_at} conditions traced": (
            lambda _: decide(together, shown), many[: count // 10]
        ),
        "Standing.may": (standing.may, capabilities * (count // len(capabilities))),
    }  # fmt: skip
    best: dict[str, float] = {}
    for _ in range(RUNS):
        for name, (doing, items) in work.items():
            rate = len(items) / seconds(doing, items)
            best[name] = max(rate, best.get(name, 0.0))
    floor = best["floor: the same records, nothing looked at"]
    print(f"{count} incidents, {len(decided)} of them decided in full, the rest for a person")
    for name, rate in best.items():
        print(f"{name:46} {rate:12,.0f} /s {1e6 / rate:8.2f} µs {rate / floor:8.2f} of the floor")


def _installed(module: str) -> bool:
    try:
        import_module(module)
    except ImportError:
        return False
    return True


if __name__ == "__main__":
    main()
