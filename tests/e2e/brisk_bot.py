"""``python -m bot`` that waits a few seconds where the bot waits for up to a minute."""

import sys
from functools import partial

from bot import app
from bot.__main__ import main
from bot.lifecycle.runtime import Timings

if __name__ == "__main__":
    brisk = Timings(drain_s=4.0, store_patience_s=4.0, webhook_look_s=4.0)
    app.build_bot = partial(app.build_bot, timings=brisk)
    sys.exit(main())
