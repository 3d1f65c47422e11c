"""What a line of the plan reads after it was corrected."""

from dataclasses import replace

from .lexicon import lexicon
from .model import MAX_NAME, Item, Kind
from .names import with_capitals
from .targets import IDLE_WORDS, Targets, distance, words_of
from .text import fold


def replaced(old: Item, new: Item, word: str, kind: Kind) -> Item:
    """The old line with `new` said instead of `word`, a word of its name (empty: of the whole)."""
    if kind == "places":
        name = _place_name(old.name, new.name, word)
        return new if name == new.name and not _alike(old.name, name) else _with_rest(old, new, name)
    if new.relationship and fold(new.name) == fold(new.relationship):
        return _other_relationship(old, new)
    if new.relationship:
        return new if fold(new.relationship) != fold(old.relationship or "") else _with_rest(old, new, new.name)
    return _with_rest(old, new, _person_name(old, new.name, word))


def _alike(old: str, new: str) -> bool:
    """Two names of one place: they share a word that says something."""
    return bool(set(words_of(old)) & set(words_of(new)) - IDLE_WORDS)


def _with_rest(old: Item, new: Item, name: str) -> Item:
    merged = Targets.merged(old, new)
    return replace(merged, name=name[:MAX_NAME])


def _person_name(old: Item, name: str, word: str) -> str:
    words = old.name.split()
    if word and len(name.split()) < 3:
        at = next((i for i, w in enumerate(words) if fold(w).removesuffix("s") == word.removesuffix("s")), None)
        if at is not None and not _has_title(name):
            return " ".join([*words[:at], name, *words[at + 1 :]])
    if len(words) > 1 and _has_title(old.name) and not _has_title(name) and len(name.split()) == 1:
        return f"{words[0]} {name}"
    return name


def _has_title(name: str) -> bool:
    return fold(name.split()[0]).removesuffix(".") in lexicon().words("titles")


def _place_name(old: str, new: str, word: str) -> str:
    """ "6th" or "on 6th" said instead of "5th" in "the library on 5th"."""
    words, said = old.split(), new.split()
    folded = [fold(w) for w in words]
    if word not in folded:
        return new
    at = folded.index(word)
    begin = at - len(said) + 1
    if fold(said[0]) in lexicon().words("possessives"):
        return new
    if begin >= 0 and folded[begin:at] == [fold(w) for w in said[:-1]]:
        return " ".join([*words[:begin], *said, *words[at + 1 :]])
    return new


def _other_relationship(old: Item, new: Item) -> Item:
    """ "dave is my uncle not my coach": Coach Dave becomes Uncle Dave."""
    before, after = fold(old.relationship or ""), new.relationship or ""
    words = old.name.split()
    if fold(old.name) == before:
        return replace(new, phone=new.phone or old.phone, note=new.note or old.note)
    if before and fold(words[0]) == before and len(words) > 1:
        title = [with_capitals(after)] if fold(after) in lexicon().words("titles") else []
        words = [*title, *words[1:]]
    return replace(Targets.merged(old, new), name=" ".join(words)[:MAX_NAME], relationship=after)


def similar(name: str, other: str) -> bool:
    """One spelling of the other: "Rose" and "Rosa"."""
    for a in fold(name).split():
        for b in fold(other).split():
            limit = 1 if min(len(a), len(b)) < 5 else 3
            if min(len(a), len(b)) > 2 and (
                distance(a, b, limit) <= limit or (a[:3] == b[:3] and min(len(a), len(b)) > 3)
            ):
                return True
    return False
