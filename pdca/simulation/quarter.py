"""What came out of a quarter, and of all of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain import actions, continuations, findings, overview
from domain.cycles import Cycle
from domain.method.findings import FindingKind
from domain.verifications import Verdict
from notifications import outbox
from pdca.simulation.drafted import Drafted
from pdca.simulation.world import Scene


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter in numbers; `answered` is (handed in, asked), `living` how many actions live at its end.

    `mails` are those that were wanted, by template; none is sent.
    """

    period: str
    opened: int
    answered: tuple[int, int]
    contested: int
    agreed: int
    scored: int
    gaps: int
    drafts: int
    continued: int
    not_now: int
    released: int
    accepted: int
    moved: int
    done: int
    verified: Mapping[str, int]
    cancelled: int
    left: int
    living: int
    mails: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What really changed, in levels, and what was measured of it.

    `planted` is by actions and by drift, `judged_again` what of it lies between two proven results of a topic,
    `measured` the sums of the three parts of all changes.
    """

    planted: Mapping[str, int]
    judged_again: int
    measured: Mapping[str, int]
    drafts: tuple[Drafted, ...]


def closed(scene: Scene, cycle: Cycle) -> Quarter:
    """Return a quarter's numbers at its end, and begin to count anew."""
    counts = scene.world.counts.copy()
    scene.world.counts.clear()
    mails = outbox.counts(scene.session)
    new_mails = mails - scene.world.mails
    scene.world.mails = mails
    row = overview.overview(scene.session, scene.places, scene.now, [cycle]).cycles[0]
    answered = [unit.answered for unit in row.units]
    return Quarter(
        period=cycle.period,
        opened=counts["assessments opened"],
        answered=(sum(done for done, _of in answered), sum(of for _done, of in answered)),
        contested=counts["contested"],
        agreed=counts["agreed"],
        scored=counts["assessments scored"],
        gaps=len(findings.of_cycle(scene.session, cycle.id, FindingKind.GAP)),
        drafts=counts["drafts"],
        continued=len(continuations.of_cycle(scene.session, cycle.id)),
        not_now=len(continuations.deferrals(scene.session, cycle.id)),
        released=counts["released"],
        accepted=counts["accepted"],
        moved=counts["moved"],
        done=counts["done"],
        verified={verdict.value: counts[verdict] for verdict in Verdict},
        cancelled=counts["cancelled"],
        left=counts["left"],
        living=len({action.id for action, _row in actions.living(scene.session)}),
        mails=dict(sorted(new_mails.items())),
    )
