"""How large files are, in words: `182 KB`, `1.4 MB`, `14.9 of 24 MB, 62 %`. PURE. A KB has 1,024 bytes."""

from typing import Final

_UNITS: Final = ("bytes", "KB", "MB", "GB", "TB")
_STEP: Final = 1024


def size(count: int) -> str:
    """So many bytes."""
    unit = _unit(count)
    return f"{_number(count, unit)} {_UNITS[unit] if count != 1 else 'byte'}"


def progress(sent: int, total: int) -> str:
    """How much of it is there: both in the unit of the whole, and the share, which is 100 only at the end."""
    unit = _unit(total)
    share = sent * 100 // total if total else 100
    return f"{_number(sent, unit)} of {_number(total, unit)} {_UNITS[unit]}, {share} %"


def _unit(count: int) -> int:
    unit = 0
    while unit < len(_UNITS) - 1 and round(count / _STEP**unit, 1) >= _STEP:
        unit += 1
    return unit


def _number(count: int, unit: int) -> str:
    """Without a fraction under a MB and from 100 on; without `.0`."""
    value = count / _STEP**unit
    if unit < 2 or value >= 100:
        return f"{max(round(value), 1 if count else 0):,}"
    return f"{value:.1f}".removesuffix(".0")
