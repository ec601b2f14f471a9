"""How fast the engine is, measured against what a good engineer would write by hand, on the same machine."""
