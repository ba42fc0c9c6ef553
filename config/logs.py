"""What the program says to its operator: one line per happening on stderr, in UTC, ids instead of names."""

import logging
import sys
import time

LINE = "%(asctime)s.%(msecs)03dZ %(levelname)-7s %(name)s: %(message)s"
CHATTY = ("alembic", "httpcore", "httpx", "mail.log")


def start(level: str = "INFO") -> None:
    """Write log lines of this level and above to stderr; libraries that tell too much only warn."""
    to_stderr = logging.StreamHandler(sys.stderr)
    form = logging.Formatter(LINE, datefmt="%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    to_stderr.setFormatter(form)
    logging.basicConfig(level=level, handlers=[to_stderr], force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
