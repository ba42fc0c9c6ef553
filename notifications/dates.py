"""Days and moments in the reader's language, as people say them: Thursday 15 October, 16:00."""

from datetime import date, datetime, timedelta
from gettext import GNUTranslations

from babel import Locale
from babel.dates import format_date, format_time

from domain.words import _, catalogue, language

ONE_DAY = timedelta(days=1)


def day(value: date) -> str:
    """Return a day in full: Thursday 15 October."""
    # A babel pattern, put in order by each language: EEEE is the weekday's name, MMMM the month's.
    return format_date(value, _("EEEE d MMMM"), locale=_locale())


def short_day(value: date) -> str:
    """Return a day for a subject line: Thu 15 Oct."""
    # A babel pattern: EEE is the weekday's short name, MMM the month's.
    return format_date(value, _("EEE d MMM"), locale=_locale())


def month(value: date) -> str:
    """Return the name of a day's month."""
    return format_date(value, "LLLL", locale=_locale())


def moment(local: datetime) -> str:
    """Return a moment in the reader's zone: Thursday 15 October, 16:00."""
    return _("{day}, {time}").format(day=day(local.date()), time=format_time(local, "HH:mm", locale=_locale()))


def near_moment(local: datetime, today: date) -> str:
    """Return a moment that says so if it is today or tomorrow: tomorrow, Thursday 15 October, 16:00."""
    if local.date() == today:
        return _("today, {moment}").format(moment=moment(local))
    if local.date() == today + ONE_DAY:
        return _("tomorrow, {moment}").format(moment=moment(local))
    return moment(local)


def spoken() -> str:
    """Return the language that texts are in: the reader's, or English where it has no catalogue."""
    wanted = language()
    return wanted if isinstance(catalogue(wanted), GNUTranslations) else "en"


def _locale() -> Locale:
    return Locale.parse(spoken(), sep="-")
