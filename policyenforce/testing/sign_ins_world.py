"""The places and networks of a simulated world: homes, offices, carriers, exits, data centres."""

from __future__ import annotations

from math import cos, radians
from random import Random

from attrs import frozen

from policyenforce.testing.sign_ins_habits import Habits

Hop = tuple[str, float, float, str]
"""What a row tells of the way it came: address, latitude, longitude, country."""

KM_PER_DEGREE = 111.2


@frozen
class City:
    """A point on the map, in degrees, and its country."""

    latitude: float
    longitude: float
    country: str


@frozen
class Spot:
    """A network somebody can come by; a hop is kept for some days, or changes with each sitting."""

    network: str
    hops: tuple[Hop, ...]
    kept: float = 0.0

    def hop(self, rng: Random, day: float) -> Hop:
        """The hop on this day of the window."""
        hops = self.hops
        if len(hops) == 1:
            return hops[0]
        if self.kept:
            return hops[int(day / self.kept) % len(hops)]
        return hops[int(rng.random() * len(hops))]

    def some(self, rng: Random, most: int, kept: float = 0.0) -> Spot:
        """The same network by a few of its hops only."""
        return Spot(self.network, tuple(rng.sample(self.hops, min(most, len(self.hops)))), kept)


class World:
    """Makes places and networks, and remembers those that many accounts share."""

    def __init__(self, rng: Random, habits: Habits) -> None:
        self.rng, self.habits = rng, habits
        self._carriers = {country: self._carriers_of(country) for country in _CITIES}
        self._providers = [self._provider() for _ in range(self._pooled(6))]
        self._clouds = [self._cloud() for _ in range(self._pooled(8))]
        self._proxies = {c: self._pool("fixed", c, self._pooled(30)) for c in _CITIES}
        self._offices: list[tuple[City, Spot, int]] = []
        self._hotels: dict[City, Spot] = {}
        self._lines: dict[City, list[str]] = {}
        self._crowds: dict[str, tuple[int, tuple[City, Spot, str]]] = {}

    def device(self) -> str:
        """The id of a device nobody has had."""
        return f"{self.rng.getrandbits(64):016x}"

    def city(self, country: str | None = None) -> City:
        """A city, of the bigger countries more often."""
        country = country or self.rng.choices(_COUNTRIES, _WEIGHTS)[0]
        return City(*self.rng.choice(_CITIES[country]), country)

    def elsewhere(self, city: City, *, abroad: bool) -> City:
        """Another city, in the same country or in another one."""
        rng = self.rng
        if abroad:
            country = rng.choice([c for c in _COUNTRIES if c != city.country])
            return self.city(country)
        there = [c for c in _CITIES[city.country] if c != (city.latitude, city.longitude)]
        return City(*rng.choice(there), city.country)

    def home(self, city: City, network: str = "fixed") -> Spot:
        """A household's own line; some get a new address every few days."""
        rng = self.rng
        hop = self._hop(city, at_home=True)
        if rng.random() >= self.habits.dynamic_homes:
            return Spot(network, (hop,))
        again = rng.random() < 0.5  # each address of the block has a place of its own
        hops = [
            (_within(rng, hop[0]), *(self._hop(city, at_home=True) if again else hop)[1:])
            for _ in range(rng.choice((2, 4, 8, 20, 60)))
        ]
        return Spot(network, tuple(hops), kept=rng.choice((0.0, 1.0, 2.0, 7.0, 14.0)))

    def office(self, city: City | None = None) -> tuple[City, Spot]:
        """An office that has room left, or a new one; in a city, a new one always."""
        rng = self.rng
        if city is None and self._offices and rng.random() < _FILLED:
            at = rng.randrange(len(self._offices))
            place, spot, room = self._offices[at]
            if room > 1:
                self._offices[at] = (place, spot, room - 1)
            else:
                self._offices.pop(at)
            return place, spot
        place = city or self.city()
        network = rng.choices(*_OFFICE_NETWORKS)[0]
        # A firm that sends all by a network of its own comes out where its head office is.
        out = place if network in ("office", "fixed") else self.city(place.country)
        spot = Spot(network, tuple(self._hop(out) for _ in range(rng.choice((1, 1, 1, 2)))))
        self._offices.append((place, spot, 2 + int(rng.expovariate(1 / self.habits.office_size))))
        return place, spot

    def carrier(self, country: str, *, national: bool) -> Spot:
        """A mobile carrier: a few gateways near by, or any gateway of the country."""
        rng = self.rng
        whole = rng.choice(self._carriers[country])
        return whole if national else whole.some(rng, rng.choice((1, 2, 3, 5)))

    def vpn(self) -> Spot:
        """A provider's exits: favourites, or all over the world."""
        rng = self.rng
        provider = rng.choice(self._providers)
        if rng.random() < 0.4:
            return provider.some(rng, rng.choice((1, 2, 3, 5)), rng.choice((0.0, 0.0, 3.0)))
        return provider.some(rng, 60, rng.choice((0.0, 0.0, 1.0)))

    def cloud(self) -> Spot:
        """One or a few machines in a data centre."""
        rng = self.rng
        return rng.choice(self._clouds).some(rng, rng.choice((1, 1, 2, 4)))

    def proxy(self, country: str) -> Spot:
        """Other people's lines in a country, a new one with each sitting or kept for a while."""
        rng = self.rng
        return self._proxies[country].some(rng, rng.choice((1, 2, 6, 12)), rng.choice((0.0, 3.0)))

    def guest_network(self, city: City) -> Spot:
        """A hotel, an airport or a café of the city, the same for all who come."""
        if city not in self._hotels:
            network = self.rng.choice(("fixed", "fixed", "office"))
            hops = tuple(self._hop(city) for _ in range(6))
            self._hotels[city] = Spot(network, hops)
        return self._hotels[city].some(self.rng, self.rng.choice((1, 2, 3)))

    def crowd(self, kind: str, size: int, network: str = "fixed") -> tuple[City, Spot, str]:
        """A place and a device that so many accounts, who come one by one, have in common."""
        left, shared = self._crowds.get(kind, _NOBODY)
        if left == 0:
            city = self.city()
            left, shared = size, (city, self.home(city, network), self.device())
        self._crowds[kind] = (left - 1, shared)
        return shared

    def _pooled(self, usual: int) -> int:
        return max(1, round(usual * self.habits.pools))

    def _carriers_of(self, country: str) -> list[Spot]:
        rng = self.rng
        return [
            self._pool("mobile", country, self._pooled(rng.choice((6, 12, 24, 48))))
            for _ in range(rng.choice((2, 3, 4)))
        ]

    def _pool(self, network: str, country: str, size: int) -> Spot:
        return Spot(network, tuple(self._hop(self.city(country)) for _ in range(size)))

    def _provider(self) -> Spot:
        rng = self.rng
        countries = rng.sample(_COUNTRIES, rng.choice((6, 12, 18)))
        hops = [self._hop(self.city(rng.choice(countries))) for _ in range(self._pooled(40))]
        hosting = rng.random() < self.habits.vpn_as_hosting
        return Spot("hosting" if hosting else "vpn", tuple(hops))

    def _cloud(self) -> Spot:
        city = self.city()
        return Spot("hosting", tuple(self._hop(city) for _ in range(self._pooled(60))))

    def _hop(self, city: City, *, at_home: bool = False) -> Hop:
        rng, habits = self.rng, self.habits
        if rng.random() < habits.misplaced:  # the table of places is wrong about some addresses
            city = self.elsewhere(city, abroad=rng.random() < 0.2)
        spread = habits.blur_km / KM_PER_DEGREE
        latitude = city.latitude + rng.gauss(0.0, spread)
        longitude = city.longitude + rng.gauss(0.0, spread) / cos(radians(city.latitude))
        address = self._line(city) if at_home else self._address()
        return address, round(latitude, 4), round(longitude, 4), city.country

    def _line(self, city: City) -> str:
        """An address of one of the few companies that bring the internet to a city's homes."""
        rng = self.rng
        if city not in self._lines:
            count = max(1, round(self.habits.city_providers))
            self._lines[city] = [self._address() for _ in range(count)]
        address = rng.choice(self._lines[city])
        if ":" in address:
            *provider, _ = address.partition("::")[0].split(":")
            return _within(rng, f"{':'.join(provider)}:{rng.getrandbits(16) | 0x1000:x}::1")
        return _within(rng, address)

    def _address(self) -> str:
        rng = self.rng
        if rng.random() < self.habits.ipv6:
            network = ":".join(f"{rng.getrandbits(16) | 0x1000:x}" for _ in range(3))
            return _within(rng, f"{0x2400 + rng.randrange(0x600):x}:{network}::1")
        return _within(rng, f"{rng.randrange(1, 223)}.{rng.randrange(256)}.0.1")


