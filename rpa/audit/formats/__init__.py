"""The log in the forms of other readers: tables, SIEMs, process mining, provenance. None proves itself."""
