"""How fast, how well and in how much memory the accounts of a whole table are related.

    python tests/benchmarks/relate.py [--accounts N] [--seed N] [--splink] [--keep FOLDER]

The accounts are a simulated marketplace (``policyenforce.testing.population``) that no point was
learnt on; more than a million are several marketplaces of their own, whose values meet by chance
alone. Each part runs in a process of its own, whose peak memory is told: ours, from reading the
file to written outputs; the raw floor, which reads the same file, numbers the values of its columns
and finds the components of the pairs that ours told; and, with ``--splink``, Splink on DuckDB
(``pip install 'splink>=4' duckdb``), which is given our normalised values and so neither reads nor
normalises. What any of them is told about who is behind an account is nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Stages = dict[str, float]
EXACT = ("email", "phone", "device", "cookie", "card", "bank", "registration")
OFFICE = ("ip", "company", "person", "address")
SIMULATED_AT_ONCE = 1_000_000
TRAINED_ON = ("device", "bank")  # each leaves the other's weight to be learnt


class Clock:
    """Seconds of each stage, which lasts until the next one begins."""

    def __init__(self) -> None:
        self.stages: Stages = {}
        self.stage, self.since = "", time.perf_counter()

    def begin(self, stage: str) -> None:
        """The stage that runs from now on; without a name, none."""
        now = time.perf_counter()
        if self.stage:
            self.stages[self.stage] = self.stages.get(self.stage, 0) + now - self.since
        self.stage, self.since = stage, now


def make(folder: Path, accounts: int, seed: int) -> Stages:
    """Write the accounts, and apart from them who is behind each."""
    from policyenforce.testing.population import simulate_population

    writers: dict[str, pq.ParquetWriter] = {}
    for part, start in enumerate(range(0, accounts, SIMULATED_AT_ONCE)):
        size = min(SIMULATED_AT_ONCE, accounts - start)
        made = simulate_population(size, seed + part * 1_000)
        columns = {name: pa.array(told, pa.string()) for name, told in made.columns.items()}
        if part:
            ids = pc.binary_join_element_wise(columns["account_id"], str(part), "-")
            columns["account_id"] = ids
        # Nobody has accounts in two parts.
        controllers = np.asarray(made.controllers, np.int64) + 2 * start
        truth = pa.table({"account_id": columns["account_id"], "controller": controllers})
        for name, table in (("accounts", pa.table(columns)), ("truth", truth)):
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", table.schema)
            writers[name].write_table(table)
    for writer in writers.values():
        writer.close()
    return {}


def ours(folder: Path) -> Stages:
    """Relate the accounts, as the command does."""
    from policyenforce import bulk
    from policyenforce.policy.load import load_rules

    rules = load_rules()
    clock = Clock()
    clock.begin("reading")
    told = [bulk.read_accounts(folder / "accounts.parquet")[0]]
    found = bulk.relate(told.pop(), rules.accounts, progress=clock.begin)
    clock.begin("writing")
    bulk.write_tables(folder, {"pairs": found.pairs, "clusters": found.clusters})
    clock.begin("")
    return clock.stages


def floor(folder: Path) -> Stages:
    """What any answer needs: the file read, equal values found, told pairs put together."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = pq.read_table(folder / "pairs.parquet", columns=["left", "right"])
    clock = Clock()
    clock.begin("reading")
    table = pq.read_table(folder / "accounts.parquet")
    clock.begin("numbering")
    for name in table.column_names:
        table[name].combine_chunks().dictionary_encode()
    ids = table["account_id"].combine_chunks()
    sides = [pc.index_in(pairs[side], value_set=ids).to_numpy() for side in ("left", "right")]
    clock.begin("components")
    ones = np.ones(len(pairs), np.int8)
    connected_components(coo_array((ones, sides), shape=(len(ids), len(ids))), directed=False)
    clock.begin("")
    return clock.stages


