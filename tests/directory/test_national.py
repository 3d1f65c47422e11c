"""The directory of resources/: whole, its numbers right in one place only, and nothing in it that is denied."""

import copy
import re
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from porchlight import contacts
from porchlight.contacts import check_contacts, contacts_for, contacts_for_check_in, contacts_for_concern, fallback
from porchlight.directory import national
from porchlight.directory.cards import WAYS
from porchlight.directory.denylist import denied, digits, without_denied
from porchlight.directory.places import states
from porchlight.directory.terms import taxonomy
from porchlight.screening import CATEGORIES, SEVERITIES
from porchlight.texts import RESOURCES, BrokenText, load_yaml

LANGUAGES, ROLES = ("en", "es"), ("youth", "caregiver")
SERVICES = national.services()
NATIONAL = {key: each for key, each in SERVICES.items() if not key.startswith("report_")}
REPORT = {key: each for key, each in SERVICES.items() if key.startswith("report_")}
CHANNELS = [(service, each) for service in SERVICES.values() for each in service.channels]
#: What may be dialled in any state: 911 and lines that are the same everywhere.
SHORT = {"211", "911", "988"}

each_language = pytest.mark.parametrize("language", LANGUAGES)
each_channel = pytest.mark.parametrize(("service", "channel"), CHANNELS, ids=[each.id for _, each in CHANNELS])
each_service = pytest.mark.parametrize("service", list(SERVICES.values()), ids=list(SERVICES))


def numbers(service):
    return {digits(each.number) for each in service.channels if each.number}


def forget():
    national.documents.cache_clear()
    national.services.cache_clear()


@pytest.fixture
def entries(monkeypatch):
    """The entries of the files, to be spoilt; what was read of them before is forgotten, and so it is afterwards."""
    files = {name: copy.deepcopy(load_yaml(name)) for name in (national.NATIONAL, national.STATES)}
    monkeypatch.setattr(national, "load_yaml", lambda name: files[name])
    forget()
    yield {each["id"]: each for each in (*files[national.NATIONAL], *files[national.STATES]["services"])}
    forget()


# The files


def test_all_entries_are_as_the_schema_says():
    national.check_entries()


def test_spoilt_entries_are_those_that_are_checked(entries):
    national.check_entries()
    assert set(entries) == set(SERVICES)


@pytest.mark.parametrize(
    ("entry", "path", "value", "place"),
    [
        ("boys_town", ["name"], "", "name"),
        ("boys_town", ["phones", 0, "number"], "800 448 3000", "phones.0.number"),
        ("boys_town", ["phones", 0, "type"], "fax", "phones.0.type"),
        ("boys_town", ["porchlight", "audience"], ["police"], "porchlight.audience.0"),
        ("boys_town", ["porchlight", "name", "es"], "", "porchlight.name.es"),
        ("boys_town", ["porchlight", "never_unasked_to_youth"], "no", "porchlight.never_unasked_to_youth"),
        ("boys_town", ["phones", 0, "porchlight", "recheck_by"], "soon", "phones.0.porchlight.recheck_by"),
        ("boys_town", ["phones", 0, "porchlight", "evidence"], [], "phones.0.porchlight.evidence"),
        ("boys_town", ["additional_urls", 0, "url"], "http://example.org", "additional_urls.0.url"),
        ("boys_town", ["additional_urls", 0, "url"], "javascript:alert(1)", "additional_urls.0.url"),
        ("boys_town", ["address"], "1 Street", "the entry"),
        ("boys_town", ["phones", 0, "porchlight", "recheck_by"], "2026-02-31", ""),
        ("boys_town", ["attributes", 0, "taxonomy_term_id"], "unheard_of", "unheard_of"),
        ("report_tx", ["service_areas", 0, "extent"], "Texas", "service_areas.0.extent"),
        ("report_tx", ["phones", 0, "porchlight", "confidence"], "low", "phones.0.porchlight.confidence"),
    ],
)
def test_a_broken_entry_is_refused_by_its_name_and_place(entries, entry, path, value, place):
    spoilt = entries[entry]
    for part in path[:-1]:
        spoilt = spoilt[part]
    spoilt[path[-1]] = value
    with pytest.raises(BrokenText, match=rf"{entry}.*{re.escape(place)}"):
        national.check_entries()


@pytest.mark.parametrize("gone", ["name", "organization", "attributes", "porchlight", "service_areas", "languages"])
def test_an_entry_that_lacks_something_is_refused(entries, gone):
    del entries["ncmec"][gone]
    with pytest.raises(BrokenText, match=rf"ncmec: the entry: '{gone}' is a required property"):
        national.check_entries()


