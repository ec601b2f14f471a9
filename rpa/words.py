"""How counts are said to people."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return the number with its noun: `1 document`, `2 documents`; *many* where the plural is no `s` more."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
