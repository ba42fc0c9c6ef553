"""Where units stand: the latest proven results, a parent's level from its units', targets and gaps (section 4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from domain.method.edition import Edition, Element, State
from domain.method.quarters import Period
from domain.method.rounding import whole
from domain.method.scoring import ENOUGH


@dataclass(frozen=True, slots=True)
class Latest:
    """A unit's latest proven result on an element, with its day."""

    level: Fraction
    as_of: date


@dataclass(frozen=True, slots=True)
class Standing:
    """A level that stands, with what it rests on; it may be summarised like a score.

    `counts` is (units with a proven level, units asked), `as_of` the oldest day among those levels, `age` that day's
    in cycles. A stale level is shown and not counted as proven: it is in no count and no median.
    """

    level: Fraction | None
    as_of: date | None
    age: int | None
    stale: bool
    minimum: Fraction | None
    counts: tuple[int, int]

    @property
    def result(self) -> Fraction | None:
        """The level."""
        return self.level

    @property
    def why(self) -> None:
        """A standing has no reason of its own where there is no level."""
        return

    @property
    def proven(self) -> bool:
        """Enough of the units asked have a proven level."""
        done, asked = self.counts
        return asked > 0 and Fraction(done, asked) >= ENOUGH


def picture(
    parents: Mapping[str, str | None],
    asked: Mapping[str, Iterable[str]],
    latest: Mapping[tuple[str, str], Latest],
    *,
    cycle: Period,
    stale_after: int,
) -> dict[str, dict[str, Standing]]:
    """Return every unit's standing by element, in the order of `parents`.

    An element that a unit is asked (what is asked of the organisation: its top unit) has the unit's own latest result;
    for a unit that is not asked itself it rolls up from all asked units below. `asked` is what the programme asks of
    each unit over all cycles, not only in this one.
    """
    own = {
        unit: {
            element: own_standing(latest.get((unit, element)), cycle, stale_after) for element in asked.get(unit, ())
        }
        for unit in parents
    }
    below: dict[str, dict[str, list[Standing]]] = {unit: {} for unit in parents}
    for unit, standings in own.items():
        for above in _above(unit, parents):
            for element, standing in standings.items():
                below[above].setdefault(element, []).append(standing)
    return {unit: {element: rolled_up(found) for element, found in below[unit].items()} | own[unit] for unit in parents}


def own_standing(latest: Latest | None, cycle: Period, stale_after: int) -> Standing:
    """Return a unit's own standing; stale from more than `stale_after` cycles on, empty without a proven result."""
    if latest is None:
        return Standing(level=None, as_of=None, age=None, stale=False, minimum=None, counts=(0, 1))
    age = cycle.cycles_since(latest.as_of)
    stale = age > stale_after
    return Standing(latest.level, latest.as_of, age, stale, latest.level, (0 if stale else 1, 1))


def rolled_up(standings: Sequence[Standing]) -> Standing:
    """Return a parent's standing: the lower median of its units' proven levels, with their minimum.

    Without a proven level below there is none.
    """
    proven = [each for each in standings if each.proven and each.level is not None]
    oldest = min(proven, key=lambda each: each.as_of or date.max, default=None)
    levels = [each.level for each in proven if each.level is not None]
    return Standing(
        level=lower_median(levels),
        as_of=oldest.as_of if oldest else None,
        age=oldest.age if oldest else None,
        stale=False,
        minimum=min(levels, default=None),
        counts=(len(proven), len(standings)),
    )


def lower_median(levels: Sequence[Fraction]) -> Fraction | None:
    """Return the middle level, of an even number the lower of the two; None without levels."""
    return sorted(levels)[(len(levels) - 1) // 2] if levels else None


def reachable(edition: Edition, element: Element, states: Mapping[str, State]) -> Fraction:
    """Return the highest level with an applicable item, or the end of the scale where the rule has no items by level.

    0 if nothing applies.
    """
    if not element.levels:
        return whole(edition.scale.max)
    for level, items in reversed(element.outline.steps):
        if any(states.get(item) is not State.NOT_APPLICABLE for item in items):
            return whole(level)
    return whole(0)


def gap(level: Fraction, target: Fraction) -> Fraction:
    """Return how far a level is below its target; 0 at or above it."""
    return max(Fraction(0), target - level)


def percent_to_target(weighted: Iterable[tuple[Fraction, Fraction, Fraction]]) -> Fraction | None:
    """Return how much of the targets is reached, from (weight, target, level): 1 - sum w gap / sum w target.

    As a share of 1, over elements with a result; None if the targets sum up to 0. OWASP SAMM, relative scoring.
    """
    rows = list(weighted)
    aimed_at = sum((weight * target for weight, target, _level in rows), Fraction(0))
    if not aimed_at:
        return None
    return 1 - sum((weight * gap(level, target) for weight, target, level in rows), Fraction(0)) / aimed_at


def progress(baseline: Fraction, now: Fraction, target: Fraction) -> Fraction | None:
    """Return which share of the way from baseline to target is done; None where the target is not above the baseline.

    OWASP SAMM, relative scoring. More than 1 beyond the target, negative below the baseline.
    """
    return None if target <= baseline else (now - baseline) / (target - baseline)


def _above(unit: str, parents: Mapping[str, str | None]) -> Iterable[str]:
    seen = {unit}
    while (unit_above := parents.get(unit)) is not None and unit_above not in seen:
        yield unit_above
        seen.add(unit_above)
        unit = unit_above
