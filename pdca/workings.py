"""The working of a level on the screen: level by level, who said what, and why the result is what it is."""

from collections.abc import Iterator

from rich.console import RenderableType

from documents.workings import ElementWorking, ItemWorking, LevelWorking
from domain.method.edition import State
from domain.method.scoring import Why
from domain.words import _, in_language
from pdca.console import heading, table
from pdca.labels import label, level, of, span


def working(element: ElementWorking) -> Iterator[RenderableType]:
    """Return one element's working, from the lowest level to the result."""
    yield _(
        "An item is what the team agreed; else n/a if more say n/a than yes and no together; else what most of "
        "those say who say yes or no, a tie is no."
    )
    for each in element.levels:
        yield heading(_("Level {level}: {why}").format(level=each.level, why=_completeness(each)))
        yield table(
            (_("Item"), _("Statement"), _("Said"), _("So it is")),
            ((item.item, in_language(item.text), _said(item), label(item.state)) for item in each.items),
        )
    if element.values:
        said = ", ".join(f"{name} {value}" for name, value in element.values.items())
        yield _("Chosen: {said}; the lower middle value counts.").format(said=said)
    yield heading(_("Result: {level}").format(level=level(element.result, proven=element.proven, why=element.why)))
    yield "\n".join(_reasons(element))


def _completeness(found: LevelWorking) -> str:
    if found.passed_over:
        return _("passed over, no item applies")
    if found.complete:
        return _("complete, all {count} items that apply are yes").format(count=found.applicable)
    short = [item for item in found.items if item.state not in {State.YES, State.NOT_APPLICABLE}]
    unanswered = _("unanswered")
    missing = ", ".join(f"{item.item} ({label(item.state) or unanswered})" for item in short)
    return _("not complete, because of {items}").format(items=missing)


def _said(item: ItemWorking) -> str:
    said = [f"{name} {label(state)}" for name, state in item.said.items()]
    if item.agreed is not None:
        said.append(_("agreed: {state}").format(state=label(item.agreed)))
    return ", ".join(said)


def _reasons(element: ElementWorking) -> Iterator[str]:
    """Say why the result is what it is, and how far to trust it."""
    if element.levels:
        yield _reason(element)
    without = _("without a level")
    own = ", ".join(
        f"{each.respondent} {level(each.result, proven=each.proven, why=None) or without}"
        for each in element.respondents
    )
    if own:
        yield _("By their own answers alone: {own}.").format(own=own)
    yield _("Answered yes or no: {counts} items up to the first incomplete level.").format(counts=of(element.coverage))
    yield _("Rests on: {basis}.").format(basis=label(element.basis))
    if element.contested:
        yield _("To talk about: {items}.").format(items=", ".join(element.contested))


def _reason(element: ElementWorking) -> str:
    match element.why:
        case Why.NOT_APPLICABLE:
            return _("No item applies, so there is no level, and it counts in no mean.")
        case Why.NO_ANSWERS:
            return _("Nobody said yes or no to any item, so there is no level.")
        case Why.UNSETTLED:
            said = _(
                "By the rule it would be {level}, outside the respondents' own levels ({span}); the team settles it."
            )
            return said.format(level=element.by_rule, span=span(element.minimum, element.maximum))
    stop = next((each for each in element.levels if not each.complete and not each.passed_over), None)
    if stop is None:
        return _("Every level is complete.")
    if element.blocking:
        return _("The highest complete level below the first that is not: level {stop} stops at {items}.").format(
            stop=stop.level, items=", ".join(element.blocking)
        )
    return _("Nobody said no at level {stop}; it is only not known, so the level may be higher.").format(
        stop=stop.level
    )
