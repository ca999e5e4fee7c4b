"""How fast the identifiers of a whole table are normalised, kind by kind.

    python tests/benchmarks/normalising.py [--rows N]

The accounts are made up: nine in ten of common shapes from a dozen countries, the tenth odd in
each column for itself (accents, other scripts, old register numbers, words for nothing). Every
kind is timed apart once, then all of them three times; the median is printed, with the memory
that Arrow held at most above the table itself.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from policyenforce.bulk.normalising import normalised

COUNTRIES = ["CN", "US", "IN", "DE", "GB", "RU", "TR", "BR", "KR", "VN", "FR", "HK"]
SHARES = [0.4, 0.12, 0.1, 0.06, 0.06, 0.05, 0.04, 0.04, 0.04, 0.04, 0.03, 0.02]
MOBILES = {
    "CN": ["+86 138 #### ####", "159########", "0571-8####-###"],
    "US": ["+1 (212) 5##-####", "(415) 6##-####", "1 312 7######"],
    "IN": ["+91 98### #####", "097########", "99########"],
    "DE": ["+49 151 #######", "0171 #######", "030/2#######"],
    "GB": ["+44 7911 ######", "07700 9#####", "020 79## ####"],
    "RU": ["+7 912 ###-##-##", "8 (916) ###-##-##", "7903#######"],
    "TR": ["+90 532 ### ## ##", "0533 ### ## ##", "5#########"],
    "BR": ["+55 11 9####-####", "(11) 9####-####", "0119########"],
    "KR": ["+82 10-####-####", "010-####-####", "02-5##-####"],
    "VN": ["+84 912 ### ###", "0912 ### ###", "098#######"],
    "FR": ["+33 6 12 ## ## ##", "06 12 ## ## ##", "01 4# ## ## ##"],
    "HK": ["+852 9### ####", "6### ####", "5###-####"],
}
SURNAMES = "Wang Li Zhang Liu Chen Yang Smith Müller Kim Nguyen Ivanov Silva Kumar Yılmaz 王 李"
GIVEN = "Wei Fang Ana Hans Olga Xiao Ming John Mary José Minh Priya 伟 丽 Mehmet Li Na Jean Paul"
TRADES = "Trading Import Export Electronics Textile Garden Machinery Toys Lighting Steel Foods"
FORMS = "Co., Ltd.|LLC|GmbH|Ltd|Inc.|S.A.|Co Ltd|有限公司|ООО|Pvt. Ltd.|"
STREETS = "Long Road|Main Street|Hauptstraße|Nanjing Rd.|Station Rd|Rua Augusta|人民路|ул. Ленина"


class Maker:
    """Columns of made-up details; one seed makes one table."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.random = np.random.default_rng(7)

    def pick(self, values: list[str], shares: list[float] | None = None) -> np.ndarray:
        """One of the values for each row."""
        return np.array(values, object)[self.random.choice(len(values), self.rows, p=shares)]

    def number(self, below: int) -> np.ndarray:
        """A number for each row, as text."""
        return self.random.integers(0, below, self.rows).astype(str).astype(object)

    def odd(self, common: np.ndarray, odd: np.ndarray, share: float = 0.1) -> pa.Array:
        """The common value, and in some rows an odd one or none."""
        chance = self.random.random(self.rows)
        told = np.where(chance < share, odd, common)
        return pa.array(np.where(chance > 0.98, None, told), pa.string())


