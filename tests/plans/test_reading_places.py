import pytest

from porchlight.plans.reading import Item, Language, Move, Turn, read_turn


def read(text: str, language: Language = "en", intent: str | None = None) -> Turn:
    return read_turn(
        text, kind="places", known=(), section="safe_places", language=language, intent=intent, stage="ask"
    )


def shown(item: Item) -> str:
    """ "Name|phone|note", empty ends left out."""
    return "|".join((item.name, item.phone or "", item.note or "")).rstrip("|")


ENGLISH = {
    "library": ["library"],
    "the library on 5th": ["the library on 5th"],
    "the library on 5th til 8": ["the library on 5th||til 8"],
    "my school library after school": ["my school library||after school"],
    "church on sundays": ["church||on sundays"],
    "my grandma's": ["my grandma's"],
    "my grandmas house": ["my grandmas house"],
    "at jays": ["Jays"],
    "kaylas crib": ["Kaylas crib"],
    "i feel safe at school": ["school"],
    "the only place i feel safe is my room": ["my room"],
    "in my car": ["my car"],
    "the park by my house": ["the park by my house"],
    "the bench behind the gym": ["the bench behind the gym"],
    "outside the fire station on 3rd": ["outside the fire station on 3rd"],
    "where my cousin lives": ["where my cousin lives"],
    "downtown": ["downtown"],
    "St. Mary's on 5th": ["St. Mary's on 5th"],
    "st marys church": ["st marys church"],
    "5th St. library": ["5th St. library"],
    "7-Eleven": ["7-Eleven"],
    "7/11": ["7/11"],
    "mcdonalds 24/7": ["mcdonalds||24/7"],
    "4th and main": ["4th and main"],
    "McDonald's on 4th and Main": ["McDonald's on 4th and Main"],
    "mcdonalds on main and oak til 11": ["mcdonalds on main and oak||til 11"],
    "taco bell on 7th & pine": ["taco bell on 7th & pine"],
    "corner of vine and ivy": ["corner of vine and ivy"],
    "Boys & Girls Club on 5th, they close at 7": ["Boys & Girls Club on 5th||they close at 7"],
    "1234 Oak St, Springfield": ["1234 Oak St||Springfield"],
    "my aunts house 555-0120": ["my aunts house|555-0120"],
    "youth center 555-0142 open til 9": ["youth center|555-0142|open til 9"],
    "my aunts house but only when my uncle isnt there": ["my aunts house||but only when my uncle isnt there"],
    "library (the one on 5th)": ["library||the one on 5th"],
    "maybe the mall": ["the mall||maybe"],
    "idk starbucks i guess": ["starbucks"],
    "the library on 5th and my aunts house": ["the library on 5th", "my aunts house"],
    "i could go to the park or the mall": ["the park", "the mall"],
    "rec center; church; 7-eleven": ["rec center", "church", "7-eleven"],
    "the library my aunts house the park": ["the library", "my aunts house", "the park"],
    "church, my grandmas, and the rec center take bus 9": [
        "church",
        "my grandmas",
        "the rec center||take bus 9",
    ],
    "boys and girls club, the y": ["boys and girls club", "the y"],
    "my friend jays house, his mom is cool": ["my friend Jays house||his mom is cool"],
    "the skatepark, u can take the 14 bus": ["the skatepark||u can take the 14 bus"],
    "my friend's garage, side door is open": ["my friend's garage||side door is open"],
    "school til 4 then the library til 8": ["school||til 4", "the library||til 8"],
    "anywhere with people around like the mall": ["the mall"],
    "Starbucks @ 2nd & E St": ["Starbucks @ 2nd & E St"],
    "the stairs by the church on sierra ave": ["the stairs by the church on sierra ave"],
    "home when my stepdad is at work": ["home||when my stepdad is at work"],
    "the bus stop on 5th and vine by the 711": ["the bus stop on 5th and vine by the 711"],
    "safe house on main": ["safe house on main"],
    "1. the library\n2. my room": ["the library", "my room"],
    "not my house but the library": ["the library"],
}

SPANISH = {
    "la biblioteca de la calle 5 hasta las 8": ["la biblioteca de la calle 5||hasta las 8"],
    "en la casa de mi abuela": ["la casa de mi abuela"],
    "casa de mi tía lupe": ["casa de mi tía Lupe"],
    "el parque o la escuela": ["el parque", "la escuela"],
    "la casa de mi tía y la iglesia": ["la casa de mi tía", "la iglesia"],
    "con mi tía": ["mi tía"],
    "donde mi primo": ["donde mi primo"],
    "afuera de la iglesia san juan": ["afuera de la iglesia san juan"],
    "el centro juvenil, tomo el bus 9": ["el centro juvenil||tomo el bus 9"],
    "el starbucks de la calle main, abren a las 5": ["el starbucks de la calle main||abren a las 5"],
    "donde trabaja mi mamá": ["donde trabaja mi mamá"],
    "la casa de jay": ["la casa de Jay"],
    "quizás mi cuarto": ["mi cuarto||quizás"],
    "la library y mi school": ["la library", "mi school"],
}

NOWHERE = """
not my house
anywhere but home
my house is not safe
home isnt safe
this is dumb
my phone is dead
can you find me a shelter
i need a place to sleep tonight
i ran away from my foster home
they kicked me out of the shelter
im hungry
my dad came into my room last night
my boyfriend makes me do stuff
my friend is missing
do you know my caseworker
i have school tomorrow
im in fontana
lol
mi casa no es segura
tengo sueño
extraño a mi mamá
mi tío me tocó
buenas noches
""".strip().splitlines()


@pytest.mark.parametrize(("text", "expected"), ENGLISH.items())
def test_places_in_english(text: str, expected: list[str]) -> None:
    turn = read(text)
    assert turn.move is Move.ADD
    assert [shown(item) for item in turn.items] == expected


@pytest.mark.parametrize(("text", "expected"), SPANISH.items())
def test_places_in_spanish(text: str, expected: list[str]) -> None:
    turn = read(text, "es")
    assert turn.move is Move.ADD
    assert [shown(item) for item in turn.items] == expected


@pytest.mark.parametrize("text", NOWHERE)
def test_talk_is_no_place(text: str) -> None:
    turn = read(text)
    assert (turn.move, turn.items) == (Move.UNCLEAR, ())


def test_a_place_in_a_sentence_counts_when_the_guess_says_answer() -> None:
    assert [shown(i) for i in read("we always kick it at the skatepark", intent="answer").items] == ["the skatepark"]
