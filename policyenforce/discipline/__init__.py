"""Findings -> decision: grounds, ladder, people, appeals, standing, notice, reasons."""
