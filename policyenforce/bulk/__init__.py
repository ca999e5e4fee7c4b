"""The same checks over tables of millions of accounts, on one machine (numpy, Arrow)."""
