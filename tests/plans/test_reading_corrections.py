import pytest

from porchlight.plans.reading import Item, Known, Language, Move, Stage, Turn, find_known, read_turn

ROSA = Known(11, "safe_people", Item("Aunt Rosa", "aunt", "555-0101"))
DAVE = Known(12, "safe_people", Item("Coach Dave", "coach"))
LEE = Known(13, "safe_people", Item("Ms. Lee", None, None, "maybe"))
LIBRARY = Known(21, "safe_places", Item("the library on 5th", None, None, "til 8"))
KNOWN = (ROSA, DAVE, LEE, LIBRARY)


def read(text: str, language: Language = "en", stage: Stage = "more", known: tuple[Known, ...] = KNOWN) -> Turn:
    return read_turn(
        text, kind="people", known=known, section="safe_people", language=language, intent=None, stage=stage
    )


def shown(item: Item) -> str:
    """ "Name|relationship|phone|note", empty ends left out."""
    parts = (item.name, item.relationship or "", item.phone or "", item.note or "")
    return "|".join(parts).rstrip("|")


CHANGED = {
    "no, Rose not Rosa": (11, "Aunt Rose|aunt|555-0101"),
    "its Rose not Rosa": (11, "Aunt Rose|aunt|555-0101"),
    "not rosa, rose": (11, "Aunt Rose|aunt|555-0101"),
    "i meant rose": (11, "Aunt Rose|aunt|555-0101"),
    "its rose": (11, "Aunt Rose|aunt|555-0101"),
    "change rosa to rose": (11, "Aunt Rose|aunt|555-0101"),
    "can you change rosa to rosie pls": (11, "Aunt Rosie|aunt|555-0101"),
    "rosa is spelled Rosah": (11, "Aunt Rosah|aunt|555-0101"),
    "change roza to rose": (11, "Aunt Rose|aunt|555-0101"),
    "rosa's number is wrong its 555-0102": (11, "Aunt Rosa|aunt|555-0102"),
    "rosas number is 555-0199": (11, "Aunt Rosa|aunt|555-0199"),
    "my aunt's number is 555-0142": (11, "Aunt Rosa|aunt|555-0142"),
    "its 555-0102 not 555-0101": (11, "Aunt Rosa|aunt|555-0102"),
    "change the number for rosa to 555-0103": (11, "Aunt Rosa|aunt|555-0103"),
    "coach dave 555-0188": (12, "Coach Dave|coach|555-0188"),
    "her number is 555-0166": (13, "Ms. Lee||555-0166|maybe"),
    "555-0177": (13, "Ms. Lee||555-0177|maybe"),
    "dave is my uncle not my coach": (12, "Uncle Dave|uncle"),
    "the second one is wrong, its Devon": (12, "Coach Devon|coach"),
    "2 should be Devon": (12, "Coach Devon|coach"),
    "the last one should be ms leigh": (13, "Ms Leigh|||maybe"),
    "change the second one to my uncle tito 555-0155": (12, "Uncle Tito|uncle|555-0155"),
    "take rosa off and add jay": (11, "Jay"),
    "oops its coach dan not dave": (12, "Coach Dan|coach"),
    "dave isnt my coach hes my uncle": (12, "Uncle Dave|uncle"),
    "the first one is my aunt rosita": (11, "Aunt Rosita|aunt|555-0101"),
    "change her name to rosie": (11, "Aunt Rosie|aunt|555-0101"),
    "no i said rose": (11, "Aunt Rose|aunt|555-0101"),
    "actually make that 555-0104": (13, "Ms. Lee||555-0104|maybe"),
    "rosa only text": (11, "Aunt Rosa|aunt|555-0101|only text"),
    "swap dave for my cousin jay": (12, "Jay|cousin"),
    "my aunt rosa": (11, "Aunt Rosa|aunt|555-0101"),
}

