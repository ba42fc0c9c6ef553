"""The product's mail: from the outbox to "250 OK", each mail claimed, composed, frozen, handed over and settled."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from benchmarks.ground import OPENED
from benchmarks.mail_server import answering
from benchmarks.mails import deliver
from benchmarks.measuring import measure_with
from benchmarks.outcome import accepted

ANSWERS_AFTER_MS = 5
NOW = OPENED + timedelta(hours=1)


def mail(folder: Path, port: int) -> None:
    """Deliver what is due in the folder's outbox."""
    deliver(folder, port, NOW)


if __name__ == "__main__":
    measure_with(partial(answering, delay_ms=ANSWERS_AFTER_MS), mail, accepted)
