"""What several workers and machines do: real processes, browsers where there are any, and a real PostgreSQL."""
