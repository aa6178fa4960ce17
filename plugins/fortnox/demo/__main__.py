"""``python -m fortnox.demo``: the demo, or with ``--clean`` only the removal of what it keeps."""

import argparse
import sys

from fortnox.demo.main import clean, main


def _wants_cleaning() -> bool:
    parser = argparse.ArgumentParser(prog="python -m fortnox.demo")
    parser.add_argument("--clean", action="store_true", help="remove what earlier demos keep")
    return bool(parser.parse_args().clean)


sys.exit(clean() if _wants_cleaning() else main())
