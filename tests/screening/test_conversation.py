"""Over a conversation: weak signs add up and fade, nothing is passed over, the same list is not shown each turn."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from porchlight.screening import Category, Concern, Heard, Reaction, Screening, Severity, hear
from porchlight.screening.conversation import STANDS_FOR

NOTHING, FAINT, DENIAL = Screening(), Screening(weight=0.25), Screening(denial=True)
UNSURE = Screening("check_in", (Concern("neglect", "concern", 0.5),), weight=0.5)


def worry(severity: Severity = "urgent", category: Category = "suicide") -> Screening:
    return Screening("respond", (Concern(category, severity, 0.9),), weight=1.0)


def reactions(*screenings: Screening) -> list[Reaction]:
    """What each message of a conversation leads to; what is kept goes through JSON, as in the database."""
    kept, found = None, []
    for screening in screenings:
        reaction, heard = hear(Heard.from_json(kept), screening)
        kept = json.loads(json.dumps(heard.as_json()))
        found.append(reaction)
    return found


@pytest.mark.parametrize(
    ("messages", "last"),
    [
        ([NOTHING], "none"),
        ([worry()], "respond"),
        ([worry(), worry()], "repeat"),
        ([worry("concern"), worry("urgent")], "respond"),
        ([worry("urgent"), worry("concern")], "repeat"),
        ([worry(), worry("concern", "neglect")], "respond"),
        ([UNSURE], "check_in"),
        ([UNSURE, UNSURE], "respond"),
        ([UNSURE, NOTHING, NOTHING, UNSURE], "respond"),
        ([UNSURE, *[NOTHING] * 3, UNSURE], "repeat"),
        ([UNSURE, *[NOTHING] * 7, UNSURE], "check_in"),
        ([FAINT] * 3, "none"),
        ([FAINT] * 4, "check_in"),
        ([FAINT, NOTHING, NOTHING] * 4, "none"),
        ([worry(), *[FAINT] * 4], "none"),
        ([worry(), UNSURE], "repeat"),
        ([DENIAL], "none"),
        ([worry(), DENIAL], "denied"),
        ([UNSURE, DENIAL], "denied"),
        ([worry(), DENIAL, DENIAL], "none"),
        ([worry(), DENIAL, worry("emergency")], "respond"),
        ([UNSURE, DENIAL, *[NOTHING] * 7, UNSURE, DENIAL], "denied"),
    ],
)
def test_the_last_message_leads_to(messages: Sequence[Screening], last: Reaction) -> None:
    assert reactions(*messages)[-1] == last


def test_who_repeats_a_worry_for_long_is_shown_the_list_again() -> None:
    found = reactions(*[worry()] * (2 * STANDS_FOR))
    assert found.count("respond") == 2
    assert set(found) == {"respond", "repeat"}


def test_four_faint_signs_add_up_to_what_the_file_says() -> None:
    assert reactions(*[FAINT] * 4)[-1] == "check_in"
