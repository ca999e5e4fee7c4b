"""The house rules: TOML in, checked settings out; the ladder; the lint that proves all sound.

``load.load_rules`` reads ``house.toml`` into ``rules.HouseRules``; ``lint.lint`` looks for flaws
that no single value shows; ``show.summary`` puts the rules into plain words.
"""
