"""Tables that a form declares, on the pages of a PDF."""