def test_an_id_that_stands_twice_is_refused(entries):
    entries["ncmec"]["id"] = "rainn"
    with pytest.raises(BrokenText, match="twice"):
        national.check_entries()


def ids_in(value):
    if isinstance(value, dict):
        yield from [value["id"]] if "id" in value else []
        for each in value.values():
            yield from ids_in(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from ids_in(each)


def test_no_id_stands_twice():
    services = [each["id"] for each in national.documents()]
    ours = Counter(each.id for _, each in CHANNELS)
    assert (len(services), max(ours.values())) == (len(set(services)), 1)
    # An organization and the terms stand in several services.
    own = [
        each for each in ids_in(list(national.documents())) if not each.startswith("porchlight") and "_org" not in each
    ]
    assert not [each for each, times in Counter(own).items() if times > 1]


@each_service
def test_a_service_says_in_both_languages_what_it_is(service):
    for words in (service.name, service.purpose, service.expect):
        assert all(words[language].strip() for language in LANGUAGES)
    assert service.needs
    assert service.audience
    assert service.ours


@each_channel
def test_a_channel_is_there_for_needs_that_there_are(service, channel):
    assert channel.only_for <= set(taxonomy().needs)
    assert channel.evidence
    assert all(re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-[0-3]\d)?)?", each.date) for each in channel.evidence)
    assert (channel.confirmed_by is None) == (channel.confirmed_on is None)


@each_channel
def test_no_evidence_is_of_a_day_to_come(service, channel):
    assert all(
        each.date[:10] <= max(datetime.now(UTC).date(), date(2026, 11, 21)).isoformat() for each in channel.evidence
    )


# Numbers


@each_channel
def test_a_number_may_be_dialled(service, channel):
    if channel.number:
        state = next(iter(service.states)) if service.states else None
        assert not denied(channel.number, state)
        assert digits(channel.number) in SHORT or len(digits(channel.number)) in (5, 6, 10)
        assert channel.kind == "text" or digits(channel.number) in SHORT or len(digits(channel.number)) == 10
        # No area code or exchange begins with 0 or 1.
        assert len(digits(channel.number)) != 10 or re.fullmatch(r"[2-9]\d\d[2-9]\d{6}", digits(channel.number))
    else:
        assert re.match(r"https://|mailto:", channel.url)


def test_every_way_that_is_written_is_one_that_is_shown():
    """None is left out in silence, as of a number that cannot be dialled."""
    for document in national.documents():
        written = [*document.get("phones", ()), *document.get("additional_urls", ())]
        assert [each["id"] for each in written] == [each.id for each in SERVICES[document["id"]].channels]


def test_every_state_has_its_report_line():
    assert {next(iter(each.states)) for each in REPORT.values()} == set(states())
    for state in states():
        line = national.report_line(state)
        assert (line.id, line.states, line.national) == (f"report_{state.lower()}", {state}, False)
        assert line.needs["report"] == "main"
    assert national.report_line("PR") is None
    assert national.report_line("") is None


def test_a_number_belongs_to_one_state_only():
    owners = Counter(number for service in REPORT.values() for number in numbers(service))
    assert not [number for number, times in owners.items() if times > 1]


def test_no_report_line_is_in_a_national_entry():
    assert not set.union(*map(numbers, NATIONAL.values())) & set.union(*map(numbers, REPORT.values()))


def test_a_national_entry_is_for_all_of_the_country():
    assert all(each.national and not each.states for each in NATIONAL.values())


@pytest.mark.parametrize("name", ["national", "states", "held", "taxonomy", "asking"])
def test_nothing_that_is_denied_stands_in_a_file(name):
    written = (RESOURCES / "directory" / f"{name}.yml").read_text(encoding="utf-8")
    only_there = {each["number"]: each["only_for"] for each in load_yaml("denylist.yml") if "only_for" in each}
    found = {digits(each)[-10:] for each in re.findall(r"\d[\d().\s-]{3,}\d|\b\d{5}\b", written)}
    found |= {digits(each) for each in re.findall(r"\+?\d[\d-]+\d", written)}
    listed = {str(each["number"]) for each in load_yaml("denylist.yml")} & found
    # A line that is right in one state stands in the entry of that state.
    right = {
        number for state, each in ((f"report_{s.lower()}", s) for s in states()) for number in numbers(REPORT[state])
    }
    assert not {number for number in listed if number not in only_there or number not in right}
    assert without_denied(written) == written


# Who may see what


