"""Mail: what it says, and the files that are attached to it."""
