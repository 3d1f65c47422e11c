"""What is said to the bots. A line that begins with "/" is a press of a button; the others are typed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice

Talk = Sequence[str]

#: Whole plans: answers, corrections, questions in between, buttons.
PLANS: dict[str, Talk] = {
    "en": (
        "/start_plan",
        "my aunt rosa 555-0123 she picks up late",
        "who can see this",
        "coach dan and my friend mia from school",
        "no, rose not rosa",
        "show my plan",
        "why do you ask that",
        "/no_more",
        "like what",
        "the library on main st till 8",
        "grandmas house, bus 12",
        "is this free",
        "thats all",
        "idk",
        "ms ortiz my caseworker 555-0148",
        "are you a real person",
        "change mias number to 555-0177",
        "take coach dan off",
        "thats it",
        "thanks",
    ),
    "es": (
        "/start_plan",
        "mi tia rosa 555-0123 contesta tarde",
        "quien puede ver esto",
        "el coach dani y mi amiga mia de la escuela",
        "no, rosi, no rosa",
        "muestrame mi plan",
        "por que preguntas eso",
        "/no_more",
        "como cual",
        "la biblioteca de la calle main hasta las 8",
        "la casa de mi abuela, autobus 12",
        "esto es gratis",
        "eso es todo",
        "no se",
        "la señora ortiz mi trabajadora social 555-0148",
        "eres una persona de verdad",
        "cambia el numero de mia a 555-0177",
        "quita al coach dani",
        "ya es todo",
        "gracias",
    ),
}

#: A conversation of any length repeats these: after each round the plan holds what it held before.
ROUNDS: dict[str, Talk] = {
    "en": ("/start_plan", "my aunt rosa 555-0123", "who can see this", "show my plan", "take rosa off"),
    "es": (
        "/start_plan",
        "mi tia rosa 555-0123",
        "quien puede ver esto",
        "muestrame mi plan",
        "quita a rosa",
    ),
}

#: All that the stock bot can talk about: its stories, as their author means them.
STOCK_ROUND: Talk = ("hello", "I am very sad", "yes", "are you a bot?", "goodbye")

#: Turns in a round. Two stretches of a conversation hold the same lines when they lie whole rounds apart.
ROUND = len(STOCK_ROUND)


def repeated(talk: Talk, turns: int) -> list[str]:
    return list(islice(cycle(talk), turns))
