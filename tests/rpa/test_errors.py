"""What nobody foresaw is told without its words, wherever it happens."""

import threading

import pytest

from rpa.errors import mask_threads


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_dies_says_where_and_not_what_it_held(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    mask_threads()

    def die() -> None:
        raise ValueError("fill: 536-90-4399")

    thread = threading.Thread(target=die)
    thread.start()
    thread.join()

    said = capsys.readouterr().err
    assert "something unforeseen happened (ValueError at test_errors.py" in said
    assert "536-90-4399" not in said
