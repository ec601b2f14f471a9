"""Seconds of processor that were used, and by whom."""

import psutil

from tests.rpa.engines.office import Office


def of_machines(made: Office) -> float:
    """Return what the machines' processes have used that are there, their browsers too."""
    return sum(_seconds(one) for machine in made.machines for one in machine.family())


def of_server(made: Office) -> float:
    """Return what the server has used."""
    (first,) = (one for one in psutil.process_iter() if f"{made.sockets}/data" in " ".join(_words(one)))
    ended = first.cpu_times()
    own = sum(_seconds(one) for one in (first, *first.children()))
    return float(own + ended.children_user + ended.children_system)


def of_system(made: Office) -> float:
    """Return what the fixture system has used."""
    return _seconds(psutil.Process(made.system.pid))


def of_all() -> float:
    """Return what everything on this computer has used."""
    spent = psutil.cpu_times()
    return float(sum(spent) - spent.idle - spent.iowait - spent.guest - spent.guest_nice)


def _seconds(process: psutil.Process) -> float:
    try:
        spent = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(spent.user + spent.system)


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline()[:3])
    except psutil.Error:
        return []
