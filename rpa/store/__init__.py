"""Queue, ledger and audit rows in one database: a state and its audit entry are one act."""
