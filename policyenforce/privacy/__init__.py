"""Privacy: keyed tokens, the vault split, purposes and retention, the gates of disclosure."""
