"""Field types: how a value is read, written to a screen and compared."""
