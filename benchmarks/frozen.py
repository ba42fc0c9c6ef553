"""Floors are frozen: what the product is measured against does not move unseen."""

import hashlib
from pathlib import Path

FLOORS = Path(__file__).parent / "floors"
DIGESTS = FLOORS / "SHA256SUMS"
"""As `sha256sum *.py` writes it in the folder of the floors."""


def changed() -> list[str]:
    """Return the floors whose source is not the one that was frozen, or of which only one of both is there."""
    frozen = dict(line.split("  ")[::-1] for line in DIGESTS.read_text(encoding="ascii").splitlines())
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FLOORS.glob("*.py")}
    return sorted(name for name in frozen.keys() | found.keys() if frozen.get(name) != found.get(name))
