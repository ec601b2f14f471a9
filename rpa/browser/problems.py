"""What the scripts in the page met, as sentences for people: the field, what is wrong, what to do. No value."""

from collections.abc import Mapping, Sequence
from typing import Any

from rpa.browser.inpage import NO_ANSWER
from rpa.definitions.base import Definition
from rpa.errors import (
    ApplicationException,
    BusinessException,
    DefinitionError,
    NotOnScreen,
    RpaError,
    ScreenDiffers,
)

_SENTENCES: Mapping[str, tuple[type[RpaError], str]] = {
    "missing": (NotOnScreen, "{target} is not on the screen{labels}; correct the page map"),
    "several": (NotOnScreen, "{target} is on the screen {count} times{labels}; add `nth` to the page map"),
    "too-few": (NotOnScreen, "{target} is on the screen {count} times only; correct `nth` in the page map"),
    "hidden": (NotOnScreen, "{target} is in the page but hidden{labels}; a person could not use it now"),
    "disabled": (NotOnScreen, "{target} is disabled; a person could not use it now"),
    "readonly": (NotOnScreen, "{target} is read-only; find out which field or picker sets it"),
    "covered": (NotOnScreen, "{target} is covered by {by}"),
    "incomplete": (
        NotOnScreen,
        "{target} would not be sent: the browser wants {field} filled in or corrected first",
    ),
    "moving": (NotOnScreen, "{target} is still moving"),
    "focus-lost": (NotOnScreen, "{target} does not keep the focus; the page moves it elsewhere"),
    "no-options": (NotOnScreen, "{target} offers no choices yet"),
    "no-pane": (NotOnScreen, "{target}: nothing matches its `chosen` selector {css}"),
    "no-mover": (NotOnScreen, "{target}: the control {control} of its `add` is not on the screen"),
    "not-moved": (NotOnScreen, "{target}: {control} did not move what was marked to the chosen pane"),
    "moved": (NotOnScreen, "{target}: the row that was found is not there any more; search again"),
    "no-text": (NotOnScreen, "{target} shows nothing that fits its `pattern`"),
    "several-tables": (NotOnScreen, "{count} tables have these headings; add `css` to the page map"),
    "twin-headings": (NotOnScreen, "two columns are headed {heading}; the page map cannot tell them apart"),
    "leaving": (ApplicationException, "the page went away, and the next one did not come in time"),
    "not-attached": (ScreenDiffers, "{target} does not name the file that was given to it"),
    "differs": (
        ScreenDiffers,
        "{target} does not show what was entered; compare `format` in the page map, or set `keys: true`",
    ),
    "bad-form": (DefinitionError, "{target} is an input of type {type}: leave `format` out of the page map"),
    "bad-css": (DefinitionError, "{css} is no CSS selector"),
    "one-only": (DefinitionError, "{target} takes one text, and {count} are meant for it"),
    "not-yes-no": (DefinitionError, "{target} is a check box: it takes yes or no; see `options`"),
    "no-list": (DefinitionError, "{target} is no list, but its page map says `add`"),
    "file": (DefinitionError, "{target} takes a file: use `attach`"),
    "no-file-field": (DefinitionError, "{target} takes no file: use `fill`"),
    "no-option": (BusinessException, "{target} does not offer this choice, among {count}; see `options`"),
    "twin-options": (BusinessException, "{target} offers this choice more than once{places}; choose by hand"),
    "too-long": (BusinessException, "the text is longer than the {most} characters that the screen's field takes"),
    "one-line": (BusinessException, "the text has several lines, and the screen's field takes one"),
    "charset": (
        BusinessException,
        "the text has a letter that the system's character set ({charset}) does not have and would garble",
    ),
}


def problem(name: str, kind: str, facts: Mapping[str, Any], target: Definition | None = None) -> RpaError:
    """Return the error for the trouble *kind* that a script met at the field, button or table *name*."""
    family, sentence = _SENTENCES[kind]
    message = f"{name}: " + sentence.format_map({**facts, **_said(facts), "target": _said_of(target)})
    return BusinessException(message, field=name) if family is BusinessException else family(message)


def check(name: str, answer: Any, target: Definition | None = None) -> Any:
    """Return a script's *answer*, or raise the error for the trouble that it tells."""
    if isinstance(answer, dict) and answer.get("trouble"):
        raise _trouble(name, answer, target)
    return answer


def _trouble(name: str, answer: Mapping[str, Any], target: Definition | None) -> RpaError:
    """Return the error that *answer* tells; a page that put scripts in the place of ours may tell anything."""
    try:
        return problem(name, answer["trouble"], answer["facts"], target)
    except (KeyError, TypeError, ValueError, AttributeError):
        return ApplicationException(f"{name}: {NO_ANSWER}")


def _said_of(target: Definition | None) -> str:
    """Return how a person or the page map knows the target."""
    label, css = getattr(target, "label", None), getattr(target, "css", None)
    return repr(label) if label else f"the selector {css}" if css else "it"


def _said(facts: Mapping[str, Any]) -> dict[str, str]:
    labels: Sequence[str] = facts.get("labels") or ()
    places: Sequence[int] = facts.get("places") or ()
    return {
        "labels": f" (seen: {', '.join(labels)})" if labels else "",
        "places": f" (as options {' and '.join(map(str, places))})" if places else "",
    }
