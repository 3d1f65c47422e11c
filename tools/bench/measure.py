"""The measurements. The bots take turns, a line each, so that what else the machine does hits both alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from tools.bench.bots import Conversation, OurConversation, Ours, Stock
from tools.bench.processes import BenchFailed, command_of, memory
from tools.bench.talks import PLANS, ROUND, ROUNDS, STOCK_ROUND, repeated

LANGUAGES = ("en", "es")
#: Turns with which each bot is woken before anything is timed.
WARM_UP = ROUND
#: What the command lines of our processes hold; the one that starts them is left.
PROCESSES = {"porchlight.web.serve": "app", "bot.launch run": "Rasa"}
#: A place in a conversation is the median of the turns this near to it.
NEAR = 5

Progress = Callable[[int], None]


@dataclass
class Times:
    """Milliseconds of the turns of each conversation."""

    ours: list[list[float]] = field(default_factory=list)
    stock: list[list[float]] = field(default_factory=list)


def all_turns(conversations: Sequence[Sequence[float]]) -> list[float]:
    return [turn for conversation in conversations for turn in conversation]


def at_turn(conversations: Sequence[Sequence[float]], place: int) -> float:
    """Milliseconds at a turn (1 is the first): the median of the turns near it in all conversations."""
    return median(all_turns([turns[max(0, place - NEAR - 1) : place + NEAR] for turns in conversations]))


def places(turns: int) -> tuple[int, int, int]:
    """Early, in the middle, late; whole rounds apart, so that the same lines are compared."""
    late = turns - NEAR
    middle = turns // 2
    return 2 * NEAR, middle - middle % ROUND, late - late % ROUND


def warm_up(ours: Ours, stock: Stock) -> None:
    for language in LANGUAGES:
        lines = repeated(ROUNDS[language], WARM_UP)
        alternate(ours.open(language), lines, stock.open(language), _stock(WARM_UP))


def plan_conversations(ours: Ours, stock: Stock, count: int, done: Progress) -> Times:
    """Whole plans, by turns in both languages; the stock bot talks of its own things for as many turns."""
    times = Times()
    for number in range(count):
        language = LANGUAGES[number % 2]
        lines = PLANS[language]
        conversation = ours.open(language)
        pair = (conversation, lines, stock.open(language), _stock(len(lines)))
        _note(times, alternate(*pair, swap=number % 4 > 1))
        _check_plan(conversation)
        done(1)
    return times


def long_conversations(ours: Ours, stock: Stock, turns: int, repeats: int, done: Progress) -> Times:
    """Conversations of `turns` turns; the language changes from one to the next."""
    times = Times()
    for number in range(repeats):
        language = LANGUAGES[number % 2]
        pair = (ours.open(language), repeated(ROUNDS[language], turns), stock.open(language), _stock(turns))
        _note(times, alternate(*pair, swap=number % 4 > 1, done=done))
    return times


def alternate(
    ours: Conversation,
    our_lines: Sequence[str],
    stock: Conversation,
    stock_lines: Sequence[str],
    swap: bool = False,
    done: Progress = lambda _: None,
) -> tuple[list[float], list[float]]:
    """The milliseconds of each turn of both. `swap`: the stock bot goes first."""
    times: tuple[list[float], list[float]] = ([], [])
    for lines in zip(our_lines, stock_lines, strict=True):
        order = (1, 0) if swap else (0, 1)
        for which in order:
            times[which].append(1000 * (ours, stock)[which].turn(lines[which]))
        done(1)
    return times


def resident(ours: Ours, stock: Stock) -> dict[str, float]:
    """Megabytes of each process; empty where the system does not say."""
    found = {"stock": sum(memory(stock.pid).values()) / 1e6}
    for pid, size in memory(ours.pid).items():
        command = command_of(pid)
        name = next((name for sign, name in PROCESSES.items() if sign in command), "supervisor")
        found[name] = found.get(name, 0.0) + size / 1e6
    return found if found["stock"] else {}


def _stock(turns: int) -> list[str]:
    return repeated(STOCK_ROUND, turns)


def _note(times: Times, pair: tuple[list[float], list[float]]) -> None:
    times.ours.append(pair[0])
    times.stock.append(pair[1])


def _check_plan(conversation: OurConversation) -> None:
    # A bot that understood nothing would be fast, too.
    if conversation.plan_items() < 4:
        raise BenchFailed("The plan holds fewer than 4 items at its end: what was timed was no plan.")
