"""A zip archive with one part replaced; every other entry is copied as its bytes are, packed."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from rpa.documents.splice.pieces import Piece, Stretch


def pieces_with(source: Path, part: str, content: bytes) -> Iterator[Piece]:
    """Yield the archive *source* with *content* in the place of *part*: stretches of it, and what is new."""
    packed, target = source.read_bytes(), BytesIO()
    copied: list[tuple[int, Stretch]] = []
    with ZipFile(source) as old, ZipFile(target, "w") as new:
        changed = old.getinfo(part)
        entries = sorted(old.infolist(), key=lambda entry: entry.header_offset)
        ends = [*(entry.header_offset for entry in entries[1:]), old.start_dir]
        for entry, end in zip(entries, ends, strict=True):
            if entry is changed:
                new.writestr(_described(entry), content)
            else:
                stretch = Stretch(entry.header_offset, end)
                copied.append((_copy(entry, packed[stretch.start : end], new), stretch))
        new.comment = old.comment
    return _pieces(target.getvalue(), copied)


def _pieces(written: bytes, copied: Sequence[tuple[int, Stretch]]) -> Iterator[Piece]:
    done = 0
    for place, stretch in copied:
        if place > done:
            yield written[done:place]
        yield stretch
        done = place + stretch.end - stretch.start
    yield written[done:]


def _described(entry: ZipInfo) -> ZipInfo:
    described = ZipInfo(entry.filename, entry.date_time)
    described.compress_type = ZIP_DEFLATED
    described.external_attr = entry.external_attr
    return described


def _copy(entry: ZipInfo, packed: bytes, archive: ZipFile) -> int:
    """Append an entry as it is: its header, its packed bytes, and what may follow them; return where it begins."""
    file = archive.fp
    if file is None:  # pragma: no cover  # an archive that is open has its file
        raise ValueError
    file.seek(archive.start_dir)
    place = entry.header_offset = file.tell()
    file.write(packed)
    archive.start_dir = file.tell()
    archive.filelist.append(entry)
    archive.NameToInfo[entry.filename] = entry
    return place
