"""What the operator reads."""

import logging
import re
from collections.abc import Iterator

import pytest

from config import logs


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    yield
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    for name in logs.CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_a_line_says_when_in_utc_how_bad_and_where(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start()

    logging.getLogger("wheel").info("turn %s ended", 7)

    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO    wheel: turn 7 ended\n", capsys.readouterr().err
    )


def test_libraries_that_tell_every_request_are_heard_only_when_they_warn(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start("INFO")

    logging.getLogger("httpx").info("GET /health")
    logging.getLogger("httpx").warning("slow")

    assert [line.split("Z ")[1] for line in capsys.readouterr().err.splitlines()] == ["WARNING httpx: slow"]
