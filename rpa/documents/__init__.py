"""Readers: a document goes in, rows of cells come out, each with the place it stood."""
