"""What the text below a key says of it: read from the source only when somebody asks, since that takes long.

Measured: pydantic's own reading of these texts, done for each class when it is made, took a tenth of the processor
that every command and worker needs to start.
"""

import ast
import inspect
from collections.abc import Mapping
from functools import cache
from itertools import pairwise


@cache
def told(kind: type) -> Mapping[str, str]:
    """Return the text below each key of a definition, by the key's name in the class; inherited ones too."""
    inherited = {name: text for base in reversed(kind.__bases__) for name, text in told(base).items()}
    return {**inherited, **_own(kind)} if kind.__module__.startswith(__package__) else {}


def _own(kind: type) -> dict[str, str]:
    (parsed,) = ast.parse(inspect.getsource(kind)).body
    body = parsed.body if isinstance(parsed, ast.ClassDef) else []
    return {
        key.target.id: inspect.cleandoc(text.value.value)
        for key, text in pairwise(body)
        if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name)
        if isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
