"""The command: one module for each group; the only room that reads the clock or prints."""
