"""The nouns: facts, evidence, findings, decisions, outcomes, standing."""
