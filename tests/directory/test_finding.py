"""Local services in a real database, of either kind: found where they are and for whom, and never elsewhere."""

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from porchlight.directory import catalogue, queries
from porchlight.directory.asking import Question, read_question
from porchlight.directory.cards import card_of
from porchlight.directory.importing import import_content
from porchlight.directory.loading import load_national
from porchlight.directory.places import place_in, place_of_zip
from porchlight.directory.reading import read_services
from porchlight.directory.searching import search
from porchlight.directory.tables import ENTRIES, SPOTS

#: For what is the same in all databases.
on_one = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
#: A Tuesday at noon in Fresno.
TUESDAY = datetime(2026, 12, 1, 20, tzinfo=UTC)
FRESNO, CLOVIS, VISALIA, RENO = "93722", "93612", "93291", "89501"
SHELTER = {
    "id": "t1",
    "code": "1121",
    "name": "Emergency Shelter",
    "description": "Beds.",
    "taxonomy": "Open Eligibility",
}


def bed(key, code=FRESNO, need=SHELTER, location=None, **fields):
    """A shelter at a ZIP code."""
    there = place_of_zip(code)
    address = {"id": f"{key}-a", "address_1": f"1 {key} Street", "address_type": "physical", "country": "US"}
    address |= {"city": "Town", "state_province": there.state, "postal_code": code}
    place = {"id": f"{key}-l", "location_type": "physical", "latitude": there.latitude, "longitude": there.longitude}
    return {
        "id": key,
        "name": f"{key} house",
        "description": "Beds for the night.",
        "status": "active",
        "phones": [{"id": f"{key}-p", "number": f"559-555-{sum(key.encode()):04}", "type": "voice"}],
        "attributes": [{"id": f"{key}-t", "taxonomy_term": need}] if need else [],
        "service_at_locations": [
            {"id": f"{key}-at", "location": {**place, "addresses": [address], **(location or {})}}
        ],
        **fields,
    }


def address_of(document):
    return document["service_at_locations"][0]["location"]["addresses"][0]


def bring(store, *documents, source="agency"):
    import_content(store, source, read_services(copy.deepcopy(documents), "test"))


def question(text="shelter tonight", place=None, at=TUESDAY, role="youth", age=None, language="en"):
    asked = read_question(text, language, role, at)
    return asked.with_memory(Question(place=place_in(place) if place else None, age=age))


def hits(store, *words, **known):
    """All that is found of agencies, best first."""
    found = store.read(lambda session: search(session, question(*words, **known), limit=200))
    return [hit for hit in found if not hit.service.ours]


def found(store, *words, **known):
    return [hit.service.id for hit in hits(store, *words, **known)]


# Where


def test_what_is_near_is_found_before_what_is_far(store):
    bring(store, bed("far", VISALIA), bed("near", FRESNO), bed("middle", CLOVIS))
    assert found(store, place=FRESNO) == ["near", "middle", "far"]
    assert found(store, place=CLOVIS) == ["middle", "near", "far"]
    assert [hit.miles < 50 for hit in hits(store, place=FRESNO)] == [True, True, True]


@on_one
def test_a_place_in_the_words_themselves(store):
    bring(store, bed("here", FRESNO), bed("elsewhere", RENO))
    for text in ("where can i sleep tonight, 93722", "shelter in fresno", "albergue en fresno california"):
        assert found(store, text) == ["here"]


@on_one
def test_a_place_too_far_to_walk_to_is_no_help(store):
    bring(store, bed("houston", "77002"), bed("sandiego", "92101"))
    assert found(store, place=FRESNO) == []


@on_one
def test_across_the_border_of_a_state_when_it_is_near(store):
    """Kansas City lies in two states."""
    bring(store, bed("kansas", "66101"), bed("missouri", "64106"), bed("wichita", "67202"))
    assert found(store, place="64106") == ["missouri", "kansas"]


def test_by_state(store):
    bring(store, bed("fresno", FRESNO), bed("reno", RENO), bed("visalia", VISALIA))
    assert sorted(found(store, place="California")) == ["fresno", "visalia"]
    assert found(store, place="Nevada") == ["reno"]
    assert found(store, place="Ohio") == []
    assert found(store) == []


@on_one
def test_a_service_for_a_state_without_a_place(store):
    area = [{"id": "area", "name": "Ohio", "extent": "OH", "extent_type": "state"}]
    bring(store, bed("ohio", service_areas=area, service_at_locations=[]))
    assert found(store, place="Ohio") == found(store, place="43215") == found(store, place="Cleveland") == ["ohio"]
    assert found(store, place=FRESNO) == found(store, place="Texas") == []


