"""``python -m bot`` that waits a few seconds where the bot waits for up to a minute."""

import sys
from functools import partial

from bot import app
from bot.__main__ import main
from bot.lifecycle import polling, webhook
from bot.lifecycle.runtime import drain
from bot.updates.answered import AnsweredUpdates
from bot.updates.inbox import Inbox
from bot.updates.webhook_registration import WebhookRegistration

LOOK_EVERY_S = 4.0
STORE_PATIENCE_S = 8.0
DRAIN_S = 4.0

if __name__ == "__main__":
    webhook.WebhookRegistration = partial(WebhookRegistration, look_every_s=LOOK_EVERY_S)
    webhook.Inbox = partial(Inbox, patience_s=STORE_PATIENCE_S)
    app.AnsweredUpdates = partial(AnsweredUpdates, patience_s=STORE_PATIENCE_S)
    polling.drain = partial(drain, within_s=DRAIN_S)
    sys.exit(main())