def normalise(folder: Path) -> Stages:
    """Our normalised values, for Splink."""
    from policyenforce.bulk.normalising import normalised

    table = pq.read_table(folder / "accounts.parquet")
    columns = normalised(table)
    told = {name: columns[name].cast(pa.string()) for name in (*EXACT, *OFFICE, "postcode")}
    told["last_name"] = pc.utf8_lower(pc.utf8_trim_whitespace(table["last_name"]))
    normal = pa.table({"account_id": table["account_id"], **told})
    pq.write_table(normal, folder / "normalised.parquet")
    return {}


def splink(folder: Path) -> Stages:
    """Splink on DuckDB: trained without labels, then every blocked pair predicted."""
    return _splink(folder / "splink.parquet", ())


def splink_office(folder: Path) -> Stages:
    """The same, also told what everybody in one office shares."""
    return _splink(folder / "splink-office.parquet", OFFICE)


def _splink(out: Path, more: tuple[str, ...]) -> Stages:
    import duckdb
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    blocks = [*(block_on(name) for name in EXACT), block_on("last_name", "postcode")]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="account_id",
        comparisons=[
            compare.ExactMatch(name).configure(term_frequency_adjustments=True)
            for name in (*EXACT, *more)
        ],
        blocking_rules_to_generate_predictions=blocks,
        retain_matching_columns=False,
    )
    table = pq.read_table(out.parent / "normalised.parquet")
    clock = Clock()
    clock.begin("loading")
    connection = duckdb.connect()
    connection.execute("set threads to 2")
    linker = Linker(DuckDBAPI(connection).register(table), settings, log_level="WARNING")
    clock.begin("training")
    linker.training.estimate_probability_two_random_records_match(
        [block_on(name) for name in ("card", "bank", "device")], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for name in TRAINED_ON:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(name), max_pairs=1e6
        )
    clock.begin("predicting")
    told = linker.inference.predict(threshold_match_weight=-30)
    told.to_parquet(str(out), overwrite=True)
    clock.begin("")
    return clock.stages


PARTS: dict[str, Callable[[Path], Stages]] = {
    "ours": ours,
    "floor": floor,
    "normalise": normalise,
    "splink": splink,
    "splink-office": splink_office,
}


def apart(part: str, folder: Path, *more: int) -> tuple[Stages, float, float]:
    """Run a part in a process of its own: its stages, CPU seconds and peak memory in MiB."""
    # A child starts with the peak of its parent, which therefore judges only in the end.
    line = [sys.executable, __file__, "--part", part, "--keep", str(folder)]
    if more:
        line += ["--accounts", str(more[0]), "--seed", str(more[1])]
    done = subprocess.run(line, stdout=subprocess.PIPE, check=True, text=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return told["stages"], told["cpu"], told["mebibytes"]


def told_apart(stages: Stages) -> str:
    """What a part says at its end."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    cpu = used.ru_utime + used.ru_stime
    return json.dumps({"stages": stages, "cpu": cpu, "mebibytes": used.ru_maxrss / unit})


class Truth:
    """Who is behind each account, and how far answers agree with it."""

    def __init__(self, folder: Path) -> None:
        table = pq.read_table(folder / "truth.parquet")
        self.ids = table["account_id"].combine_chunks()
        self.controllers = table["controller"].to_numpy()
        held = np.bincount(self.controllers)
        self.pairs = int((held * (held - 1) // 2).sum())

    def same(self, left: pa.ChunkedArray, right: pa.ChunkedArray) -> np.ndarray:
        """Whether the accounts of each pair have one controller."""
        one, other = (
            self.controllers[pc.index_in(side, value_set=self.ids).to_numpy()]
            for side in (left, right)
        )
        return one == other

    def of_pairs(self, same: np.ndarray) -> str:
        """Precision, recall and F1 of pairs that are told."""
        right, told = int(same.sum()), len(same)
        precision, recall = right / max(told, 1), right / self.pairs
        balance = 2 * right / (told + self.pairs)
        return f"precision {precision:.4f}, recall {recall:.3f}, F1 {balance:.3f} ({told:,} pairs)"

    def of_clusters(self, clusters: pa.Table) -> str:
        """B-cubed F1, and the largest cluster that holds more than one controller."""
        row = pc.index_in(clusters["account_id"], value_set=self.ids).to_numpy()
        labels = clusters["cluster_id"].combine_chunks().dictionary_encode().indices.to_numpy()
        controllers = self.controllers[row]
        cells, counts = np.unique(labels.astype(np.int64) << 32 | controllers, return_counts=True)
        size, held = np.bincount(labels), np.bincount(controllers)
        here, who = cells >> 32, cells & 0xFFFFFFFF
        precision = float((counts**2 / size[here]).sum()) / len(labels)
        recall = float((counts**2 / held[who]).sum()) / len(labels)
        mixed = np.bincount(here) > 1
        balance = 2 * precision * recall / (precision + recall)
        return (
            f"B-cubed F1 {balance:.4f} (precision {precision:.4f}, recall {recall:.4f}); the "
            f"largest of several controllers has {int(size[mixed].max(initial=0))} accounts"
        )

    def best_of(self, pairs: pa.Table) -> tuple[float, str]:
        """The match weight with the best pair F1, and how good it is."""
        same = self.same(pairs["account_id_l"], pairs["account_id_r"])
        weight = pairs["match_weight"].to_numpy()
        order = np.argsort(-weight, kind="stable")
        right = np.cumsum(same[order])
        best = int(np.argmax(2 * right / (np.arange(1, len(same) + 1) + self.pairs)))
        least = float(weight[order[best]])
        return least, self.of_pairs(same[weight >= least])


def line(name: str, part: tuple[Stages, float, float]) -> str:
    """A part's seconds, stage by stage, and its memory."""
    stages, cpu, mebibytes = part
    each = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in stages.items())
    total = sum(stages.values())
    return f"{name:14}{total:7.2f} s ({each}); {cpu:.1f} s of CPU; {mebibytes:,.0f} MiB at most"


