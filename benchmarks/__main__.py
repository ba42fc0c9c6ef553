"""The bench: every case in rounds, a table of ratios, a miss said as a miss.

It ends with 1 where a floor was changed or a result is wrong, and with 0 where the product is only slower than wanted.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.cases import CASES, Case
from benchmarks.frozen import changed
from benchmarks.rounds import Grounds, Measured, round_of

HEAD = "| case | contender | seconds | peak MiB | ratio: median (min to max) | goal | |"
LINE = "|---|---|---:|---:|---:|---|---|"


def main() -> int:
    """Run the bench as the command line asks for it and return the exit code."""
    asked = _asked()
    if names := changed():
        print(f"floors were changed since they were frozen: {', '.join(names)}", file=sys.stderr)
        return 1
    wrong: list[str] = []
    rows: list[str] = []
    with tempfile.TemporaryDirectory(prefix="pdca-bench-") as folder:
        grounds = Grounds(Path(folder))
        for case in (CASES[name](asked.units) for name in asked.cases or CASES):
            print(f"{case.name} ...", file=sys.stderr)
            rounds = [round_of(case.contenders, grounds, number) for number in range(asked.rounds)]
            wrong += (f"{case.name}: {said}" for found in rounds for said in case.differences(found))
            rows += _rows(case, rounds)
    print("\n".join([HEAD, LINE, *rows]))
    for said in dict.fromkeys(wrong):
        print(f"WRONG RESULT: {said}", file=sys.stderr)
    return 1 if wrong else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure pdca against its floors.")
    parser.add_argument("cases", nargs="*", metavar="case", help=f"only these: {', '.join(CASES)}")
    parser.add_argument("--rounds", type=int, default=5, help="how often each contender runs (default: 5)")
    parser.add_argument("--units", type=int, default=1000, help="units of the quarter (default: 1000)")
    asked = parser.parse_args()
    if unknown := set(asked.cases) - CASES.keys():
        parser.error(f"no case {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    return asked


def _rows(case: Case, rounds: Sequence[dict[str, Measured]]) -> Iterator[str]:
    first, second, *_beside = case.contenders
    for each in case.contenders:
        runs = [found[each.name] for found in rounds]
        cells = [case.name if each is first else "", each.name]
        cells += [f"{median(run.seconds for run in runs):.2f}", f"{median(run.peak_mib for run in runs):.0f}"]
        if each is first:
            cells += ["", "", ""]
        else:
            ratios = [case.compare(found[first.name], found[each.name]) for found in rounds]
            middle = median(ratios)
            cells.append(f"{middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
            is_for_it = each is second
            cells.append(str(case.goal) if is_for_it else "")
            cells.append(("met" if case.goal.is_met(middle) else "MISSED") if is_for_it else "")
        yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
