"""Files of text are UTF-8 and nothing else by accident."""

from pathlib import Path

import pytest

from documents.faults import Fault, RefusedInput
from documents.texts import read_text

WANTED = "text in UTF-8; a spreadsheet program saves it as “CSV UTF-8”"


@pytest.mark.parametrize("content", ["ü".encode(), "ü".encode("utf-8-sig")])
def test_utf_8_is_read_with_and_without_its_mark(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)

    assert read_text(tmp_path / "a.csv") == "ü"


@pytest.mark.parametrize(
    ("content", "place", "found"),
    [
        ("a\nweiß".encode("cp1252"), "line 2", "text in another encoding, probably Windows-1252 (cp1252)"),
        ("unit".encode("utf-16"), "line 1", "text in UTF-16"),
        ("unit".encode("utf-16-le"), "", "bytes that are no text"),
        (b"\x81\xff", "line 1", "bytes that are no text in UTF-8"),
    ],
)
def test_another_encoding_is_refused_by_its_name(tmp_path: Path, content: bytes, place: str, found: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)

    with pytest.raises(RefusedInput) as refused:
        read_text(tmp_path / "a.csv")

    assert refused.value.faults == (Fault("a.csv", place, found, WANTED),)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedInput) as refused:
        read_text(tmp_path / "a.csv")

    assert refused.value.faults == (
        Fault(str(tmp_path / "a.csv"), "", "No such file or directory", "a file that can be read"),
    )
