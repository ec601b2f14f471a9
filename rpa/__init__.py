"""Keyonce: a record is read once and entered once in every legacy system, and can be proved."""
