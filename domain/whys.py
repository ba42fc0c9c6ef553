"""Whys: what an action rests on, in words, a sentence for each fact, in the language spoken now."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from domain.grounds import Earlier, Grounds, Stand
from domain.words import _, in_language, ngettext

Day: TypeAlias = Callable[[date], str]
"""How a reader is told a day."""

FEW = 6
"""So many units are named together; more are counted."""


def why(own: str, grounds: Grounds, day: Day) -> list[str]:
    """Say what an action rests on: what was tried, people's own words, and the facts it was drafted from."""
    return [
        *_tried(grounds, day),
        *([own] if own else []),
        *(_stood(grounds) if grounds.is_shared else _stood_alone(grounds)),
        *(line for level, those in grounds.by_level.items() for line in _statements(grounds, level, those)),
        *_corroborated(grounds),
        *(line for each in grounds.earlier for line in _earlier(each, day, is_shared=grounds.is_shared)),
    ]


def level(number: Fraction) -> str:
    """Say a level that was reached."""
    return _("level {level}").format(level=number) if number else _("below level 1")


def who_said_no(stand: Stand, item: str) -> str:
    """Say who said no to an item in a unit, or that the team agreed on it."""
    no, of = stand.said_no.get(item, (0, 0))
    if item not in stand.agreed:
        return _("{no} of {of} said no").format(no=no, of=of)
    if reason := stand.agreed[item]:
        words = _('agreed in the team: no, "{reason}" (before: {no} of {of} said no)')
        return words.format(reason=reason, no=no, of=of)
    return _("agreed in the team: no (before: {no} of {of} said no)").format(no=no, of=of)


def _tried(grounds: Grounds, day: Day) -> Iterator[str]:
    if (tried := grounds.tried) is not None:
        if tried.title:
            words = _('Tried before: action {number}, "{title}", {verdict} on {day}: {seen}')
        else:
            words = _("Tried before in the same way: action {number}, {verdict} on {day}: {seen}")
        verdict = _(tried.verdict)
        yield words.format(number=tried.number, title=tried.title, verdict=verdict, day=day(tried.on), seen=tried.seen)


def _stood_alone(grounds: Grounds) -> Iterator[str]:
    for stand in grounds.stands.values():
        if stand.last is None:
            words = _(
                "{unit}: {level} in {period}, judged for the first time; target {target}, next step level {next}."
            )
        elif stand.last == stand.level:
            words = _("{unit}: {level} in {period}, as last time; target {target}, next step level {next}.")
        else:
            words = _("{unit}: {level} in {period}, last time {last}; target {target}, next step level {next}.")
        yield words.format(
            unit=stand.unit,
            level=level(stand.level),
            last="" if stand.last is None else level(stand.last),
            period=grounds.period,
            target=stand.target,
            next=stand.aims_at,
        )


def _stood(grounds: Grounds) -> Iterator[str]:
    stands = list(grounds.stands.values())
    targets = sorted({each.target for each in stands})
    where = _by_level([(each.level, each.unit) for each in stands])
    if len(targets) == 1:
        words = _("{count} units were below target {target} in {period}: {where}.")
    else:
        words = _("{count} units were below their targets in {period}: {where}.")
    yield words.format(count=len(stands), target=targets[0], period=grounds.period, where=where)
    if moved := [(each.last, each.unit) for each in stands if each.last is not None and each.last != each.level]:
        yield _("Last time it was otherwise: {where}.").format(where=_by_level(moved))


def _by_level(places: Sequence[tuple[Fraction, str]]) -> str:
    """Say which units stood where, the lowest level first."""
    named: dict[Fraction, list[str]] = {}
    for number, unit in sorted(places, key=lambda each: each[0]):
        named.setdefault(number, []).append(unit)
    words = _("{units}: {level}")
    return "; ".join(words.format(units=_units(units), level=level(number)) for number, units in named.items())


def _units(names: Sequence[str]) -> str:
    if len(names) > FEW:
        return ngettext("{count} unit", "{count} units", len(names)).format(count=len(names))
    return ", ".join(names)


def _statements(grounds: Grounds, step: Fraction, those: Sequence[Stand]) -> Iterator[str]:
    """Say which statements a level lacks, and who said no to each; a shared one is named by its id too."""
    if len(grounds.by_level) > 1:
        yield _("To level {level} ({units}):").format(level=step, units=_units([each.unit for each in those]))
    elif grounds.is_shared:
        yield _("The next step is level {level}:").format(level=step)
    if grounds.edition is None:
        return
    missed = {item for each in those for item in each.items}
    for item in (each for each in grounds.edition.items if each in missed):
        text = in_language(grounds.edition.items[item].text)
        who = _who(item, [each for each in those if item in each.items], is_shared=grounds.is_shared)
        words = _('{item}, {who}: "{text}"') if grounds.is_shared else _('{who}: "{text}"')
        said = words.format(item=item, who=who, text=text)
        yield said[0].upper() + said[1:]


def _who(item: str, those: Sequence[Stand], *, is_shared: bool) -> str:
    """Say who said no to an item: all together where no team agreed, and each team that did."""
    if not is_shared:
        return who_said_no(those[0], item)
    open_ = [each.said_no.get(item, (0, 0)) for each in those if item not in each.agreed]
    no, of = (sum(counts[place] for counts in open_) for place in (0, 1))
    agreed = [each for each in those if item in each.agreed]
    said = [_("{no} of {of} said no").format(no=no, of=of)] if open_ else []
    if len(agreed) > FEW:
        said.append(_("{count} teams agreed on no").format(count=len(agreed)))
    else:
        said += [_("{unit} {agreed}").format(unit=each.unit, agreed=who_said_no(each, item)) for each in agreed]
    return "; ".join(said)


def _corroborated(grounds: Grounds) -> Iterator[str]:
    words = _sources()
    for unit, source, number in grounds.corroborations:
        what = f"{words.get(source, source)} {number}".strip()
        yield _("{what} points at the same in {unit}.").format(what=what[0].upper() + what[1:], unit=unit)


def _sources() -> dict[str, str]:
    return {
        "audit finding": _("audit finding"),
        "nonconformity": _("nonconformity"),
        "customer feedback": _("customer feedback"),
        "interested party": _("interested party"),
        "risk or opportunity": _("risk or opportunity"),
        "quality objective": _("quality objective"),
        "management review": _("management review"),
        "idea": _("idea"),
    }


def _earlier(earlier: Earlier, day: Day, *, is_shared: bool) -> Iterator[str]:
    """Say what was done before; that the unit says no again only where it is about the same statements."""
    number, verdict, on = earlier.number, _(earlier.verdict), day(earlier.on)
    if earlier.again and is_shared:
        words = _("Action {number} was on this in {units} ({verdict}, {day}); they say no again.")
        yield words.format(number=number, units=_units(earlier.again), verdict=verdict, day=on)
    elif earlier.again:
        words = _("Action {number} was on this ({verdict}, {day}); the unit says no again.")
        yield words.format(number=number, verdict=verdict, day=on)
    if earlier.onward and is_shared:
        words = _("Action {number} was about the step before in {units} ({verdict}, {day}).")
        yield words.format(number=number, units=_units(earlier.onward), verdict=verdict, day=on)
    elif earlier.onward:
        words = _("Action {number} was about the step before ({verdict}, {day}).")
        yield words.format(number=number, verdict=verdict, day=on)
