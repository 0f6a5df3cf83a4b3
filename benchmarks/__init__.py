"""Benchmarks: they measure run times, differences from the truth file and the quality of links, and assert nothing."""
