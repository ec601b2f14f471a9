"""What became of a bot's records, for those who work with lists."""
