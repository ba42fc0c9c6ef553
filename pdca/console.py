"""What a command prints: tables and sentences for people, JSON for programs; text is never taken for markup."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

WIDTH = 100
"""Where the output is no terminal, a line is so long."""


def show(*parts: RenderableType) -> None:
    """Print sentences and tables for people, one under the other."""
    if parts:
        _console().print(*parts, sep="\n")


def complain(*lines: str) -> None:
    """Print what is wrong to stderr, whole lines that no width cuts."""
    for line in lines:
        sys.stderr.write(f"{clean(line)}\n")


def show_json(document: object) -> None:
    """Print a document for programs."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


@contextmanager
def busy(doing: str) -> Iterator[None]:
    """Show on a terminal that something takes its time."""
    with Console(stderr=True).status(doing):
        yield


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "", numbers: str = "") -> Table:
    """Return a table of texts; the columns named in `numbers` by their letter a, b, c stand to the right."""
    made = Table(title=title or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for index, heading in enumerate(headings):
        is_number = chr(ord("a") + index) in numbers
        made.add_column(heading, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(clean("" if cell is None else str(cell))) for cell in row))
    return made


def fields(rows: Iterable[tuple[str, object]]) -> Table:
    """Return names and values under each other; what has no value is left out."""
    made = Table(box=None, show_header=False, pad_edge=False)
    made.add_column(style="dim", no_wrap=True)
    made.add_column(overflow="fold")
    for name, value in rows:
        if value not in {None, ""}:
            made.add_row(name, Text(clean(str(value))))
    return made


def heading(text: str) -> Text:
    """Return a line that stands out."""
    return Text(clean(text), style="bold")


def clean(text: str) -> str:
    """Return a text without control characters, so that what a file says cannot steer the terminal."""
    text = text.replace("\r\n", "\n")
    return "".join(letter if letter in "\n\t" or letter.isprintable() else "�" for letter in text)


def _console() -> Console:
    width = None if sys.stdout.isatty() else WIDTH
    return Console(width=width, markup=False, emoji=False, highlight=False)
