"""Which known name is meant by one that is abbreviated, of the other language's vowels, or mistyped."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from oblik.city.logic.names import fold_words, street_fold
from oblik.city.logic.streets import Named
from oblik.city.logic.twins import GIVEN_NAMES

Asked = tuple[str, str, str, str]  # kind, fold, gender, name as written

_CHANGING: Final = re.compile("(?<=.)[eio]")  # Ліс and Лес, Ніч and Ночь; a and u hardly ever change
_CASE: Final = re.compile("(?<=...)n?(og|om)$")
_MARKS: Final = re.compile("['’ʼ`´.]")
_DIGITS: Final = re.compile(r"\d+")
# Leading words that name the person's rank rather than the person: "вул. Академіка Павлова" is "вул. Павлова".
_TITLES: Final = frozenset({"akademik", "general", "marshal", "profesor", "kniaz", "svat", "gert", "bratv"})
_GIVEN: Final = frozenset(fold_words(GIVEN_NAMES)) | _TITLES
_BATCH: Final = 2_000


class Guesser:
    """Indexes over folded names; each guess is made only inside the kind that was asked for."""

    def __init__(self, names: dict[str, list[Named]], spelt: Mapping[str, set[str]]) -> None:
        self._names = names
        self._by_loose: dict[str, list[str]] = defaultdict(list)
        self._by_word: dict[str, list[str]] = defaultdict(list)
        self._by_kind: dict[str, dict[str, str]] = defaultdict(dict)  # kind -> text compared with -> folded name
        self._written: dict[str, dict[str, str]] = defaultdict(dict)
        for fold, named in names.items():
            self._by_loose[loose(fold)].append(fold)
            words = fold.split(" ")
            if len(words) > 1:
                for word in words:
                    self._by_word[word].append(fold)
            for kind in {one.kind for one in named} | {""}:
                self._by_kind[kind][fold] = fold
                self._written[kind].update((_plain(written), fold) for written in spelt.get(fold, ()))

    def related(self, kind: str, fold: str) -> list[Named]:
        """Streets meant by initials, a missing or added first name or title, or other vowels; only if one name fits."""
        words = fold.split(" ")
        tests = [
            self._declined(words),
            self._abbreviated(words),
            self._longer(words) if kind else [],
            self._without_title(words),
        ]
        for folds in tests:
            found = self._of_kind(folds, kind, "partial")
            if found:
                return found
        if min(map(len, loose(fold).split(" "))) < 4:
            return []
        return self._of_kind(self._by_loose.get(loose(fold), []), kind, "loose")

    def _of_kind(self, folds: list[str], kind: str, how: str) -> list[Named]:
        found = [one._replace(how=how) for fold in folds for one in self._names[fold] if not kind or one.kind == kind]
        one_name = len(folds) == 1  # one name of several streets: the house will decide
        return found if one_name or len({id(one.street) for one in found}) == 1 else []

    def _declined(self, words: list[str]) -> list[str]:
        """ "tikog" (пров. Тихого) is "tik": the case of an adjective, as after "corner of"."""
        fold = street_fold(" ".join(_CASE.sub("", word) for word in words))
        return [fold] if fold != " ".join(words) and fold in self._names else []

    def _abbreviated(self, words: list[str]) -> list[str]:
        """ "b petrunv" is "bratv petrunv": each short word begins a word that is left over."""
        full = [word for word in words if len(word) > 3 or word.isdigit()]
        short = [word for word in words if len(word) <= 3 and not word.isdigit()]
        if not full or not short:
            return []
        return [fold for fold in self._by_word.get(max(full, key=len), []) if _fits(fold.split(" "), full, short)]

    def _longer(self, words: list[str]) -> list[str]:
        """ "skovorod" is "grigor skovorod": the given name or the title is missing."""
        if len(words) != 1 or len(words[0]) < 4:
            return []
        return [fold for fold in self._by_word.get(words[0], []) if set(fold.split(" ")) - set(words) <= _GIVEN]

    def _without_title(self, words: list[str]) -> list[str]:
        kept = [word for word in words if word not in _GIVEN and (len(word) > 1 or word.isdigit())]
        fold = " ".join(kept)
        return [fold] if len(fold) >= 5 and len(kept) < len(words) and fold in self._names else []

    def mistyped(self, asked: Iterable[Asked]) -> dict[Asked, list[Named]]:
        """The nearest known name of each unknown one, if no other name is as near.

        As written, one slip in a name of 5 letters or more and two
        from 12; folded, one slip in each word of 6 letters or more and two from 10; none in digits.
        """
        asked = list(asked)
        answers = self._batches({one: _plain(one[3]) for one in asked if len(one[3]) >= 5}, self._written, _slipped)
        rest = {one: one[1] for one in asked if one not in answers and len(one[1]) >= (6 if one[0] else 8)}
        answers |= self._batches(rest, self._by_kind, _comparable)
        return {one: found for one, found in answers.items() if found}

    def short_slips(self, kind: str, name: str) -> list[Named]:
        """All streets of the kind whose name of four or five letters is one slip away; only the house can tell.

        So short a slip would often make another street out of one that the tables do not know.
        """
        plain = _plain(name)
        if not kind or not 3 <= len(plain) <= 5 or _DIGITS.search(plain):
            return []
        near = process.extract(plain, list(self._written.get(kind, {})), scorer=OSA.distance, score_cutoff=1, limit=9)
        folds = [self._written[kind][choice] for choice, _, _ in near if 4 <= max(len(choice), len(plain)) <= 5]
        return [
            one._replace(how="fuzzy") for fold in dict.fromkeys(folds) for one in self._names[fold] if one.kind == kind
        ]

    def _batches(
        self, asked: dict[Asked, str], known: dict[str, dict[str, str]], accept: Callable[[str, str], bool]
    ) -> dict[Asked, list[Named]]:
        answers: dict[Asked, list[Named]] = {}
        for kind in sorted({one[0] for one in asked}):
            queries = sorted(one for one in asked if one[0] == kind)
            choices = known.get(kind, {})
            for start in range(0, len(queries) if choices else 0, _BATCH):
                batch = queries[start : start + _BATCH]
                for one, choice in _nearest({one: asked[one] for one in batch}, list(choices)).items():
                    if not choice:
                        answers[one] = []
                    elif accept(asked[one], choice):
                        answers[one] = self._of_kind([choices[choice]], kind, "fuzzy")
        return answers


def _nearest(asked: dict[Asked, str], choices: list[str]) -> dict[Asked, str]:
    """The one choice within three slips that is nearer than all others; "" where several are one slip away."""
    apart = process.cdist(list(asked.values()), choices, scorer=OSA.distance, score_cutoff=3, dtype=np.uint8)
    least = apart.min(axis=1)
    alone = (apart == least[:, None]).sum(axis=1) == 1
    where = apart.argmin(axis=1)
    return {
        one: choices[int(where[i])] if alone[i] else ""
        for i, one in enumerate(asked)
        if least[i] <= (3 if alone[i] else 1)
    }


def _plain(written: str) -> str:
    """A name as written, lower case, with single spaces and no marks."""
    return " ".join(_MARKS.sub("", written.lower()).replace("-", " ").split())


def _slipped(written: str, known: str) -> bool:
    if _DIGITS.findall(written) != _DIGITS.findall(known) or written.count(" ") != known.count(" "):
        return False
    return OSA.distance(written, known) <= (1 if len(written) < 12 else 2)


def loose(fold: str) -> str:
    """Each word without the vowels in which Ukrainian and Russian spellings of a name differ; first letters stay."""
    return " ".join(sorted(_CHANGING.sub("", word) for word in fold.split(" ")))


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


def _slips(word: str) -> int:
    return 0 if len(word) < 6 or _DIGITS.search(word) else 1 if len(word) < 10 else 2


def _comparable(asked: str, known: str) -> bool:
    """Each word is the other's by few enough slips; sorted words stand in one order unless first letters differ."""
    pairs = list(zip(asked.split(" "), known.split(" "), strict=False))
    if asked.count(" ") != known.count(" "):
        return asked.replace(" ", "") == known.replace(" ", "")
    return all(
        one[0] == other[0] and OSA.distance(one, other) <= _slips(max(one, other, key=len)) for one, other in pairs
    )
