"""Every word the bot says, held to the content rules: both languages, short, plain, true, no blame."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from textstat import textstat

ROOT = Path(__file__).parents[1]
RESOURCES = ROOT / "resources"
RESPONSES = ROOT / "bot" / "domain" / "responses"
INTENTS = ROOT / "bot" / "domain" / "intents.yml"

TEXT_FILES = (
    "plan/sections.yml",
    "texts/plan.yml",
    "texts/app.yml",
    "texts/safety.yml",
    "texts/widget.yml",
    "texts/referrals.yml",
    "texts/directory.yml",
    "texts/help.yml",
)
LANGUAGES = ("en", "es")
MAX_WORDS = 60
#: Shorter texts are labels; a reading formula says nothing about them.
LABEL_WORDS = 3
#: Payloads that the app answers itself, so that Rasa has no intent for them.
APP_PAYLOADS = {"confirm_erase"}

FORBIDDEN = {
    "en": (
        r"(child )?prostitut\w*|hookers?|sex[ -]work\w*|promiscuous|escorts?|sluts?|whores?"
        r"|why did(n't| not) you|you should( not|n't)? have|you could have|your fault"
        r"|manipulat\w*|attention[- ]seeking|overreact\w*|calm down|just ignore"
        r"|victims?|addicts?|junkies?|runaways?(?! safeline)|commit(ted)? suicide"
    ),
    "es": (
        r"prostitut\w*|puta\w*|trabajo sexual|trabajador\w* sexual\w*|promiscu\w*"
        r"|por qué no|debiste|deberías haber|hubieras|tu culpa"
        r"|manipula\w*|llama\w* la atención|exager\w*|cálmate|tranquilízate"
        r"|víctimas?|drogadict\w*|fugitiv\w*|cometer suicidio|usted(es)?"
    ),
}
#: What the bot must never claim to have done or to be about to do.
FALSE_CLAIMS = {
    "en": (
        r"\b(i|we)('ve| have|'ll| will)? (just |already )?"
        r"(called|reported|alerted|sent|notified|call|report|send) (the|911|cps|police|someone|your|an?)\b"
        r"|help is (on|coming)|(someone|police) (is|are) on (the|their) way"
    ),
    "es": (
        r"\b(ya )?(llamé|reporté|avisé|mandé|enviamos|llamamos|reportamos|avisamos) (a|al|la)\b"
        r"|(ayuda|policía) (ya )?(va|viene|está) en camino"
    ),
}
TEXT_TO_911 = r"\btext (to )?911|\bmensajes? al 911|\benvía \w+ al 911"
EMOJI = re.compile("[\u2190-\u2bff\u2600-\u27bf\U0001f000-\U0001faff\ufe0f]")


class Text(NamedTuple):
    key: str
    language: str
    text: str
    said: bool  # a message or a sentence, not the name of a line


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def is_pair(node: Any) -> bool:
    return isinstance(node, dict) and bool(node) and set(node) <= set(LANGUAGES)


def pairs(node: Any, key: str) -> Iterator[tuple[str, dict[str, str]]]:
    """All `{en, es}` maps under a node, with the way to them."""
    if is_pair(node):
        yield key, node
    elif isinstance(node, dict):
        for name, child in node.items():
            yield from pairs(child, f"{key}.{name}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from pairs(child, f"{key}.{_name(child, index)}")


def _name(child: Any, index: int) -> str:
    return str(child.get("key") or child.get("id") or index) if isinstance(child, dict) else str(index)


def strings(node: Any, key: str) -> Iterator[tuple[str, str]]:
    """All strings under a node that stand outside an `{en, es}` map."""
    if isinstance(node, str):
        yield key, node
    elif isinstance(node, dict) and not is_pair(node):
        for name, child in node.items():
            yield from strings(child, f"{key}.{name}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from strings(child, f"{key}.{_name(child, index)}")


def responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(RESPONSES.glob("*.yml")):
        for name, variations in load(path)["responses"].items():
            assert name not in found, f"{name} is written twice"
            found[name] = variations
    return found


RESPONSE = responses()
DIRECTORY_FILES = ("directory/national.yml", "directory/states.yml", "directory/taxonomy.yml")
#: Names of lines, words to be sent, and parts of sentences.
NO_SENTENCES = re.compile(
    r"\.(name|keyword|asks)$|^directory/states\.yml\..*\.note$"
    r"|^texts/directory\.yml\.(reasons|days|months|zones|date|time_in_zone)"
)
PAIRS = [
    (key, pair)
    for name in (*TEXT_FILES, *DIRECTORY_FILES)
    for key, pair in pairs(load(RESOURCES / name), name)
    if not key.endswith((".asks", ".keyword"))
]


def all_texts() -> Iterator[Text]:
    for key, pair in PAIRS:
        said = not NO_SENTENCES.search(key)
        for language, text in pair.items():
            yield Text(key, language, text, said)
    for name, variations in RESPONSE.items():
        for language, variation in zip(("es", "en"), variations, strict=True):
            yield Text(name, language, variation["text"], True)
            for button in variation.get("buttons", ()):
                yield Text(f"{name} {button['payload']}", language, button["title"], True)


TEXTS = list(all_texts())
SAFETY = [t for t in TEXTS if t.key.startswith("texts/safety.yml") or t.key.startswith("utter_")]


def each(texts: list[Text]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("text", texts, ids=[f"{t.key}[{t.language}]" for t in texts])


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d[\d-]*", text)


def filled(text: str) -> str:
    """The text as a person sees it, with a name where a placeholder stands."""
    return re.sub(r"\{\w+\}", "Rosa", text)


def syllables_es(word: str) -> int:
    """Vowel groups, where two strong or stressed vowels side by side count as two."""
    word = re.sub(r"([qg])u(?=[eiéí])", r"\1", word.lower())
    word = re.sub(r"y$", "i", word)
    hiatus = len(re.findall(r"(?=[aeoáéíóú][aeoáéíóú])", word))
    return max(1, len(re.findall(r"[aeiouáéíóúü]+", word)) + hiatus)


def fernandez_huerta(text: str) -> float:
    """Ease of reading in Spanish, 0 to 100 and above (Fernández Huerta 1959); 70 is fairly easy."""
    found = [word for word in words(text) if word[0].isalpha()]
    sentences = [part for part in re.split(r"[.!?:;]+", text) if words(part)]
    per_word = sum(map(syllables_es, found)) / len(found)
    return 206.84 - 60 * per_word - 1.02 * len(found) / len(sentences)


# Both languages, nothing empty, short


@pytest.mark.parametrize(("key", "pair"), PAIRS, ids=[key for key, _ in PAIRS])
def test_every_text_has_both_languages(key: str, pair: dict[str, str]) -> None:
    assert set(pair) == set(LANGUAGES)
    assert all(isinstance(text, str) and text.strip() for text in pair.values())


@pytest.mark.parametrize("name", [*TEXT_FILES])
def test_every_text_stands_in_a_map_of_languages(name: str) -> None:
    bare = [key for key, _ in strings(load(RESOURCES / name), name)]
    assert [key for key in bare if not re.search(r"\.(key|kind|contacts\.\d+)$", key)] == []


@pytest.mark.parametrize(("key", "pair"), PAIRS, ids=[key for key, _ in PAIRS])
def test_both_languages_have_the_same_placeholders(key: str, pair: dict[str, str]) -> None:
    assert set(re.findall(r"\{\w*\}", pair["en"])) == set(re.findall(r"\{\w*\}", pair["es"]))


@each(TEXTS)
def test_is_not_empty_and_at_most_sixty_words(text: Text) -> None:
    assert text.text.strip()
    assert len(text.text.split()) <= MAX_WORDS


@each(TEXTS)
def test_asks_at_most_one_question(text: Text) -> None:
    assert text.text.count("?") <= 1


# Easy to read


ENGLISH = [t for t in TEXTS if t.language == "en" and t.said and len(words(t.text)) > LABEL_WORDS]
SPANISH = [t for t in TEXTS if t.language == "es" and t.said and len(words(t.text)) > LABEL_WORDS]


@each(ENGLISH)
def test_english_reads_at_grade_six_or_lower(text: Text) -> None:
    textstat.set_lang("en_US")
    assert textstat.flesch_kincaid_grade(filled(text.text)) <= 6


@each(SPANISH)
def test_spanish_reads_easily(text: Text) -> None:
    assert fernandez_huerta(filled(text.text)) >= 70


@pytest.mark.parametrize(
    ("word", "count"),
    [("plan", 1), ("guardado", 3), ("quien", 1), ("día", 2), ("aéreo", 4), ("ahora", 3), ("muy", 1)],
)
def test_syllables_are_counted_as_spoken(word: str, count: int) -> None:
    assert syllables_es(word) == count


# Nothing that hurts, frightens or is not true


@each(TEXTS)
def test_has_no_forbidden_word(text: Text) -> None:
    assert not re.search(rf"\b({FORBIDDEN[text.language]})\b", text.text, re.IGNORECASE)


@each(TEXTS)
def test_never_claims_to_have_called_reported_or_sent(text: Text) -> None:
    assert not re.search(FALSE_CLAIMS[text.language], text.text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("language", "claim"),
    [("en", "I have reported the abuse"), ("en", "Help is on the way"), ("es", "Ya llamé a la policía")],
)
def test_a_false_claim_would_be_noticed(language: str, claim: str) -> None:
    assert re.search(FALSE_CLAIMS[language], claim, re.IGNORECASE)


@each(TEXTS)
def test_has_no_exclamation_mark_and_no_emoji(text: Text) -> None:
    assert not re.search("[!¡]", text.text)
    assert not EMOJI.search(text.text)


@each(SAFETY)
def test_never_promises_text_to_911(text: Text) -> None:
    assert not re.search(TEXT_TO_911, text.text, re.IGNORECASE)


# The answers to a worry


class Answer(NamedTuple):
    category: str
    role: str
    severity: str
    language: str
    text: str

    def sentences(self) -> list[str]:
        return re.findall(r"[^.?]+[.?]", self.text)


NET = load(RESOURCES / "texts" / "safety.yml")
ANSWERS = [
    Answer(category, role, severity, language, text)
    for category, roles in NET["answers"].items()
    for role, severities in roles.items()
    for severity, entry in severities.items()
    for language, text in entry["text"].items()
]
#: At least one of these stands in a text for a youth, so that it also fits a friend of theirs.
FRIEND = {
    "en": r"friend|someone|anyone|others",
    "es": r"alguien|amig[oa]|otra persona",
}
PHONE_BILL = {"en": "Calls can show on a phone bill.", "es": "Las llamadas pueden salir en la factura."}


def each_answer(severity: str = "", role: str = "", category: str = "") -> pytest.MarkDecorator:
    wanted = [a for a in ANSWERS if severity in ("", a.severity) and role in ("", a.role)]
    wanted = [a for a in wanted if category in ("", a.category)]
    return pytest.mark.parametrize("answer", wanted, ids=["-".join(a[:4]) for a in wanted])


def test_the_safety_net_holds_what_is_said_around_an_answer() -> None:
    assert set(NET) == {"answers", "check_in", "repeat", "denied", "go_on", "as_i_wrote"}
    assert set(NET["check_in"]) == {"youth", "caregiver"}
    assert set(NET["repeat"]) == {"emergency", "urgent", "concern"}
    assert all(is_pair(NET[key]) for key in ("denied", "go_on", "as_i_wrote"))


@each_answer("emergency")
def test_an_emergency_says_911_in_its_first_two_sentences(answer: Answer) -> None:
    assert "911" in "".join(answer.sentences()[:2])


@each_answer("emergency")
def test_an_emergency_instructs_and_does_not_ask(answer: Answer) -> None:
    assert "?" not in answer.text


@each_answer("urgent")
def test_an_urgent_answer_asks_one_question_about_now_and_names_911(answer: Answer) -> None:
    assert re.findall(r"(now|ahora)\?", answer.text) == [{"en": "now", "es": "ahora"}[answer.language]]
    assert "911" in answer.text


@each_answer("concern")
def test_a_concern_asks_nothing(answer: Answer) -> None:
    assert "?" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_do_not_all_begin_alike(language: str) -> None:
    starts = Counter(" ".join(words(a.text)[:3]).lower() for a in ANSWERS if a.language == language)
    assert [start for start, count in starts.items() if count > 2] == []


@each_answer(role="youth")
def test_a_text_for_a_youth_fits_a_friend_too(answer: Answer) -> None:
    assert re.search(FRIEND[answer.language], answer.text)


@each_answer()
def test_the_phone_bill_is_named_once_at_most_and_only_to_a_youth(answer: Answer) -> None:
    assert answer.text.count(PHONE_BILL[answer.language]) <= (answer.role == "youth")


@pytest.mark.parametrize("category", NET["answers"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_youth_is_told_of_the_phone_bill_where_money_or_safety_allows(category: str, language: str) -> None:
    texts = [a.text for a in ANSWERS if (a.category, a.role, a.language) == (category, "youth", language)]
    named = any(PHONE_BILL[language] in text for text in texts)
    # Pictures are reported on the web; anger has to reach 988 at once.
    assert named or category in ("online_exploitation", "harm_to_others", "overdose")


@each_answer(role="caregiver", category="missing_child")
def test_a_missing_child_is_reported_at_once_and_to_ncmec(answer: Answer) -> None:
    assert answer.text.index("911") < answer.text.index("NCMEC")
    if answer.severity != "concern":
        assert re.search("no waiting time|no hay que esperar", answer.text)
        assert "1-800-843-5678" in answer.text


@each_answer(severity="emergency", category="overdose")
def test_an_overdose_is_911_then_poison_help_and_staying(answer: Answer) -> None:
    assert answer.text.index("911") < answer.text.index("Poison Help")
    assert re.search("Stay with|Quédate", answer.text)
    assert re.search("naloxon", answer.text)


@each_answer(role="youth", category="online_exploitation")
def test_pictures_used_as_a_threat_are_no_trouble_for_a_youth(answer: Answer) -> None:
    assert "Take It Down" in answer.text
    if answer.severity != "concern":
        assert re.search("not in trouble|no estás en problemas", answer.text, re.IGNORECASE)
        assert re.search("Don't pay, don't send more|No pagues, no mandes más", answer.text)
        assert "CyberTipline" in answer.text


#: Names that would tell the readers what they are.
LABELS = r"traffick\w*|\btrata\b|traficad\w*|exploit\w*|explot\w*"


@each_answer()
def test_an_answer_never_names_what_the_reader_is(answer: Answer) -> None:
    assert not re.search(LABELS, answer.text, re.IGNORECASE)


LAW_ENFORCEMENT = r"\bHSI\b|\bFBI\b|\bICE\b|Know2Protect|Homeland"


@each_answer(role="youth")
def test_a_youth_is_never_sent_to_agents_unasked(answer: Answer) -> None:
    assert not re.search(LAW_ENFORCEMENT, answer.text)


@pytest.mark.parametrize("severity", NET["repeat"])
def test_a_repeat_points_to_the_lines_above_and_is_short(severity: str) -> None:
    said = NET["repeat"][severity]
    assert "lines above are still there" in said["en"]
    assert "líneas de arriba siguen ahí" in said["es"]
    assert all(len(text.split()) <= 40 for text in said.values())
    assert severity == "concern" or all("911" in text for text in said.values())


# Responses


WANTED = [
    "greet",
    "goodbye",
    "thanks",
    "affirm",
    "deny",
    "how_are_you",
    "bot_challenge",
    "chitchat",
    "insult",
    "what_can_you_do",
    "ask_privacy",
    "ask_kept",
    "ask_report",
    "ask_erase",
    "ask_cost",
    "ask_leave_quickly",
    "ask_who_made",
    "talk_human",
    "worried_friend",
    "ask_rights",
    "ask_trafficking",
    "feel_sad",
    "feel_scared",
    "feel_angry",
    "feel_better",
    "child_missing",
    "child_back",
    "child_said_something",
    "caregiver_tired",
    "out_of_scope",
    "just_looking",
    "i_am_youth",
    "i_am_caregiver",
    "nlu_fallback",
    "safe_now",
    "not_safe_now",
    "after_concern",
]


@pytest.mark.parametrize("intent", WANTED)
def test_there_is_a_response_for_the_intent(intent: str) -> None:
    assert f"utter_{intent}" in RESPONSE


@pytest.mark.parametrize("name", RESPONSE)
def test_response_is_spanish_by_the_slot_and_english_by_default(name: str) -> None:
    spanish, english = RESPONSE[name]
    assert spanish["condition"] == [{"type": "slot", "name": "language", "value": "es"}]
    assert "condition" not in english


@pytest.mark.parametrize("name", RESPONSE)
def test_both_languages_offer_the_same_buttons_and_contacts(name: str) -> None:
    spanish, english = RESPONSE[name]
    assert [b["payload"] for b in spanish.get("buttons", ())] == [b["payload"] for b in english.get("buttons", ())]
    assert spanish.get("custom") == english.get("custom")


@pytest.mark.parametrize("name", RESPONSE)
def test_every_button_names_a_known_intent(name: str) -> None:
    known = {intent if isinstance(intent, str) else next(iter(intent)) for intent in load(INTENTS)["intents"]}
    for variation in RESPONSE[name]:
        for button in variation.get("buttons", ()):
            assert button["payload"].removeprefix("/") in known | APP_PAYLOADS