def test_lines_of_the_police_are_shown_to_nobody_unasked():
    assert {key for key, each in SERVICES.items() if each.never_unasked} == {"fbi_tips", "know2protect", "wage_hour"}
    assert "youth" not in SERVICES["know2protect"].audience
    for each in (SERVICES["fbi_tips"], SERVICES["know2protect"]):
        assert not each.emergency


def test_audiences():
    assert {"emergency_911", "ncmec", "childhelp", "line_211", "trafficking_hotline"} <= {
        key for key, each in SERVICES.items() if each.audience == {"youth", "caregiver", "professional"}
    }
    assert {key for key, each in SERVICES.items() if each.audience == {"professional"}} == {"niwrc", "otip_child"}
    assert {key for key, each in SERVICES.items() if each.audience == {"caregiver"}} == {"team_hope"}
    assert all("professional" in each.audience for each in REPORT.values())


def test_for_suicide_and_danger_there_is_someone_day_and_night():
    assert {key for key, each in SERVICES.items() if each.emergency} == {"emergency_911", "lifeline_988", "poison_help"}
    assert list(SERVICES)[:3] == ["emergency_911", "lifeline_988", "crisis_text_line"]


@pytest.mark.parametrize("need", sorted(taxonomy().needs))
def test_every_need_is_met_by_someone_or_by_211(need):
    met = {key for key, each in NATIONAL.items() if need in each.needs}
    also = {key for other in taxonomy().needs[need].also for key, each in NATIONAL.items() if other in each.needs}
    assert met | also


# What is shown when all else fails


@each_language
def test_the_fallback_is_what_the_directory_says(language):
    lines = ["emergency_911", "lifeline_988", "crisis_text_line"]
    for spare, card in zip(fallback(language), contacts_for(lines, language), strict=True):
        assert (spare["id"], spare["name"]) == (card["id"], card["name"])
        ways = [(each["kind"], each["value"], each["href"]) for each in card["ways"]]
        assert len(card["ways"]) <= WAYS
        for way in spare["ways"]:
            assert (way["kind"], way["value"], way["href"]) in ways


@each_language
def test_the_fallback_is_a_new_one_each_time(language):
    fallback(language)[0]["name"] = "spoilt"
    fallback(language).clear()
    assert fallback(language)[0]["name"] != "spoilt"
    assert fallback("fr") == fallback("en")


def broken(*_):
    raise BrokenText("resources/directory is broken.")


def out_of_order(*_):
    raise KeyError("id")


@pytest.fixture(params=[broken, out_of_order])
def without_directory(request, monkeypatch):
    """The directory cannot be read: as its files are broken, and as our code is."""
    monkeypatch.setattr(national, "load_yaml", request.param)
    forget()
    yield
    forget()


@each_language
@pytest.mark.parametrize("role", ROLES)
def test_without_the_directory_a_worry_has_its_lines(without_directory, role, language):
    for state in (None, "TX", "PR", ""):
        for category in (*CATEGORIES, "unheard_of"):
            for severity in SEVERITIES:
                assert contacts_for_concern(category, severity, role, language, state) == fallback(language)
    assert contacts_for_check_in(role, language) == fallback(language)


def test_without_the_directory_nothing_is_checked(without_directory):
    with pytest.raises((BrokenText, KeyError)):
        check_contacts(ROLES, CATEGORIES, SEVERITIES, "en")
    with pytest.raises((BrokenText, KeyError)):
        national.check_entries()


@each_language
def test_with_the_directory_everything_is_checked(language):
    check_contacts(ROLES, CATEGORIES, SEVERITIES, language)
    with pytest.raises(BrokenText, match="unheard_of"):
        check_contacts(ROLES, ["unheard_of"], SEVERITIES, language)
    with pytest.raises(BrokenText, match="unheard_of"):
        contacts_for(["unheard_of"], language)


@each_language
@pytest.mark.parametrize("role", ROLES)
def test_a_worry_has_lines_at_every_hour(monkeypatch, role, language):
    """And not those of the fallback, which would hide that something is broken."""
    monkeypatch.setattr(contacts, "fallback", lambda language: [])
    hours = [datetime(2026, 12, day, hour, tzinfo=UTC) for day in (1, 5, 25) for hour in (4, 9, 16)]
    for at in (*hours, datetime(2029, 6, 1, tzinfo=UTC)):
        for category in CATEGORIES:
            for severity in SEVERITIES:
                for state in (None, "TX", "WY"):
                    cards = contacts_for_concern(category, severity, role, language, state, at)
                    assert cards
                    assert all(card["ways"] for card in cards)
