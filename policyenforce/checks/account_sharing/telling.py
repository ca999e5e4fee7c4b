"""What was counted of an account's sessions, in sentences that a Member would understand."""

from __future__ import annotations

from policyenforce.model.evidence import Bearing, Evidence

_WHERE = {
    "elsewhere": "in places more than twenty kilometres apart",
    "abroad": "in different countries",
    "networks": "on home networks that have nothing in common",
    "providers": "with internet providers that have nothing in common",
}
_BESIDE = {
    "hands": "{n} further group{s} of devices, no mere desk of the same person, went on beside "
    "the usual ones, {where}",
    "days": "both were there on {n} day{s} of the time in which both existed, {where}",
    "turns": "the one followed the other {n} time{s}, {where}",
    "same": "both were there on the same day {n} time{s}, {where}",
}
_SENTENCES = {
    "devices": "{n} device{s} used the account on three days or more",
    "office_people": "where else its devices go shows {n} people at least at one office's address",
    "office_two": "two people or more were at that office on the same day, {n} time{s}",
    "office_three": "three people or more were at that office on the same day, {n} time{s}",
    "place_people": "where else its devices go shows {n} people at least at one address",
    "place_two": "two people or more were at that address on the same day, {n} time{s}",
    "place_three": "three people or more were at that address on the same day, {n} time{s}",
    "moved": "{n} device{s} went far and came back, as a traveller's do",
    "placeless": "{n} device{s} never showed a place",
    "failures": "{n} failed sign-in{s} came just before the new device",
    "changes": "{n} kind{s} of security setting changed within three days of it",
    "contact": "the contact was changed",
    "payout": "the pay-out account was changed",
    "owner_changes": "{n} kind{s} of setting changed from the devices known before",
    "known_network": "the new device was in a network that the known ones use",
    "near": "the new device was where the known ones are",
    "far": "the new device was far from where the known ones are",
    "new_country": "the new device was in a country that none was seen in before",
    "hidden": "the new device first came by a VPN or a data centre, as none did before",
    "never_clean": "the new device never showed a place",
    "days": "the new device was there on {n} day{s}",
    "owner_before": "the known devices were there on {n} day{s} before",
    "owner_after": "the known devices were there on {n} day{s} after",
    "overlap": "the known devices went on for {n} day{s}",
    "gone": "the known devices have been gone for {n} day{s}",
    "new_days": "the new device and those that came with it were there on {n} day{s}",
    "new_devices": "{n} new device{s} came at about that time or later",
}


def told(kind: str, number: int, points: int) -> Evidence:
    """What was counted, as evidence; points below 0 speak against the verdict.

    >>> told("elsewhere_turns", 4, 7).sentence
    'the one followed the other 4 times, in places more than twenty kilometres apart'
    """
    where, _, what = kind.partition("_")
    sentence = _BESIDE[what] if where in _WHERE else _SENTENCES[kind]
    plural = "" if number == 1 else "s"
    return Evidence(
        kind,
        sentence.format(n=number, s=plural, where=_WHERE.get(where, "")),
        points=abs(points),
        bearing=Bearing.INCRIMINATING if points > 0 else Bearing.COUNTER,
    )
