"""The tamper-evident log: what an entry says, the tree over all entries, its signed heads, its verifier."""
