"""`make soak`: does the service stay as it is over many runs? Its memory and descriptors, run after run.

A real service starts a run for every file that is uploaded to one of its bots; each run reads a list and ends.
Printed is a line for every part of the runs, and at last one JSON object. `growth` is the median memory of the
last quarter of the looks over that of the second, in which everything has been used once. Every look is a line of
the CSV file.
"""

import csv
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import Request, urlopen

import psutil

from rpa.occurrence import State
from rpa.project import Project
from tests.rpa.service.serving import serving
from tests.rpa.triggers.coming import VISITS, project

BOTS = 4
"""Bots that run at the same time, each of them once."""

UP = "trigger: up-{0}\nbot: visits-{0}\ndocument: visits\nfiles: '*.csv'\nweb: {{credential: up}}\n"
TOKEN = {"RPA_CREDENTIAL_UP_USERNAME": "-", "RPA_CREDENTIAL_UP_PASSWORD": "t"}
LINES = 20
GROWTH_MOST = 1.1
SPARE = 2
"""Descriptors that a look may catch open by chance."""


def lay_out(folder: Path) -> Path:
    """Lay out a project of so many bots, each with its trigger."""
    for number in range(BOTS):
        bot = VISITS.replace("bot: visits", f"bot: visits-{number}")
        (project(folder) / "bots" / f"visits-{number}.yaml").write_text(bot, "utf-8")
        (folder / "triggers" / f"up_{number}.yaml").write_text(UP.format(number), "utf-8")
    return folder


def upload(url: str, number: int) -> None:
    """Upload a list of one row."""
    head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    said = {"Content-Type": "multipart/form-data; boundary=x", "Authorization": "Bearer t"}
    said["Idempotency-Key"] = f"n-{number}"
    body = f"{head}Number\n{number}\n\r\n--x--\r\n".encode()
    urlopen(Request(f"{url}/triggers/up-{number % BOTS}", body, said), timeout=30).close()  # noqa: S310  # this machine


def main(runs: int, every: Path) -> int:
    """Let so many runs end, write down *every* look, and print the figures."""
    looks: list[tuple[int, float, int]] = []
    with tempfile.TemporaryDirectory() as name, every.open("w", newline="", encoding="utf-8") as lines:
        table = csv.writer(lines)
        table.writerow(("runs", "rss_mib", "descriptors"))
        folder = lay_out(Path(name))
        with serving(folder, **TOKEN) as service, Project(folder).store() as store:
            process = psutil.Process(service.process.pid)
            for number in range(1, runs + 1):
                upload(service.url, number)
                while store.occurrences.counts().get(State.DONE, 0) <= number - BOTS:
                    time.sleep(0.1)
                looks.append((number, process.memory_info().rss / 2**20, process.num_fds()))
                table.writerow(looks[-1])
                lines.flush()
                if number % max(1, runs // LINES) == 0:
                    print(f"{number:>6} runs  {looks[-1][1]:7.1f} MiB  {looks[-1][2]:>4} descriptors", flush=True)
    quarter = max(1, runs // 4)
    early, late = looks[quarter : 2 * quarter] or looks, looks[-quarter:]
    growth = statistics.median(one[1] for one in late) / statistics.median(one[1] for one in early)
    most = max(one[2] for one in late)
    told = {
        "runs": runs,
        "rss_mib": round(looks[-1][1], 1),
        "growth": round(growth, 3),
        "descriptors": [min(one[2] for one in late), most],
    }
    print(json.dumps(told))
    return 0 if growth < GROWTH_MOST and most <= max(one[2] for one in early) + SPARE else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2])))
