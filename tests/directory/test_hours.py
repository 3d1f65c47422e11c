"""When a service is open, by its own clock, and when nobody can know it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from porchlight.directory.hours import Opening, Schedule, opening, zone_named

EASTERN, CENTRAL, PACIFIC = (ZoneInfo(f"America/{name}") for name in ("New_York", "Chicago", "Los_Angeles"))
EVERY_DAY, WEEKDAYS = "MO,TU,WE,TH,FR,SA,SU", "MO,TU,WE,TH,FR"


def weekly(byday=WEEKDAYS, opens="09:00", closes="17:00", **more):
    return {"freq": "WEEKLY", "byday": byday, "opens_at": opens, "closes_at": closes, **more}


def at(moment, zone=EASTERN):
    return datetime.fromisoformat(moment).replace(tzinfo=zone)


def opened(moment, *written, zone=EASTERN, reader=EASTERN):
    """`moment`: by the reader's clock; `zone`: where hours without a zone are meant."""
    return opening([Schedule.of(each) for each in written], at(moment, reader), zone)


def until(moment, zone=EASTERN):
    return Opening(True, until=at(moment, zone))


def opens(moment, zone=EASTERN):
    return Opening(False, opens=at(moment, zone))


UNKNOWN, ALWAYS, HOLIDAY = Opening(None), Opening(True, always=True), Opening(None, holiday=True)


# Day and night


@pytest.mark.parametrize("closes", ["23:59", "23:59:59", "24:00", "24:00:00", "00:00"])
@pytest.mark.parametrize("moment", ["2026-12-01T00:00", "2026-12-01T23:59", "2026-12-25T03:00", "2026-03-08T02:30"])
def test_day_and_night_is_always_open_holidays_too(closes, moment):
    assert opened(moment, weekly(EVERY_DAY, "00:00", closes)) == ALWAYS


def test_day_and_night_in_two_halves_is_always_open():
    assert (
        opened("2026-12-01T12:00", weekly(EVERY_DAY, "00:00", "12:00"), weekly(EVERY_DAY, "12:00", "24:00")) == ALWAYS
    )


def test_the_whole_of_five_days_is_not_always():
    whole = weekly(WEEKDAYS, "00:00", "23:59")
    assert opened("2026-12-02T04:00", whole) == until("2026-12-05T00:00")
    assert opened("2026-12-05T04:00", whole) == opens("2026-12-07T00:00")


# Office hours, in their zone and in the reader's


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-12-01T08:59", opens("2026-12-01T09:00")),
        ("2026-12-01T09:00", until("2026-12-01T17:00")),
        ("2026-12-01T16:59", until("2026-12-01T17:00")),
        ("2026-12-01T17:00", opens("2026-12-02T09:00")),
        ("2026-12-04T18:00", opens("2026-12-07T09:00")),
        ("2026-12-06T12:00", opens("2026-12-07T09:00")),
    ],
)
def test_office_hours(moment, expected):
    assert opened(moment, weekly()) == expected


@pytest.mark.parametrize("zone", ["America/New_York", "-5", "-05", "-5.0"])
def test_hours_in_their_own_zone_whatever_the_readers(zone):
    office = weekly(timezone=zone)
    for reader in (EASTERN, CENTRAL, PACIFIC, ZoneInfo("Pacific/Honolulu")):
        there = at("2026-12-01T16:30").astimezone(reader)
        found = opening([Schedule.of(office)], there, reader)
        assert found == until("2026-12-01T17:00")
        assert found.until.astimezone(PACIFIC) == at("2026-12-01T14:00", PACIFIC)


def test_local_hours_are_those_of_the_place():
    assert opened("2026-12-01T18:30", weekly(), zone=PACIFIC) == until("2026-12-01T17:00", PACIFIC)
    assert opened("2026-12-01T18:30", weekly(), zone=EASTERN) == opens("2026-12-02T09:00")


def test_a_day_of_its_own_zone_may_be_the_readers_next_or_last_one():
    sunday = weekly("SU", "20:00", "23:00", timezone="America/Los_Angeles")
    assert opened("2026-12-07T01:30", sunday) == until("2026-12-06T23:00", PACIFIC)
    monday = weekly("MO", "01:00", "02:00")
    assert opened("2026-12-06T22:30", monday, zone=EASTERN, reader=PACIFIC) == until("2026-12-07T02:00")


