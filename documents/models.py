"""Maturity models: those that are shipped, and anybody's file; checked whole before anything uses them."""

from pathlib import Path
from typing import Any

import domain
from documents.faults import Fault, RefusedInput, one_of, shown
from documents.model_document import ModelDocument
from documents.model_whole import whole
from documents.shapes import shaped
from documents.trees import read_tree
from domain.method.edition import Edition, edition_from
from domain.words import _

SHIPPED = Path(domain.__file__).parent / "maturity"
SUFFIXES = frozenset({".yaml", ".yml", ".json"})


def read_model(model: str | Path) -> dict[str, Any]:
    """Return a model, by the id of a shipped one or the path of a file, as its whole JSON document.

    Defaults are filled in and levels are in order; a file with any fault is refused with all of them.
    """
    path = shipped_models().get(str(model)) or Path(model)
    if path.suffix.lower() not in SUFFIXES:
        known = _("the id of a shipped model ({ids}) or a YAML or JSON file").format(ids=one_of(shipped_models()))
        raise RefusedInput([Fault(str(model), "", shown(str(model)), known)])
    tree = read_tree(path)
    return shaped(path.name, ModelDocument, tree, whole(tree)).model_dump(mode="json", exclude_none=True)


def read_edition(model: str | Path) -> Edition:
    """Return a model, by the id of a shipped one or the path of a file, as an edition."""
    return edition_from(read_model(model))


def shipped_models() -> dict[str, Path]:
    """Return the files of the shipped models by their id, in order."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.yaml"))}


def shipped_editions() -> list[Edition]:
    """Return every shipped model as an edition, in order of id."""
    return [read_edition(model) for model in shipped_models()]
