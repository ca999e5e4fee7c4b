"""One account for more than one person (4.3, 4.5): sessions, reports, the check."""
