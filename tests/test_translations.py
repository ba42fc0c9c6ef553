"""Every text that people see is marked, translated, and compiled."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from domain.words import CATALOGUES, DOMAIN

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ROOMS: list[str] = PROJECT["tool"]["uv"]["build-backend"]["module-name"]
WHAT_TO_DO = "run make translations, translate what is new in the .po, and run it again"
MARKS = {"_", "N_", "ngettext"}
SPEAKING = {"complain", "fields", "heading", "show", "stage.say", "table", "Fault", "Found", "Line", "Section"}
SPEAKING |= {"InvalidTransition", "NewerDatabase", "NotAllowed", "NotFound", "RefusedInput", "ServerDown", "Stale"}
"""Whatever text is given to these, people see."""
HELPED = {"App", "Group", "Parameter", "command"}
"""These show people what is their `help`."""
UNSEEN = {"numbers"}
"""Words that are no text for people."""
WORD = re.compile(r"[A-Za-z]{2,}")


def catalogue_of(language: str) -> Catalog:
    with (folder(language) / f"{DOMAIN}.po").open("rb") as written:
        return read_po(written, locale=language)


def folder(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES"


LANGUAGES = sorted(path.name for path in CATALOGUES.iterdir() if path.is_dir())


def messages(catalogue: Catalog) -> dict[tuple[str, ...], Message]:
    return {forms(message.id): message for message in catalogue if message.id}


def forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return a text as it is for one and, where that differs, for many."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def python_files() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text())


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Give what is called in a file, by its name there."""
    return ((ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    file = tmp_path_factory.mktemp("texts") / "pdca.pot"
    where = [str(ROOT / room) for room in ROOMS]
    CommandLineInterface().run(  # type: ignore[no-untyped-call]
        ["pybabel", "-q", "extract", "-F", str(ROOT / "pyproject.toml"), "--no-location", "-o", str(file), *where]
    )
    with file.open("rb") as texts:
        return read_po(texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_in_the_catalogue_and_nothing_else(extracted: Catalog, language: str) -> None:
    assert messages(catalogue_of(language)).keys() == messages(extracted).keys(), WHAT_TO_DO


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    known = catalogue_of(language)
    open_ = [
        each.id
        for each in messages(known).values()
        if each.fuzzy or not forms(each.string) or not all(forms(each.string))
    ]
    assert (open_, list(known.obsolete)) == ([], []), WHAT_TO_DO


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    different = [
        (said, translated)
        for each in messages(catalogue_of(language)).values()
        for said, translated in zip(forms(each.id), forms(each.string), strict=True)
        if placeholders(said) != placeholders(translated)
    ]
    assert different == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    with (folder(language) / f"{DOMAIN}.mo").open("rb") as file:
        compiled = read_mo(file)
    assert translations(compiled) == translations(catalogue_of(language)), WHAT_TO_DO


def translations(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {text: forms(each.string) for text, each in messages(catalogue).items()}


def placeholders(text: str) -> set[str]:
    """Return what is filled in, {name:format} and %(name)s."""
    braces = {f"{{{name}:{spec}}}" for _text, name, spec, _as in Formatter().parse(text) if name is not None}
    return braces | set(re.findall(r"%\(\w+\)s", text))


def test_placeholders_are_found_with_their_formats() -> None:
    assert placeholders("{levels:+} of {n}, %(name)s") == {"{levels:+}", "{n:}", "%(name)s"}


def test_every_marked_text_stands_where_it_can_be_gathered(extracted: Catalog) -> None:
    known = {form for text in messages(extracted) for form in text}
    marked = [
        (file, call.lineno, argument.value)
        for file, tree in python_files()
        for name, call in calls(tree)
        if name in MARKS
        for argument in call.args
        if isinstance(argument, ast.Constant) and argument.value not in known
    ]
    assert marked == []


def test_every_text_given_to_people_is_marked() -> None:
    assert [(file, *place) for file, tree in python_files() for place in unmarked(tree)] == []


def unmarked(tree: ast.Module) -> list[tuple[int, str]]:
    """Return the texts in words that are given to people as they stand."""
    return [text for name, call in calls(tree) for given in told(name, call) for text in texts(given)]


def told(name: str, call: ast.Call) -> list[ast.expr]:
    """Return what of a call people see."""
    if name.rpartition(".")[2] in HELPED:
        return [each.value for each in call.keywords if each.arg == "help"]
    if name in SPEAKING:
        return [*call.args, *(each.value for each in call.keywords if each.arg not in UNSEEN)]
    return []


def texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Give the texts that a value holds, without those that are looked up, compared or handed to other calls."""
    match node:
        case ast.Constant(value=str(text)) if WORD.search(text):
            yield node.lineno, text
        case ast.Call() | ast.Subscript() | ast.Compare() | ast.FormattedValue() | ast.Lambda():
            return
        case _:
            for child in ast.iter_child_nodes(node):
                yield from texts(child)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('show("Done.")', [(1, "Done.")]),
        ('show(_("Done."))', []),
        ('raise NotFound(f"no unit {key}")', [(1, "no unit ")]),
        ('table((_("No."), "Unit"), rows, numbers="ab")', [(1, "Unit")]),
        ('Parameter(name="by", help="Who decides.")', [(1, "Who decides.")]),
        ('@app.command(name="done", help="Report it done.")\ndef done(): ...', [(1, "Report it done.")]),
        ('show("" if found["name"] else all_is_well())', []),
    ],
)
def test_an_unmarked_text_is_found(source: str, expected: list[tuple[int, str]]) -> None:
    assert unmarked(ast.parse(source)) == expected


@pytest.mark.parametrize("file", sorted((ROOT / "notifications/templates").iterdir()), ids=lambda file: str(file.name))
def test_every_text_of_a_template_is_marked(file: Path) -> None:
    if file.suffix != ".css":
        assert bare(file.read_text(), is_html=file.suffix == ".html") == []


def bare(source: str, *, is_html: bool) -> list[str]:
    """Return a template's words outside of its translated texts."""
    template = Environment(extensions=["jinja2.ext.i18n"]).parse(source)
    written = "\n".join(text.data for text in template.find_all(nodes.TemplateData))
    said = [
        text.value for out in template.find_all(nodes.Output) for text in out.nodes if isinstance(text, nodes.Const)
    ]
    lines = Seen.of(written) if is_html else written.splitlines()
    return [line.strip() for line in [*lines, *map(str, said)] if WORD.search(line)]


class Seen(HTMLParser):
    """What a reader of a page sees of it."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.lines: list[str] = []

    @classmethod
    def of(cls, page: str) -> list[str]:
        reader = cls()
        reader.feed(page)
        return reader.lines

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        self.lines += [value for name, value in attrs if name in {"alt", "title"} and value]

    def handle_endtag(self, tag: str) -> None:
        self.inside.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.inside[-1:]:
            self.lines.append(data)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>{% trans %}Your topics:{% endtrans %}</p>", []),
        ("<p>Your topics: {{ view.topics }}</p>", ["Your topics:"]),
        ('{{ _("Your topics:") }} <style>p { color: red }</style>', []),
        ('{% if view.is_late %}<p title="late">{{ "Late" }}</p>{% endif %}', ["late", "Late"]),
    ],
)
def test_a_bare_text_of_a_template_is_found(source: str, expected: list[str]) -> None:
    assert bare(source, is_html=True) == expected