def test_a_break_at_noon_and_hours_that_touch():
    morning, noon, afternoon = weekly(closes="12:00"), weekly(opens="12:00", closes="13:00"), weekly(opens="13:00")
    assert opened("2026-12-01T12:30", morning, afternoon) == opens("2026-12-01T13:00")
    assert opened("2026-12-01T10:00", afternoon, noon, morning) == until("2026-12-01T17:00")


def test_past_midnight():
    night = weekly("FR", "20:00", "02:00")
    assert opened("2026-12-05T01:30", night) == until("2026-12-05T02:00")
    assert opened("2026-12-04T23:30", night) == until("2026-12-05T02:00")
    assert opened("2026-12-05T02:00", night) == opens("2026-12-11T20:00")
    assert opened("2026-12-04T01:30", night) == opens("2026-12-04T20:00")


# The nights on which the clock is changed


def test_in_march_the_night_has_an_hour_less():
    night = weekly("SA", "22:00", "06:00")
    found = opened("2026-03-08T00:30", night)
    assert found == until("2026-03-08T06:00")
    assert found.until.timestamp() - at("2026-03-08T00:30").timestamp() == 4.5 * 3600
    assert opened("2026-03-08T06:30", weekly(EVERY_DAY)) == opens("2026-03-08T09:00")
    # A night line in Los Angeles, read in New York, where the clock has been changed already.
    assert opened("2026-03-08T04:30", weekly("SA", "22:00", "02:00"), zone=PACIFIC) == until(
        "2026-03-08T02:00", PACIFIC
    )


def test_in_november_the_night_has_an_hour_more():
    found = opened("2026-11-01T00:30", weekly("SA", "22:00", "06:00"))
    assert found.until.timestamp() - at("2026-11-01T00:30").timestamp() == 6.5 * 3600
    office = weekly(EVERY_DAY, timezone="America/Chicago")
    for day in ("2026-10-31", "2026-11-01", "2026-11-02"):
        assert opened(f"{day}T09:59", office) == opens(f"{day}T09:00", CENTRAL)
        assert opened(f"{day}T10:00", office) == until(f"{day}T17:00", CENTRAL)


def test_an_hour_that_there_is_not_and_one_that_there_is_twice():
    assert opened("2026-03-08T03:30", weekly("SU", "02:30", "04:00")) == until("2026-03-08T04:00")
    twice = at("2026-11-01T01:30").replace(fold=1)
    assert opening([Schedule.of(weekly("SU", "01:00", "03:00"))], twice, EASTERN) == until("2026-11-01T03:00")


# Rules


@pytest.mark.parametrize(
    ("byday", "day", "holds"),
    [
        ("2TU", "2026-12-08", True),
        ("2TU", "2026-12-01", False),
        ("2TU", "2026-12-15", False),
        ("+2TU", "2026-12-08", True),
        ("-1FR", "2026-12-25", True),
        ("-1FR", "2026-12-18", False),
        ("-1FR", "2027-01-29", True),
        ("1MO,3MO", "2026-12-21", True),
        ("1MO,3MO", "2026-12-14", False),
        ("5WE", "2026-12-30", True),
        ("5WE", "2027-01-27", False),
        ("0TU", "2026-12-08", False),
        ("53TU", "2026-12-08", False),
        ("", "2026-12-01", False),
    ],
)
def test_some_days_of_a_month(byday, day, holds):
    assert Schedule.of({"freq": "MONTHLY", "byday": byday}).on(date.fromisoformat(day)) is holds


def test_monthly_hours_are_told_ahead():
    monthly = {"freq": "MONTHLY", "byday": "2TU", "opens_at": "9:00", "closes_at": "12:00"}
    assert opened("2026-12-04T10:00", monthly) == opens("2026-12-08T09:00")
    assert opened("2026-12-08T10:00", monthly) == until("2026-12-08T12:00")


@pytest.mark.parametrize(
    ("written", "holds"), [("1,15", True), ("-17", True), ("14", False), ("0", False), ("32", False)]
)
def test_numbered_days_of_a_month(written, holds):
    assert Schedule.of({"freq": "MONTHLY", "bymonthday": written}).on(date(2026, 12, 15)) is holds


