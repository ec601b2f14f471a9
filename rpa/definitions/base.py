"""What every definition shares: frozen, strict about keys, texts only."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from rpa.definitions.told import told

MaybeEmpty = Annotated[str, Field(min_length=0)]
"""A text that may be empty; every other text may not."""


class Definition(BaseModel):
    """A part of a YAML file. Every scalar arrives as text; the types come from here.

    The text below each key is what the documentation, editors and messages say of it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler, /) -> JsonSchemaValue:
        """Return the schema, in which each key is told by the text below it."""
        schema = handler(core)
        keys = handler.resolve_ref_schema(schema)["properties"]
        for name, text in told(cls).items():
            keys[cls.model_fields[name].alias or name]["description"] = text
        return schema
