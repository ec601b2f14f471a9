"""`python -m tests.canary [--claims N]`: the whole demonstration, then every byte searched; a line of JSON.

Ends with 1 where anything was found, and where the search does not find what it has to: then it would say nothing.
"""

import json
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.canary.office import BOT, KEPT, Office, office
from tests.canary.search import files, found_in, is_picture, seen_in

NEEDS_PERSON = 3
SSN_HYPHENS = 2


@click.command()
@click.option("--claims", default=25, show_default=True, type=click.IntRange(1), help="How many of the claims.")
def main(claims: int) -> None:
    """Run, and search."""
    with TemporaryDirectory() as folder, office(Path(folder) / "office", claims) as place:
        place.change_map("payments", "ZIP: ZIP", "ZIP: Zone")
        place.does("rehearse", BOT)  # fails with the form half full
        place.change_map("payments", "ZIP: Zone", "ZIP: ZIP")
        code = place.does("run", BOT, "--json")
        used(place)
        told = searched(place)
        told["controls_found"] = controls(place)
    click.echo(json.dumps(told))
    sys.exit(
        1 if told["leaks"] or told["controls_found"] != told["controls"] or code not in {0, NEEDS_PERSON} else 0
    )


def used(place: Office) -> None:
    """Use every command that tells of what was done."""
    for words in (("show", "CL-100001"), ("queue",), ("queue", "--json"), ("systems",), ("audit", "verify")):
        place.does(*words)


def searched(place: Office) -> dict[str, object]:
    """Search every file; return the figures of the last line."""
    leaks, pictures, size, count = set(place.found), 0, 0, 0
    for path in files(place.folder, but=KEPT):
        count += 1
        size += path.stat().st_size
        leaks |= {
            f"{name} in {path.relative_to(place.folder)}" for name in found_in(path.read_bytes(), place.wanted)
        }
        if is_picture(path):
            pictures += 1
            leaks |= {f"{name} seen in {path.name}" for name in seen_in(path, place.wanted)}
    for leak in sorted(leaks):
        click.echo(leak, err=True)
    figures = {"canaries": len(place.wanted), "files": count, "bytes": size, "pictures_read": pictures}
    return {**figures, "processes": place.processes, "leaks": len(leaks), "controls": 3}


def controls(place: Office) -> int:
    """Return how many of three things the search finds that it has to: a text, a picture, a process."""
    from PIL import Image, ImageDraw, ImageFont

    name, ways = next((name, ways) for name, ways in place.wanted.items() if name.startswith("SSN"))
    text = next(way.decode() for way in sorted(ways) if way.count(b"-") == SSN_HYPHENS and b"\0" not in way)
    picture, said = place.folder / "control.png", place.folder / "control.txt"
    with Image.new("RGB", (600, 60), "white") as image:
        ImageDraw.Draw(image).text((10, 10), f"SSN {text}", fill="black", font=ImageFont.load_default(24))
        image.save(picture)
    said.write_text(f"fill: {text} timed out")
    found = name in found_in(said.read_bytes(), place.wanted), name in seen_in(picture, place.wanted)
    shutil.copy(said, place.folder / "tmp")
    place.found.clear()
    place.does("doctor")
    return sum((*found, any("tmp/" in one for one in place.found)))


if __name__ == "__main__":
    main()
