"""How a ledger of an older Keyonce becomes one of this. Run by `rpa.store.migrate`."""
