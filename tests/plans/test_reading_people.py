import pytest

from porchlight.plans.reading import Item, Known, Language, Move, Turn, read_turn


def read(text: str, language: Language = "en", intent: str | None = None, known: tuple[Known, ...] = ()) -> Turn:
    return read_turn(
        text, kind="people", known=known, section="safe_people", language=language, intent=intent, stage="ask"
    )


def shown(item: Item) -> str:
    """ "Name|relationship|phone|note", empty ends left out."""
    parts = (item.name, item.relationship or "", item.phone or "", item.note or "")
    return "|".join(parts).rstrip("|")


ENGLISH = {
    # one person
    "my grandma": ["Grandma|grandma"],
    "grandma": ["Grandma|grandma"],
    "MY AUNT ROSA": ["AUNT ROSA|aunt"],
    "my uncle tito": ["Uncle Tito|uncle"],
    "my big sister keisha": ["Keisha|big sister"],
    "prob my cousin dre lol": ["Dre|cousin"],
    "uhh i guess coach ramirez": ["Coach Ramirez|coach"],
    "the only person i trust is my nana": ["Nana|nana"],
    "i would call my brother marcus if anything happened": ["Marcus|brother||if anything happened"],
    "mr. k": ["Mr. K"],
    "my neighbor mrs. o'brien": ["Mrs. O'brien|neighbor"],
    "Dr. Ortiz": ["Dr. Ortiz"],
    "jay": ["Jay"],
    "D'Andre": ["D'Andre"],
    "Mary-Kate": ["Mary-Kate"],
    "maria elena lopez": ["Maria Elena Lopez"],
    "big mike": ["Big Mike"],
    "lil tee": ["Lil Tee"],
    "my friend hope": ["Hope|friend"],
    "my brother will": ["Will|brother"],
    "my freind tasha": ["Tasha|freind"],
    "my counsler": ["Counsler|counsler"],
    "my step dads sister": ["Step dads sister|step dads sister"],
    "kayla's mom": ["Kayla's mom|kayla's mom"],
    "my best friends mom lisa": ["Lisa|best friends mom"],
    "my english teacher mr brown": ["Mr Brown|english teacher"],
    "my grandma is always there for me": ["Grandma|grandma||is always there for me"],
    "the lady at the front desk": ["the lady at the front desk"],
    "my dog max": ["Max|dog"],
    "nobody but my aunt rosa": ["Aunt Rosa|aunt"],
    "i dont trust anyone except my sister ana": ["Ana|sister"],
    "does my coach count": ["Coach|coach"],
    "maybe my teacher?": ["Teacher|teacher||maybe"],
    "what about my aunt?": ["Aunt|aunt"],
    "my mom if she picks up": ["Mom|mom||if she picks up"],
    "um my girl tasha": ["Tasha"],
    "my therapist (her name is Sam)": ["Sam|therapist"],
    "Rosa (my aunt)": ["Rosa|aunt"],
    "jay. hes my cousin": ["Jay|cousin"],
    "ms patterson, my counselor": ["Ms Patterson|counselor"],
    "my whole family": ["Whole family|whole family"],
    "my cousin nene (she stays up late)": ["Nene|cousin||she stays up late"],
    "auntie mo 555-0161": ["Auntie Mo|auntie|555-0161"],
    "my dads ex girlfriend tonya shes cool": ["Tonya|dads ex girlfriend||shes cool"],
    "idk if she counts but my bus driver miss dee": ["Miss Dee|bus driver"],
    "my friend alex they/them": ["Alex|friend||they/them"],
    "my teacher said i can call her name is ms brooks": ["Ms Brooks|teacher||said i can call"],
    "Ms.Carter 555.0145": ["Ms.Carter||555.0145"],
    "my mom's best friend, Tina. I call her auntie": ["Tina|mom's best friend||I call her auntie"],
    "grandma (dads side)": ["Grandma|grandma||dads side"],
    "my homeboy ty": ["Ty|homeboy"],
    "my youth group leader pastor dan": ["Pastor Dan|youth group leader"],
    "friend from work named sam": ["Sam|friend||from work"],
    "aunt rosa555-0101": ["Aunt Rosa|aunt|555-0101"],
    "my gramma 5 5 5 0 1 0 1": ["Gramma|gramma|5 5 5 0 1 0 1"],
    "kevin 555 01 22": ["Kevin||555 01 22"],
    # several people
    "mr and mrs lopez": ["Mr and Mrs Lopez"],
    "Destiny W., Jaylen M.": ["Destiny W.", "Jaylen M."],
    "Luz, Paz y Esperanza": ["Luz", "Paz", "Esperanza"],
    "Mr. Nguyen (chem teacher), Ms. Okafor (counselor)": ["Mr. Nguyen|chem teacher", "Ms. Okafor|counselor"],
    "my foster sister maya, my bio aunt trina 5550187": ["Maya|foster sister", "Aunt Trina|bio aunt|5550187"],
    "my mom and dad": ["Mom|mom", "Dad|dad"],
    "Tasha and Dre": ["Tasha", "Dre"],
    "jay, tasha, dre": ["Jay", "Tasha", "Dre"],
    "jay/tasha & dre": ["Jay", "Tasha", "Dre"],
    "1. jay 2. tasha 3. my grandma": ["Jay", "Tasha", "Grandma|grandma"],
    "- my nana\n- coach dave\n- Ms. Lee": ["Nana|nana", "Coach Dave|coach", "Ms. Lee"],
    "my aunt rosa coach dave and ms lee": ["Aunt Rosa|aunt", "Coach Dave|coach", "Ms Lee"],
    "my two sisters Ana and Luz": ["Ana|sister", "Luz|sister"],
    "my friends: jay, tasha and dre": ["Jay|friend", "Tasha|friend", "Dre|friend"],
    "Ana and Luz my sisters": ["Ana|sister", "Luz|sister"],
    "jay and will": ["Jay", "Will"],
    "my bff kayla n her mom": ["Kayla|bff", "Her mom"],
    "oh and also my caseworker ms torres": ["Ms Torres|caseworker"],
    "My Uncle Ray. Also Mrs. Patterson from church.": ["Uncle Ray|uncle", "Mrs. Patterson|||from church"],
    "my foster mom linda or maybe my caseworker": ["Linda|foster mom", "Caseworker|caseworker||maybe"],
    "my coach, he's cool, and my granny": ["Coach|coach||he's cool", "Granny|granny"],
    # numbers
    "my aunt rosa 555-0101, coach dave, maybe ms. lee": [
        "Aunt Rosa|aunt|555-0101",
        "Coach Dave|coach",
        "Ms. Lee|||maybe",
    ],
    "my aunt rosa shes at 555-0101 and coach dave and maybe ms lee": [
        "Aunt Rosa|aunt|555-0101",
        "Coach Dave|coach",
        "Ms Lee|||maybe",
    ],
    "rosa - 555-0101; dave - (909) 555-0102": ["Rosa||555-0101", "Dave||(909) 555-0102"],
    "555-0101 is my aunt rosa": ["Aunt Rosa|aunt|555-0101"],
    "call my uncle at 9095550134": ["Uncle|uncle|9095550134"],
    "nana five five five oh one oh one": ["Nana|nana|five five five oh one oh one"],
    "dr ortiz 555-0120 ext 4": ["Dr Ortiz||555-0120 ext 4"],
    "jay 555-0101 or 555-0102": ["Jay||555-0101|555-0102"],
    "my mom's number is 555-0155": ["Mom|mom|555-0155"],
    # what else was said is kept
    "my best friend Jay from school (909) 555-0134 only text him": [
        "Jay|best friend|(909) 555-0134|from school; only text him"
    ],
    "only text my cousin bri": ["Bri|cousin||only text"],
    "my aunt rosa but dont tell my mom": ["Aunt Rosa|aunt||but dont tell my mom"],
    "my aunt rosa she lives with my mom and my brother": ["Aunt Rosa|aunt||she lives with my mom and my brother"],
    "sarah from work, knows the code word": ["Sarah|||from work, knows the code word"],
    "my neighbor mr lopez til 9": ["Mr Lopez|neighbor||til 9"],
    "dan (text only)": ["Dan|||text only"],
    "my social worker idk her name": ["Social worker|social worker||idk her name"],
    # who must not be asked
    "not my mom but my aunt rosa": ["Aunt Rosa|aunt"],
    "definitely not my stepdad, maybe my granny": ["Granny|granny||maybe"],
    "my aunt (not my uncle)": ["Aunt|aunt"],
    "rosa😊 and <b>jay</b>": ["Rosa", "Jay"],
}

