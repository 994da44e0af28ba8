"""Signs initData as Telegram does, written apart from what is tested."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

TOKEN = "123456789:AAE-a_token_for_tests_only_0123456789"
NOW = 1_900_000_000.0
ANN = {"id": 5_000_000_123, "first_name": "安 & 安", "language_code": "zh-hant"}


def signed(token: str = TOKEN, *, at: float = NOW, user: Any = ANN, **more: str) -> str:
    """What the page is opened with."""
    fields = {"auth_date": str(int(at)), "query_id": "AAE=", "signature": "third-party", **more}
    if user is not None:
        fields["user"] = user if isinstance(user, str) else json.dumps(user, ensure_ascii=False)
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return urlencode(fields | {"hash": hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()})
