"""YAML read as text: `00123` stays `00123`, `no` stays `no`; types come from the definitions.

A repeated key, an alias and a tag are errors. Every part keeps its line and column, so that a mistake can be
shown where it stands.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from rpa.errors import Problem

Location = tuple[str | int, ...]
"""The way to a part of a definition: keys and positions from the top."""

_LOOKS = ["str", "int", "float", "bool", "null", "timestamp", "value", "merge", "map", "seq"]
_GIVEN_BY_LOOKS = {f"tag:yaml.org,2002:{kind}" for kind in _LOOKS}
"""Tags that YAML gives what has none: 17 looks like an int to it. We take the text, whatever it looks like."""

_FAULTS = {
    r"found character '\\t'": "a tab stands where only spaces can",
    r"found character '(.)' that cannot start": "a text that begins with `{}` needs quotes around it",
    r"found undefined alias": "a text that begins with `*` needs quotes around it",
    r"mapping values are not allowed": "this `:` can't stand here: a text that holds `: ` needs quotes around it, "
    "and the keys of one map are indented alike",
    r"could not find expected ':'": "the line above is no `key: value`",
    r"expected <block end>": "this line does not belong to the one above: indent both alike, "
    "or put quotes around the whole text",
    r"expected ',' or '(.)'": "a `{}` or a comma is missing in what begins here",
    r"expected the node content, but found '(.*)'": "`{}` stands where a text, a list or a map should begin",
    r"sequence entries are not allowed": "a list begins on a line of its own",
    r"found unexpected end of stream": "this quote is not closed",
    r"found unknown escape character": "a backslash is special in double quotes: use single quotes",
    r"found another document": "one file holds one definition: leave out the `---`",
    r"incompatible YAML document": "leave out the line that begins with `%YAML`",
}
"""What ruamel.yaml says (a regular expression) -> what an author can do about it."""

_BEGINS_EARLIER = (r"expected ',' or", r"found unexpected end of stream")
"""Faults that are shown where what is not closed begins, not where the file ends."""


@dataclass
class Source:
    """A YAML file as plain data, and where each of its parts stands (lines and columns from 1)."""

    path: Path
    data: Any = None
    keys: dict[Location, tuple[int, int]] = field(default_factory=dict)
    values: dict[Location, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, location: Sequence[str | int], message: str, *, at_key: bool = False) -> Problem:
        """Return a problem at *location*, or at the nearest part around it that the file holds."""
        places = self.keys if at_key else self.values
        way = tuple(location)
        while way and way not in places:
            way = way[:-1]
        line, column = places.get(way, (1, 1))
        return Problem(self.path, line, column, message)


def load(path: Path) -> Source:
    """Read the file; whatever is wrong with it as YAML stands in the source's `problems`."""
    source = Source(path)
    try:
        node = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8"))
        source.data = _plain(node, (), source, set())
    except OSError as error:
        source.problems.append(Problem(path, 1, 1, f"the file can't be read: {error.strerror}"))
    except UnicodeDecodeError:
        source.problems.append(Problem(path, 1, 1, "the file is not UTF-8 text: save it as UTF-8"))
    except RecursionError:
        source.problems.append(Problem(path, 1, 1, "lists or maps are nested too deep"))
    except ReaderError as error:
        source.problems.append(Problem(path, 1, 1, f"a character that is no text (U+{error.character:04X})"))
    except MarkedYAMLError as error:
        source.problems.append(_fault(path, error))
    return source


def _fault(path: Path, error: MarkedYAMLError) -> Problem:
    said = str(error.problem or error.context)
    begins = any(re.search(pattern, said) for pattern in _BEGINS_EARLIER)
    mark = error.context_mark if begins else error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    for pattern, words in _FAULTS.items():
        if match := re.search(pattern, said):
            return Problem(path, line, column, words.format(*match.groups()))
    return Problem(path, line, column, f"this is not YAML: {said}")


def _plain(node: Node | None, way: Location, source: Source, seen: set[int]) -> Any:
    if node is None:
        source.problems.append(Problem(source.path, 1, 1, "the file is empty"))
        return None
    source.values[way] = _place(node)
    if id(node) in seen:  # an alias; its anchor has been told already
        return None
    seen.add(id(node))
    _refuse_marks(node, way, source)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*way, i), source, seen) for i, item in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return dict(_pairs(node, way, source, seen))
    return str(node.value)


def _refuse_marks(node: Node, way: Location, source: Source) -> None:
    if node.anchor:
        words = f"`&{node.anchor}` is YAML's mark for something used again: write it out, or put quotes around it"
        source.problems.append(source.problem(way, words))
    if str(node.tag) not in _GIVEN_BY_LOOKS:
        words = "`!` at the beginning is YAML's mark for a type: leave it out, or put quotes around it"
        source.problems.append(source.problem(way, words))


def _pairs(node: MappingNode, way: Location, source: Source, seen: set[int]) -> Iterator[tuple[str, Any]]:
    known: set[str] = set()
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, ScalarNode) else "?"
        source.keys[*way, key] = _place(key_node)
        if key in known:
            source.problems.append(source.problem((*way, key), f"`{key}` is said twice", at_key=True))
        if not isinstance(key_node, ScalarNode):
            source.problems.append(source.problem((*way, key), "a key is one text", at_key=True))
        known.add(key)
        yield key, _plain(value_node, (*way, key), source, seen)


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
