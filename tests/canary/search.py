"""The canaries, in every spelling, and the search for them in bytes and in pictures."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from rpa.documents.pdf.ocr import data_folder

Canaries = Mapping[str, Collection[bytes]]
"""What must not be found: a name for it, and its spellings as bytes."""

PNG = b"\x89PNG\r\n\x1a\n"


def canaries(claims: Iterable[Mapping[str, Any]], passwords: Iterable[str]) -> Canaries:
    """Return what must not be found: the personal values that the bot reads of the claims, and the passwords."""
    found = {f"password {number}": _spelled(text) for number, text in enumerate(passwords, 1)}
    for number, claim in enumerate(claims, 1):
        found[f"SSN {number}"] = _spelled(*_ssn(claim["fields"]["ssn"]))
        names = {
            claim["fields"]["claimant"],
            (claim["member"] or {}).get("full_name") or claim["fields"]["claimant"],
        }
        found[f"name {number}"] = _spelled(*names)
    return found


def _ssn(text: str) -> set[str]:
    digits = "".join(filter(str.isdigit, text))
    return {text, digits, f"{digits[:3]} {digits[3:5]} {digits[5:]}"}


def _spelled(*texts: str) -> set[bytes]:
    ways = {way(text) for text in texts for way in (str, str.upper, str.lower, quote, quote_plus, _escaped)}
    return {way.encode(code) for way in ways for code in ("utf-8", "utf-16-le")}


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]


def found_in(content: bytes, wanted: Canaries) -> Iterator[str]:
    """Yield the names of what stands in *content*."""
    return (name for name, ways in wanted.items() if any(way in content for way in ways))


def files(folder: Path, *, but: frozenset[str]) -> Iterator[Path]:
    """Yield every file below *folder* that is in none of the folders, and none of the files, that are left out."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and but.isdisjoint(path.relative_to(folder).parts):
            yield path


def seen_in(picture: Path, wanted: Canaries) -> Iterator[str]:
    """Yield the names of what can be read in a picture, letters and digits compared."""
    text = _bare(_read(picture))
    for name, ways in wanted.items():
        if any(bare and bare in text for bare in (_bare(way.decode("utf-8", "ignore")) for way in ways)):
            yield name


def is_picture(path: Path) -> bool:
    """Tell whether a file is a PNG."""
    with path.open("rb") as file:
        return file.read(len(PNG)) == PNG


def _read(picture: Path) -> str:
    from PIL import Image
    from tesserocr import image_to_text

    with Image.open(picture) as image:
        larger = image.convert("L").resize((image.width * 2, image.height * 2))
    return str(image_to_text(larger, lang="eng", path=str(data_folder())))


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
