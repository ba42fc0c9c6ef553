"""Everything once a year, spread over the cycles so that each asks about as much."""

from dataclasses import replace
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from domain.method.edition import AskedOf, Element, edition_from
from domain.method.rotation import once_a_year
from tests.domain.method.builders import an_edition

ELEMENTS = an_edition().elements
SHIPPED = Path(__file__).parents[3] / "domain" / "maturity" / "iso9004-2018.yaml"
elements = st.lists(
    st.builds(
        lambda number, asked_of, items: replace(
            ELEMENTS[0], id=str(number), asked_of=asked_of, items=ELEMENTS[0].items[:items]
        ),
        st.integers(0, 99),
        st.sampled_from(AskedOf),
        st.integers(0, 9),
    ),
    unique_by=lambda each: each.id,
)


@given(elements, st.sampled_from((1, 2, 4, 12)))
def test_each_element_is_asked_once_in_at_most_so_many_parts(listed: list[Element], cycles: int) -> None:
    parts = once_a_year(listed, cycles)

    assert sorted(each for part in parts for each in part) == sorted(each.id for each in listed)
    assert len(parts) <= cycles
    assert all(parts)


def test_the_shipped_models_quarters_ask_units_about_as_much() -> None:
    edition = edition_from(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))

    sizes = [
        sum(len(edition.by_id[each].items) for each in part if edition.by_id[each].asked_of is AskedOf.UNIT)
        for part in once_a_year(edition.elements, 4)
    ]

    assert (len(sizes), max(sizes) - min(sizes) <= 15) == (4, True)


def test_nothing_to_ask_is_no_part() -> None:
    assert once_a_year([], 4) == ()
