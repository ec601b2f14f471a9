"""What answers each page: one file for each place in the menu."""
