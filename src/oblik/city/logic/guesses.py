"""Which known name is meant by one that is abbreviated, of the other language's vowels, or mistyped."""

import re
from collections import defaultdict
from typing import Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from oblik.city.logic.streets import Named

Asked = tuple[str, str, str]  # kind, fold, gender

_VOWELS: Final = re.compile("[aeiou]")
_DIGITS: Final = re.compile(r"\d+")
# Leading words that name the person's rank rather than the person: "вул. Академіка Павлова" is "вул. Павлова".
_TITLES: Final = frozenset({"akademik", "general", "marshal", "profesor", "kniaz", "svat", "gert", "bratv"})
_BATCH: Final = 2_000


class Guesser:
    """Indexes over folded names; each guess is made only inside the kind that was asked for."""

    def __init__(self, names: dict[str, list[Named]]) -> None:
        self._names = names
        self._by_loose: dict[str, list[str]] = defaultdict(list)
        self._by_word: dict[str, list[str]] = defaultdict(list)
        self._by_kind: dict[str, list[str]] = defaultdict(list)
        for fold, named in names.items():
            self._by_loose[loose(fold)].append(fold)
            words = fold.split(" ")
            if len(words) > 1:
                for word in words:
                    self._by_word[word].append(fold)
            for kind in {one.kind for one in named} | {""}:
                self._by_kind[kind].append(fold)

    def related(self, kind: str, fold: str) -> list[Named]:
        """Streets meant by initials, a missing or added first name or title, or other vowels; only if one name fits."""
        words = fold.split(" ")
        tests = [self._abbreviated(words), self._longer(words) if kind else [], self._without_title(words)]
        for folds in tests:
            found = self._of_kind(folds, kind, "partial")
            if found:
                return found
        if len(loose(fold).replace(" ", "")) < 4:
            return []
        return self._of_kind(self._by_loose.get(loose(fold), []), kind, "loose")

    def _of_kind(self, folds: list[str], kind: str, how: str) -> list[Named]:
        found = [one._replace(how=how) for fold in folds for one in self._names[fold] if not kind or one.kind == kind]
        return found if len({id(one.street) for one in found}) == 1 else []

    def _abbreviated(self, words: list[str]) -> list[str]:
        """ "b petrunv" is "bratv petrunv": each short word begins a word that is left over."""
        full = [word for word in words if len(word) > 3 or word.isdigit()]
        short = [word for word in words if len(word) <= 3 and not word.isdigit()]
        if not full or not short:
            return []
        return [fold for fold in self._by_word.get(max(full, key=len), []) if _fits(fold.split(" "), full, short)]

    def _longer(self, words: list[str]) -> list[str]:
        """ "skovorod" is "grigor skovorod": one word is missing, and it is no number."""
        if len(words) != 1 or len(words[0]) < 4:
            return []
        found = [fold for fold in self._by_word.get(words[0], []) if not _DIGITS.search(fold)]
        return [fold for fold in found if len(fold.split(" ")) == 2]

    def _without_title(self, words: list[str]) -> list[str]:
        kept = [word for word in words if word not in _TITLES and len(word) > 1]
        fold = " ".join(kept)
        return [fold] if kept and len(kept) < len(words) and fold in self._names else []

    def mistyped(self, asked: list[Asked]) -> dict[Asked, list[Named]]:
        """The nearest known name of each unknown one, if no other name is as near: one slip from 5 letters, two from 9,
        three from 16, none in digits. Shorter names differ by one letter without any mistake.
        """
        by_kind: dict[str, list[Asked]] = defaultdict(list)
        for one in asked:
            if len(one[1]) >= (5 if one[0] else 8):
                by_kind[one[0]].append(one)
        answers: dict[Asked, list[Named]] = {}
        for kind, queries in by_kind.items():
            choices = self._by_kind.get(kind, [])
            for start in range(0, len(queries) if choices else 0, _BATCH):
                answers.update(self._nearest(kind, queries[start : start + _BATCH], choices))
        return answers

    def _nearest(self, kind: str, queries: list[Asked], choices: list[str]) -> dict[Asked, list[Named]]:
        folds = [query[1] for query in queries]
        apart = process.cdist(folds, choices, scorer=OSA.distance, score_cutoff=3, dtype=np.uint8)
        nearest, count = apart.min(axis=1), (apart == apart.min(axis=1, keepdims=True)).sum(axis=1)
        where = apart.argmin(axis=1)
        answers: dict[Asked, list[Named]] = {}
        for i, query in enumerate(queries):
            choice = choices[int(where[i])]
            if count[i] == 1 and int(nearest[i]) <= _slips(query[1]) and _comparable(query[1], choice):
                found = self._of_kind([choice], kind, "fuzzy")
                if found:
                    answers[query] = found
        return answers


def loose(fold: str) -> str:
    """The consonants of each word: Ukrainian and Russian spellings of one name mostly differ in vowels only."""
    return " ".join(sorted(_VOWELS.sub("", word) or word for word in fold.split(" ")))


def _fits(known: list[str], full: list[str], short: list[str]) -> bool:
    left = list(known)
    for word in full:
        if word not in left:
            return False
        left.remove(word)
    for start in short:
        match = next((word for word in left if word.startswith(start)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _slips(fold: str) -> int:
    length = len(fold)
    return 0 if length < 5 else 1 if length < 9 else 2 if length < 16 else 3


def _comparable(asked: str, known: str) -> bool:
    if _DIGITS.findall(asked) != _DIGITS.findall(known):
        return False
    return len(asked) >= 9 or asked[0] == known[0]
