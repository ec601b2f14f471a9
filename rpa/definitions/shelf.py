"""A folder of definitions of one kind, by name, with what is wrong with each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from rpa.definitions.base import Definition
from rpa.definitions.gather import gathered
from rpa.definitions.library import Defined, understood
from rpa.definitions.yaml import Source
from rpa.errors import DefinitionError, Problem

D = TypeVar("D", bound=Definition)


@dataclass(frozen=True)
class Shelf(Generic[D]):
    """Definitions of one *kind*. One that fails its check stays visible, as unavailable, with its reason."""

    kind: type[D]
    defined: Mapping[str, Defined] = field(default_factory=dict)

    def __iter__(self) -> Iterator[str]:
        return iter(self.defined)

    def get(self, name: str) -> D:
        """Return the definition *name*; raise `DefinitionError` where there is none or it holds a mistake."""
        found = understood(self.kind, self.defined, name, self.kind.__name__.lower())
        if self.defined[name].problems:
            raise DefinitionError(self.defined[name].problems)
        return found

    def right(self) -> dict[str, D]:
        """Return those without a mistake."""
        return {
            name: one.definition
            for name, one in self.defined.items()
            if isinstance(one.definition, self.kind) and not one.problems
        }

    def problems(self) -> list[Problem]:
        """Return everything that is wrong with any of them."""
        found = [problem for one in self.defined.values() for problem in one.problems]
        return sorted(found, key=lambda problem: (problem.path, problem.line, problem.column))


def checked(one: Defined, kind: type[D], check: Callable[[D, Source], Iterable[Problem]]) -> Defined:
    """Return the file with what *check* finds wrong with it, where it can be understood at all."""
    if not isinstance(one.definition, kind):
        return one
    return replace(one, problems=(*one.problems, *gathered(check(one.definition, one.source))))
