"""`rpa serve --console`: one process that staff can use and that does what they ask for."""

import shutil
from pathlib import Path

from rpa.console.passwords import hashed
from rpa.people import Role
from rpa.project import Project
from tests.console.client import Client
from tests.console.stage import PASSWORD
from tests.rpa.service.serving import serving
from tests.waiting import wait_for

BASE = Path(__file__).parents[2] / "definitions" / "base"
OFTEN = "schedule: often\nbot: permits\nevery: 1h\ntimezone: America/Chicago\n"


def test_what_staff_ask_for_on_a_page_is_run_by_the_same_process_and_its_doors_stay_apart(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedules/often.yaml").write_text(OFTEN, "utf-8")
    with Project(tmp_path).store() as store:
        store.accounts.add("olive", "Olive Reyes", {Role.OPERATOR}, hashed(PASSWORD, "olive"))
        with serving(tmp_path, "--console", RPA_CONSOLE__PORT="0") as service:
            assert service.url
            (begun,) = service.said("service.started")
            olive = Client(f"http://127.0.0.1:{begun['console']}")
            assert olive.sign_in("olive").status == 303
            assert olive.post("/schedules/often/run-now").status == 303
            wait_for(lambda: [str(one.state) for one in store.occurrences.newest("often")] == ["done"])

            assert ">Done<" in olive.get("/schedules").text
            assert olive.get("/metrics").status == 404
            assert service.ask("/sign-in")[0] == 404
