import pytest

from porchlight.plans.reading import Item, Language, Move, Turn, read_turn


def read(text: str, language: Language = "es") -> Turn:
    return read_turn(text, kind="people", known=(), section="safe_people", language=language, intent=None, stage="ask")


def shown(item: Item) -> str:
    """ "Name|relationship|phone|note", empty ends left out."""
    parts = (item.name, item.relationship or "", item.phone or "", item.note or "")
    return "|".join(parts).rstrip("|")


SPANISH = {
    "mi abuelita": ["Abuelita|abuelita"],
    "mi abuelita carmen 555-0110": ["Abuelita Carmen|abuelita|555-0110"],
    "pues mi tía lupe y mi prima brenda": ["Tía Lupe|tía", "Brenda|prima"],
    "mi mejor amiga sofi, su cel es 555-0113": ["Sofi|mejor amiga|555-0113"],
    "llamaría a mi tío beto al 555-0114": ["Tío Beto|tío|555-0114"],
    "solo confío en mi hermana luz": ["Luz|hermana"],
    "el entrenador mike, solo mándale texto": ["Entrenador Mike|entrenador||solo mándale texto"],
    "la señora gómez, mi consejera": ["Señora Gómez|consejera"],
    "mi hermana mayor Ana": ["Ana|hermana mayor"],
    "mi trabajadora social, la señorita torres 555-0150": ["Señorita Torres|trabajadora social|555-0150"],
    "mis hermanas ana y luz y mi primo beto": ["Ana|hermana", "Luz|hermana", "Beto|primo"],
    "la mamá de mi amigo": ["Mamá de mi amigo|mamá de mi amigo"],
    "la mamá de jay 555-0166": ["Mamá de Jay|mamá de jay|555-0166"],
    "a nadie más que mi abuela": ["Abuela|abuela"],
    "no sé, tal vez mi coach": ["Coach|coach||tal vez"],
    "mi tia pero no le digas a mi mama": ["Tia|tia||pero no le digas a mi mama"],
    "rosa, mi tía, 555-0101": ["Rosa|tía|555-0101"],
    "profe martínez": ["Profe Martínez|profe"],
    "mi madrina rosa o mi padrino juan": ["Madrina Rosa|madrina", "Padrino Juan|padrino"],
    "mi tía Rosa 555-0101 y el entrenador David, quizás la maestra Lee": [
        "Tía Rosa|tía|555-0101",
        "Entrenador David|entrenador",
        "Maestra Lee|maestra||quizás",
    ],
    "no mi papá, mi tío Memo": ["Tío Memo|tío"],
    "mi tía chela que vive en fontana 555-0191": ["Tía Chela|tía|555-0191|que vive en fontana"],
    "mi prima vane, 555-0121, solo whatsapp": ["Vane|prima|555-0121|solo whatsapp"],
    "la maestra de arte, ms gonzalez": ["Ms Gonzalez|maestra de arte"],
    "mi mejor amigo se llama kevin": ["Kevin|mejor amigo"],
    "Doña Carmen la vecina del 4": ["Doña Carmen|vecina||del 4"],
    "mi psicóloga karla los lunes": ["Karla|psicóloga||los lunes"],
    # both languages
    "mi cousin tasha y my coach dave": ["Tasha|cousin", "Coach Dave|coach"],
    "my tía lupe, ella sabe everything": ["Tía Lupe|tía||ella sabe everything"],
    "mi novio jay from work": ["Jay|novio||from work"],
}

NOBODY_SPANISH = """
cualquiera menos mi papá
todos menos mi padrastro
no mi papá
mi mamá me pega
mi mamá está en el trabajo
no confío en nadie
no te importa
estoy triste
tengo hambre
hola
gracias
jajaja
puedes hablar en inglés
mi celular no sirve
me llamo jazmín
tengo 15 años
mi tío me tocó
mi novio me obliga
me duele la panza
extraño a mi mamá
buenas noches
me da pena
esa pregunta está tonta
""".strip().splitlines()


@pytest.mark.parametrize(("text", "expected"), SPANISH.items())
def test_people_in_spanish(text: str, expected: list[str]) -> None:
    turn = read(text)
    assert turn.move is Move.ADD
    assert [shown(item) for item in turn.items] == expected


@pytest.mark.parametrize("text", NOBODY_SPANISH)
def test_talk_in_spanish_is_nobody(text: str) -> None:
    turn = read(text)
    assert (turn.move, turn.items) == (Move.UNCLEAR, ())