@on_one
def test_a_service_for_all_of_the_country(store):
    area = [{"id": "area", "name": "United States", "extent_type": "country", "extent": "US"}]
    bring(store, bed("everywhere", service_areas=area))
    assert found(store) == found(store, place=RENO) == found(store, place="Ohio") == ["everywhere"]


def test_a_place_without_coordinates_is_found_by_its_zip_code(store):
    nearby = {"long": "California", "short": "CA", "none": "", "wrong": "Kalifornia"}
    documents = [bed(key, location={"latitude": None, "longitude": None}) for key in nearby]
    for document, state in zip(documents, nearby.values(), strict=True):
        address_of(document)["state_province"] = state
    bring(store, bed("far", VISALIA), *documents)
    ids = found(store, place=FRESNO)
    assert (set(ids[:4]), ids[4:]) == (set(nearby), ["far"])
    assert set(found(store, place="California")) == {*nearby, "far"}
    assert found(store, place="Nevada") == []


@on_one
def test_a_state_that_is_written_out_is_that_one(store):
    """Not the one whose abbreviation its name begins with."""
    documents = [bed(state, location={"latitude": None, "longitude": None}) for state in ("Alaska", "Arizona", "Maine")]
    for document in documents:
        address_of(document).update(state_province=document["id"], postal_code="")
    bring(store, *documents)
    for state in ("Alaska", "Arizona", "Maine"):
        assert found(store, place=f"in {state}") == [state]
    for state in ("Alabama", "Arkansas", "Massachusetts"):
        assert found(store, place=state) == []


@on_one
def test_puerto_rico_is_not_all_of_the_country(store):
    document = bed("ponce", location={"latitude": 18.01, "longitude": -66.61})
    address_of(document).update(state_province="PR", postal_code="00716")
    bring(store, document)
    assert found(store, place=FRESNO) == found(store) == []


def test_coordinates_that_are_nowhere_stop_no_import(store):
    bring(store, *(bed(f"odd{north}", location={"latitude": north}) for north in (1e12, -91, 300.5)))
    assert len(found(store, place=FRESNO)) == 3


# By words


def test_by_words_alike_on_both_databases(store):
    bring(
        store,
        bed("bikes", need=None, name="Bicycle kitchen", description="Repair of bicycles, free tools."),
        bed("drums", need=None, name="Drum circle", description="Lessons with free drums for teens."),
        bed("farbikes", RENO, need=None, name="Bicycles of Reno", description="Repair."),
    )
    for text in ("bicycle repair", "repairs for my bicycles", "BICYCLE", "bicycle and zither", "¿bicycle?"):
        assert found(store, text, place=FRESNO) == ["bikes"], text
    assert found(store, "drums", place=FRESNO) == ["drums"]
    assert found(store, "zither", place=FRESNO) == []
    assert found(store, "bicycle", place="Nevada") == ["farbikes"]


def test_by_words_with_accents(store):
    bring(store, bed("taller", need=None, name="Taller de guitarra y canción", description="Música para niños."))
    for text in ("guitarras", "cancion", "canción", "musica"):
        assert found(store, text, place=FRESNO, language="es") == ["taller"], text


@on_one
def test_by_the_name_of_the_organization(store):
    organization = {"id": "o1", "name": "Tamarind Network", "description": "x"}
    bring(store, bed("bikes", need=None, name="Bicycle kitchen", description="Tools.", organization=organization))
    assert found(store, "tamarind", place=FRESNO) == ["bikes"]


COMMANDS = [
    "' OR 1=1 --",
    'bicycle" OR "x',
    "bicycle & | ! ( ) :*",
    "bicycle NEAR zither",
    "C++ #1 @home",
    "+++ ###",
    "'",
]


def test_words_are_never_taken_for_a_command(store):
    bring(store, bed("bikes", need=None, name="Bicycle kitchen", description="Tools."))
    for text in COMMANDS:
        for place in (None, FRESNO):
            assert found(store, text, place=place) == (["bikes"] if place and "bicycle" in text else []), text


ODD = st.lists(st.sampled_from(["and", "or", "not", "near", "bicycle", "+", "#", "@", "a+b", "#x", "++c"])).map(
    " ".join
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(), ODD))
def test_no_words_break_the_search(store, text):
    asked = replace(read_question(text, "en", "youth", TUESDAY), place=place_of_zip(FRESNO))
    # A number of a batch that is not there: the text index is asked all the same.
    assert store.read(lambda session: queries.find_words(session, [1], asked, 10)) == []


# For whom


