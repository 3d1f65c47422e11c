"""A youth builds a short plan, against the two real processes."""

from __future__ import annotations

from tests.chat import Chat, texts


def test_the_opening_says_what_it_is_what_is_kept_and_asks_who_is_here(chat: Chat) -> None:
    said = texts(chat.opening)
    assert len(chat.opening) == 3
    assert "program" in said
    assert "24 hours" in said
    assert "911" in said
    payloads = [button["payload"] for button in chat.opening[-1]["buttons"]]
    assert payloads == ["/i_am_youth", "/i_am_caregiver", "/just_looking", "/speak_spanish"]


def test_a_plan_in_english_by_free_text(chat: Chat) -> None:
    chat.says("i wanna make a safety plan")
    read_back = chat.says("my aunt rosa 555-0101, coach dave, maybe ms. lee")
    assert "1. Aunt Rosa, 555-0101\n2. Coach Dave\n3. Ms. Lee, maybe" in read_back
    assert "1. Aunt Rose, 555-0101" in chat.says("no, Rose not Rosa")
    chat.says("thats all")
    chat.says("the library on 5th til 8, my friend jos porch")
    chat.says("nope thats it")
    chat.says("988 and my caseworker Dana 555-0123")
    assert "short plan" in chat.says("im done")
    plan = chat.plan()
    assert [(item["name"], item["relationship"], item["phone"]) for item in plan["safe_people"]] == [
        ("Aunt Rose", "aunt", "555-0101"),
        ("Coach Dave", "coach", None),
        ("Ms. Lee", None, None),
    ]
    assert len(plan["safe_places"]) == 2
    assert [item["phone"] for item in plan["who_to_call"]] == ["988", "555-0123"]
    assert set(chat.statuses().values()) == {"done"}


def test_un_plan_en_espanol(charla: Chat) -> None:
    charla.says("quiero hacer un plan de seguridad")
    charla.says("mi tía Rosa 555-0101 y el entrenador David, quizás la maestra Lee")
    assert "Daniel" in charla.says("no es David, es Daniel")
    charla.says("ya es todo")
    charla.says("la biblioteca de la quinta hasta las 8")
    charla.says("nada más")
    charla.says("mi trabajadora social Dana 555-0123")
    assert "plan corto" in charla.says("ya, es todo")
    assert [item["phone"] for item in charla.plan()["safe_people"]] == ["555-0101", None, None]
    assert charla.plan()["who_to_call"][0]["relationship"] == "trabajadora social"


def test_a_question_in_the_middle_is_answered_and_the_plan_goes_on(chat: Chat) -> None:
    chat.press("/start_plan")
    chat.says("my grandma 555-0144")
    said = chat.says("wait who can see this??")
    assert "No person reads this chat" in said
    assert "Back to your plan." in said
    chat.says("ok my cousin Tam too")
    assert len(chat.names("safe_people")) == 2


def test_skip_back_show_stop_and_go_on_by_text(chat: Chat) -> None:
    chat.press("/start_plan")
    assert "Where could you go" in chat.says("skip")
    assert "Who do you feel safe with" in chat.says("go back")
    chat.says("my brother Luis")
    assert "Luis" in chat.says("what have i got so far")
    assert "Your plan is kept" in chat.says("stop for now")
    resumed = chat.says("continue my plan")
    assert "Luis" in resumed
    chat.says("thats all")
    assert chat.statuses() == {"safe_people": "done", "safe_places": "open", "who_to_call": "open"}


def test_skip_back_show_stop_and_go_on_by_button(chat: Chat) -> None:
    chat.press("/start_plan")
    assert "Where could you go" in chat.presses("/skip")
    assert "Who do you feel safe with" in chat.presses("/go_back")
    chat.says("my brother Luis")
    assert "Luis" in chat.presses("/show_plan")
    chat.press("/stop_plan")
    assert "Luis" in chat.presses("/continue_plan")
    chat.press("/no_more")
    assert chat.statuses()["safe_people"] == "done"


def test_nothing_is_asked_twice(chat: Chat) -> None:
    """The words of each section's question come once in a plan made without leaving it."""
    said = chat.presses("/start_plan")
    for line in ("my sister Ana", "thats all", "the park by school", "thats all", "988", "thats all"):
        said += chat.says(line)
    for question in ("Who do you feel safe with", "Where could you go", "Who would you call"):
        assert said.count(question) == 1


def test_an_item_is_changed_by_its_button(chat: Chat) -> None:
    chat.press("/start_plan")
    chat.says("my aunt rosa 555-0101 and coach dave")
    item = chat.plan()["safe_people"][1]["id"]
    assert "Coach Dave" in chat.presses(f'/change_item{{"item": {item}}}')
    chat.says("coach devon 555-0177")
    assert chat.plan()["safe_people"][1]["phone"] == "555-0177"
    assert len(chat.names("safe_people")) == 2


def test_an_item_is_removed_by_its_button_and_by_text_after_the_plan_is_done(chat: Chat) -> None:
    chat.press("/start_plan")
    chat.says("my aunt rosa 555-0101, coach dave, my friend Kai")
    first = chat.plan()["safe_people"][0]["id"]
    chat.press(f'/remove_item{{"item": {first}}}')
    for _ in range(3):
        chat.press("/no_more")
    chat.says("delete coach dave")
    assert chat.names("safe_people") == ["Kai"]


def test_the_language_is_switched_in_the_middle_of_the_plan(chat: Chat) -> None:
    chat.press("/start_plan")
    chat.says("my aunt rosa 555-0101")
    answer = chat.say("can we do this in spanish")
    assert [message["lang"] for message in answer] == ["es", "es"]
    assert "¿Alguien más?" in texts(answer)
    chat.says("mi primo Beto")
    assert len(chat.names("safe_people")) == 2
    assert chat.press("/speak_english")[-1]["lang"] == "en"


def test_a_typed_command_of_the_dialogue_engine_is_only_text(chat: Chat) -> None:
    chat.press("/start_plan")
    chat.say("my aunt rosa 555-0101")
    item = chat.plan()["safe_people"][0]["id"]
    for command in ("/restart", "/session_start", "/confirm_erase", f'/remove_item{{"item": {item}}}', "/", "/back"):
        chat.say(command)
    chat.say("my friend Kai 555-0142")
    plan = chat.plan()
    assert plan["safe_people"][0]["id"] == item
    assert [entry["phone"] for section in plan.values() for entry in section] == ["555-0101", "555-0142"]


def test_everything_is_erased_by_words_and_a_button(chat: Chat) -> None:
    chat.press("/start_plan")
    chat.says("my aunt rosa 555-0101")
    offered = chat.say("delete everything i said")
    assert "/confirm_erase" in [button["payload"] for message in offered for button in message["buttons"]]
    assert "erased" in chat.presses("/confirm_erase")
    assert chat.names("safe_people") == []
    assert "rosa" not in texts(chat.messages()).lower()
    chat.press("/start_plan")
    chat.says("my cousin Bea")
    assert chat.names("safe_people") == ["Bea"]


def test_a_deleted_conversation_is_gone(chat: Chat) -> None:
    assert chat.erase() == 204
    assert chat.post({"text": "hello"}).status_code == 401
