"""``python -m training``: see :mod:`training.cli.main`."""

import sys

from training.cli.main import main
from training.engine.priority import giving_way

if __name__ == "__main__":
    with giving_way():
        sys.exit(main())
