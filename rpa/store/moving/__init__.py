"""An office moves from a file into a database, with its whole trail, and works in one of them at any time."""
