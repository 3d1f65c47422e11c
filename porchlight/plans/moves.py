"""What each move does to a plan, and what is said after it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from porchlight.plans import queries
from porchlight.plans.model import Plan
from porchlight.plans.phrases import Say, buttons_of, numbered, phrase, whole_plan
from porchlight.plans.reading import MAX_ITEMS, Item, Known, Language, Move, Turn, find_known
from porchlight.plans.sections import Section, all_sections, section_of

ASK_BUTTONS = ("skip", "back", "stop")
MORE_BUTTONS = ("go_on", "change", "stop")
FOLLOW_UPS = ("which_change", "which_remove", "instead")
#: Moves under which an answer to "which one?" may be read.
NAMING_MOVES = (Move.ADD, Move.UNCLEAR, Move.CHANGE, Move.REMOVE)


def _is_full(turn: Turn) -> bool:
    """Whether what was added is more than a bare name, which after "which one?" was meant as an answer to it."""
    return len(turn.items) > 1 or any(item.phone or item.relationship or item.note for item in turn.items)


class Talk:
    """One turn of the talk about one plan: collects what is said while the rows change."""

    def __init__(self, session: Session, plan: Plan, language: Language) -> None:
        self.session, self.plan, self.language = session, plan, language
        self.says: list[Say] = []
        self.asked = False
        self._known: list[Known] | None = None
        self._statuses: dict[str, str] | None = None

    @property
    def known(self) -> list[Known]:
        """The items of the plan, as they are now."""
        if self._known is None:
            self._known = queries.items_of(self.session, self.plan.conversation_id)
        return self._known

    @property
    def statuses(self) -> dict[str, str]:
        """Of the sections, as they are now."""
        if self._statuses is None:
            self._statuses = queries.statuses_of(self.session, self.plan.conversation_id)
        return self._statuses

    @property
    def section(self) -> Section | None:
        return section_of(self.plan.asking) if self.plan.asking else None

    # What is said

    def say(self, *says: Say) -> None:
        self.says.extend(says)

    def ask(self, lead: str = "") -> None:
        """Say the question that is open, after `lead`."""
        question = self.question()
        self.say(question.after(lead) if lead else question)
        self.asked = True

    def ask_again(self) -> None:
        """Say the open question as on the way back from something else; nothing when none is open."""
        if self.plan.asking:
            self.ask(phrase("back_to_plan", self.language).text)

    def question(self) -> Say:
        """The question that is open, in the words of its section and stage."""
        section = self._asking()
        if self.plan.stage == "instead":
            return phrase("what_instead", self.language, name=self._focused().item.name)
        if self.plan.stage in FOLLOW_UPS:
            return self._with_list(phrase(self.plan.stage, self.language), self._candidates())
        if self.plan.stage == "more":
            return Say(section.more[self.language], buttons_of(MORE_BUTTONS, self.language))
        return Say(section.ask[self.language], buttons_of(ASK_BUTTONS, self.language))

    def offer(self) -> None:
        """No question is open: say how to begin, go on, or change the plan."""
        if not self.known:
            self.say(phrase("show_empty", self.language, ["start"]))
        elif self._first_open():
            self.say(phrase("stopped", self.language, ["continue", "show"]))
        else:
            self._say_done()

    # What is done

    def open(self) -> None:
        """Begin, or go on at the first open question."""
        if self.plan.asking:
            self.ask_again()
            return
        section = self._first_open()
        if section is None:
            self._say_done()
            return
        began = bool(self.known or self.statuses)
        self.say(phrase("resume" if began else "intro", self.language))
        self._enter(section)

    def go_on(self) -> None:
        """ "Continue" in the middle of the plan: close a section that was answered, else ask it again."""
        if self.plan.stage == "more":
            self._close()
        else:
            self.ask_again()

    def do_turn(self, turn: Turn, text: str) -> None:
        """Do what a free text says."""
        if self.plan.stage in FOLLOW_UPS and self._answer_follow_up(turn, text):
            pass
        elif turn.move is Move.ADD:
            self._add(turn)
        elif turn.move is Move.CHANGE and turn.items:
            self._change(turn)
        else:
            self.do_move(turn.move, turn.target)
        if turn.then and self.plan.asking:
            self._drop_question()
            self.do_move(turn.then)

    def do_move(self, move: Move, target: int | None = None) -> None:
        """Do a move that brings no text of its own."""
        deeds: dict[Move, Callable[[], None]] = {
            Move.NO_MORE: self._close,
            Move.SKIP: self._close,
            Move.BACK: self._back,
            Move.SHOW: self._show,
            Move.STOP: self._stop,
            Move.WHY: lambda: self._say_of_section("why"),
            Move.EXAMPLE: lambda: self._say_of_section("example"),
            Move.DONT_KNOW: self._hesitate,
            Move.CHANGE: lambda: self._pick("which_change", target),
            Move.REMOVE: lambda: self._pick("which_remove", target),
        }
        deeds.get(move, self._unclear)()

    # Adding, changing, removing

    def _add(self, turn: Turn) -> None:
        section = self._asking()
        first = not self.known
        for item in turn.items:
            queries.add_item(self.session, self.plan.conversation_id, section.key, item)
        self._known = None
        hint = "too_many" if len(turn.items) == MAX_ITEMS else "correct_hint" if first else None
        self._read_back("heard", section, phrase(hint, self.language).text if hint else "")
        self._stay(section)

    def _change(self, turn: Turn) -> None:
        target = self._find(turn.target)
        if target is None:
            self._pick("which_change", None)
            return
        queries.change_item(self.session, self.plan.conversation_id, target.id, turn.items[0])
        self._known = None
        self._read_back("changed", section_of(target.section))
        self._settle()

    def _remove(self, target: Known) -> None:
        queries.remove_item(self.session, self.plan.conversation_id, target.id)
        self._known = None
        left = [each for each in self.known if each.section == target.section]
        self.say(phrase("removed" if left else "removed_section_empty", self.language, name=target.item.name))
        self._settle()

    def _pick(self, stage: str, target_id: int | None) -> None:
        """Change or remove an item that may not be named yet: ask which, or what instead."""
        target = self._find(target_id)
        if not self.known:
            self.say(phrase("nothing_yet", self.language))
            self.ask_again()
        elif target and stage == "which_remove":
            self._remove(target)
        else:
            self._ask_follow_up("instead" if target else stage, target)

    def _ask_follow_up(self, stage: str, target: Known | None) -> None:
        self.plan.stage, self.plan.focus = stage, target.id if target else None
        self.plan.asking = self.plan.asking or (target or self.known[-1]).section
        self.ask()

    def _answer_follow_up(self, turn: Turn, text: str) -> bool:
        """Whether the text answered "which one?" or "what instead?"; all else leaves that question."""
        if self.plan.stage == "instead" and turn.items:
            return self._put_instead(turn.items[0])
        named = self._find(turn.target) or self._named_in(text)
        if self.plan.stage != "instead" and named and turn.move in NAMING_MOVES:
            self._named(named, turn)
            return True
        if turn.move is Move.UNCLEAR or (turn.move is Move.ADD and not _is_full(turn)):
            self.ask()
            return True
        self.plan.stage, self.plan.focus = self._resting_stage(), None
        if turn.move in (Move.NO_MORE, Move.DONT_KNOW, Move.SKIP, Move.BACK):
            self._settle()
            return True
        return False

    def _named_in(self, text: str) -> Known | None:
        """The item that a short answer names: of those that were listed, or else of the whole plan."""
        listed = find_known(text, self._candidates(), self.language)
        return listed or find_known(text, self.known, self.language)

    def _named(self, named: Known, turn: Turn) -> None:
        if self.plan.stage == "which_remove":
            self._remove(named)
        elif turn.move is Move.CHANGE and turn.items and turn.target == named.id:
            self._change(turn)
        else:
            self._ask_follow_up("instead", named)

    def _put_instead(self, new: Item) -> bool:
        old = self._focused()
        merged = Item(
            name=new.name or old.item.name,
            relationship=new.relationship or old.item.relationship,
            phone=new.phone or old.item.phone,
            note=new.note or old.item.note,
        )
        self._change(Turn(Move.CHANGE, (merged,), target=old.id))
        return True

    # Moving

    def _close(self) -> None:
        """Go on from this section: done when it holds something, else skipped."""
        section = self._asking()
        holds = any(each.section == section.key for each in self.known)
        queries.set_status(self.session, self.plan.conversation_id, section.key, "done" if holds else "skipped")
        self._statuses = None
        if not holds:
            self.say(Say(section.skipped[self.language]))
        self._go_to_next()

    def _go_to_next(self) -> None:
        section = self._first_open()
        if section:
            self._enter(section)
            return
        self.plan.asking = None
        self._say_done()

    def _back(self) -> None:
        sections = all_sections()
        place = sections.index(self._asking())
        if place == 0:
            self.say(phrase("back_at_start", self.language))
            self.ask()
            return
        queries.set_status(self.session, self.plan.conversation_id, sections[place - 1].key, "open")
        self._statuses = None
        self._enter(sections[place - 1])

    def _stop(self) -> None:
        self.plan.asking, self.plan.stage, self.plan.focus = None, "ask", None
        self.say(phrase("stopped", self.language, ["continue", "show"]))

    def _enter(self, section: Section) -> None:
        """Open a section: say why and ask, or, when it holds something already, ask what to do with it."""
        self.plan.asking, self.plan.focus, self.plan.hesitated = section.key, None, False
        self.plan.stage = self._resting_stage()
        if self.plan.stage == "ask":
            self.ask(section.why[self.language])
            return
        items = [each.item for each in self.known if each.section == section.key]
        text = f"{numbered(items)}\n\n{section.again[self.language]}"
        self.say(Say(text, buttons_of(MORE_BUTTONS, self.language)))
        self.asked = True

    # Saying more

    def _show(self) -> None:
        text = whole_plan(self.known, self.statuses, self.language)
        self.say(
            Say(f"{phrase('show', self.language).text}\n\n{text}")
            if self.known
            else phrase("show_empty", self.language)
        )
        if self.plan.asking:
            self.ask_again()
        elif not self.known:
            self.says[-1] = phrase("show_empty", self.language, ["start"])

    def _say_of_section(self, part: str) -> None:
        section = self._asking()
        self.say(Say(getattr(section, part)[self.language], self.question().buttons))
        self.asked = True

    def _hesitate(self) -> None:
        """ "I don't know": a few kinds to think of, once; the second time we go on."""
        if self.plan.hesitated or self.plan.stage == "more":
            self._close()
            return
        self.plan.hesitated = True
        self._say_of_section("dont_know")

    def _unclear(self) -> None:
        self.say(Say(phrase(f"unclear_{self._asking().kind}", self.language).text, self.question().buttons))
        self.asked = True

    def _say_done(self) -> None:
        key = "done_some_skipped" if "skipped" in self.statuses.values() else "done"
        self.say(phrase(key, self.language, ["show", "change", "print"]))

    # Helpers

    def _read_back(self, key: str, section: Section, hint: str = "") -> None:
        items = [each.item for each in self.known if each.section == section.key]
        parts = [f"{phrase(key, self.language).text}\n{numbered(items)}", hint]
        self.say(Say("\n\n".join(part for part in parts if part)))

    def _settle(self) -> None:
        """After a change: back to the open section, or to none when the plan was complete."""
        section = self.section
        if section is None or self.statuses.get(section.key) in ("done", "skipped"):
            self.plan.asking, self.plan.stage, self.plan.focus = None, "ask", None
        else:
            self._stay(section)

    def _stay(self, section: Section) -> None:
        self.plan.asking, self.plan.focus = section.key, None
        self.plan.stage = self._resting_stage()
        self.ask()

    def _drop_question(self) -> None:
        """A second move in the same message answers the question that was just said: do not say it."""
        if self.asked:
            self.says.pop()
            self.asked = False

    def _resting_stage(self) -> str:
        return "more" if any(each.section == self.plan.asking for each in self.known) else "ask"

    def _first_open(self) -> Section | None:
        return next((each for each in all_sections() if self.statuses.get(each.key, "open") == "open"), None)

    def _find(self, item_id: int | None) -> Known | None:
        return next((each for each in self.known if each.id == item_id), None)

    def _focused(self) -> Known:
        return self._find(self.plan.focus) or self.known[-1]

    def _candidates(self) -> list[Known]:
        """What "which one?" may mean: the items of the section asked now; all when that is empty or closed."""
        if self.statuses.get(self.plan.asking or "", "open") != "open":
            return self.known
        return [each for each in self.known if each.section == self.plan.asking] or self.known

    def _with_list(self, question: Say, candidates: list[Known]) -> Say:
        return Say(f"{question.text}\n{numbered([each.item for each in candidates])}", question.buttons)

    def _asking(self) -> Section:
        assert self.section is not None, "a question of the plan is open"
        return self.section
