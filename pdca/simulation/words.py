"""What the people of a simulation say and write, from words.yaml and the model's own texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

from domain.method.edition import Edition
from domain.words import in_language

FEW = 4
"""So many units a title names, not more."""
FILE = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True)
class Words:
    """The texts, and the model whose items they are about."""

    edition: Edition
    texts: dict[str, Any]

    def any(self, dice: Random, *about: str) -> str:
        """Return one of the texts on a matter."""
        found: Any = self.texts
        for each in about:
            found = found[each]
        return str(dice.choice(found) if isinstance(found, list) else found)

    def title(self, items: Sequence[str], units: Sequence[str] = (), try_first: Sequence[str] = ()) -> str:
        """Return what a team sets out to do so that items are met, and where first if several units share it."""
        steps = "; ".join(self.texts["steps"][item]["do"] for item in items)
        title = steps[0].upper() + steps[1:]
        if len(units) < 2:
            return title
        where = _listed(units) if len(units) <= FEW else f"{len(units)} units"
        return f"{title} (in {where}, tried first in {_listed(try_first)})"

    def measure(self, items: Sequence[str]) -> str:
        """Return how whoever verifies it sees that it works."""
        return "The verifier " + "; ".join(self.texts["steps"][item]["see"] for item in items) + "."

    def item(self, item: str) -> str:
        """Return an item's statement."""
        return in_language(self.edition.items[item].text)

    def seen(self, verdict: str, missing: Sequence[str]) -> str:
        """Return what a verifier writes who found these items not met."""
        return str(self.texts["seen"][verdict]).format(items=" ".join(self.item(item) for item in missing))


def read_words(edition: Edition) -> Words:
    """Return the texts that are shipped."""
    return Words(edition, yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader))


def _listed(names: Sequence[str]) -> str:
    """Return names as people list them: Sales, Assembly and Testing."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
