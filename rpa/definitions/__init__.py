"""What the YAML says, typed."""
