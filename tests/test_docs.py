"""The guide to the language: whole, and in the words of the definitions.

Its tables and files stand between `<!-- name -->` and `<!-- end -->`. After a change of the definitions
`RPA_WRITE_GOLDEN=1 pytest tests/test_docs.py` writes them anew.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from rpa.definitions.check_value import PLACES, READS
from rpa.definitions.schema import bot_schema, form_schema, schedule_schema, system_schema, trigger_schema
from rpa.definitions.step import VERBS
from rpa.definitions.yaml import load
from rpa.documents import table as documents
from rpa.fields import table as fields

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs/language.md"
DEFINITIONS = ROOT / "tests/definitions"
SCHEMAS = {
    "Bot": bot_schema(),
    "System": system_schema(),
    "Form": form_schema(),
    "Schedule": schedule_schema(),
    "Trigger": trigger_schema(),
}
PARTS = {name: part for schema in SCHEMAS.values() for name, part in schema["$defs"].items()} | SCHEMAS
BAR = "\\|"
"""How an upright line is written in a table."""

MADE = re.compile(r"(<!-- ([a-z]+)(?:: (\S+))? -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def table(heading: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', BAR) for cell in line)} |\n" for line in lines)


def keys(name: str) -> str:
    """Return the table of a part's keys: what must be said, what holds when it is not, what it is for."""
    part = PARTS[name]

    def row(key: str, spec: dict[str, Any]) -> Sequence[str]:
        default = f"`{str(spec['default']).lower()}`" if isinstance(spec.get("default"), str | int) else ""
        needed = "needed" if key in part.get("required", ()) else default
        return f"`{key}`", needed, " ".join([*spec["description"].split(), *one_of(spec)])

    return table(["key", "needed, or default", "what it is"], (row(*pair) for pair in part["properties"].items()))


def one_of(spec: dict[str, Any]) -> Iterator[str]:
    words = spec.get("additionalProperties", spec).get("enum", ())
    if words and True not in words:
        yield f"One of {', '.join(f'`{word}`' for word in words)}."


def types(_: str) -> str:
    def row(name: str) -> Sequence[str]:
        kind = fields.field_type(name)
        about = (type(kind).__doc__ or "").splitlines()[0]
        reads = "<br>".join(f"`{text.strip()}` → `{held}`" for text, held in kind.accepts.items())
        same: dict[str, list[str]] = {}
        for text, why in kind.refuses.items():
            same.setdefault(why, []).append(f"`{text}`")
        refuses = "<br>".join(f"{', '.join(texts)}: {why}" for why, texts in same.items())
        return f"`{name}`", about, reads, refuses

    return table(["type", "what it is", "reads → holds", "refuses"], (row(name) for name in fields.TYPES))


def verbs(_: str) -> str:
    rows = ((f"[`{name}`](#{name})", (verb.__doc__ or "").splitlines()[0]) for name, verb in VERBS.items())
    return table(["verb", "what it does"], iter(rows))


def readers(_: str) -> str:
    def row(name: str) -> Sequence[str]:
        reader = documents.reader(name)
        about = " ".join((type(reader).__doc__ or "").split("\n\n")[0].split())
        options = PARTS["DocumentSpec"]["properties"].keys() & reader.options
        ways, said = READS.get(name, PLACES), sorted(options)
        return f"`{name}`", about, *(", ".join(f"`{word}`" for word in some) for some in (ways, said))

    return table(["reader", "what it does", "finds by", "options"], (row(name) for name in documents.READERS))


def file(name: str) -> str:
    return f"```yaml\n{(DEFINITIONS / name).read_text('utf-8')}```\n"


MAKERS: dict[str, Callable[[str], str]] = {
    "keys": keys,
    "types": types,
    "verbs": verbs,
    "readers": readers,
    "file": file,
}


def test_the_tables_say_what_the_definitions_say() -> None:
    text = GUIDE.read_text("utf-8")
    made = MADE.sub(lambda found: f"{found[1]}\n{MAKERS[found[2]](found[3] or '')}\n{found[5]}", text)
    if os.environ.get("RPA_WRITE_GOLDEN"):
        GUIDE.write_text(made, "utf-8")

    assert GUIDE.read_text("utf-8") == made


def test_every_part_of_the_language_has_its_table() -> None:
    told = {found[3] for found in MADE.finditer(GUIDE.read_text("utf-8")) if found[2] == "keys"}

    assert told == set(PARTS) - {"Step"}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_heading_and_an_example(verb: str) -> None:
    assert re.search(rf"^### {verb}\n\n```yaml\n- {verb}: ", GUIDE.read_text("utf-8"), re.MULTILINE)


def test_every_example_can_be_read(tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)

    assert len(examples) > 15
    for example in examples:
        path = tmp_path / "example.yaml"
        path.write_text(example if not example.startswith("# yaml") else "a: b\n", "utf-8")
        assert load(path).problems == [], example


def test_every_message_that_is_shown_is_one_that_is_told() -> None:
    (shown,) = re.findall(r"```text\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    told = {line for path in DEFINITIONS.glob("*/error.txt") for line in path.read_text("utf-8").splitlines()}

    assert set(shown.splitlines()) <= told


def test_every_link_inside_leads_somewhere() -> None:
    text = GUIDE.read_text("utf-8")
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}

    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= headings
