"""How often somebody may do something: token buckets. Pure; the clock is an argument, in seconds."""

from shared.errors import Refused


class Bucket:
    """Holds up to `burst` tokens and gains `per_second` of them; each deed takes one."""

    __slots__ = ("_at", "_tokens", "burst", "per_second")

    def __init__(self, per_second: float, burst: float) -> None:
        self.per_second = per_second
        self.burst = burst
        self._tokens = burst
        self._at = 0.0

    def take(self, now: float) -> None:
        """Take one token, or `rate_limited` with the seconds until there is one."""
        self._tokens = min(self.burst, self._tokens + max(0.0, now - self._at) * self.per_second)
        self._at = now
        if self._tokens < 1:
            wait = round((1 - self._tokens) / self.per_second, 3)
            raise Refused("rate_limited", f"Too fast, wait {max(wait, 0.1):.1f} s and send it again.", wait)
        self._tokens -= 1
