"""The periods in which a programme turns its wheel: quarters, or months, half-years, years."""

from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_PER_YEAR = 12
LETTERS = {1: "M", 3: "Q", 6: "H", 12: ""}
"""The letter in a period's id by the period's length in months."""


@dataclass(frozen=True, slots=True)
class Period:
    """The `number`th period of a fiscal year, which is named by the calendar year it begins in."""

    fiscal_year: int
    number: int
    months: int
    fiscal_start_month: int = 1

    def __post_init__(self) -> None:
        """Refuse a length that is not a month, quarter, half-year or year."""
        if self.months not in LETTERS:
            message = f"{self.months} months per cycle: 1, 3, 6 or 12 are possible"
            raise ValueError(message)

    @property
    def id(self) -> str:
        """Such as 2026-M03, 2026-Q4, 2026-H2 or 2026."""
        if self.months == MONTHS_PER_YEAR:
            return f"{self.fiscal_year}"
        digits = 2 if self.months == 1 else 1
        return f"{self.fiscal_year}-{LETTERS[self.months]}{self.number:0{digits}}"

    @property
    def starts_on(self) -> date:
        """The first day of the period."""
        return _first_of_month(self.fiscal_year, self.fiscal_start_month + (self.number - 1) * self.months)

    @property
    def ends_on(self) -> date:
        """The last day of the period."""
        return self.next.starts_on - timedelta(days=1)

    @property
    def next(self) -> "Period":
        """The period after this one."""
        return self._shifted(1)

    @property
    def previous(self) -> "Period":
        """The period before this one."""
        return self._shifted(-1)

    def cycles_since(self, day: date) -> int:
        """Return how many periods lie between the period of `day` and this one; 0 if it is the same."""
        return self.index - period_of(day, self.months, self.fiscal_start_month).index

    @property
    def index(self) -> int:
        """The period's place when all periods of its length are counted through the years."""
        return self.fiscal_year * (MONTHS_PER_YEAR // self.months) + self.number - 1

    def _shifted(self, by: int) -> "Period":
        year, before = divmod(self.index + by, MONTHS_PER_YEAR // self.months)
        return Period(year, before + 1, self.months, self.fiscal_start_month)


def period_of(day: date, months_per_cycle: int, fiscal_start_month: int = 1) -> Period:
    """Return the period a day lies in. With a fiscal year from April, 2027-03-31 lies in 2026-Q4."""
    since_start = (day.month - fiscal_start_month) % MONTHS_PER_YEAR
    fiscal_year = day.year if day.month >= fiscal_start_month else day.year - 1
    return Period(fiscal_year, since_start // months_per_cycle + 1, months_per_cycle, fiscal_start_month)


def _first_of_month(year: int, month: int) -> date:
    """Return the first day of a month counted from January of `year`; month 13 is the next January."""
    years, months = divmod(month - 1, MONTHS_PER_YEAR)
    return date(year + years, months + 1, 1)
