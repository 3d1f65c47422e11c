"""What we know of a service, out of its document: nothing that must not be known, and nothing that cannot be used."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from porchlight.directory.asking import Question
from porchlight.directory.cards import card_of_service
from porchlight.directory.denylist import digits
from porchlight.directory.hsds import objects
from porchlight.directory.model import GOOD_FOR, Channel, service_of
from porchlight.directory.nesting import Nest
from porchlight.directory.places import place_of_zip
from porchlight.directory.reading import Refused, read_services
from porchlight.texts import load_yaml

CAME = date(2026, 11, 21)
STREET, ZIP, NORTH, EAST = "909 Example Court", "93710", 36.8074, -119.7731
SHELTER = {"taxonomy_term": {"id": "t1", "code": "1121", "name": "Emergency Shelter", "taxonomy": "Open Eligibility"}}


def address(**fields):
    known = {"id": "a1", "address_type": "physical", "address_1": STREET, "city": "Fresno"}
    return {**known, "state_province": "CA", "postal_code": ZIP, **fields}


def place(*addresses, **fields):
    location = {
        "id": "l1",
        "location_type": "physical",
        "name": "House",
        "latitude": NORTH,
        "longitude": EAST,
        **fields,
    }
    return {"id": "at1", "location": {**location, "addresses": list(addresses) or [address()]}}


def document(**fields):
    known = {"id": "s1", "name": "Night beds", "description": "Beds.", "status": "active"}
    return {**known, "service_at_locations": [place()], **fields}


def service(ours=False, **fields):
    return service_of(document(**fields), "agency", CAME, ours=ours)


def channels(**fields):
    return [(each.kind, each.href("en")) for each in service(**fields).channels]


def phones(*written, **fields):
    return [{"id": f"p{number}", "number": each, **fields} for number, each in enumerate(written)]


# Addresses that nobody may know


@pytest.mark.parametrize(
    "fields",
    [
        {"description": "Beds at a confidential location."},
        {"description": "The address is not disclosed."},
        {"description": "Refugio en un lugar confidencial."},
        {"name": "Undisclosed house"},
        {"description": "Beds for women whose partner hurts them, domestic violence.", "attributes": [SHELTER]},
        {"name": "Emergency shelter for survivors of trafficking"},
        {"porchlight": {"confidential": True}},
        {"service_at_locations": [place(porchlight={"confidential": True})]},
        {"service_at_locations": [place(name="Confidential")]},
        {"service_at_locations": [place(name="House", alternate_name="Confidential address")]},
        {"service_at_locations": [place(description="An undisclosed place")]},
        {"service_at_locations": [place(address(attention="Confidential"))]},
        {"service_at_locations": [place(address(address_2="(confidential)"), alternate_name="House")]},
        {"service_at_locations": [place(address(), address(id="a2", address_1="Confidential"))]},
    ],
)
def test_a_hidden_address_never_leaves(fields):
    found = service(**fields)
    for secret in (STREET, ZIP, str(NORTH), str(EAST)):
        assert secret not in repr(found)
    assert [(spot.confidential, spot.state, spot.city) for spot in found.spots] == [(True, "CA", "Fresno")]
    assert found.states == {"CA"}


def test_another_place_of_the_same_service_may_be_known():
    secret = place(address(address_1="1 Secret Street"), porchlight={"confidential": True})
    found = service(service_at_locations=[secret, place()])
    assert [spot.street for spot in found.spots] == ["", STREET]
    assert "Secret" not in repr(found)


def test_an_open_address_is_known():
    spot = service(service_at_locations=[place(address(address_2="Floor 2"))]).spots[0]
    assert (spot.street, spot.city, spot.state, spot.postal_code) == (f"{STREET}, Floor 2", "Fresno", "CA", ZIP)
    assert (spot.latitude, spot.longitude, spot.confidential) == (NORTH, EAST, False)


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("CA", "CA"),
        (" ca ", "CA"),
        ("California", "CA"),
        ("Alaska", "AK"),
        ("Arizona", "AZ"),
        ("Mississippi", "MS"),
        ("Nuevo México", "NM"),
        ("US-TX", "TX"),
        ("PR", "PR"),
        ("", "CA"),
        ("somewhere", "CA"),
    ],
)
def test_the_state_of_an_address(written, state):
    """Where it cannot be read, its ZIP code tells it."""
    assert service(service_at_locations=[place(address(state_province=written))]).states == {state}


@pytest.mark.parametrize(
    "fields", [{"latitude": None, "longitude": None}, {"latitude": 1e9}, {"longitude": -200}, {"longitude": None}]
)
def test_without_coordinates_a_place_is_where_its_zip_code_is(fields):
    spot = service(service_at_locations=[place(**fields)]).spots[0]
    there = place_of_zip(ZIP)
    assert (spot.latitude, spot.longitude) == (there.latitude, there.longitude)


def test_a_place_on_the_web_is_nowhere():
    spot = service(service_at_locations=[place(location_type="virtual")]).spots[0]
    assert (spot.latitude, spot.longitude) == (None, None)


@pytest.mark.parametrize(
    ("area", "states", "national"),
    [
        ({"name": "Ohio"}, {"CA", "OH"}, False),
        ({"name": "x", "extent": "US-OH", "extent_type": "state"}, {"CA", "OH"}, False),
        ({"name": "Fresno County"}, {"CA"}, False),
        ({"name": "United States"}, set(), True),
        ({"name": "all", "extent_type": "country"}, set(), True),
        ({"extent": '{"type": "Polygon"}'}, {"CA"}, False),
    ],
)
def test_the_area_of_a_service(area, states, national):
    found = service(service_areas=[{"id": "area", **area}])
    assert (found.states, found.national) == (states, national)


# Numbers


@pytest.mark.parametrize(
    "entry", load_yaml("denylist.yml"), ids=[str(each["number"]) for each in load_yaml("denylist.yml")]
)
def test_a_denied_number_is_no_way_and_stands_in_no_word(entry):
    number = str(entry["number"])
    written = f"({number[:3]}) {number[3:6]}-{number[6:]}" if len(number) == 10 else number
    said = f"Call {written} now"
    found = service(phones=phones(number, written), description=said, fees_description=said, name=f"Line {written}")
    assert found.channels == ()
    if "only_for" not in entry:
        assert not re.search(number, digits(repr(found)))


def test_a_number_that_is_right_in_one_state_only():
    tennessee = {"service_at_locations": [place(address(state_province="TN"))], "phones": phones("877-237-0004")}
    assert channels(**tennessee) == [("call", "tel:+18772370004")]
    assert channels(phones=phones("877-237-0004")) == []


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("voice", "call"),
        ("Hotline", "call"),
        ("cell", "call"),
        ("Toll-free", "call"),
        ("", "call"),
        (None, "call"),
        ("Voice/TTY", "call"),
        ("text", "text"),
        ("SMS", "text"),
        ("video", "video"),
        ("fax", None),
        ("Fax (toll-free)", None),
        ("Toll-free fax", None),
        ("TTY", None),
        ("tdd", None),
        ("textphone", None),
        ("pager", None),
    ],
)
def test_the_kinds_of_a_phone(kind, way):
    found = [each for each, _ in channels(phones=phones("559-555-0101", type=kind))]
    assert found == ([way] if way else [])


@pytest.mark.parametrize(
    "number",
    ["", "555-0101", "call us", "+44 20 7946 0958", "+63 912 345 6789", "559-555-01011", "12", "1234", "٥٥٩٥٥٥٠١٠١"],
)
def test_what_cannot_be_dialled_is_no_way(number):
    assert channels(phones=phones(number)) == []


@pytest.mark.parametrize(
    "number", ["559-555-0101", "(559) 555-0101", "+1 559 555 0101", "1.559.555.0101", "5595550101"]
)
def test_one_number_is_one_way_however_it_is_written(number):
    assert channels(phones=phones(number, "559 555 0101")) == [("call", "tel:+15595550101")]
    assert digits(service(phones=phones(number)).channels[0].value()) == "5595550101"


def test_short_numbers():
    assert channels(phones=phones("988", "44357", "741741", type="text")) == [
        ("text", "sms:988"),
        ("text", "sms:44357"),
        ("text", "sms:741741"),
    ]


def test_the_phones_of_a_service_wherever_they_stand():
    at = {**place(phones=phones("559-555-0103")), "phones": phones("559-555-0102")}
    at["contacts"] = [{"id": "c1", "phones": phones("559-555-0104")}]
    own = channels(phones=phones("559-555-0101"), service_at_locations=[at])
    assert [href[-1] for _, href in own] == ["1", "2", "3", "4"]


def test_where_it_has_no_number_its_organizations_is_called():
    organization = {"id": "o1", "name": "Agency", "phones": phones("559-555-0199")}
    assert channels(organization=organization) == [("call", "tel:+15595550199")]
    assert channels(organization=organization, phones=phones("211")) == [("call", "tel:211")]


# Pages


@pytest.mark.parametrize(
    ("label", "kind"),
    [("chat", "chat"), ("Chat", "chat"), ("web", "web"), ("Website", "web"), ("", "web"), (None, "web")],
)
def test_the_kinds_of_a_page(label, kind):
    urls = [{"id": "u1", "label": label, "url": "https://example.org/a"}]
    assert channels(additional_urls=urls) == [(kind, "https://example.org/a")]


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        ("https://example.org", "https://example.org"),
        ("http://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTP://example.org", "https://example.org"),
        ("www.example.org", "https://www.example.org"),
        ("javascript:alert(1)", None),
        ("JavaScript://example.org/%0aalert(1)", None),
        ("data:text/html,<script>", None),
        ("file:///etc/passwd", None),
        ("//example.org", None),
        ("https://", None),
        ("https://localhost", None),
        ("https://example.org/a b", None),
        ("https://example.org/\na", None),
        ("https://988lifeline.org@elsewhere.net", None),
        ("https://[", None),
        ("https://example.org/800-931-2237", None),
        ("call us", None),
        ("", None),
    ],
)
def test_only_what_may_be_opened_is_a_page(written, opened):
    assert channels(url=written) == ([("web", opened)] if opened else [])
    assert channels(additional_urls=[{"id": "u1", "url": written}]) == ([("web", opened)] if opened else [])


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        ("help@example.org", "mailto:help@example.org"),
        ("mailto:help@example.org", "mailto:help@example.org"),
        ("Help <help@example.org>", None),
        ("javascript:alert(1)", None),
        ("nobody", None),
    ],
)
def test_only_what_may_be_written_to_is_a_letter(written, opened):
    assert channels(email=written) == ([("email", opened)] if opened else [])


def test_a_page_is_shown_without_what_nobody_reads():
    assert Channel("c", "web", url="https://www.example.org/help/").value() == "example.org/help"
    assert Channel("c", "email", url="mailto:help@example.org").value() == "help@example.org"


# Languages, groups, ages


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({"code": "es"}, "es"),
        ({"code": "ES-MX"}, "es"),
        ({"code": "spa"}, "es"),
        ({"code": "eng"}, "en"),
        ({"name": "Spanish"}, "es"),
        ({"name": " english "}, "en"),
        ({"name": "American Sign Language"}, "ase"),
        ({"code": "vi", "name": "Spanish"}, "vi"),
    ],
)
def test_languages_by_code_or_name(written, code):
    found = service(languages=[{"id": "1", **written}], phones=phones("211", languages=[{"id": "2", **written}]))
    assert found.languages == found.channels[0].languages == {code}


def test_a_language_that_nobody_can_read():
    assert service(languages=[{"id": "1", "name": "Klingon"}, {"id": "2"}]).languages == set()


def test_words_of_an_import_stand_for_both_languages():
    found = service(organization={"id": "o1", "name": "Agency"}, eligibility_description="Anyone")
    assert found.name == {"en": "Night beds", "es": "Night beds"}
    assert (found.organization, found.who["es"]) == ("Agency", "Anyone")
    assert found.audience == {"youth", "caregiver", "professional"}


def test_an_import_may_have_words_in_spanish_of_its_own():
    found = service(porchlight={"name": {"es": "Camas de noche"}, "for": "no object", "audience": ["caregiver"]})
    assert found.name == {"en": "Night beds", "es": "Camas de noche"}
    assert found.purpose["es"] == "Beds."
    assert found.audience == {"caregiver"}


def test_what_an_import_adds_does_not_hide_what_its_words_tell():
    found = service(name="Emergency shelter", porchlight={"confidential": True})
    assert found.needs == service(name="Emergency shelter").needs == {"shelter": "main"}


# How old it is


@pytest.mark.parametrize(
    ("fields", "since", "by"),
    [
        ({"assured_date": "2026-06-01"}, date(2026, 6, 1), "the agency"),
        ({"last_modified": "2026-06-01T10:00:00Z"}, date(2026, 6, 1), "import"),
        ({"assured_date": "2026-06-01", "last_modified": "2026-10-01"}, date(2026, 6, 1), "the agency"),
        ({}, CAME, "import"),
        ({"last_modified": "20260601T1000"}, CAME, "import"),
        ({"assured_date": "9999-12-31"}, CAME, "the agency"),
    ],
)
def test_how_long_an_import_is_good(fields, since, by):
    found = service(phones=phones("211"), **fields)
    channel = found.channels[0]
    assert channel.recheck_by == since + 2 * GOOD_FOR
    assert [(each.source, each.date) for each in channel.evidence] == [(by, since.isoformat())]
    assert not found.stale(channel.recheck_by)
    assert found.stale(channel.recheck_by + timedelta(days=1))


def test_a_service_is_old_when_all_ways_are():
    found = service(phones=phones("211", "988"))
    first, second = found.channels
    later = CAME + timedelta(days=3000)
    assert found.stale(later)
    assert not replace(found, channels=(first, replace(second, recheck_by=None))).stale(later)
    assert not replace(found, emergency=True).stale(later)
    assert not replace(found, channels=()).stale(later)


def test_a_confirmation_moves_the_day_on():
    found = service(phones=phones("211", "988"))
    on = date(2028, 1, 10)
    checked = found.with_confirmations({("agency", "p0"): ("Ana", on), ("other", "p1"): ("Ben", on)})
    first, second = checked.channels
    assert (first.confirmed_by, first.confirmed_on, first.recheck_by) == ("Ana", on, on + GOOD_FOR)
    assert second == found.channels[1]
    assert not checked.stale(on)
    assert found.with_confirmations({}) is found


def test_a_confirmation_never_takes_days_away():
    channel = service(phones=phones("211")).channels[0]
    soon = channel.confirmed("Ana", CAME)
    assert soon.recheck_by == channel.recheck_by
    assert soon.confirmed("Ben", CAME - timedelta(days=9)) == soon
    assert replace(channel, recheck_by=None).confirmed("Ana", CAME).recheck_by is None


# Whatever an import may hold

TOKENS = """
WEEKLY|MONTHLY|MO,TU|-1FR|09:00|24:00|-5|America/Chicago|2026-12-01|9999-12-31|0001-01-01|active|physical|virtual|voice
fax|text|chat|email|988|559-555-0101|800-931-2237|+1 (559) 555 0101|https://example.org|javascript:alert(1)|mailto:a@b.c
http://[|CA|Texas|PR|93722|٩٣٧٢٢|country|US|en|Spanish|shelter|danger|Porchlight|Open Eligibility|Emergency Shelter
confidential|domestic violence shelter|also|main|true
"""
tokens = st.sampled_from(re.split(r"[|\n]", TOKENS.strip()))
plain = st.one_of(tokens, st.text(max_size=20), st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False))
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(tokens, st.text()), inner, max_size=3)
    ),
    max_leaves=5,
)
FILLED = {
    **document(url="https://example.org", email="a@example.org", assured_date="2026-06-01", minimum_age=12, more="x"),
    "organization": {"id": "o1", "name": "Agency", "description": "", "phones": phones("559-555-0199")},
    "phones": phones("559-555-0101", "741741", type="text", languages=[{"id": "e1", "code": "es", "name": "Spanish"}]),
    "additional_urls": [
        {"id": "u1", "label": "chat", "url": "https://example.org", "porchlight": {"languages": ["en"]}}
    ],
    "service_areas": [{"id": "area", "name": "Ohio", "extent": "OH", "extent_type": "state"}],
    "languages": [{"id": "e2", "code": "en", "name": "English"}],
    "schedules": [
        {"id": "h1", "freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00", "timezone": "-5"},
        {"id": "h2", "freq": "MONTHLY", "interval": 2, "count": 9, "dtstart": "2026-12-01", "bymonthday": "1"},
        {"id": "h3", "valid_from": "2026-12-25", "valid_to": "2026-12-25", "until": "2026-12-25"},
    ],
    "attributes": [{"id": "b1", "value": "main", **SHELTER}],
    "service_at_locations": [
        {
            **place(
                address(),
                accessibility=[{"id": "x1", "description": "Ramp"}],
                phones=[{"id": "p8", "number": "211"}],
                schedules=[{"id": "h4", "freq": "WEEKLY"}],
                porchlight={"confidential": False},
            ),
            "phones": [{"id": "p9", "number": "988"}],
            "contacts": [{"id": "c1", "phones": [{"id": "p7", "number": "311"}]}],
        }
    ],
    "porchlight": {
        "name": {"en": "Beds", "es": "Camas"},
        "audience": ["youth"],
        "emergency": False,
        "confidential": False,
        "who": None,
    },
}


def places_in(value, path=()):
    """The way to each value that stands in a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield (*path, key)
        yield from places_in(each, (*path, key))


