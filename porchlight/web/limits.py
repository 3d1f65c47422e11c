"""How much one conversation, and the whole service, may send. Addresses are neither read nor kept."""

from __future__ import annotations

import time
from collections import OrderedDict

#: Conversations whose rate is remembered at most: the least active is forgotten first.
REMEMBERED = 10_000


class Rate:
    """A bucket for each name, that holds `per_minute` and fills by as much a minute."""

    def __init__(self, per_minute: float) -> None:
        self._size, self._per_second = per_minute, per_minute / 60
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def seconds_to_wait(self, name: str) -> int:
        """0 when it may go on (and is counted), else the whole seconds until it may."""
        at = time.monotonic()
        left, since = self._buckets.pop(name, (self._size, at))
        left = min(self._size, left + (at - since) * self._per_second)
        allowed = left >= 1
        self._buckets[name] = (left - 1 if allowed else left, at)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, round((1 - left) / self._per_second))
