"""Timing and truth: what is measured, never asserted."""
