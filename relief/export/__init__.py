"""What leaves the warehouse for people who may hold identifiers."""
