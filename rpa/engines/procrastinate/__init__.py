"""Work for several machines: Procrastinate tells workers where there is some, the ledger decides what it is."""
