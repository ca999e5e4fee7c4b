"""Transparency regimes: each a projection of decisions, off until the house turns it on."""
