"""The databases that can hold a ledger, each in a file of its own: all that differs between them."""