def compare(folder: Path, accounts: int, seed: int, with_splink: bool) -> None:
    """Print what each part takes, and how good its answer is."""
    if not (folder / "truth.parquet").exists():
        apart("make", folder, accounts, seed)
    names = ["ours", "floor", *(["normalise", "splink", "splink-office"] if with_splink else [])]
    told = {name: apart(name, folder) for name in names}
    mine, truth = sum(told["ours"][0].values()), Truth(folder)
    print(f"{len(truth.ids):,} accounts, {truth.pairs:,} pairs of one controller")
    print(line("ours", told["ours"]))
    print(line("floor", told["floor"]))
    print(f"ours / floor: {mine / sum(told['floor'][0].values()):.1f}")
    pairs = pq.read_table(folder / "pairs.parquet", columns=["left", "right", "band"])
    same = truth.same(pairs["left"], pairs["right"])
    act = pc.equal(pairs["band"], "act").to_numpy()
    print(f"act:          {truth.of_pairs(same[act])}")
    print(f"act + review: {truth.of_pairs(same)}")
    print(f"clusters:     {truth.of_clusters(pq.read_table(folder / 'clusters.parquet'))}")
    for name in names[3:]:
        weight, quality = truth.best_of(pq.read_table(folder / f"{name}.parquet"))
        stages = told[name][0]
        print(line(name, told[name]))
        print(f"best weight {weight:.1f}: {quality}")
        print(f"with training {sum(stages.values()) / mine:.1f} of ours, ", end="")
        print(f"prediction alone {stages['predicting'] / mine:.1f}")


def main() -> None:
    """Run one part, or all of them one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=501)
    parser.add_argument("--splink", action="store_true")
    parser.add_argument("--keep", type=Path, help="a folder for the tables, used again if there")
    parser.add_argument("--part", choices=("make", *PARTS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part == "make":
        print(told_apart(make(asked.keep, asked.accounts, asked.seed)))
    elif asked.part:
        print(told_apart(PARTS[asked.part](asked.keep)))
    elif asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
        compare(asked.keep, asked.accounts, asked.seed, asked.splink)
    else:
        with tempfile.TemporaryDirectory() as folder:
            compare(Path(folder), asked.accounts, asked.seed, asked.splink)


if __name__ == "__main__":
    main()
