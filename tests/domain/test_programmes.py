"""Programmes: who is asked, what counts how much, which run."""

from fractions import Fraction

import pytest
from sqlalchemy.exc import IntegrityError

from config.database import reading, transaction
from domain import organisation, programmes
from domain.errors import NotFound
from domain.programmes import Programme, ProgrammeUnit
from tests.builders import OPENING, a_firm, a_model
from tests.conftest import Database


def test_a_programme_is_found_by_its_id(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)

        assert programmes.programme(session, "wheel") is firm.programme


def test_an_unknown_programme_is_named(database: Database) -> None:
    with reading(database.engine) as session, pytest.raises(NotFound) as refusal:
        programmes.programme(session, "nothing")

    assert str(refusal.value) == "no programme has the id nothing; `pdca status` lists them"


def test_programmes_that_run_come_by_their_id(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        for key, is_active in (("a", True), ("b", False)):
            session.add(Programme(key=key, name=key, edition_id=firm.programme.edition_id, is_active=is_active))
        session.flush()

        assert [each.key for each in programmes.running(session)] == ["a", "wheel"]


@pytest.mark.parametrize("months", [0, 2, 4, 24])
def test_a_cycle_lasts_a_month_a_quarter_half_a_year_or_a_year(database: Database, months: int) -> None:
    with transaction(database.engine) as session, pytest.raises(IntegrityError), session.begin_nested():
        a_firm(session, months_per_cycle=months)


@pytest.mark.parametrize(
    ("unit", "element", "rank"), [("u1", "10", 5), ("u1", "2", 0), ("u2", "10", 2), ("u2", "1", 0)]
)
def test_importance_is_the_units_else_the_programmes_else_none(
    database: Database, unit: str, element: str, rank: int
) -> None:
    importance = {"elements": {"2": 3, "10": 2}, "units": {"u1": {"10": 5, "2": 0}}}
    with transaction(database.engine) as session:
        programme = a_firm(session, importance=importance).programme

        assert programmes.importance(programme, unit, element) == rank


def test_weights_are_the_programmes_else_the_models(database: Database) -> None:
    model = a_model("1", "2", "10")
    model["elements"][1]["weight"] = "1/2"
    with transaction(database.engine) as session:
        firm = a_firm(session, model=model, weights={"10": "0"})

        assert programmes.weights(firm.programme, firm.edition) == {"1": 1, "2": Fraction(1, 2), "10": 0}


def test_units_are_asked_in_unit_order_what_is_theirs(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        session.delete(session.get_one(ProgrammeUnit, (firm.programme.id, firm.units["u1"].id)))
        firm.units["u2"].position = -1
        session.flush()
        units = organisation.tree(session, OPENING.date())

        asked = programmes.asked_by_unit(session, firm.programme, firm.edition, units)

        assert list(asked.items()) == [(firm.units["u2"].id, ["2", "10"]), (firm.units["top"].id, ["1"])]


def test_a_unit_alone_in_a_programme_is_asked_all_even_below_the_top(database: Database) -> None:
    with transaction(database.engine) as session:
        firm = a_firm(session)
        for key in ("top", "u1"):
            session.delete(session.get_one(ProgrammeUnit, (firm.programme.id, firm.units[key].id)))
        session.flush()
        units = organisation.tree(session, OPENING.date())

        asked = programmes.asked_by_unit(session, firm.programme, firm.edition, units)

        assert asked == {firm.units["u2"].id: ["1", "2", "10"]}