def _within(rng: Random, address: str) -> str:
    """Another address near by: of the same /64, or of the same /16."""
    if ":" in address:
        return f"{address.partition('::')[0]}::{rng.getrandbits(16) | 0x1000:x}"
    block = address.rsplit(".", 2)[0]
    return f"{block}.{rng.randrange(256)}.{rng.randrange(1, 255)}"


_NOBODY = (0, (City(0.0, 0.0, ""), Spot("fixed", ()), ""))
_FILLED = 0.85
_OFFICE_NETWORKS = (("office", "fixed", "vpn", "hosting"), (0.76, 0.16, 0.05, 0.03))

_CITIES: dict[str, tuple[tuple[float, float], ...]] = {
    "CN": ((31.23, 121.47), (22.54, 114.06), (23.13, 113.26), (29.87, 121.54), (30.27, 120.16)),
    "US": ((40.71, -74.01), (34.05, -118.24), (41.88, -87.63), (29.76, -95.37), (47.61, -122.33)),
    "IN": ((19.08, 72.88), (28.61, 77.21), (12.97, 77.59), (13.08, 80.27)),
    "GB": ((51.51, -0.13), (53.48, -2.24), (52.49, -1.89), (55.86, -4.25)),
    "DE": ((52.52, 13.4), (53.55, 9.99), (48.14, 11.58), (50.94, 6.96)),
    "FR": ((48.86, 2.35), (45.76, 4.84), (43.3, 5.37)),
    "IT": ((45.46, 9.19), (41.9, 12.5), (40.85, 14.27)),
    "ES": ((40.42, -3.7), (41.39, 2.17), (39.47, -0.38)),
    "TR": ((41.01, 28.98), (39.93, 32.86), (38.42, 27.14)),
    "PL": ((52.23, 21.01), (50.06, 19.94), (54.35, 18.65)),
    "UA": ((50.45, 30.52), (49.84, 24.03), (46.48, 30.73)),
    "VN": ((10.82, 106.63), (21.03, 105.85), (16.05, 108.2)),
    "TH": ((13.76, 100.5), (18.79, 98.98)),
    "ID": ((-6.21, 106.85), (-7.26, 112.75)),
    "PK": ((24.86, 67.01), (31.55, 74.34)),
    "BD": ((23.81, 90.41), (22.36, 91.78)),
    "AE": ((25.2, 55.27), (24.45, 54.38)),
    "EG": ((30.04, 31.24), (31.2, 29.92)),
    "NG": ((6.52, 3.38), (9.06, 7.49)),
    "ZA": ((-26.2, 28.05), (-33.92, 18.42)),
    "BR": ((-23.55, -46.63), (-22.91, -43.17), (-19.92, -43.94)),
    "MX": ((19.43, -99.13), (25.69, -100.32), (20.67, -103.35)),
    "JP": ((35.68, 139.69), (34.69, 135.5)),
    "KR": ((37.57, 126.98), (35.18, 129.08)),
    "AU": ((-33.87, 151.21), (-37.81, 144.96)),
    "CA": ((43.65, -79.38), (45.5, -73.57), (49.28, -123.12)),
}
_COUNTRIES = list(_CITIES)
_WEIGHTS = [30, 10, 8, 5, 5, *[2] * (len(_COUNTRIES) - 5)]