NOBODY_ENGLISH = """
not my stepdad
anyone but my mom
anybody except my foster dad
i dont feel safe with my dad
my dad isnt safe
my stepdad hits me
my mom died
my mom is at work
my mom took my phone
i miss my mom
will you tell my mom
can you tell my caseworker
what if my mom finds out
i got kicked out by my mom
this is dumb
lol
hahaha
thanks
hi
ok
bruh
stfu
whatever
food
my phone is dead
i dont trust anyone
none of your business
can you say that in spanish
im scared
i like pizza
its raining
skdjfhskdf
jay said i should talk to you
my number is 555-0101
i need a friend
do you know my caseworker
is it ok if its a friend
my sister ran away
my friend is missing
my name is jasmine
im jasmine
im in fontana
my boyfriend is 28
my boyfriend makes me do stuff
my uncle is coming over and im scared
my dad came into my room
my uncle tito hurt me
my uncle. he hurts me
coach dave isnt safe
everyone hates me
my caseworker sucks
i love my mom
my mom doesnt believe me
ok thank you so much
""".strip().splitlines()


@pytest.mark.parametrize(("text", "expected"), ENGLISH.items())
def test_people_in_english(text: str, expected: list[str]) -> None:
    turn = read(text)
    assert turn.move is Move.ADD
    assert [shown(item) for item in turn.items] == expected