CHANGED_SPANISH = {
    "no es Rosa, es Rosalía": (11, "Aunt Rosalía|aunt|555-0101"),
    "quise decir Rosalia": (11, "Aunt Rosalia|aunt|555-0101"),
    "cambia a rosa por rosalia": (11, "Aunt Rosalia|aunt|555-0101"),
    "cambia el número de rosa a 555-0102": (11, "Aunt Rosa|aunt|555-0102"),
    "el número de mi tía es 555-0143": (11, "Aunt Rosa|aunt|555-0143"),
    "me equivoqué, es Rosario no Rosa": (11, "Aunt Rosario|aunt|555-0101"),
    "no, rosario": (11, "Aunt Rosario|aunt|555-0101"),
    "mejor pon a dan en vez de dave": (12, "Coach Dan|coach"),
    "la segunda está mal, es Devon": (12, "Coach Devon|coach"),
}

REMOVED = {
    "delete coach dave": 12,
    "take rosa off": 11,
    "can you take rosa off the list": 11,
    "remove the second one": 12,
    "remove number 3": 13,
    "erase the last one": 13,
    "actually not ms lee": 13,
    "not coach dave": 12,
    "remove her": 13,
    "delete my aunt": 11,
    "can u take off ms lee she moved": 13,
    "i dont want ms lee on there": 13,
    "nvm about dave": 12,
}

REMOVED_SPANISH = {
    "quita a rosa": 11,
    "borra el último": 13,
    "mejor no pongas a dave": 12,
    "dave no": 12,
    "elimina el 2": 12,
}


@pytest.mark.parametrize(("text", "expected"), CHANGED.items())
def test_change_in_english(text: str, expected: tuple[int, str]) -> None:
    turn = read(text)
    assert turn.move is Move.CHANGE
    assert (turn.target, *map(shown, turn.items)) == expected


@pytest.mark.parametrize(("text", "expected"), CHANGED_SPANISH.items())
def test_change_in_spanish(text: str, expected: tuple[int, str]) -> None:
    turn = read(text, "es")
    assert turn.move is Move.CHANGE
    assert (turn.target, *map(shown, turn.items)) == expected


@pytest.mark.parametrize(("text", "target"), REMOVED.items())
def test_remove_in_english(text: str, target: int) -> None:
    assert read(text) == Turn(Move.REMOVE, target=target)


@pytest.mark.parametrize(("text", "target"), REMOVED_SPANISH.items())
def test_remove_in_spanish(text: str, target: int) -> None:
    assert read(text, "es") == Turn(Move.REMOVE, target=target)


@pytest.mark.parametrize("text", ["number 2 is wrong", "change coach dave", "change dave's number"])
def test_change_without_saying_to_what(text: str) -> None:
    assert read(text) == Turn(Move.CHANGE, target=12)


def test_change_then_go_on() -> None:
    turn = read("no, Rose not Rosa. next")
    assert (turn.move, turn.target, turn.then) == (Move.CHANGE, 11, Move.NO_MORE)


def test_two_that_fit_are_asked_about() -> None:
    known = (ROSA, Known(14, "safe_people", Item("Rosa Diaz")))
    assert read("delete rosa", known=known) == Turn(Move.REMOVE)
    turn = read("change rosa to rose", known=known)
    assert (turn.target, [i.name for i in turn.items]) == (None, ["Rose"])


def test_another_section_is_corrected_when_this_one_has_no_such_line() -> None:
    assert read("delete the library").target == 21


def test_somebody_unknown_is_not_removed() -> None:
    assert read("not my stepdad") == Turn(Move.UNCLEAR)


def test_nothing_to_correct_yet_makes_it_an_answer() -> None:
    turn = read("rosa's number is 555-0101", stage="ask", known=())
    assert (turn.move, [shown(i) for i in turn.items]) == (Move.ADD, ["Rosa||555-0101"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2", DAVE),
        ("the last one", LEE),
        ("el primero", ROSA),
        ("coach", DAVE),
        ("rosa", ROSA),
        ("mi tía", ROSA),
        ("idk", None),
    ],
)
def test_which_one_is_meant(text: str, found: Known | None) -> None:
    assert find_known(text, KNOWN[:3], "en") == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("its on 6th not 5th", "the library on 6th|||til 8"),
        ("no, the park not the library", "the park"),
        ("the library closes at 9", "the library on 5th|||til 8; closes at 9"),
    ],
)
def test_change_of_a_place(text: str, expected: str) -> None:
    turn = read_turn(
        text, kind="places", known=(LIBRARY,), section="safe_places", language="en", intent=None, stage="more"
    )
    assert (turn.move, turn.target, *map(shown, turn.items)) == (Move.CHANGE, 21, expected)
