"""The office's dashboard: pages over the current leadership release."""
