"""The dashboard's pages in headless Chromium."""
