"""Documents become drafts of records: read, typed, matched, judged."""