def test_every_other_week_counts_from_its_first_day():
    other = Schedule.of(weekly("TU", dtstart="2026-12-01", interval=2))
    assert [other.on(date(2026, 12, day)) for day in (1, 8, 15, 22)] == [True, False, True, False]
    assert not Schedule.of(weekly("TU", interval=2)).on(date(2026, 12, 1))


def test_a_rule_that_counts_ends():
    thrice = Schedule.of(weekly("TU", dtstart="2026-12-01", count="3"))
    assert [thrice.on(date(2026, 12, day)) for day in (1, 8, 15, 22)] == [True, True, True, False]


def test_a_week_without_days_is_that_of_its_first_day():
    tuesdays = Schedule.of({"freq": "WEEKLY", "dtstart": "2026-12-01"})
    assert [tuesdays.on(date(2026, 12, day)) for day in (1, 2, 8)] == [True, False, True]


def test_valid_from_and_to():
    summer = weekly(valid_from="2026-06-01", valid_to="2026-08-31")
    assert opened("2026-06-01T10:00", summer) == until("2026-06-01T17:00")
    assert opened("2026-08-31T10:00", summer) == until("2026-08-31T17:00")
    assert opened("2026-05-29T10:00", summer) == opens("2026-06-01T09:00")
    assert opened("2026-12-01T10:00", summer) == UNKNOWN
    assert opened("2026-12-01T10:00", weekly(valid_to="2026-12-31", until="2026-11-27")) == UNKNOWN
    # What programs write for "ever".
    assert opened("2026-12-01T10:00", weekly(valid_from="0001-01-01", valid_to="9999-12-31")) == until(
        "2026-12-01T17:00"
    )


# Holidays


def test_a_holiday_schedule_closes_its_day():
    closed = {"valid_from": "2026-12-02", "valid_to": "2026-12-02"}
    assert opened("2026-12-02T10:00", weekly(), closed) == opens("2026-12-03T09:00")
    assert opened("2026-12-01T18:00", weekly(), closed) == opens("2026-12-03T09:00")
    assert opened("2026-12-01T10:00", weekly(), closed) == until("2026-12-01T17:00")
    day_and_night = weekly(EVERY_DAY, "00:00", "23:59")
    assert opened("2026-12-02T10:00", day_and_night, closed) == opens("2026-12-03T00:00")


@pytest.mark.parametrize("closed", ["true", "True", "1", "yes", True])
def test_a_day_may_say_that_it_is_closed(closed):
    day = {**weekly(), "freq": None, "dtstart": "2026-12-02", "until": "2026-12-02", "closed": closed}
    assert opened("2026-12-02T10:00", weekly(), day) == opens("2026-12-03T09:00")


def test_a_holiday_schedule_may_have_hours_of_its_own():
    short = {"dtstart": "2026-12-24", "until": "2026-12-25", "opens_at": "10:00", "closes_at": "12:00"}
    assert opened("2026-12-24T11:00", weekly(), short) == until("2026-12-24T12:00")
    assert opened("2026-12-24T13:00", weekly(), short) == opens("2026-12-25T10:00")
    assert opened("2026-12-25T11:00", weekly(), short) == until("2026-12-25T12:00")


def test_who_is_closed_for_weeks_is_closed():
    closed = {"valid_from": "2026-12-20", "valid_to": "2027-01-10"}
    assert opened("2026-12-22T10:00", weekly(), closed) == Opening(False)


def test_a_whole_year_without_a_rule_is_no_holiday():
    year = {"valid_from": "2026-01-01", "valid_to": "2026-12-31"}
    assert opened("2026-12-01T10:00", weekly(), year) == until("2026-12-01T17:00")
    assert opened("2026-12-01T10:00", {**year, "opens_at": "09:00", "closes_at": "17:00"}) == UNKNOWN


@pytest.mark.parametrize("day", ["2026-11-26", "2026-12-25", "2027-01-01", "2026-07-03"])
def test_on_a_federal_holiday_nobody_knows(day):
    assert opened(f"{day}T10:00", weekly()) == HOLIDAY
    assert opened(f"{day}T10:00", weekly(WEEKDAYS, "00:00", "23:59")) == HOLIDAY
    assert opened(f"{day}T10:00", weekly(EVERY_DAY, "00:00", "23:59")) == ALWAYS


