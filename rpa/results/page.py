"""A work item's story as one page of HTML, to be read and printed: no script, nothing from elsewhere."""

from collections.abc import Iterable, Sequence
from html import escape

from rpa.results.story import Story, went, what, when

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #1b1b1b; }
main { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; }
tr { border-bottom: 1px solid #71767a; }
td { overflow-wrap: anywhere; } tr { break-inside: avoid; }
@media print { body { font-size: 11px; } main { margin: 0; max-width: none; } h2 { break-after: avoid; } }
"""

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style></head>
<body><main>{body}</main></body>
</html>
"""


def page(stories: Sequence[Story], head: str) -> str:
    """Return the page; *head* tells under which checkpoint the log stood when it was made."""
    title = f"The story of {stories[0]['reference']}"
    body = [f"<h1>{escape(title)}</h1><p>{escape(head)}</p>"]
    for story in stories:
        body += _story(story)
    return PAGE.format(title=escape(title), style=STYLE, body="\n".join(body))


def _story(story: Story) -> Iterable[str]:
    yield f"<h2>{escape(story['bot'])}</h2>"
    if story["erased"] is not None:
        yield f"<p>Its content was erased on {story['erased']:%Y-%m-%d}.</p>"
    documents = [(name, one["name"], one["sha256"]) for name, one in story["documents"].items()]
    yield _table("Documents", ("Document", "File", "SHA-256"), documents)
    yield _table("Values", ("Field", "Value", "Read from", "By the rule", "Went to"), list(_values(story)))
    yield _table("Systems", ("Entry", "Status", "Kept", "Reason"), list(_transactions(story)))
    trail = [(str(one["seq"]), when(one), what(one), one.get("reason", "")) for one in story["trail"]]
    yield _table("Audit trail (times are UTC)", ("No.", "Time", "What happened", "Reason"), trail)


def _values(story: Story) -> Iterable[tuple[str, ...]]:
    for name, one in story["fields"].items():
        yield name, one["value"], one["place"] or "", one["rule"] or "", "; ".join(went(one))


def _transactions(story: Story) -> Iterable[tuple[str, ...]]:
    for one in story["transactions"]:
        kept = ", ".join(f"{name} {text}" for name, text in one["kept"].items())
        yield one["entry"], str(one["status"]), kept, one["reason"] or ""


def _table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in headings)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    table = f"<thead><tr>{head}</tr></thead><tbody>\n{body}</tbody>"
    return f"<h2>{escape(caption)}</h2>\n<table>{table}</table>"
