"""Where somebody is, out of what they write; and what is no place at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.directory.places import (
    cell_of,
    miles,
    names_of_state,
    nearby_cells,
    place_in,
    place_of_city,
    place_of_state,
    place_of_zip,
    state_named,
    states,
    zone_of_state,
)
from porchlight.directory.spelling import normal, stem, words_of

# ZIP codes


@pytest.mark.parametrize(
    ("text", "code", "state"),
    [
        ("93722", "93722", "CA"),
        ("where can i sleep tonight, 93722", "93722", "CA"),
        ("my zip is 93722-1234", "93722", "CA"),
        ("estoy en el 60640.", "60640", "IL"),
        ("chicago il 60640", "60640", "IL"),
        ("02134 boston", "02134", "MA"),
        ("93722 or 93721", "93722", "CA"),
        ("im 16, 93722", "93722", "CA"),
    ],
)
def test_a_zip_code_is_read(text, code, state):
    place = place_in(text)
    assert (place.postal_code, place.name, place.state) == (code, code, state)
    assert place.exact
    assert place.county


@pytest.mark.parametrize(
    "text",
    [
        "559-555-0101",
        "(559) 555-0101",
        "5595550101",
        "1-559-555-0101",
        "+1 559 5550101",
        "559 55501 01",
        "call 800 786 2929",
        "text 741741",
        "988",
        "911 or 211",
        "12345-6789-1",
        "123456",
        "i am 16",
        "20261201",
        "",
    ],
)
def test_other_numbers_are_no_zip_code(text):
    assert place_in(text) is None


@pytest.mark.parametrize(
    "code", ["00000", "99999", "99998", "9372", "937222", "", "abcde", "٩٣٧٢٢", "9372२", "93722-1234"]
)
def test_a_zip_code_that_there_is_not(code):
    assert place_of_zip(code) is None


@pytest.mark.parametrize("text", ["00000", "im in 99999", "٩٣٧٢٢", "zip 9372२", "９３７２２"])
def test_a_message_with_a_zip_code_that_there_is_not(text):
    assert place_in(text) is None


@pytest.mark.parametrize("text", ["00901", "vivo en 00901", "96910", "00801", "09007"])
def test_puerto_rico_other_territories_and_the_army_are_no_states(text):
    assert place_in(text) is None


@pytest.mark.parametrize("text", ["estoy en san juan puerto rico", "ponce pr", "Bayamón, PR", "puerto rico", "guam"])
def test_a_town_of_puerto_rico_is_not_its_namesake(text):
    assert place_in(text) is None


# States


@pytest.mark.parametrize("state", sorted(states()))
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_state_by_its_name(state, language):
    name = states()[state][language]
    for text in (
        name,
        f"im in {name}",
        f"estoy en {name.lower()} y no tengo donde dormir",
        f"i am 15 from {name}, help",
    ):
        place = place_in(text)
        assert place.state == state, text
        # New York is a city, too.
        assert place.name in (states()[state]["en"], "New York, NY"), text
    assert state_named(name) == state
    assert name in names_of_state(state)
    assert place_of_state(state, language).name == name


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("im in TX", "TX"),
        ("im in tx", "TX"),
        ("shelter NY please", "NY"),
        ("in OH", "OH"),
        ("from fl and hungry", "FL"),
        ("TX", "TX"),
        ("I LIVE IN TX", "TX"),
        ("washington state", "WA"),
        ("im from georgia state", "GA"),
    ],
)
def test_a_state_by_its_abbreviation(text, state):
    assert place_in(text).state == state


@pytest.mark.parametrize(
    "text",
    [
        "in or out",
        "it hurts in me",
        "say hi",
        "in hi",
        "oh",
        "ok",
        "I AM OK",
        "I have no ID",
        "my aunt OR my uncle",
        "please help ME",
        "help me",
        "la",
        "de",
    ],
)
def test_words_that_abbreviations_look_like(text):
    assert place_in(text) is None


@pytest.mark.parametrize(
    ("text", "state"), [("US-OH", "OH"), (" oh ", "OH"), ("Nuevo México", "NM"), ("PR", None), ("", None)]
)
def test_a_state_as_an_import_names_it(text, state):
    assert state_named(text) == state


# Cities


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("fresno", "Fresno, CA"),
        ("need a bed 2nite fresno", "Fresno, CA"),
        ("Fresno, CA", "Fresno, CA"),
        ("estoy en fresno california", "Fresno, CA"),
        ("houston tx", "Houston, TX"),
        ("in nampa idaho", "Nampa, ID"),
        ("en los ángeles", "Los Angeles, CA"),
        ("im in LA and scared", "Los Angeles, CA"),
        ("san josé", "San Jose, CA"),
        ("st. louis", "Saint Louis, MO"),
        ("nyc", "New York, NY"),
        ("en nueva york", "New York, NY"),
        ("im in brooklyn", "Brooklyn, NY"),
        ("washington dc", "Washington, DC"),
        ("nueva orleans", "New Orleans, LA"),
        ("kansas city", "Kansas City, MO"),
        ("kansas city kansas", "Kansas City, KS"),
        ("virginia beach", "Virginia Beach, VA"),
        ("las cruces new mexico", "Las Cruces, NM"),
        ("mexico missouri", "Mexico, MO"),
        ("portland maine", "Portland, ME"),
        ("portland", "Portland, OR"),
        ("need bed in mobile", "Mobile, AL"),
        ("reading pa", "Reading, PA"),
        ("im in hope arkansas", "Hope, AR"),
    ],
)
def test_a_city_is_read(text, name):
    place = place_in(text)
    assert (place.name, place.state) == (name, name[-2:])
    assert place.exact


@pytest.mark.parametrize(
    "text",
    [
        "my friend virginia",
        "my sister georgia hits me",
        "carolina is my aunt",
        "mi amiga carolina",
        "my name is dakota",
        "with charlotte",
        "con charlotte",
        "my brother austin",
        "my dad jackson hit me",
        "my friend brooklyn",
        "i want to talk to hazel",
        "i got it from grace",
    ],
)
def test_a_person_is_no_place(text):
    assert place_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "i want to hurt myself",
        "i want to die",
        "me quiero morir",
        "help me",
        "in love",
        "at school",
        "in a shelter",
        "from my dad",
        "at home",
        "by the end of june i have to leave, in may at the latest",
        "i like reading",
        "i feel normal",
        "my mobile",
        "por favor",
        "en la calle",
        "en casa",
        "in Spanish",
        "to be honest i want to kill him",
        "no se que hacer",
    ],
)
def test_other_words_are_no_place(text):
    assert place_in(text) is None


def test_a_city_that_is_in_no_such_state():
    assert place_of_city("Fresno", "NY") is None
    assert place_of_city("Gotham City") is None
    assert place_of_city("") is None


# The map and the clock


def test_how_far_it_is():
    fresno, clovis = place_of_zip("93722"), place_of_zip("93612")
    assert 5 < fresno.miles_to(clovis.latitude, clovis.longitude) < 15
    assert miles(36.7, -119.8, 36.7, -119.8) == 0
    # From Chicago to Houston it is about 940 miles.
    assert 900 < miles(41.88, -87.63, 29.76, -95.37) < 980


@given(st.floats(18, 71), st.floats(-170, -65), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_what_is_near_lies_in_a_cell_that_is_looked_in(latitude, longitude, north, east):
    away = miles(latitude, longitude, latitude + north, longitude + east)
    assert cell_of(latitude + north, longitude + east) in set(nearby_cells(latitude, longitude, away + 1))


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        (place_of_zip("93722"), "America/Los_Angeles"),
        (place_of_zip("79901"), "America/Denver"),  # El Paso, in a state that has another zone
        (place_of_state("TX"), "America/Chicago"),
        (place_of_city("Boise"), "America/Boise"),
        (place_of_city("Phoenix"), "America/Phoenix"),
    ],
)
def test_the_clock_of_a_place(place, zone):
    assert place.time_zone.key == zone


def test_the_clock_of_no_state():
    assert zone_of_state("PR").key == "America/New_York"


# Whatever somebody writes

WORDS = "in en near to my friend virginia washington new mexico york dc LA TX 93722 00901 99999 559 555-0101 - , ٩٣٧٢٢ "
WORDS += "puerto rico pr city st. ft mc san juan del norte carolina state kansas oh ok el the 🙂 ñ İ ß"
texts = st.one_of(st.text(), st.lists(st.sampled_from(WORDS.split(" ")), max_size=12).map(" ".join))


@given(texts)
def test_no_message_breaks_it(text):
    place = place_in(text)
    if place:
        assert place.state in states()
        assert place.time_zone
        assert place.latitude is None or place.exact


@given(st.text())
def test_no_name_in_an_import_breaks_it(text):
    assert state_named(text) is None or state_named(text) in states()
    place_of_zip(text)
    place_of_zip(text[:5])
    place_of_city(text)


# Words as they are compared


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("¿Dónde puedo dormir?", "donde puedo dormir"),
        ("don't, DON’T", "dont dont"),
        ("LGBTQ+ #1 e-mail", "lgbtq+ #1 e mail"),
        ("niño  España\n", "nino espana"),
        ("🙂", ""),
    ],
)
def test_words_without_accents_and_signs(text, words):
    assert normal(text) == words


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("shelters", "shelter"),
        ("churches", "church"),
        ("boxes", "box"),
        ("beds", "bed"),
        ("camas", "cama"),
        ("bus", "bus"),
        ("gas", "gas"),
        ("crisis", "crisis"),
        ("stress", "stress"),
    ],
)
def test_plurals(word, stemmed):
    assert stem(word) == stemmed


@given(st.text())
def test_no_word_breaks_the_search(text):
    assert all(set(word) <= set("abcdefghijklmnopqrstuvwxyz0123456789+#@") for word in words_of(text))
    assert normal(normal(text)) == normal(text)
