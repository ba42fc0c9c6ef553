"""Days and moments as people say them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.words import speaking
from notifications.dates import day, moment, near_moment, short_day, spoken

CLOSES = datetime(2026, 10, 15, 16, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def test_days_are_said_with_their_weekday() -> None:
    assert [day(CLOSES.date()), short_day(CLOSES.date()), moment(CLOSES)] == [
        "Thursday 15 October",
        "Thu 15 Oct",
        "Thursday 15 October, 16:00",
    ]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 10, 13), "Thursday 15 October, 16:00"),
        (date(2026, 10, 14), "tomorrow, Thursday 15 October, 16:00"),
        (date(2026, 10, 15), "today, Thursday 15 October, 16:00"),
    ],
)
def test_a_moment_that_is_near_says_so(today: date, expected: str) -> None:
    assert near_moment(CLOSES, today) == expected


def test_a_language_without_a_catalogue_has_its_days_in_english_as_its_texts() -> None:
    with speaking("fr"):
        assert (spoken(), day(CLOSES.date())) == ("en", "Thursday 15 October")


def test_days_in_german_are_said_as_german_says_them() -> None:
    with speaking("de"):
        said = [day(CLOSES.date()), short_day(CLOSES.date()), near_moment(CLOSES, date(2026, 10, 14))]
    assert said == ["Donnerstag, 15. Oktober", "Do 15. Okt", "morgen, Donnerstag, 15. Oktober, 16:00 Uhr"]


def test_a_language_of_a_country_has_its_own_months() -> None:
    with speaking("de-AT"):
        assert (spoken(), day(date(2027, 1, 4))) == ("de-AT", "Montag, 4. Jänner")