def accounts(rows: int) -> pa.Table:
    """A table of made-up accounts with all columns."""
    make = Maker(rows)
    country = make.pick(COUNTRIES, SHARES)
    given, surname = make.pick(GIVEN.split()), make.pick(SURNAMES.split())
    more = make.pick(["", "", "", *(f" {name}" for name in GIVEN.split()[:6])])
    site = make.pick(["gmail.com", "qq.com", "163.com", "outlook.com", "yahoo.com", "firm{}.com"])
    tail = make.number(10_000)
    domain = np.where(site == "firm{}.com", "firm" + tail + ".com", site)
    local = np.array([name.lower() for name in make.pick(["Wei.", "ana", "trade_", "Zhang."])])
    email = local.astype(object) + make.number(rows * 2) + "@" + domain
    street = make.pick(STREETS.split("|")) + " " + make.number(400) + make.pick(["", ", Flat 3"])
    device = make.number(1 << 60) + "-" + make.number(1 << 40)
    name = make.pick(GIVEN.split()) + " " + make.number(rows // 4) + " " + make.pick(TRADES.split())
    ip = make.number(223) + "." + make.number(256) + "." + make.number(256) + "." + make.number(256)
    ipv6 = "2001:db8:" + make.number(9_999) + ":" + make.number(9_999) + "::" + make.number(99)
    nothing = make.pick(["n/a", "-", "NULL", "none", "test", "", "unknown"])
    columns = {
        "email": make.odd(email, np.where(tail < "95", nothing, "unal" + tail + "@bücher.de")),
        "phone": make.odd(_phones(make, country), np.where(tail > "1", nothing, "00" + tail)),
        "device_id": make.odd(device, nothing),
        "cookie_id": make.odd(make.number(1 << 62), nothing),
        "ip": make.odd(np.where(tail > "7", ipv6, ip), make.pick(["10.0.0.1", "::1", "n/a"])),
        "card_token": make.odd("tok_" + device, nothing),
        "bank_account": make.odd("6222 0212 " + make.number(1 << 40), nothing),
        "registration_number": make.odd(
            np.where(country == "DE", "HRB " + tail + " Köln", "91 " + make.number(1 << 45)),
            nothing,
        ),
        "company_name": make.odd(
            name + " " + make.pick(FORMS.split("|")), "«Étoile» " + tail + " SARL"
        ),
        "first_name": make.odd(given + more, nothing, 0.02),
        "last_name": make.odd(surname, nothing, 0.02),
        "address": make.odd(street, "１２号，" + street, 0.05),
        "postcode": make.odd(make.number(1_000_000), nothing),
        "city": make.odd(make.pick(["Hangzhou", "杭州", "Köln", "London", "New York"]), nothing),
        "country": make.odd(country, nothing, 0.02),
    }
    return pa.table(columns)


def _phones(make: Maker, country: np.ndarray) -> np.ndarray:
    digits = make.random.integers(0, 10, (make.rows, 10)).astype("U1")
    shape = make.random.integers(0, 3, make.rows)
    told = np.empty(make.rows, object)
    for row, (code, which) in enumerate(zip(country, shape, strict=True)):
        left = iter(digits[row])
        told[row] = "".join(next(left) if c == "#" else c for c in MOBILES[code][which])
    return told


def seconds(table: pa.Table) -> tuple[float, float]:
    """How long all kinds take that the columns of the table make: by the clock, and computing."""
    start, computed = time.perf_counter(), time.process_time()
    normalised(table)
    return time.perf_counter() - start, time.process_time() - computed


def main() -> None:
    """Print the seconds of each group of columns and of all."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--rows", type=int, default=1_000_000)
    table = accounts(parser.parse_args().rows)
    seconds(table.slice(0, 1_000))  # what is loaded and compiled once
    for columns in (
        ["email"], ["phone", "country"], ["device_id"], ["ip"], ["card_token"], ["bank_account"],
        ["registration_number", "country"], ["company_name"], ["first_name", "last_name"],
        ["address", "postcode", "city", "country"], ["postcode", "country"], ["country"],
    ):  # fmt: skip
        clock, computed = seconds(table.select(columns))
        print(f"{clock:6.2f} s ({computed:5.2f} s of computing)  {' '.join(columns)}")
    before = pa.total_allocated_bytes()
    clock, computed = sorted(seconds(table) for _ in range(3))[1]
    held = (pa.default_memory_pool().max_memory() - before) / (1 << 20)
    size = pc.sum(pa.array([column.nbytes for column in table.columns])).as_py() / (1 << 20)
    print(
        f"{clock:6.2f} s ({computed:5.2f} s of computing)  all of {len(table)} rows, {size:.0f} MiB"
    )
    print(f"{held:6.0f} MiB held at most beside the table")


if __name__ == "__main__":
    main()
