import pytest

from porchlight.plans.reading import Item, Move, Turn, read_turn


def read(text: str, intent: str | None = None) -> Turn:
    return read_turn(text, kind="contacts", known=(), section="who_to_call", language="en", intent=intent, stage="ask")


def shown(item: Item) -> str:
    """ "Name|relationship|phone|note", empty ends left out."""
    parts = (item.name, item.relationship or "", item.phone or "", item.note or "")
    return "|".join(parts).rstrip("|")


CONTACTS = {
    "988": ["988||988"],
    "call 988": ["988||988"],
    "2-1-1": ["2-1-1||2-1-1"],
    "the trevor project": ["the trevor project"],
    "trevor project 866-488-7386": ["trevor project||866-488-7386"],
    "my caseworker Dana 555-0123": ["Dana|caseworker|555-0123"],
    "caseworker dana, 555-0123": ["Dana|caseworker|555-0123"],
    "my lawyer mr hill 555-0190": ["Mr Hill|lawyer|555-0190"],
    "crisis text line 741741": ["crisis text line||741741"],
    "text HOME to 741741": ["741741||741741|text HOME to"],
    "1-800-RUNAWAY": ["1-800-RUNAWAY||1-800-RUNAWAY"],
    "trevor project and 988": ["trevor project", "988||988"],
    "988 and my aunt": ["988||988", "Aunt|aunt"],
    "my school counselor ms diaz and 988": ["Ms Diaz|school counselor", "988||988"],
    "my caseworkers after hours line 555-0177": ["Caseworkers after hours line||555-0177"],
    "youth law center 555-0155": ["youth law center||555-0155"],
    "the lgbt center": ["the lgbt center"],
    "dr patel's office 555-0160": ["Dr Patel's Office||555-0160"],
    "Safe Horizon": ["Safe Horizon"],
    "covenant house": ["covenant house"],
}


@pytest.mark.parametrize(("text", "expected"), CONTACTS.items())
def test_contacts(text: str, expected: list[str]) -> None:
    turn = read(text)
    assert turn.move is Move.ADD
    assert [shown(item) for item in turn.items] == expected


NO_CONTACTS = """
not the cops
my phone is dead
why would i call
im ok
my number is 555-0101
my dad came in my room
""".strip().splitlines()


@pytest.mark.parametrize("text", NO_CONTACTS)
def test_talk_is_no_contact(text: str) -> None:
    assert read(text).items == ()
