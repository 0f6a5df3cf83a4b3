"""Exports from the warehouse for people who are allowed to have identifiers."""
