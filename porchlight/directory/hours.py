"""When a service is open: HSDS schedules (iCalendar rules), in their own time zone, told in the reader's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from holidays import country_holidays

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_MIDNIGHT = time(0, 0)
#: Days ahead in which the next opening is looked for.
AHEAD = 8
#: Days for which a schedule without a rule may be: longer than that it is no holiday, and says nothing.
FEW_DAYS = 31
#: What programs write for "since ever"; no service is older.
OLDEST_YEAR = 1900
#: The most that a rule may count; a larger number is a mistake.
MOST = 1_000
_TRUE = ("true", "1", "yes", "t")


@dataclass(frozen=True)
class Schedule:
    """Some hours on the days of a rule. `zone`: None when they are meant in local time. Without hours, those days
    are closed when they are days of their own (a holiday), else nothing is known of them."""

    freq: str = ""
    byday: str = ""
    bymonthday: str = ""
    interval: int = 1
    count: int | None = None
    first: date | None = None
    last: date | None = None
    opens: time | None = None
    closes: time | None = None
    zone: str | None = None
    closed: bool = False

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Schedule:
        """What a schedule of HSDS says. Where it cannot be read, it says nothing."""
        start = _day(written.get("dtstart"))
        return cls(
            freq=str(written.get("freq") or "").upper(),
            byday=str(written.get("byday") or "").upper().replace(" ", "") or (DAYS[start.weekday()] if start else ""),
            bymonthday=str(written.get("bymonthday") or "").replace(" ", ""),
            interval=_whole(written.get("interval"), 1),
            count=_whole(written["count"], 0) if written.get("count") else None,
            first=start or _day(written.get("valid_from")),
            last=_earliest(_day(written.get("until")), _day(written.get("valid_to"))),
            opens=_time(written.get("opens_at")),
            closes=_time(written.get("closes_at")),
            zone=_zone_name(written.get("timezone")),
            closed=str(written.get("closed") or "").lower() in _TRUE,
        )

    @property
    def holds_single_days(self) -> bool:
        """Whether it is for one day or a few, such as a holiday."""
        if self.freq or self.first is None or self.last is None:
            return False
        return self.last - self.first <= timedelta(days=FEW_DAYS)

    def on(self, day: date) -> bool:
        """Whether the rule holds on a day."""
        if (self.first and day < self.first) or (self.last and day > self.last):
            return False
        if self.holds_single_days or not self.freq:
            return self.holds_single_days
        if self.freq == "WEEKLY" and self.interval == 1 and self.count is None:
            return DAYS[day.weekday()] in self.byday.split(",") if self.byday else True
        return _by_rule(self, day)

    def span(self, day: date, zone: tzinfo) -> tuple[datetime, datetime] | None:
        """From when until when it is open on a day on which it holds."""
        if self.opens is None or self.closes is None or self.closed:
            return None
        own = _zone_of(self.zone) or zone
        begins, ends = datetime.combine(day, self.opens, own), datetime.combine(day, self.closes, own)
        if (self.closes.hour, self.closes.minute) == (23, 59):
            ends = datetime.combine(day + timedelta(days=1), _MIDNIGHT, own)
        elif self.closes <= self.opens:
            ends = datetime.combine(day + timedelta(days=1), self.closes, own)
        return begins, ends


@dataclass(frozen=True)
class Opening:
    """Whether a service is open at a moment: None when nobody knows. `until`: when it closes; `opens`: when it opens
    next; `always`: day and night; `holiday`: it keeps office hours, and today the offices may be closed."""

    open: bool | None
    until: datetime | None = None
    opens: datetime | None = None
    always: bool = False
    holiday: bool = False


def opening(schedules: Sequence[Schedule], at: datetime, zone: tzinfo) -> Opening:
    """Whether a service with these schedules is open. `zone`: where the hours are meant that name no zone."""
    spans = _merged(_spans(schedules, at, zone))
    if not spans:
        return Opening(False if _names(schedules, at.astimezone(zone).date()) else None)
    for begins, ends in spans:
        if begins <= at < ends:
            if ends - at > timedelta(days=AHEAD - 2):
                return Opening(True, always=True)
            # Who is open for days on end opens anew each day.
            opened = begins if at - begins < timedelta(days=1) else at.astimezone(begins.tzinfo)
            off = _may_be_off(opened, schedules)
            return Opening(None, holiday=True) if off else Opening(True, until=ends)
    following = next((begins for begins, _ in spans if begins > at and not _may_be_off(begins, schedules)), None)
    return Opening(False, opens=following)


def _spans(schedules: Sequence[Schedule], at: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    today = at.astimezone(zone).date()
    special = [each for each in schedules if each.holds_single_days]
    regular = [each for each in schedules if not each.holds_single_days]
    for number in range(-1, AHEAD + 1):
        day = today + timedelta(days=number)
        named = [each for each in special if each.on(day)]
        for each in named or [each for each in regular if each.on(day)]:
            if span := each.span(day, zone):
                yield span


def _merged(spans: Iterator[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The spans in order; those that touch are one."""
    merged: list[tuple[datetime, datetime]] = []
    for begins, ends in sorted(spans):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ends))
        else:
            merged.append((begins, ends))
    return merged


