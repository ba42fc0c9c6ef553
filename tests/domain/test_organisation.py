"""The tree of units: what is inherited from above, who is there on which day, and where days and hours are counted."""

from datetime import UTC, date, time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from config.database import reading, transaction
from domain import organisation
from domain.errors import NotFound
from domain.method.workdays import Calendar
from domain.organisation import ClosingDay, NoAskWeek, Organisation, Tree, Unit, UnitParent, branch, tree
from tests.builders import at
from tests.conftest import Database

TODAY = date(2026, 4, 7)
HOLIDAYS_2026 = {"DE": {date(2026, 4, 3), date(2026, 4, 6)}, "GB": {date(2026, 4, 6)}}


def units(session: Session, *keys: str, **of_the_organisation: Any) -> dict[str, Unit]:
    """Store units by key, each below the one before it after a slash: "site", "site/ward"."""
    session.add(Organisation(name="Firm", **of_the_organisation))
    made: dict[str, Unit] = {}
    for position, path in enumerate(keys):
        above, _slash, key = path.rpartition("/")
        made[key] = Unit(key=key, name=key.title(), position=position)
        session.add(made[key])
        session.flush()
        if above:
            session.add(UnitParent(unit_id=made[key].id, parent_id=made[above].id))
    session.flush()
    return made


def line(found: Tree, unit: Unit) -> list[str]:
    return [found.by_id[each].key for each in found.line(unit.id)]


def test_a_unit_stands_below_its_parent_up_to_the_top(database: Database) -> None:
    with transaction(database.engine) as session:
        made = units(session, "firm", "firm/site", "site/ward")

        found = tree(session, TODAY)

        assert [each.key for each in found.units] == ["firm", "site", "ward"]
        assert (found.top, line(found, made["ward"])) == (made["firm"], ["ward", "site", "firm"])


def test_a_unit_whose_parent_is_not_there_yet_is_not_the_top(database: Database) -> None:
    with transaction(database.engine) as session:
        made = units(session, "ward", "firm", "firm/site")
        made["site"].valid_from = date(2027, 1, 1)
        session.add(UnitParent(unit_id=made["ward"].id, parent_id=made["site"].id))
        session.flush()

        tops = [tree(session, day).top.key for day in (TODAY, date(2027, 1, 1))]

    assert tops == ["firm", "firm"]


def test_a_branch_is_the_tree_of_some_units_and_what_stands_above_them(database: Database) -> None:
    with transaction(database.engine) as session:
        made = units(session, "firm", "firm/site", "site/ward", "firm/other", "site/closed", time_zone="Europe/Berlin")
        made["site"].time_zone = "Europe/London"
        made["closed"].valid_to = date(2026, 4, 1)
        session.flush()
        whole = tree(session, TODAY)

        found = branch(session, [made["ward"].id, made["closed"].id], TODAY)

        assert [each.key for each in found.units] == ["firm", "site", "ward"]
        assert line(found, made["ward"]) == line(whole, made["ward"])
        assert [found.zone(made[key].id) for key in ("ward", "closed")] == [
            whole.zone(made[key].id) for key in ("ward", "closed")
        ]
        assert branch(session, [], TODAY).units == ()


def test_units_come_in_their_position_whenever_they_were_imported(database: Database) -> None:
    with transaction(database.engine) as session:
        made = units(session, "firm", "firm/first", "firm/second")
        made["second"].position = 1
        made["first"].position = 2
        session.flush()

        assert [each.key for each in tree(session, TODAY).units] == ["firm", "second", "first"]


def test_zone_and_holidays_are_the_nearest_above(database: Database) -> None:
    with transaction(database.engine) as session:
        made = units(session, "firm", "firm/site", "site/ward", time_zone="Europe/Berlin", holidays="DE")
        made["site"].time_zone = "Europe/London"
        made["site"].holidays = "GB"
        session.flush()

        found = tree(session, TODAY)

        assert {key: str(found.zone(unit.id)) for key, unit in made.items()} == {
            "firm": "Europe/Berlin",
            "site": "Europe/London",
            "ward": "Europe/London",
        }
        assert {key: found.region(unit.id) for key, unit in made.items()} == {"firm": "DE", "site": "GB", "ward": "GB"}


@pytest.mark.parametrize(
    ("region", "free"),
    [
        ("DE-BY", [date(2026, 1, 1), date(2026, 1, 6), date(2026, 4, 3)]),
        ("DE-BE", [date(2026, 1, 1), date(2026, 3, 8), date(2026, 4, 3)]),
        ("GB-ENG", [date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6)]),
        (None, []),
    ],
)
def test_holidays_are_those_of_the_region(database: Database, region: str | None, free: list[date]) -> None:
    with transaction(database.engine) as session:
        firm = units(session, "firm")["firm"]
        firm.holidays = region
        session.flush()

        calendar = tree(session, TODAY).calendar(firm.id, range(2026, 2027))

        assert sorted(calendar.holidays)[:3] == free


def test_closing_days_and_no_ask_weeks_of_all_above_count_too(database: Database) -> None:
    with transaction(database.engine) as session:
        made = units(session, "firm", "firm/site", "site/ward", "firm/other")
        days = [date(2026, 4, day) for day in (8, 9, 10, 13)]
        spans = [(date(2026, month, 1), date(2026, month, 7)) for month in (5, 6, 7, 8)]
        for unit_id, day, span in zip(
            (None, made["site"].id, made["ward"].id, made["other"].id), days, spans, strict=True
        ):
            session.add(ClosingDay(unit_id=unit_id, day=day))
            session.add(NoAskWeek(unit_id=unit_id, starts_on=span[0], ends_on=span[1]))
        session.flush()

        found = tree(session, TODAY)

        assert found.calendar(made["ward"].id, range(2026, 2027)) == Calendar(
            closing_days=frozenset(days[:3]), no_ask=(spans[2], spans[1], spans[0])
        )
        assert found.calendar(made["firm"].id, range(2026, 2027)) == Calendar(
            closing_days=frozenset(days[:1]), no_ask=(spans[0],)
        )


