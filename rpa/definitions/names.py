"""What names in definitions look like."""

import re

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""A name that `$name` can refer to."""
