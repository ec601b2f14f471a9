"""`make soak`: does the service stay as it is over many runs? Its memory, descriptors and children, run after run.

A real service starts a run for every file that is uploaded to one of its bots. Most runs read a list of one
record that a rule rejects, so that there is nothing to enter; every tenth enters its record in the benefits
system, with a browser of its own. Every look is a line of the CSV file, and all of them a picture. Printed is a
line for every part of the runs, and at last one JSON object: the medians of the first and the last tenth of the
looks, leaving out the tenth in which everything is used for the first time, and the slope of the line through all.
"""

import csv
import json
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import linear_regression, median
from urllib.request import Request, urlopen

import psutil

from benchmarks.soak_plot import Look, write_plot
from fixtures.systems.common import RunningSystem, running
from rpa.cli.demo import SECRETS
from rpa.occurrence import State
from rpa.project import Project
from rpa.store.store import Store
from tests.kills.lane import BOTS as ENTERING
from tests.rpa.service.serving import Running, serving
from tests.rpa.triggers.coming import VISITS, project
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "soak.svg"

BOTS = 4
"""Bots of which every record is rejected; with the one that enters they are used in turn."""

EVERY = 10
"""Of so many runs one enters its record."""

TRIGGER = "trigger: up-{0}\nbot: {0}\ndocument: {1}\nfiles: '*.csv'\nweb: {{credential: up}}\n"
ENTERS = "kill-benefits"
LINES = 20
GROWTH_MOST = 1.1
SPARE = 2
"""Descriptors that a look may catch open by chance."""


def lay_out(folder: Path) -> Path:
    """Lay out a project of these bots, each with its trigger."""
    bots = project(folder) / "bots"
    for number in range(BOTS):
        bot = VISITS.replace("bot: visits", f"bot: visits-{number}")
        (bots / f"visits-{number}.yaml").write_text(bot, "utf-8")
        (folder / "triggers" / f"up_{number}.yaml").write_text(
            TRIGGER.format(f"visits-{number}", "visits"), "utf-8"
        )
    (bots / "benefits.yaml").write_text((ENTERING / "benefits.yaml").read_text("utf-8"), "utf-8")
    page_map = ROOT / "bots" / "systems" / "benefits.yaml"
    (bots / "systems" / "benefits.yaml").write_text(page_map.read_text("utf-8"), "utf-8")
    (folder / "triggers" / "up_claims.yaml").write_text(TRIGGER.format(ENTERS, "claims"), "utf-8")
    return folder


def upload(url: str, number: int) -> None:
    """Upload a list of one record."""
    enters = number % EVERY == 0
    bot = ENTERS if enters else f"visits-{number % BOTS}"
    rows = f"Claim No,Lost on\nCL-{500_000 + number},2026-01-02" if enters else f"Number\n{number}"
    head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    said = {"Content-Type": "multipart/form-data; boundary=x", "Authorization": "Bearer t"}
    said["Idempotency-Key"] = f"n-{number}"
    body = f"{head}{rows}\n\r\n--x--\r\n".encode()
    urlopen(Request(f"{url}/triggers/up-{bot}", body, said), timeout=30).close()  # noqa: S310  # this machine


def looks(service: Running, store: Store, runs: int) -> Iterator[Look]:
    """Let so many runs end, some of them at the same time; look after each."""
    process = psutil.Process(service.process.pid)

    def ended() -> int:
        counts = store.occurrences.counts()
        return counts.get(State.DONE, 0) + counts.get(State.FAILED, 0)

    for number in range(1, runs + 1):
        upload(service.url, number)
        least = runs if number == runs else number - BOTS
        wait_for(lambda least=least: ended() >= least)  # type: ignore[misc]
        children = len(process.children(recursive=True))
        yield Look(number, process.memory_info().rss / 2**20, process.num_fds(), children)


def processor(service: Running) -> float:
    """Return the seconds of processor of the service and of all that it started."""
    first = psutil.Process(service.process.pid)
    spent = [one.cpu_times() for one in (first, *first.children(recursive=True))]
    return sum(one.user + one.system + one.children_user + one.children_system for one in spent)


def verdict(seen: Sequence[Look]) -> dict[str, object]:
    """Return the figures of the looks."""
    steady = seen[len(seen) // 10 :]
    tenth = max(1, len(steady) // 10)
    first, last = steady[:tenth], steady[-tenth:]
    line = linear_regression([one.runs for one in steady], [one.rss for one in steady])
    rss = [round(median(one.rss for one in part), 1) for part in (first, last)]
    return {
        "runs": len(seen),
        "rss_mib": rss,
        "growth": round(rss[1] / rss[0], 3),
        "mib_per_1000_runs": round(1000 * line.slope, 2),
        "descriptors": [int(median(one.descriptors for one in part)) for part in (first, last)],
        "children_most": max(one.children for one in steady),
    }


def is_flat(told: dict[str, object]) -> bool:
    """Tell whether nothing has grown, nothing failed and nothing was entered twice."""
    first, last = told["descriptors"] if isinstance(told["descriptors"], list) else (0, 0)
    grown = told["growth"]
    steady = isinstance(grown, float) and grown < GROWTH_MOST and last <= first + SPARE
    return steady and not told["failed"] and not told["duplicates"]


def entered(system: RunningSystem) -> dict[str, int]:
    """Return how many claims the system holds, and how many of them more than once."""
    numbers = Counter(row["claim_no"] for row in system.entries())
    return {"entered": len(numbers), "duplicates": sum(count > 1 for count in numbers.values())}


def main(runs: int, every: Path) -> int:
    """Let so many runs end, write down *every* look, draw them, and print the figures."""
    for number in (signal.SIGTERM, signal.SIGINT):  # so that the service ends with this process
        signal.signal(number, signal.default_int_handler)
    seen: list[Look] = []
    with ExitStack() as stack:
        folder = lay_out(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        system = stack.enter_context(running("benefits", folder / "benefits.db"))
        user, password = SECRETS["benefits"]
        table = csv.writer(stack.enter_context(every.open("w", newline="", encoding="utf-8")))
        table.writerow(Look._fields)
        environment = {
            "RPA_CREDENTIAL_UP_USERNAME": "-",
            "RPA_CREDENTIAL_UP_PASSWORD": "t",
            "RPA_CREDENTIAL_BENEFITS_USERNAME": user,
            "RPA_CREDENTIAL_BENEFITS_PASSWORD": password,
            "RPA_SYSTEMS__BENEFITS__URL": system.url,
        }
        service = stack.enter_context(serving(folder, **environment))
        store = stack.enter_context(Project(folder).store())
        for one in looks(service, store, runs):
            seen.append(one)
            table.writerow(one)
            if one.runs % max(1, runs // LINES) == 0:
                print(f"{one.runs:>6} runs  {one.rss:7.1f} MiB  {one.descriptors:>4} descriptors", flush=True)
        told = verdict(seen)
        told |= entered(system)
        told["failed"] = store.occurrences.counts().get(State.FAILED, 0)
        told["processor_s_per_run"] = round(processor(service) / runs, 2)
    write_plot(seen, PICTURE)
    print(json.dumps(told))
    return 0 if is_flat(told) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2])))
