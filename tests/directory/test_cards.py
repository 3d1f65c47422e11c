"""Cards: what is read is what is dialled, hours and days are told in the reader's words, and no secret is on one."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from porchlight.directory import national
from porchlight.directory.asking import Question
from porchlight.directory.cards import (
    FACTS,
    WAYS,
    card_of,
    card_of_service,
    date_words,
    hours_words,
    way_of,
)
from porchlight.directory.hours import Opening
from porchlight.directory.model import Channel, Spot, service_of
from porchlight.directory.places import place_of_city, place_of_state, place_of_zip
from porchlight.directory.searching import Hit
from porchlight.texts import say

LANGUAGES = ("en", "es")
CAME = date(2026, 11, 21)
#: A Tuesday, 10 in the morning in New York.
TUESDAY = datetime(2026, 12, 1, 15, tzinfo=UTC)
EASTERN, PACIFIC = ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")
CHANNELS = [(service, each) for service in national.services().values() for each in service.channels]

each_language = pytest.mark.parametrize("language", LANGUAGES)
each_channel = pytest.mark.parametrize(("service", "channel"), CHANNELS, ids=[each.id for _, each in CHANNELS])
each_service = pytest.mark.parametrize("service", list(national.services().values()), ids=list(national.services()))


def digits(text):
    return re.sub(r"\D", "", text).removeprefix("1")


def local(**fields):
    known = {
        "id": "s1",
        "name": "Night beds",
        "description": "Beds.",
        "phones": [{"id": "p1", "number": "559-555-0101"}],
    }
    return service_of({**known, **fields}, "agency", CAME)


def at_place(**location):
    address = {
        "id": "a1",
        "address_1": "9 Example Court",
        "city": "Fresno",
        "state_province": "CA",
        "postal_code": "93710",
    }
    return [{"id": "at1", "location": {"id": "l1", "addresses": [address], **location}}]


def weekly(opens="09:00", closes="17:00", **more):
    return [{"id": "h1", "freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": opens, "closes_at": closes, **more}]


# What is shown is what is dialled


@each_language
@each_channel
def test_what_is_read_is_what_is_dialled(service, channel, language):
    way = way_of(channel, language)
    if channel.kind in ("call", "video"):
        assert way["value"] == channel.number
        assert way["href"] == f"tel:{channel.dialled}"
        assert digits(way["value"]) == digits(way["href"])
    elif channel.kind == "text":
        opened = re.fullmatch(r"sms:(\+?\d+)(?:\?&body=([A-Za-z0-9]+))?", way["href"])
        word = channel.keyword.get(language) or None
        assert opened[2] == word
        assert word is None or re.search(rf"\b{word}\b", way["value"])
        assert digits(way["value"].replace(word or "", "", 1)) == digits(opened[1])
    else:
        assert re.match(r"https://|mailto:", way["href"])
        assert re.sub(r"^(https://(www\.)?|mailto:)", "", way["href"]).rstrip("/") == way["value"]


@each_language
@each_channel
def test_a_number_with_ten_digits_is_dialled_with_that_of_the_country(service, channel, language):
    href = channel.href(language)
    if channel.number and len(digits(channel.number)) == 10:
        assert re.match(r"(tel|sms):\+1\d{10}\b", href)


def test_a_keyword_is_of_the_readers_language():
    text = Channel("c", "text", number="741741", keyword={"en": "HOME", "es": "HOLA"})
    assert (way_of(text, "en")["value"], way_of(text, "en")["href"]) == ("Text HOME to 741741", "sms:741741?&body=HOME")
    assert (way_of(text, "es")["value"], way_of(text, "es")["href"]) == (
        "Envía HOLA al 741741",
        "sms:741741?&body=HOLA",
    )
    spanish_only = Channel("c", "text", number="988", keyword={"en": "", "es": "AYUDA"})
    assert (way_of(spanish_only, "en")["value"], way_of(spanish_only, "en")["href"]) == ("Text 988", "sms:988")


# What a card holds


@each_language
@each_service
def test_every_card_is_whole_and_short(service, language):
    for place in (None, place_of_zip("93722"), place_of_state("TX", language)):
        card = card_of_service(service, Question(language=language, at=TUESDAY, place=place), number=3)
        assert card["id"] == service.id
        assert card["name"] == service.name[language]
        assert card["why"] == service.purpose[language]
        # Some states have their counties' lines only, and we know none of them yet.
        assert bool(service.channels) <= len(card["ways"]) <= WAYS
        assert 1 <= len(card["facts"]) <= FACTS
        assert card["hours"]
        assert card["page"] == f"/services/{service.id}?language={language}"
        assert card["add"] == '/add_card{"item": 3}'
        assert "{" not in "".join([card["name"], card["why"], card["hours"], *card["facts"]])


def test_a_card_has_no_more_facts_and_ways_than_fit():
    numbers = [{"id": f"p{number}", "number": f"559-555-010{number}"} for number in range(9)]
    words = {key: {"en": f"{key}.", "es": f"{key}."} for key in ("expect", "privacy", "who", "parent")}
    full = local(phones=numbers, porchlight=words, minimum_age=12, maximum_age=17, service_at_locations=at_place())
    for at in (TUESDAY, TUESDAY + timedelta(days=900)):
        card = card_of_service(full, Question(at=at))
        assert (len(card["ways"]), len(card["facts"])) == (WAYS, FACTS)


def test_the_page_of_a_service_whose_id_is_odd():
    assert card_of_service(local(id="a/b ?c"), Question())["page"] == "/services/a%2Fb%20%3Fc?language=en"
    assert card_of_service(local(), Question())["add"] == ""


def test_the_ways_that_were_asked_for_come_first():
    numbers = [{"id": kind, "number": f"559-555-010{n}", "type": kind} for n, kind in enumerate(("voice", "text"))]
    asked = card_of_service(local(phones=numbers), Question(kinds=frozenset(["text"])))
    assert [way["kind"] for way in asked["ways"]] == ["text", "call"]
    assert [way["kind"] for way in card_of_service(local(phones=numbers), Question())["ways"]] == ["call", "text"]


def test_a_chat_in_another_language_comes_last():
    crisis_text_line = national.services()["crisis_text_line"]
    for language in LANGUAGES:
        ways = card_of_service(crisis_text_line, Question(language=language, at=TUESDAY))["ways"]
        assert ways[0]["kind"] == "text"
    spanish = {"language": "es", "at": TUESDAY, "kinds": frozenset(["text", "chat"])}
    assert card_of_service(crisis_text_line, Question(**spanish))["ways"][-1]["kind"] == "chat"


WHY = {
    "en": "Beds. Why this one: it fits age 15, about 3 miles from 93722, it serves New Mexico, it is open now.",
    "es": "Beds. Por qué esta: va con la edad de 15, a unas 3 millas de 93722, atiende en Nuevo México,"
    " está abierta ahora.",
}


@each_language
def test_why_it_came_is_said(language):
    reasons = (
        ("age", {"age": "15"}),
        ("near", {"miles": "3", "place": "93722"}),
        ("state", {"state": "NM"}),
        ("open", {}),
    )
    card = card_of(Hit(local(), 1.0, "main", reasons), Question(language=language, at=TUESDAY))
    assert card["why"] == WHY[language]


# Hours


def spoken(opened, language, place=None, at=TUESDAY, channels=()):
    return hours_words(opened, Question(language=language, place=place, at=at), channels)


NEW_YORK, FRESNO = place_of_state("NY"), place_of_zip("93722")
FIVE = datetime(2026, 12, 1, 17, tzinfo=EASTERN)


@pytest.mark.parametrize(
    ("opened", "place", "en", "es"),
    [
        (Opening(True, always=True), None, "Open now, day and night", "Abierta de día y de noche"),
        (Opening(None), None, "Hours not known", "Horario no confirmado"),
        (Opening(False), None, "Closed now", "Cerrada ahora"),
        (Opening(True, until=FIVE), NEW_YORK, "Open now, until 5 pm", "Abierta hasta las 5 p. m."),
        (Opening(True, until=FIVE), FRESNO, "Open now, until 2 pm", "Abierta hasta las 2 p. m."),
        (
            Opening(True, until=FIVE),
            None,
            "Open now, until 5 pm Eastern time",
            "Abierta hasta las 5 p. m., hora del este",
        ),
        (
            Opening(True, until=FIVE.replace(hour=13, minute=5)),
            NEW_YORK,
            "Open now, until 1:05 pm",
            "Abierta hasta la 1:05 p. m.",
        ),
        (
            Opening(True, until=datetime(2026, 12, 2, tzinfo=EASTERN)),
            NEW_YORK,
            "Open now, until midnight",
            "Abierta hasta las 12 de la noche",
        ),
        (
            Opening(False, opens=FIVE.replace(hour=12, minute=30)),
            NEW_YORK,
            "Closed now. Opens today at 12:30 pm",
            "Cerrada ahora. Abre hoy a las 12:30 p. m.",
        ),
        (
            Opening(False, opens=datetime(2026, 12, 2, 1, tzinfo=EASTERN)),
            NEW_YORK,
            "Closed now. Opens Wednesday at 1 am",
            "Cerrada ahora. Abre el miércoles a la 1 a. m.",
        ),
        (
            Opening(False, opens=datetime(2026, 12, 2, 1, tzinfo=EASTERN)),
            FRESNO,
            "Closed now. Opens today at 10 pm",
            "Cerrada ahora. Abre hoy a las 10 p. m.",
        ),
        (
            Opening(False, opens=datetime(2026, 12, 5, 9, tzinfo=PACIFIC)),
            None,
            "Closed now. Opens Saturday at 9 am Pacific time",
            "Cerrada ahora. Abre el sábado a las 9 a. m., hora del Pacífico",
        ),
        (
            Opening(None, holiday=True),
            None,
            "Today is a holiday, so it may be closed",
            "Hoy es feriado y quizás esté cerrada",
        ),
    ],
)
def test_hours_in_words(opened, place, en, es):
    assert spoken(opened, "en", place) == en
    assert spoken(opened, "es", place) == es


@each_language
def test_a_page_is_there_at_any_time(language):
    web, call = Channel("w", "web", url="https://example.org"), Channel("c", "call", number="211")
    assert spoken(Opening(None), language, channels=(web,)) == say("directory.hours.any_time", language)
    assert spoken(Opening(None), language, channels=(web, call)) == say("directory.hours.unknown", language)
    assert spoken(Opening(None), language) == say("directory.hours.unknown", language)


def test_hours_of_a_service_are_told_by_the_readers_clock():
    office = local(schedules=weekly(timezone="America/New_York"))
    assert card_of_service(office, Question(at=TUESDAY))["hours"] == "Open now, until 5 pm Eastern time"
    assert card_of_service(office, Question(at=TUESDAY, place=FRESNO))["hours"] == "Open now, until 2 pm"
    evening = TUESDAY + timedelta(hours=10)
    assert card_of_service(office, Question(at=evening, place=FRESNO))["hours"] == "Closed now. Opens Wednesday at 6 am"


def test_local_hours_are_those_of_the_state_of_the_service():
    office = local(schedules=weekly(), service_at_locations=at_place())
    assert card_of_service(office, Question(at=TUESDAY, place=FRESNO))["hours"] == "Closed now. Opens today at 9 am"
    assert card_of_service(office, Question(at=TUESDAY, place=place_of_city("Boston")))["hours"] == (
        "Closed now. Opens today at 12 pm"
    )


def test_911_and_988_are_always_open():
    for line in ("emergency_911", "lifeline_988"):
        for at in (TUESDAY, datetime(2026, 12, 25, 8, tzinfo=UTC), datetime(2026, 3, 8, 7, tzinfo=UTC)):
            assert card_of_service(national.services()[line], Question(at=at))["hours"] == "Open now, day and night"


# Days


@pytest.mark.parametrize(
    ("written", "en", "es"),
    [
        ("2026-07-20", "July 20, 2026", "20 de julio de 2026"),
        ("2026-01-05", "January 5, 2026", "5 de enero de 2026"),
        ("2026-12", "December 2026", "diciembre de 2026"),
        ("2026", "2026", "2026"),
        ("", "", ""),
    ],
)
def test_days_in_words(written, en, es):
    assert (date_words(written, "en"), date_words(written, "es")) == (en, es)


def facts(service, language="en", at=TUESDAY, **question):
    return card_of_service(service, Question(language=language, at=at, **question))["facts"]


def test_since_when_it_is_known():
    assert facts(local(assured_date="2026-06-01")) == ["From the list of a local agency: June 1, 2026."]
    assert facts(local(assured_date="2026-06-01"), "es") == ["De la lista de una agencia local: 1 de junio de 2026."]
    checked = local().with_confirmations({("agency", "p1"): ("Ana", date(2026, 11, 30))})
    assert facts(checked) == ["A person checked this on November 30, 2026."]
    assert facts(checked, "es") == ["Una persona lo revisó el 30 de noviembre de 2026."]
    assert facts(national.services()["emergency_911"])[-1] == (
        "Last checked in a source: November 21, 2026. Nobody has dialled it to be sure yet."
    )


def test_what_nobody_has_checked_in_time_says_so_first():
    old = local(assured_date="2024-01-31")
    assert facts(old) == ["Nobody has re-checked this since January 31, 2024. It may be wrong."]
    assert facts(old, "es") == ["Nadie lo ha revisado desde 31 de enero de 2024. Puede estar mal."]
    checked = old.with_confirmations({("agency", "p1"): ("Ana", date(2026, 11, 30))})
    assert facts(checked) == ["A person checked this on November 30, 2026."]


@each_language
@each_service
def test_no_line_of_ours_calls_itself_wrong_today(service, language):
    question = Question(language=language, at=datetime(2026, 12, 1, tzinfo=UTC))
    first = card_of_service(service, question)["facts"][0]
    assert not first.startswith(say("directory.facts.stale", language).split("{")[0])


# Ages and addresses


@pytest.mark.parametrize(
    ("ages", "en", "es"),
    [
        ((12, 17), "For ages 12 to 17.", "Para edades de 12 a 17."),
        ((18, None), "For age 18 and up.", "Desde los 18 años."),
        ((None, 21), "Up to age 21.", "Hasta los 21 años."),
        ((0, 17.0), "Up to age 17.", "Hasta los 17 años."),
    ],
)
def test_ages_in_words(ages, en, es):
    found = local(minimum_age=ages[0], maximum_age=ages[1])
    assert (facts(found)[0], facts(found, "es")[0]) == (en, es)


def test_no_ages_no_words():
    assert len(facts(local())) == 1


@each_language
def test_a_hidden_address_stands_on_no_card(language):
    secret = {"description": "Beds at a confidential location.", "service_at_locations": at_place()}
    for place in (None, FRESNO):
        card = card_of_service(local(**secret), Question(language=language, place=place, at=TUESDAY))
        assert say("directory.facts.where_hidden", language) in card["facts"]
        assert not re.search(r"Example Court|93710|Fresno", repr(card))


def test_an_open_address_stands_on_the_card():
    assert facts(local(service_at_locations=at_place()))[0] == "Where: 9 Example Court, Fresno, CA 93710."
    assert facts(local(service_at_locations=at_place()), "es")[0] == "Dónde: 9 Example Court, Fresno, CA 93710."


def test_the_nearest_address_is_told():
    far = at_place(latitude=34.05, longitude=-118.24)[0] | {"id": "far"}
    far["location"]["addresses"][0] |= {"address_1": "1 Far Street"}
    near = at_place(latitude=36.8, longitude=-119.8)[0]
    both = local(service_at_locations=[far, near])
    assert facts(both, place=FRESNO)[0].startswith("Where: 9 Example Court")
    assert facts(both)[0].startswith("Where: 1 Far Street")


def test_a_place_of_which_nothing_is_known_is_not_told():
    assert not any(
        "Where" in fact for fact in facts(local(service_at_locations=[{"id": "at1", "location": {"id": "l"}}]))
    )
    assert Spot() == local(service_at_locations=[{"id": "at1"}]).spots[0]
