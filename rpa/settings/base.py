"""One part of the settings."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Settings that belong together: what is none of them is refused, and none changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
