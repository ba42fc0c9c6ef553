"""Delivers once, in a process of its own: one_delivery.py URL PORT AS_OF, the other settings in the environment."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from config.database import engine_of
from config.settings import Settings
from notifications import courier

url, port, as_of = sys.argv[1:]
now = datetime.fromisoformat(as_of)
settings = Settings(data=Path("nowhere"), smtp_host="127.0.0.1", smtp_port=int(port), sender="quality@example.org")
asyncio.run(courier.deliver(engine_of(url), settings, now, clock=lambda: now))
