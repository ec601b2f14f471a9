"""Random faults in everything that a bot stands on, and a checker that compares what is left: `make chaos`."""
