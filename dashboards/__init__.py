"""The office's dashboard: two pages over the current leadership release."""
