"""The command: the only room that reads the clock, the environment, or prints."""
