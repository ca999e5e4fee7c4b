"""More than one account for one User (4.1): identifiers, evidence, approvals, the check."""
