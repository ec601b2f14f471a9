"""The public page, off by default: people bring a form by themselves, get a number, and ask how it stands."""
