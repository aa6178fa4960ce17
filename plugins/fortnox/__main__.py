"""``python -m fortnox``."""

import sys

from fortnox.cli import main

if __name__ == "__main__":
    sys.exit(main())
