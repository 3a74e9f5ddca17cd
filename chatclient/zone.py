"""The reader's time zone as the system knows it, summer and winter: a fixed offset would be wrong half the year."""

from datetime import UTC, datetime, timedelta, tzinfo


class LocalZone(tzinfo):
    """For times as they were and are here; it follows the system's own tables."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None if moment is None else moment.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, moment: datetime | None) -> None:
        """Not told: nothing here asks how much of the offset is the summer's."""

    def tzname(self, moment: datetime | None) -> str | None:
        return None if moment is None else moment.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, moment: datetime) -> datetime:
        stamp = moment.replace(tzinfo=UTC).timestamp()
        return datetime.fromtimestamp(stamp).replace(tzinfo=self)
