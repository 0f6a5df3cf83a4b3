"""Tests that open the dashboard's pages in headless Chromium."""
