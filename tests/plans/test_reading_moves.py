import pytest

from porchlight.plans.reading import Language, Move, Stage, Turn, read_turn


def read(text: str, language: Language = "en", stage: Stage = "ask", intent: str | None = None) -> Turn:
    return read_turn(
        text, kind="people", known=(), section="safe_people", language=language, intent=intent, stage=stage
    )


ALONE = {
    Move.NO_MORE: """
        thats all
        that's it
        thats it i think
        no thats all
        nobody else
        no one else really
        im done
        next
        ok next
        done
        nah im good
        es todo
        nadie más
        sería todo
        ya es todo
        siguiente
        no, es todo
    """,
    Move.SKIP: """
        skip
        skip this one
        pass
        id rather not say
        can we skip this
        i dont wanna answer that one
        idk skip
        paso
        prefiero no decir
        sáltate esta
        esta no
    """,
    Move.BACK: """
        go back
        wait go back
        back
        can we go back pls
        regresa
        la pregunta anterior
        para atrás
    """,
    Move.SHOW: """
        show me my plan
        what have i got so far
        what did i put
        read it back
        qué llevo
        muéstrame mi plan
    """,
    Move.STOP: """
        stop
        stop for now
        later
        can we do this later
        i gotta go
        al rato
        ya no quiero seguir
        luego le sigo
        me tengo que ir
    """,
    Move.WHY: """
        why
        why are you asking
        y do u need to know why do u ask
        whats this for
        por qué preguntas
        para qué quieres saber
    """,
    Move.EXAMPLE: """
        like who?
        what do you mean
        wdym
        give me an example
        como quién
        un ejemplo
        ¿a qué te refieres?
    """,
    Move.DONT_KNOW: """
        idk
        i dont know
        dunno tbh
        nobody
        no one
        i dont have anyone
        no
        nope
        nadie
        no sé
        no tengo a nadie
    """,
}
CASES = [(line.strip(), move) for move, lines in ALONE.items() for line in lines.strip().splitlines()]


@pytest.mark.parametrize(("text", "move"), CASES)
def test_a_move_alone(text: str, move: Move) -> None:
    language: Language = (
        "es" if any(c in text for c in "áéíóúñ¿") or text.split()[0] in {"es", "ya", "no,", "paso"} else "en"
    )
    assert read(text, language) == Turn(move)


@pytest.mark.parametrize(
    "text", ["no", "nope", "nobody", "no one", "nah", "no thanks", "nadie", "i cant think of anyone"]
)
def test_nobody_means_no_more_once_there_is_something(text: str) -> None:
    assert read(text, stage="more") == Turn(Move.NO_MORE)


@pytest.mark.parametrize(
    ("text", "names", "then"),
    [
        ("just my aunt rosa, thats all", ["Aunt Rosa"], Move.NO_MORE),
        ("my mom and dad thats it", ["Mom", "Dad"], Move.NO_MORE),
        ("jay. next", ["Jay"], Move.NO_MORE),
        ("my granny nobody else", ["Granny"], Move.NO_MORE),
        ("my granny. i gotta go", ["Granny"], Move.STOP),
        ("my coach, go back", ["Coach"], Move.BACK),
        ("jay and tasha. what do i have so far", ["Jay", "Tasha"], Move.SHOW),
        ("mi abuela y es todo", ["Abuela"], Move.NO_MORE),
        ("idk maybe my aunt", ["Aunt"], None),
        ("no wait also my cousin", ["Cousin"], None),
    ],
)
def test_an_answer_and_a_move(text: str, names: list[str], then: Move | None) -> None:
    turn = read(text)
    assert (turn.move, [i.name for i in turn.items], turn.then) == (Move.ADD, names, then)


@pytest.mark.parametrize(
    "text", ["my next door neighbor", "my friend who always has my back", "my aunt she can pick me up later"]
)
def test_words_of_a_move_inside_an_answer_move_nothing(text: str) -> None:
    turn = read(text)
    assert (turn.move, len(turn.items), turn.then) == (Move.ADD, 1, None)


@pytest.mark.parametrize(
    ("intent", "move"),
    [
        ("skip", Move.SKIP),
        ("stop_plan", Move.STOP),
        ("why_ask", Move.WHY),
        ("dont_know", Move.DONT_KNOW),
        ("greet", Move.UNCLEAR),
        (None, Move.UNCLEAR),
    ],
)
def test_the_guess_decides_when_no_rule_does(intent: str | None, move: Move) -> None:
    assert read("mhmm whatever you say captain", intent=intent).move is move


@pytest.mark.parametrize("intent", ["skip", "answer", "greet", "nlu_fallback"])
def test_a_clear_move_overrules_the_guess(intent: str) -> None:
    assert read("thats all", intent=intent).move is Move.NO_MORE
