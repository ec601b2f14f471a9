"""The only way out for a session's pages: to the system's own addresses, and never twice with one submit."""
