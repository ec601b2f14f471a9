"""Who carries work to a worker."""