@pytest.mark.parametrize(
    ("today", "there"),
    [
        ("2026-03-31", ["firm"]),
        ("2026-04-01", ["firm", "site"]),
        ("2026-06-30", ["firm", "site"]),
        ("2026-07-01", ["firm"]),
    ],
)
def test_a_unit_is_there_from_its_first_to_its_last_day(database: Database, today: str, there: list[str]) -> None:
    with transaction(database.engine) as session:
        site = units(session, "firm", "firm/site")["site"]
        site.valid_from, site.valid_to = date(2026, 4, 1), date(2026, 6, 30)
        session.flush()

        assert [each.key for each in tree(session, date.fromisoformat(today)).units] == there


def test_a_unit_moves_to_another_parent_on_a_day(database: Database) -> None:
    with transaction(database.engine) as session:
        made = units(session, "firm", "firm/north", "firm/south", "ward")
        ward = made["ward"]
        session.add(UnitParent(unit_id=ward.id, parent_id=made["north"].id, ends_on=date(2026, 6, 30)))
        session.add(UnitParent(unit_id=ward.id, parent_id=made["south"].id, starts_on=date(2026, 7, 1)))
        session.flush()

        lines = [line(tree(session, date(2026, 6, 30)), ward), line(tree(session, date(2026, 7, 1)), ward)]

        assert lines == [["ward", "north", "firm"], ["ward", "south", "firm"]]


@pytest.mark.parametrize("order", [("south", "north"), ("north", "south")])
def test_of_two_parents_at_once_the_later_one_counts(database: Database, order: tuple[str, str]) -> None:
    starts_on = {"north": None, "south": date(2026, 4, 1)}
    with transaction(database.engine) as session:
        made = units(session, "firm", "firm/north", "firm/south", "ward")
        for parent in order:
            row = UnitParent(unit_id=made["ward"].id, parent_id=made[parent].id, starts_on=starts_on[parent])
            session.add(row)
            session.flush()

        assert line(tree(session, TODAY), made["ward"]) == ["ward", "south", "firm"]


def test_a_unit_whose_parent_has_ended_stands_alone_and_not_at_the_top(database: Database) -> None:
    with transaction(database.engine) as session:
        made = units(session, "firm", "firm/site", "site/ward")
        made["site"].valid_to = date(2026, 4, 1)
        session.flush()

        found = tree(session, TODAY)

        assert (line(found, made["ward"]), found.top) == (["ward"], made["firm"])


def test_a_unit_that_has_ended_lives_by_the_organisations_zone_and_calendar(database: Database) -> None:
    with transaction(database.engine) as session:
        made = units(session, "firm", "firm/site", time_zone="Europe/Berlin", holidays="DE-BY")
        made["site"].time_zone, made["site"].valid_to = "Asia/Tokyo", date(2026, 4, 1)
        session.add(ClosingDay(unit_id=None, day=date(2026, 4, 8)))
        session.flush()

        found = tree(session, TODAY)

        assert (str(found.zone(made["site"].id)), found.region(made["site"].id)) == ("Europe/Berlin", "DE-BY")
        assert found.calendar(made["site"].id, range(2026, 2027)) == found.calendar(made["firm"].id, range(2026, 2027))


@pytest.mark.parametrize(
    ("day", "utc"), [("2026-03-27", 7), ("2026-03-28", 7), ("2026-03-29", 6), ("2026-10-24", 6), ("2026-10-25", 7)]
)
def test_a_wall_clock_time_is_the_units_in_summer_and_in_winter(database: Database, day: str, utc: int) -> None:
    with transaction(database.engine) as session:
        firm = units(session, "firm", time_zone="Europe/Berlin")["firm"]

        moment = tree(session, TODAY).moment(firm.id, date.fromisoformat(day), time(8))

        assert moment.astimezone(UTC).hour == utc


@pytest.mark.parametrize(("zone", "day"), [("Europe/Berlin", 8), ("UTC", 7), ("America/New_York", 7)])
def test_today_is_the_organisations_day(database: Database, zone: str, day: int) -> None:
    with transaction(database.engine) as session:
        units(session, "firm", time_zone=zone)

        assert organisation.today(session, at("2026-04-07", 23)) == date(2026, 4, day)


def test_the_tree_takes_a_fixed_number_of_statements(database: Database) -> None:
    with transaction(database.engine) as session:
        units(session, "firm", *(f"firm/u{number}" for number in range(30)))

    with reading(database.engine) as session, database.statements() as sent:
        tree(session, TODAY)

    assert len(sent) == 5


def test_without_an_organisation_the_reader_is_told_how_to_bring_one_in(database: Database) -> None:
    with reading(database.engine) as session, pytest.raises(NotFound) as refusal:
        organisation.today(session, at("2026-04-07"))

    assert str(refusal.value) == "no organisation here yet; `pdca import FILE` brings one in"


def test_an_unknown_unit_is_named(database: Database) -> None:
    with transaction(database.engine) as session:
        units(session, "firm")

        with pytest.raises(NotFound) as refusal:
            organisation.unit(session, "nowhere")

    assert str(refusal.value) == "no unit has the id nowhere; `pdca status` lists them"