def changed(value, path, other):
    """A copy, in which something else stands at a place; the same where that place was taken away before."""
    if not path:
        return other
    if path[0] not in (value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()):
        return value
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], other)
    return copy


def read_in(written):
    """What comes out of the importer: it leaves out what is wrong, as in an old export, and a row without an id."""
    rows = {name: {} for name in objects()}
    for found in read_services([written], "garbage").rows:
        shape = objects()[found.object]
        row, _ = shape.read(found.fields)
        if all(row[name] is not None for name in shape.required):
            rows[found.object][row["id"]] = row
    nest = Nest(rows)
    return [nest.whole("service", row) for row in list(rows["service"].values())]


def use(read):
    """All that is done with a document, to be found and shown."""
    found = service_of(read, "agency", CAME)
    assert all(channel.href("en").startswith(("tel:", "sms:", "https://", "mailto:")) for channel in found.channels)
    for language in ("en", "es"):
        card_of_service(found, Question(language=language, needs=("shelter",), place=place_of_zip("93722")))
    return found


PLACES = list(places_in(FILLED))


def test_the_document_that_is_changed_tells_everything():
    (read,) = read_in(FILLED)
    found = use(read)
    assert [each.kind for each in found.channels] == ["text", "text", "call", "call", "call", "chat", "web", "email"]
    assert (len(found.schedules), len(found.spots), found.states) == (4, 1, {"CA", "OH"})
    assert found.name == {"en": "Beds", "es": "Camas"}


OTHERS = (None, "", "text", 0, -1.5, True, [], {}, ["text"], [{}], {"id": "z"}, [[1]])


@pytest.mark.parametrize("path", PLACES, ids=[".".join(map(str, path)) for path in PLACES])
def test_no_value_anywhere_in_an_import_breaks_it(path):
    for other in OTHERS:
        with suppress(Refused):
            for each in read_in(changed(FILLED, path, other)):
                use(each)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(PLACES), values), min_size=1, max_size=6))
def test_no_document_of_an_import_breaks_it(changes):
    written = FILLED
    for path, other in changes:
        written = changed(written, path, other)
    with suppress(Refused):
        for each in read_in(written):
            use(each)
