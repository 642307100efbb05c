"""Caches on the way are told what to forget: one address of the operator's, in signed words."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Collection

from django.conf import settings
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

#: Seconds for all of it: the request of an editor may be waiting.
PATIENCE = 3.0


class Untold(Exception):
    """Why the cache was not told, as a word that names no secret."""


def forget(names: Collection[str]) -> None:
    """POSTs these names to `CONTROLUCE_PURGE_URL`, in JSON and as `Surrogate-Key`. `Untold` if it is not 2xx.

    `X-Controluce-Signature` is `sha256=` and the HMAC, with the key, of the second it was sent
    (`X-Controluce-Timestamp`), a full stop and the body.
    """
    body = json.dumps({"surrogate_keys": sorted(names)}).encode()
    second = str(int(time.time()))
    signature = hmac.new(settings.PURGE_KEY.encode(), second.encode() + b"." + body, hashlib.sha256)
    headers = {
        "Content-Type": "application/json",
        "Surrogate-Key": " ".join(sorted(names)),
        "X-Controluce-Timestamp": second,
        "X-Controluce-Signature": f"sha256={signature.hexdigest()}",
    }
    try:
        with PoolManager(timeout=Timeout(total=PATIENCE), retries=Retry(False)) as pool:
            answer = pool.request("POST", settings.PURGE_URL, body=body, headers=headers)
    except HTTPError as error:
        raise Untold(type(error).__name__) from error
    if not 200 <= answer.status < 300:
        raise Untold(str(answer.status))
