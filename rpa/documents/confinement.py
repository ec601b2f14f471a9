"""What the process that reads one document is held to; once taken on it can't be put off."""

import os
import resource
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rpa.documents.calls import Filter
from rpa.documents.landlock import read_only
from rpa.documents.wire import Limits

OPEN_FILES = 32
"""The most files that a child may have open at once."""

_MOST_INHERITED = 1024
_SHARED = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/tesseract-ocr",
    "/usr/share/tessdata",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/null",
    "/dev/urandom",
)
"""What libraries read of any machine; none of it is anybody's own."""


@dataclass(frozen=True)
class Confinement:
    """What is the same for every document: where the program's own code lies, and which calls may be made.

    The code stays readable because modules are loaded when first used.
    """

    code: frozenset[Path]
    modules: frozenset[str]
    calls: Filter | None

    @classmethod
    def prepared(cls) -> "Confinement":
        """Return it for the modules that are loaded now and what they may load.

        That is not simply the module path: the folder that a program was started in may stand on it, with the
        credentials of a project.
        """
        pythons = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
        libraries = {f"{sys.base_prefix}/lib", *site.getsitepackages(), *_SHARED}
        modules = frozenset(sys.modules)
        paths = {Path(path) for path in pythons | libraries | set(_homes(modules))}
        code = frozenset(path for path in paths if paths.isdisjoint(path.parents))
        return cls(code, modules, Filter.for_reading())

    def put_on(self, limits: Limits, readable: Iterable[Path]) -> None:
        """Hold this process for good to *limits*, to reading the files *readable*, and to calls that read.

        Modules that were loaded since are readable too. Raises `OSError`.
        """
        _limit(limits)
        newer = map(Path, _homes(sys.modules.keys() - self.modules))
        read_only([*readable, *newer, *self.code])
        if self.calls is not None:
            self.calls.put_on()


def _homes(modules: Iterable[str]) -> Iterator[str]:
    """Yield the folder of each package, and the file of each module that stands alone."""
    for name in {full.partition(".")[0] for full in modules} - {"__main__"}:
        module = sys.modules.get(name)
        folders = list(getattr(module, "__path__", ()))
        yield from folders or filter(None, [getattr(module, "__file__", None)])


def keep_only(way_out: int) -> None:
    """Close every open file but the way out; what is printed goes nowhere, for it may hold words of a document."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.closerange(3, way_out)
    os.closerange(way_out + 1, _MOST_INHERITED)


def _limit(limits: Limits) -> None:
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_AS, limits.memory),
    ):
        resource.setrlimit(what, (most, most))
    # A second lies between the two, so that the signal tells what it died of.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.processor, limits.processor + 1))
