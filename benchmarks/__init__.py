"""Timings, comparisons with the truth and the quality of links, which are measured and never asserted."""
