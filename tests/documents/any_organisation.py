"""Organisation files of any content that has no fault, for Hypothesis."""

from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from domain.people import RoleName

ELEMENTS = ("1", "2", "10")


IDS = ("a", "b.2", "c-3", "ä", "10", "Z")


def a_content(model: Path) -> st.SearchStrategy[dict[str, Any]]:
    """Generate the content of organisation files without a fault, with any fields filled; the top unit is "top"."""
    ids = st.lists(st.sampled_from(IDS), min_size=2, max_size=4, unique=True)
    return st.tuples(ids, ids).flatmap(lambda pair: _content(model, ["top", *pair[0]], pair[1]))


@st.composite
def _content(draw: st.DrawFn, model: Path, units: list[str], people: list[str]) -> dict[str, Any]:
    days = st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(str)
    spans = st.tuples(days, days).map(lambda pair: "/".join(sorted(pair)))
    some_days = st.lists(days, max_size=2)
    some_spans = st.lists(spans, max_size=2, unique_by=lambda span: span[:10])
    names = st.text(st.characters(categories=("L", "N", "P"), exclude_characters=";"), min_size=1, max_size=9)
    place = {
        "time_zone": st.sampled_from(["Europe/Berlin", "Europe/London"]),
        "holidays": st.sampled_from(["DE-BY", "AT-9", "GB"]),
        "closing_days": some_days,
        "no_ask_weeks": some_spans,
    }
    person = {
        "language": st.sampled_from(["en", "de", "no"]),
        "absences": some_spans,
        "roles": st.lists(st.sampled_from([role.value for role in RoleName]), unique=True),
        "left_on": days,
    }
    return {
        "organisation": draw(st.fixed_dictionaries({"name": names}, optional=place)),
        "units": [
            {
                "id": unit,
                "name": draw(names),
                "lead": people[0],
                **({"parent": draw(st.sampled_from(units[:number]))} if number else {}),
                **draw(st.fixed_dictionaries({}, optional=place)),
            }
            for number, unit in enumerate(units)
        ],
        "people": [
            {"id": each, "name": draw(names), **draw(st.fixed_dictionaries({}, optional=person))} for each in people
        ],
        "responsibilities": [{"unit": unit, "group": "A", "person": people[1]} for unit in units],
        "programmes": [{"id": "wheel", "model": str(model), **draw(_programme(units, people))}],
    }


def _programme(units: list[str], people: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    levels = st.dictionaries(st.sampled_from(ELEMENTS), st.integers(1, 3), min_size=1)
    by_unit = st.dictionaries(st.sampled_from(units), levels, min_size=1)
    asked: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {"person": st.sampled_from(people)}, optional={"elements": st.lists(st.sampled_from(ELEMENTS), min_size=1)}
    )
    programme = {
        "respondents": st.dictionaries(
            st.sampled_from(units), st.lists(asked, min_size=1, unique_by=lambda each: each["person"]), min_size=1
        ),
        "rotation": st.lists(st.lists(st.sampled_from(ELEMENTS), min_size=1), min_size=1, max_size=2),
        "targets": st.fixed_dictionaries(
            {}, optional={"default": st.integers(1, 3), "elements": levels, "units": by_unit}
        ),
        "weights": st.dictionaries(st.sampled_from(ELEMENTS), st.sampled_from(["0", "1/3", "0.5", "2"]), min_size=1),
        "importance": st.fixed_dictionaries({}, optional={"elements": levels, "units": by_unit}),
        "months_per_cycle": st.sampled_from([1, 3, 6, 12]),
        "reminders": st.lists(st.integers(1, 5), min_size=1, max_size=2),
        "numbers": st.dictionaries(st.sampled_from(["few_items", "stale_after"]), st.integers(0, 9), min_size=1),
    }
    return st.fixed_dictionaries({}, optional=programme)