@pytest.mark.parametrize("text", NOBODY_ENGLISH)
def test_talk_in_english_is_nobody(text: str) -> None:
    turn = read(text)
    assert (turn.move, turn.items) == (Move.UNCLEAR, ())


@pytest.mark.parametrize(
    "text",
    [
        "my dad came into my room",
        "my friend told me to come here",
        "my uncle tito hurt me",
        "i miss my brother",
        "he said hed be mad if i tell my mom",
        "my name is jasmine",
        "mi tío me tocó",
        "le vas a decir a mi mamá",
    ],
)
def test_what_is_told_of_somebody_is_no_answer_even_if_the_guess_says_so(text: str) -> None:
    assert read(text, intent="answer").items == ()


@pytest.mark.parametrize("intent", ["greet", "skip", "out_of_scope", "feel_sad", "nlu_fallback"])
def test_a_name_with_a_number_is_an_answer_whatever_the_guess(intent: str) -> None:
    assert read("rosa 555-0101", intent=intent).move is Move.ADD


def test_the_guess_decides_about_a_word_that_might_be_a_name() -> None:
    assert read("zuzu", intent="answer").move is Move.ADD
    assert read("zuzu", intent="greet").move is Move.UNCLEAR


def test_the_guess_lets_a_person_in_a_statement_count() -> None:
    assert [shown(i) for i in read("my teacher is ms lee", intent="answer").items] == ["Ms Lee|teacher"]


def test_a_known_name_in_another_section_is_new_here() -> None:
    known = (Known(1, "who_to_call", Item("Aunt Rosa", "aunt")),)
    assert read("aunt rosa", known=known).move is Move.ADD
