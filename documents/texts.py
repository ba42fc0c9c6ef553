"""Files of text: UTF-8 with or without BOM, and nothing else by accident."""

import codecs
from pathlib import Path

from documents.faults import Fault, RefusedInput, in_line
from domain.words import _

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_bytes(path: Path) -> bytes:
    """Return a file's content; a file that cannot be read is refused."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RefusedInput([Fault(str(path), "", reason, _("a file that can be read"))]) from error


def read_text(path: Path) -> str:
    """Return a file's text; another encoding than UTF-8 is refused by its name, with the line it shows in."""
    content = read_bytes(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = in_line(content.count(b"\n", 0, error.start) + 1)
        raise RefusedInput([Fault(path.name, line, _encoding(content), _expected())]) from error
    if "\0" in text:
        raise RefusedInput([Fault(path.name, "", _("bytes that are no text"), _expected())])
    return text


def _encoding(content: bytes) -> str:
    if content.startswith(UTF_16):
        return _("text in UTF-16")
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:
        return _("bytes that are no text in UTF-8")
    return _("text in another encoding, probably Windows-1252 (cp1252)")


def _expected() -> str:
    return _("text in UTF-8; a spreadsheet program saves it as “CSV UTF-8”")
