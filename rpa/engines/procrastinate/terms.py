"""What a worker goes by, as others see it: by this a run knows whether anybody who is there will take its work."""


def terms(system: str, bot: str, digest: str, addresses: str) -> str:
    """Return what is attended beside the system: the bot as it is, at these addresses."""
    return f"{system} {bot} {digest} {addresses}"
