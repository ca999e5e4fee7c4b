"""The checks: facts -> findings, pure, one island for each clause family."""