AGES = {11: [], 12: ["young"], 17: ["young"], 18: ["older"], 24: ["older"], 25: [], 40: []}


def test_the_ages_that_may_come(store):
    bring(store, bed("young", minimum_age=12, maximum_age=17), bed("older", minimum_age=18, maximum_age=24))
    assert {age: found(store, place=FRESNO, age=age) for age in AGES} == AGES


@on_one
def test_an_age_in_the_words_themselves(store):
    bring(store, bed("young", minimum_age=12, maximum_age=17), bed("older", minimum_age=18, maximum_age=24))
    assert found(store, "im 15 and need a shelter", place=FRESNO) == ["young"]
    assert found(store, "im 19, any shelter", place=FRESNO) == ["older"]


@on_one
def test_who_is_for_everybody_is_for_each_age(store):
    bring(store, bed("all"))
    assert found(store, place=FRESNO, age=15) == found(store, place=FRESNO, age=60) == ["all"]


# What is not there (any more)


def test_what_is_closed_is_not_found(store):
    statuses = ("inactive", "defunct", "temporarily closed")
    bring(store, bed("open"), *(bed(status[:8], status=status, name="Zither house") for status in statuses))
    assert found(store, place=FRESNO) == ["open"]
    assert found(store, "zither", place=FRESNO) == []


def test_what_was_replaced_is_not_found(store):
    bring(store, bed("old", name="Zither house"))
    assert found(store, place=FRESNO) == ["old"]
    bring(store, bed("new"))
    assert found(store, place=FRESNO) == ["new"]
    assert found(store, "zither", place=FRESNO) == []
    assert store.read(lambda session: list(session.scalars(select(ENTRIES.c.service_id)))) == ["new"]
    assert store.read(lambda session: set(session.scalars(select(SPOTS.c.service_id)))) == {"new"}


@on_one
def test_the_same_service_in_a_new_batch_is_the_new_one(store):
    bring(store, bed("house", name="Old name"))
    assert [hit.service.name["en"] for hit in hits(store, place=FRESNO)] == ["Old name"]
    bring(store, bed("house", name="New name"))
    assert [hit.service.name["en"] for hit in hits(store, place=FRESNO)] == ["New name"]


@on_one
def test_two_agencies_do_not_replace_one_another(store):
    bring(store, bed("one"), source="first")
    bring(store, bed("two"), source="second")
    assert sorted(found(store, place=FRESNO)) == ["one", "two"]


@on_one
def test_a_service_that_nobody_can_reach_is_not_found(store):
    bring(store, bed("mute", phones=[]), bed("fax", phones=[{"id": "f", "number": "559-555-0101", "type": "fax"}]))
    assert found(store, place=FRESNO) == []


# Addresses that nobody may know


SECRETS = {
    "said": {"description": "Beds at a confidential location."},
    "fled": {"description": "Shelter for people whose partner hurts them: domestic violence."},
    "marked": {"porchlight": {"confidential": True}},
    "place": {"location": {"porchlight": {"confidential": True}}},
    "named": {"location": {"alternate_name": "Undisclosed"}},
}


def test_a_hidden_shelter_is_found_without_its_place(store):
    bring(store, *(bed(key, **fields) for key, fields in SECRETS.items()))
    asked = "shelter, my boyfriend hits me"
    hidden = hits(store, asked, place=FRESNO, role="caregiver")
    assert {hit.service.id for hit in hidden} == set(SECRETS)
    for hit in hidden:
        assert hit.miles is None
        assert "near" not in [key for key, _ in hit.reasons]
        for language in ("en", "es"):
            card = card_of(hit, question(asked, place=FRESNO, language=language))
            assert not any(each in repr(card) for each in ("Street", FRESNO, str(place_of_zip(FRESNO).latitude)))
    spots = store.read(lambda session: session.execute(select(SPOTS)).mappings().all())
    assert {(each["cell"], each["latitude"], each["longitude"], each["state"]) for each in spots} == {
        (None, None, None, "CA")
    }


@on_one
def test_what_an_import_adds_in_another_shape_stops_nothing(store):
    added = ["yes", 7, ["confidential"], {"confidential": None}, {"name": "x", "audience": 3}]
    bring(store, *(bed(f"odd{n}", porchlight=each, location={"porchlight": each}) for n, each in enumerate(added)))
    assert len(found(store, place=FRESNO)) == len(added)


# How old it is

OLD, FRESH = "2024-01-31", "2026-10-01"


def test_what_is_old_is_not_offered_beside_what_is_fresh(store):
    bring(store, bed("old", assured_date=OLD), bed("fresh", CLOVIS, assured_date=FRESH))
    assert found(store, place=FRESNO) == ["fresh"]
    assert not hits(store, place=FRESNO)[0].stale


