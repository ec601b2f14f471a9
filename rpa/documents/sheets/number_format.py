"""Numbers as a spreadsheet shows them, by their number format (ECMA-376 part 1, section 18.8.31).

The formats of forms and lists are drawn: zeros in front, grouping, decimals, percentages, currency signs, signs
and words around and between the digits, and sections for negative numbers and zero. What would hide digits is
not drawn but given in full, as General does: exponents, fractions, sections with conditions, thousands, cents that
are not shown, numbers in a column of texts, and the dash of an account that is nil. Colours and the padding of
columns are left out: where nothing but a colour tells that a number is negative, it gets its sign. The decimal
mark is a point, the grouping a comma, whatever the locale.
"""

import re
from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

DIGITS = 15
"""A spreadsheet keeps this many digits of a number; more are the noise of binary fractions."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<sign>.)",
    re.DOTALL,
)
_COLOR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color ?\d+", re.IGNORECASE)
_CONDITION = re.compile(r"\[[<>=]")
_NIL = re.compile(r"[^\w.]*[-\u2013\u2014][^\w.]*")
_PLACES = "0#?"
_HALF_A_CENT = Decimal("0.005")
_GENERAL = "General"


def shown(number: float, code: str) -> str:
    """Return *number* as the format *code* shows it."""
    text = f"{number:.{DIGITS}g}" if isinstance(number, float) else str(number)
    if code == _GENERAL and "e" not in text:
        return text
    if text.isdecimal() and code and not code.strip("0"):
        return text.zfill(len(code))  # most codes and counts: by the rules below it would take ten times as long
    value = Decimal(text)
    tokens = _meant((value > 0) - (value < 0), code)
    drawn = None if tokens is None else _drawn(abs(value), tokens)
    if tokens is None or drawn is None or (value == 0 and _NIL.fullmatch(drawn)):
        return plain(value)
    return f"-{drawn}" if value < 0 and _has_digit(drawn) and not _tells_the_sign(tokens, code) else drawn


def plain(value: Decimal) -> str:
    """Return all digits, without an exponent and without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _has_digit(text: str) -> bool:
    return any(sign in "123456789" for sign in text)


@lru_cache(maxsize=512)
def _meant(above: int, code: str) -> tuple[tuple[str, bool], ...] | None:
    """Return the signs of the section for a number *above* 0, or below it; None where it is not drawn."""
    return None if _CONDITION.search(code) else _tokens(_section(above, _sections(code)))


@lru_cache(maxsize=512)
def _tells_the_sign(tokens: tuple[tuple[str, bool], ...], code: str) -> bool:
    """Tell whether anything stands beside a negative number that does not stand beside a positive one."""
    usual = Counter(_tokens(_sections(code)[0]) or ())
    return any(literal and sign.strip() for sign, literal in Counter(tokens) - usual)


def _section(value: int, sections: Sequence[str]) -> str:
    """Return the section for positive numbers, for negative ones, or for zero."""
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]  # noqa: PLR2004  # the third is zero's


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[str, ...]:
    parts, start = [], 0
    for match in _TOKEN.finditer(code):
        if match["sign"] == ";":
            parts.append(code[start : match.start()])
            start = match.end()
    return (*parts, code[start:])


@lru_cache(maxsize=512)
def _tokens(section: str) -> tuple[tuple[str, bool], ...] | None:
    """Return signs, each with whether it stands for itself; None for a section that is not drawn."""
    tokens: list[tuple[str, bool]] = []
    for match in _TOKEN.finditer(section):
        literal = match["quoted"] or match["escaped"] or match["currency"]
        sign = match["sign"] or ""
        if literal:
            tokens.append((literal, True))
        elif sign.isalpha() or sign in {"/", "@"} or not _COLOR.fullmatch(match["bracket"] or "red"):
            return None
        elif sign:
            tokens.append((sign, sign not in f"{_PLACES}.,%"))
    return tuple(tokens)


def _drawn(value: Decimal, tokens: Sequence[tuple[str, bool]]) -> str | None:
    """Draw the number; None where thousands or cents would be left out. A percentage is given as it is shown."""
    places = [index for index, (sign, literal) in enumerate(tokens) if not literal and sign in _PLACES]
    if not places:
        return "".join(sign for sign, literal in tokens if literal)
    if tokens[places[-1] + 1 : places[-1] + 2] == ((",", False),):
        return None  # each comma behind the last digit divides by a thousand
    percents = tokens.count(("%", False))
    value = value.scaleb(2 * percents)
    point = tokens.index((".", False)) if (".", False) in tokens else len(tokens)
    decimals = sum(index > point for index in places)
    seen = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if not percents and abs(value - seen) > _HALF_A_CENT:
        return None
    whole, _, fraction = f"{seen:f}".partition(".")
    grouped = (",", False) in tokens[places[0] : min(point, places[-1])]
    return _whole(whole.lstrip("0"), tokens[:point], grouped=grouped) + _fraction(fraction, tokens[point:])


def _whole(digits: str, tokens: Sequence[tuple[str, bool]], *, grouped: bool) -> str:
    """Fill the places before the point from the right; the first place takes all digits that are left."""
    places = [sign for sign, literal in tokens if not literal and sign in _PLACES]
    digits = digits.rjust(len("".join(places).lstrip("#?")), "0")
    text, written, empty = "", 0, len(places)
    for sign, literal in reversed(tokens):
        if literal or sign == "%":
            text = sign + text
        elif sign in _PLACES:
            empty -= 1
            here, digits = (digits, "") if empty == 0 else (digits[-1:], digits[:-1])
            text = _grouped(here, written if grouped else 0, grouped=grouped) + text
            written += len(here)
    return text


def _grouped(digits: str, behind: int, *, grouped: bool) -> str:
    """Return *digits* with commas, where *behind* digits stand behind them already."""
    text = ""
    for count, digit in enumerate(reversed(digits), start=behind):
        text = digit + ("," if grouped and count and count % 3 == 0 else "") + text
    return text


def _fraction(digits: str, tokens: Sequence[tuple[str, bool]]) -> str:
    """Fill the places behind the point; zeros at the end are dropped where the format has #."""
    places = [sign for sign, literal in tokens if not literal and sign in _PLACES]
    keep = len("".join(places).rstrip("#?"))
    left = iter(digits[:keep] + digits[keep:].rstrip("0"))
    text = ""
    for sign, literal in tokens:
        if literal or sign in {"%", "."}:
            text += sign
        elif sign in _PLACES:
            text += next(left, "")
    return text