def _may_be_off(begins: datetime, schedules: Sequence[Schedule]) -> bool:
    """Whether offices that open then may be closed: on a federal holiday, of which they say nothing."""
    return begins.date() in _holidays(begins.year) and not _names(schedules, begins.date())


def _names(schedules: Sequence[Schedule], day: date) -> bool:
    """Whether one of the schedules is for that very day."""
    return any(each.holds_single_days and each.on(day) for each in schedules)


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("US", years=year))


@lru_cache(maxsize=4096)
def _by_rule(schedule: Schedule, day: date) -> bool:
    """Whether a rule that is more than "each week" holds on a day."""
    if schedule.freq not in ("WEEKLY", "MONTHLY") or schedule.interval < 1:
        return False
    if schedule.first is None and (schedule.interval > 1 or schedule.count is not None):
        return False  # nobody knows from when on it counts
    start = datetime.combine(schedule.first or day.replace(day=1), _MIDNIGHT)
    days = [
        weekday(DAYS.index(name), int(nth) if nth else None)
        for nth, name in _BYDAY.findall(schedule.byday)
        if not nth or 1 <= abs(int(nth)) <= 5
    ]
    of_month = [int(number) for number in re.findall(r"-?\d+", schedule.bymonthday) if 1 <= abs(int(number)) <= 31]
    if not days and not of_month:
        return False
    rule = rrule(
        WEEKLY if schedule.freq == "WEEKLY" else MONTHLY,
        dtstart=start,
        interval=schedule.interval,
        count=schedule.count,
        byweekday=days or None,
        bymonthday=of_month or None,
    )
    begins = datetime.combine(day, _MIDNIGHT)
    return bool(rule.between(begins, begins, inc=True))


def zone_named(name: str | None) -> tzinfo | None:
    """The zone of that name, None when there is none."""
    return _zone_of(name)


@lru_cache(maxsize=256)
def _zone_of(name: str | None) -> tzinfo | None:
    if not name:
        return None
    if re.fullmatch(r"[+-]?\d{1,2}(\.\d+)?", name):
        hours = float(name)
        return timezone(timedelta(hours=hours)) if abs(hours) <= 14 else None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zone_name(written: Any) -> str | None:
    text = str(written if written is not None else "").strip()
    return text if text and _zone_of(text) else None


def _time(written: Any) -> time | None:
    text = str(written or "").strip()
    if text in ("24:00", "24:00:00"):
        return time(23, 59)
    try:
        return time.fromisoformat(f"0{text}" if re.match(r"\d:", text) else text).replace(tzinfo=None)
    except ValueError:
        return None


def _day(written: Any) -> date | None:
    try:
        day = date.fromisoformat(str(written or "")[:10])
    except ValueError:
        return None
    return day if day.year >= OLDEST_YEAR else None


def _whole(written: Any, blank: int) -> int:
    """A number from 1 on; `blank` where there is none, 0 where it cannot be read."""
    if written is None or written == "":
        return blank
    try:
        number = int(float(written))
    except (TypeError, ValueError, OverflowError):
        return 0
    return number if 1 <= number <= MOST else 0


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day), default=None)
