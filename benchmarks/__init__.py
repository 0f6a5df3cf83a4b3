"""Timing, truth and the quality of links: what is measured, never asserted."""
