"""The service: one long-running process that starts runs by the clock and by what comes."""