MURAL = {"need": None, "name": "Zither lessons", "description": "Music."}


def test_what_is_old_says_so_when_it_is_the_only_one(store):
    bring(store, bed("old", assured_date=OLD, **MURAL))
    (hit,) = hits(store, "zither", place=FRESNO)
    assert hit.stale
    facts = card_of(hit, question("zither", place=FRESNO))["facts"]
    assert facts[0] == "Nobody has re-checked this since January 31, 2024. It may be wrong."


def test_what_is_confirmed_today_is_fresh(store):
    bring(store, bed("old", assured_date=OLD, **MURAL))
    store.run(lambda session: queries.confirm(session, "agency", "old-p", "Ana", TUESDAY.date()))
    (hit,) = hits(store, "zither", place=FRESNO)
    assert not hit.stale
    assert card_of(hit, question("zither", place=FRESNO))["facts"][-1] == "A person checked this on December 1, 2026."


@on_one
def test_a_confirmation_outlives_an_import(store):
    bring(store, bed("old", assured_date=OLD, **MURAL))
    store.run(lambda session: queries.confirm(session, "agency", "old-p", "Ana", TUESDAY.date()))
    bring(store, bed("old", assured_date=OLD, **MURAL))
    assert not hits(store, "zither", place=FRESNO)[0].stale


@on_one
def test_a_confirmation_of_another_source_is_not_ours(store):
    bring(store, bed("old", assured_date=OLD, **MURAL))
    store.run(lambda session: queries.confirm(session, "another", "old-p", "Ana", TUESDAY.date()))
    assert hits(store, "zither", place=FRESNO)[0].stale


@on_one
def test_what_came_without_a_day_is_good_for_a_year(store):
    bring(store, bed("new", **MURAL))
    assert not hits(store, "zither", place=FRESNO, at=datetime.now(UTC) + timedelta(days=360))[0].stale
    assert hits(store, "zither", place=FRESNO, at=datetime.now(UTC) + timedelta(days=370))[0].stale


# What the files of resources/ hold needs no database


def test_the_country_answers_without_a_database():
    asked = read_question("i wanna kill myself", "en", "youth", TUESDAY)
    found = [hit.service.id for hit in search(None, asked)]
    assert found[0] == "lifeline_988"
    assert all(hit.service.ours for hit in search(None, asked, limit=200))


def test_the_report_line_of_a_state_answers_without_a_database():
    asked = read_question("report child abuse in texas", "en", "caregiver", TUESDAY)
    assert search(None, asked)[0].service.id == "report_tx"


@on_one
def test_the_answer_is_the_same_with_an_empty_database(store):
    for text in ("i wanna kill myself", "shelter in fresno", "report child abuse in texas", "hola", "zither"):
        asked = question(text)
        without = [(hit.service.id, hit.score) for hit in search(None, asked)]
        assert (
            store.read(lambda session, asked=asked: [(h.service.id, h.score) for h in search(session, asked)])
            == without
        )


def test_what_is_loaded_of_the_files_is_not_found_twice(store):
    assert load_national(store)
    assert not load_national(store)
    asked = question("i need to talk to someone")
    ids = [hit.service.id for hit in store.read(lambda session: search(session, asked, limit=200))]
    assert len(ids) == len(set(ids))
    assert store.read(queries.batches) == {}


# As one service


@on_one
def test_a_service_of_an_agency_by_its_id(store):
    bring(store, bed("house"))
    one = store.read(lambda session: catalogue.service_of_source(session, "agency", "house"))
    assert (one.id, one.source, one.channels[0].kind) == ("house", "agency", "call")
    for source, key in (("agency", "nobody"), ("nobody", "house")):
        assert store.read(lambda s, source=source, key=key: catalogue.service_of_source(s, source, key)) is None


def test_what_is_found_is_what_is_read(store):
    """The words and places by which a service is found are those of the service that is shown."""
    bring(store, bed("one"), bed("two", VISALIA, minimum_age=18), bed("three", description="Confidential location."))
    spots = store.read(lambda session: session.execute(select(SPOTS)).mappings().all())
    for row in spots:
        one = store.read(lambda s, row=row: catalogue.service_of_source(s, "agency", row["service_id"]))
        assert row["need"] in one.needs
        assert (row["minimum_age"], row["maximum_age"]) == (one.minimum_age, one.maximum_age)
        if row["reach"] == "place":
            assert (row["latitude"], row["longitude"]) in [(spot.latitude, spot.longitude) for spot in one.spots]
        assert row["state"] in one.states
