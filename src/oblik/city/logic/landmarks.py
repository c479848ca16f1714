"""Where a stop, a school, a market or another place lies that is known by its name."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from oblik.city.logic.names import fold_words
from oblik.city.logic.words import KIND_WORDS, ROLES

_SPOT_M: Final = 30.0  # a place is a house or a yard, and the camera stands somewhere on it
_TOGETHER_M: Final = 200.0  # stops of one name on both sides of a street are one place
_M_PER_DEG: Final = 111_195.0
_WORDS: Final = re.compile(r"\d+|[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_CLASS_WORDS: Final[dict[str, str]] = {
    word: kind
    for kind, words in {
        "stop": "зупинка зупинки зупинці зуп остановка остановки ост stop zupynka ostanovka",
        "station": "метро станція станция ст вокзал station m-ro залізничний",
        "school": "школа школи школы ліцей лицей гімназія гимназия зош нвк сош school litsei licej lyceum gymnasium",
        "kindergarten": "дитсадок садок садик днз здо детсад kindergarten дитячий детский сад ясла",
        "university": "університет университет інститут институт коледж колледж university",
        "hospital": "лікарня лікарні больница больницы поліклініка поликлиника амбулаторія hospital клініка клиника",
        "pharmacy": "аптека pharmacy",
        "market": "ринок рынок базар тц трц трк супермаркет магазин market mall гіпермаркет гипермаркет",
        "shelter": "укриття укрытие сховище убежище бомбосховище shelter",
        "culture": "театр музей кінотеатр кинотеатр бібліотека библиотека клуб theatre museum library",
        "worship": "церква церковь храм собор church",
        "hotel": "готель гостиница hotel",
        "fuel": "азс заправка",
        "stadium": "стадіон стадион stadium спорткомплекс",
        "park": "парк сквер парку парка скверу park",
        "police": "поліція полиция police відділення райвідділ",
        "playground": "майданчик площадка playground",
        "office": "пошта почта рада мерія post",
    }.items()
    for word in words.split()
}
_NOISE: Final = frozenset({"near", "opposite", "skip", "region", "drop", "join"})
_LEAST_ALIKE: Final = 0.8
_SHORTEST: Final = 4  # a shorter name without a kind may be anything


class Spots(NamedTuple):
    """Places as columns of one length: kind (`logic.things.PLACES`), all its names, where it lies."""

    kind: Sequence[str] = ()
    names: Sequence[Sequence[str]] = ()
    lon_deg: Sequence[float] = ()
    lat_deg: Sequence[float] = ()


class Found(NamedTuple):
    """A place found: its name on the sign, where, how sure. how: "place", or "place?" for a mistyped name."""

    name: str
    kind: str
    lon_deg: float
    lat_deg: float
    accuracy_m: float
    how: str


class Landmarks:
    """An index of places by kind and folded name; a kind's own words ("школа", "ліцей") are no part of a name."""

    def __init__(self, spots: Spots) -> None:
        self._spots = spots
        self._index: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for row, (kind, names) in enumerate(zip(spots.kind, spots.names, strict=True)):
            for key in {key for name in names for key in (_fold(_said(name), ""), _fold(_said(name), kind))} - {""}:
                self._index[kind][key].append(row)
                self._index[""][key].append(row)

    def __len__(self) -> int:
        return len(self._spots.kind)

    def find(self, text: str) -> list[Found]:
        """Places that a text names, the nearest spelling only; several where one name stands in several parts of town.

        A kind that the text says counts. Without one the whole name must be given. Empty for what is no known place.
        """
        words = [word for word in _said(text) if ROLES.get(word) not in _NOISE]
        kind = next((_CLASS_WORDS[word] for word in words if word in _CLASS_WORDS), "")
        key, whole = _fold(words, kind), _fold(words, "")
        known = self._index.get(kind, {})
        rows, how = known.get(key, []) if kind and key else [], "place"
        if not rows and len(whole) >= _SHORTEST and not whole.isdigit():
            rows = self._index[""].get(whole, [])
        if not rows and kind and key:
            rows, how = self._mistyped(key, known), "place?"
        return self._gathered(rows, how)

    def _mistyped(self, key: str, known: dict[str, list[int]]) -> list[int]:
        if len(key) < 5:
            return []
        digits = re.findall(r"\d+", key)
        found = process.extract(key, list(known), scorer=OSA.normalized_similarity, score_cutoff=_LEAST_ALIKE, limit=2)
        near = [choice for choice, _, _ in found if re.findall(r"\d+", choice) == digits]
        clear = len(found) == 1 or (len(found) > 1 and found[0][1] > found[1][1])
        return known[near[0]] if near and clear else []

    def _gathered(self, rows: Sequence[int], how: str) -> list[Found]:
        left, found = list(dict.fromkeys(rows)), []
        lon, lat = self._spots.lon_deg, self._spots.lat_deg
        while left:
            at = lon[left[0]], lat[left[0]]
            shrink = float(np.cos(np.radians(at[1])))
            apart = {r: float(np.hypot((lon[r] - at[0]) * shrink, lat[r] - at[1])) * _M_PER_DEG for r in left}
            near = [row for row in left if apart[row] <= _TOGETHER_M]
            left = [row for row in left if apart[row] > _TOGETHER_M]
            x, y = float(np.mean([lon[r] for r in near])), float(np.mean([lat[r] for r in near]))
            first = near[0]
            found.append(
                Found(
                    self._spots.names[first][0], self._spots.kind[first], x, y,
                    max(_SPOT_M, max(apart[row] for row in near)), how,
                )
            )  # fmt: skip
        return found


def _said(text: str) -> list[str]:
    return [str(word) for word in _WORDS.findall(text.lower())]


def _fold(words: Sequence[str], kind: str) -> str:
    """Words folded and sorted, without those of `kind`; other kinds' words count by what they mean (ринок, рынок)."""
    kept = [word for word in words if not kind or _CLASS_WORDS.get(word) != kind]
    meant = [_CLASS_WORDS.get(word) or KIND_WORDS.get(word, word) for word in kept]
    return " ".join(sorted(fold_words(" ".join(meant))))
