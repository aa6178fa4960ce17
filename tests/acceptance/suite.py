"""``make acceptance``: accounting cases from files, a line for each, exit 1 when one fails."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.acceptance.case_mappings import Case
from tests.acceptance.runner import run_case

ROOT = Path(__file__).resolve().parents[2]
#: Cases that come with the project, so that the suite never runs empty.
OWN_CASES = Path(__file__).parent / "cases"
#: Cases beside the project; an accountant's own file is named by CASES=.
BESIDE = ROOT.parent / "shared" / "data" / "accounting-cases.json"


def read_cases(path: Path) -> list[Case]:
    """The cases of a file: a list, or an object with the list under ``cases``.

    Raises:
        OSError: The file can't be read.
        ValueError: It is not JSON, or holds no cases.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    cases = data.get("cases") if isinstance(data, dict) else data
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise ValueError("no list of cases")
    return cases


def case_files(named: Sequence[str]) -> list[Path]:
    """The files named; else the cases beside the project, if there are any, and its own."""
    if named:
        return [Path(name) for name in named]
    return [*([BESIDE] if BESIDE.exists() else []), *sorted(OWN_CASES.glob("*.json"))]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all cases; 0 when none failed, 1 when one did, 2 when a file can't be read."""
    parser = argparse.ArgumentParser(prog="make acceptance", description=__doc__)
    parser.add_argument("cases", nargs="*", help="files of cases (JSON)")
    count: Counter[str] = Counter()
    for path in case_files(parser.parse_args(arguments).cases):
        try:
            cases = read_cases(path)
        except (OSError, ValueError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 2
        for case in cases:
            result = run_case(case)
            count[result.outcome] += 1
            print(result, flush=True)
    print(
        f"{count['passed']} passed, {count['FAILED']} failed, {count['out of scope']} out of scope"
    )
    return 1 if count["FAILED"] or not count.total() else 0


if __name__ == "__main__":
    sys.exit(main())
