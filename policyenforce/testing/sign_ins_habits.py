"""How many accounts live in which way, and how tidy the log of their sign-ins is."""

from __future__ import annotations

from random import Random

from attrs import asdict, frozen


@frozen
class Habits:
    """The share of the accounts that each persona has, then how people behave, then the noise.

    A persona without a share, ``one_person``, takes the rest. Means are ``per_day`` (events of an
    owner), ``sitting`` (activities in one), ``office_size`` (accounts), ``city_providers``,
    ``pools`` and ``guests_pace`` (times the usual), ``shared_volume`` (how busy each is on a
    shared account, against an owner alone); ``spread`` is of the logarithm of ``per_day``. All
    else are probabilities, or kilometres.
    """

    # Innocent personas: shares of the accounts.
    office: float = 0.13
    vpn: float = 0.05
    traveller: float = 0.05
    mobile_gateway: float = 0.06
    integration: float = 0.03
    remote_desktop: float = 0.006
    cookie_clearer: float = 0.04
    new_device: float = 0.05
    mover: float = 0.025
    two_homes: float = 0.03
    family: float = 0.04
    forgetful: float = 0.03
    settings_known: float = 0.03
    settings_new: float = 0.02
    long_break: float = 0.03
    bare: float = 0.03
    shared_pc: float = 0.012
    named_staff: float = 0.002

    # Shared outside the entity.
    shared_same_city: float = 0.009
    shared_other_city: float = 0.012
    shared_abroad: float = 0.008
    shared_vpn: float = 0.005
    shared_part_time: float = 0.005
    shared_mid_window: float = 0.008
    rented: float = 0.006
    agency: float = 0.005

    # Shared inside it.
    colleagues: float = 0.014
    colleagues_at_home: float = 0.006
    colleagues_mobile: float = 0.006

    # Taken over.
    stuffed: float = 0.013
    phished: float = 0.009
    proxied: float = 0.005
    waves: float = 0.003

    # Transferred or sold.
    sold: float = 0.01
    sold_with_gap: float = 0.005
    sold_with_overlap: float = 0.005
    sold_last_look: float = 0.003

    # Behaviour of an account's owner.
    per_day: float = 0.6
    spread: float = 0.5
    sitting: float = 1.5
    more_devices: float = 0.3
    workplaces: float = 0.06
    dynamic_homes: float = 0.1
    on_carrier: float = 0.45
    national_carriers: float = 0.1
    occasional_vpn: float = 0.005
    short_trips: float = 0.03
    replacements: float = 0.015
    settings: float = 0.05
    at_any_hour: float = 0.05
    cafes: float = 0.06
    lacking: float = 0.01
    forgets: float = 0.015
    shared_volume: float = 1.0
    guests_pace: float = 1.0
    thieves_abroad: float = 0.7
    owner_stays: float = 0.4
    owner_returns: float = 0.3
    silent_thieves: float = 0.03
    silent_sales: float = 0.06

    # What the world is like.
    pools: float = 1.0
    office_size: float = 14.0
    city_providers: float = 8.0
    blur_km: float = 8.0
    jitter_km: float = 1.0
    rehops: float = 0.06
    misplaced: float = 0.001
    ipv6: float = 0.1
    vpn_as_hosting: float = 0.1

    # Noise: rates of the rows.
    no_device: float = 0.01
    no_network: float = 0.02
    no_coordinates: float = 0.02
    no_ip: float = 0.005
    misread_networks: float = 0.004
    duplicates: float = 0.005
    late: float = 0.01
    skewed: float = 0.01

    @classmethod
    def drawn(cls, seed: int) -> Habits:
        """Another world: rates between half and 1.8 times the usual, a few of them further off.

        Some worlds are tidy, with people who seldom go out of their way and logs that err little.
        In some worlds most rows lack the network, or the coordinates, or nobody keeps hours.

        >>> Habits.drawn(1) == Habits.drawn(1), Habits.drawn(1) == Habits.drawn(2)
        (True, False)
        """
        rng = Random(f"habits {seed}")
        drawn = {name: rate * rng.uniform(0.5, 1.8) for name, rate in asdict(cls()).items()}
        for name, least, most in _FREE:
            drawn[name] = rng.uniform(least, most)
        mess = rng.choice((0.1, 0.4, 1.0, 2.0))
        for name in _MESS:
            drawn[name] *= mess
        for name, share, least in _ODD:
            if rng.random() < share:
                drawn[name] = rng.uniform(least, 1.0)
        return cls(**drawn)


_FREE = (
    ("per_day", 0.45, 0.75),
    ("spread", 0.0, 0.9),
    ("sitting", 1.0, 2.5),
    ("shared_volume", 0.6, 1.6),
    ("guests_pace", 0.7, 1.6),
    ("forgets", 0.0, 0.03),
    ("pools", 0.3, 3.0),
    ("office_size", 3.0, 60.0),
    ("city_providers", 3.0, 30.0),
    ("rehops", 0.0, 0.25),
    ("blur_km", 0.0, 8.0),
    ("jitter_km", 0.0, 6.0),
    ("dynamic_homes", 0.0, 0.25),
    ("national_carriers", 0.0, 0.4),
    ("vpn_as_hosting", 0.0, 0.3),
)
"""What is drawn between two bounds of its own."""
_MESS = (
    "workplaces", "dynamic_homes", "cafes", "occasional_vpn", "short_trips", "replacements",
    "settings", "forgets", "silent_thieves", "silent_sales", "rehops", "blur_km", "jitter_km",
    "misplaced", "no_device", "no_network", "no_coordinates", "no_ip", "misread_networks", "late",
)  # fmt: skip
"""What a tidy world has less of."""
_ODD = (
    ("no_network", 0.12, 0.3),
    ("no_coordinates", 0.12, 0.5),
    ("no_device", 0.04, 0.1),
    ("at_any_hour", 0.25, 0.5),
    ("ipv6", 0.1, 0.4),
)
"""What is high in such a share of the worlds, and how high at least."""
