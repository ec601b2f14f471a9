"""What every definition shares: frozen, strict about keys, texts only."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MaybeEmpty = Annotated[str, Field(min_length=0)]
"""A text that may be empty; every other text may not."""


class Definition(BaseModel):
    """A part of a YAML file. Every scalar arrives as text; the types come from here.

    The text below each key is what the documentation, editors and messages say of it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1, use_attribute_docstrings=True)
