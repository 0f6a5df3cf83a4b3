"""Policies as data: the ones that come with the warehouse are seeds, the ones that people add are rows beside them."""
