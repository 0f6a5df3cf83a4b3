"""Policies as data: shipped policies are seeds, and policies that people add are rows beside them."""
