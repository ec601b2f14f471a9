"""One file per verb of the language."""