def test_before_a_federal_holiday_the_next_sure_day_is_told():
    assert opened("2026-11-25T18:00", weekly()) == opens("2026-11-27T09:00")
    assert opened("2026-11-26T07:00", weekly()) == opens("2026-11-27T09:00")


# What cannot be known


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"description": "Call for hours"},
        {"freq": "WEEKLY", "byday": "TU"},
        {"opens_at": "09:00", "closes_at": "17:00"},
        weekly(closes=""),
        weekly(opens="nine", closes="five"),
        weekly(opens="25:00"),
        weekly(byday="TUESDAY-FRIDAY"),
        weekly(freq="DAILY"),
        weekly(interval="often"),
        weekly(interval=0.5, dtstart="2026-12-01"),
        weekly(interval=-1, dtstart="2026-12-01"),
        weekly(count="-3", dtstart="2026-12-01"),
        weekly(count="1e400", dtstart="2026-12-01"),
        {**weekly(byday="0MO,99TU"), "freq": "MONTHLY"},
    ],
)
def test_what_says_nothing_is_not_known(written):
    assert opened("2026-12-01T10:00", written) == UNKNOWN


def test_no_schedule_is_not_known():
    assert opened("2026-12-01T10:00") == UNKNOWN


@pytest.mark.parametrize(
    "zone", ["", None, "EST5EDT4", "Eastern", "America", "../../etc/passwd", "+99", "\x00", "x" * 999]
)
def test_a_zone_that_there_is_not_is_that_of_the_place(zone):
    assert opened("2026-12-01T16:30", weekly(timezone=zone)) == until("2026-12-01T17:00")


@pytest.mark.parametrize(("name", "hours"), [("-5", -5), ("+5.5", 5.5), ("0", 0), ("14", 14)])
def test_a_zone_may_be_hours_from_utc(name, hours):
    assert zone_named(name).utcoffset(None) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("written", "read"), [("9:00", time(9)), ("09:00:30", time(9, 0, 30)), ("24:00", time(23, 59)), (None, None)]
)
def test_times_as_they_are_written(written, read):
    assert Schedule.of({"opens_at": written}).opens == read


# Whatever an import may hold

TOKENS = "WEEKLY MONTHLY DAILY MO TU,WE 2TU -1FR +5SU 0MO 99TH 1,15 -1 0 0.5 2 -3 1e99 09:00 9:00 23:59 24:00 T10 00:00"
TOKENS += (
    " 2026-12-01 2026-11-30 0001-01-01 9999-12-31 2026-W49-2 20261201 America/Chicago America -5 +14 true closed ٣"
)
FIELDS = "freq byday bymonthday interval count dtstart valid_from valid_to until opens_at closes_at timezone closed"
texts = st.one_of(st.sampled_from(TOKENS.split()), st.lists(st.sampled_from(TOKENS.split())).map(",".join), st.text())
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from([EASTERN, PACIFIC]))


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS.split()), texts), max_size=3), moments)
def test_no_text_in_any_field_breaks_it(written, moment):
    found = opening([Schedule.of(each) for each in written], moment, CENTRAL)
    assert found.until is None or found.until > moment
    assert found.opens is None or found.opens > moment
    assert found.open is not False or found.until is None


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(FIELDS.split()), st.one_of(st.none(), st.booleans(), st.integers(), st.floats()))
)
def test_no_number_in_any_field_breaks_it(written):
    opening([Schedule.of({"freq": "WEEKLY", **written})], at("2026-12-01T10:00"), CENTRAL)


@settings(deadline=None)
@given(moments, st.times(), st.times(), st.sets(st.sampled_from(EVERY_DAY.split(",")), min_size=1))
def test_it_opens_and_closes_when_it_says(moment, opens_at, closes_at, days):
    schedule = Schedule.of(weekly(",".join(days), opens_at.isoformat("minutes"), closes_at.isoformat("minutes")))
    found = opening([schedule], moment, EASTERN)
    if found.until:
        assert opening([schedule], found.until, EASTERN).open is not True
    if found.opens:
        assert opening([schedule], found.opens, EASTERN).open is True
