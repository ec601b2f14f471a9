"""Known secrets and personal values go through every room; then every byte written is searched for them."""
