"""Servers that take a form and then go wrong, and how often it is entered."""
