"""Deliver: events become messages, messages become mails, mails are handed to the mail server."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from config import clock
from config.database import engine_of
from config.settings import load
from domain.wheel import Counts
from notifications import courier


@task(name="deliver", cache_policy=NO_CACHE, timeout_seconds=1800)
async def deliver_due(as_of: datetime | None) -> Counts:
    """Send every mail that is due; safe beside another courier."""
    settings = load()
    return await courier.deliver(engine_of(settings.database_url), settings, as_of or clock.now())


@flow(name="deliver", flow_run_name="deliver", description="Send the mails that are due.")
async def deliver(as_of: datetime | None = None) -> Counts:
    """Send every mail that is due, without turning the wheel."""
    return await deliver_due(as_of)
