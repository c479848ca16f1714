"""Reads the tokens of an address one after the other: what each word and number is, told by its neighbours."""

import re
from typing import Final

from oblik.city.logic.words import (
    AREA_KINDS,
    COUNTED_WORDS,
    KIND_WORDS,
    NAME_KINDS,
    PLURAL_KINDS,
    ROLES,
    SHORT_SETTLEMENT,
    STOP_KINDS,
    UNSURE_KINDS,
    YEAR_WORDS,
    mistyped_kind,
)

_ORDINAL: Final = re.compile(r"\d+-?(?:го|ого|й|ий|ій|ї|ої|я|ая|ша|га|та|ма|th|nd|rd|er|re|ère|ème)$", re.IGNORECASE)
_POSTCODE: Final = re.compile(r"\d{5,6}$")
_TAIL: Final = re.compile(r"(\d+)(корпус|корп|к|строение|стр)$", re.IGNORECASE)
_STATION: Final = frozenset({"ст", "станція", "станция", "станції", "станции"})


class Street:
    """A street as far as read: kind, the word that named it, words of the name."""

    __slots__ = ("kind", "raw", "sure", "words")

    def __init__(self, kind: str = "") -> None:
        self.kind = kind
        self.raw = ""
        self.words: list[str] = []
        self.sure = True


class Reader:
    """Walks the tokens once; each kind of token has its method, which moves `at` past what it used."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.lower = ["вул" if token == "в." else token.lower().rstrip(".") for token in tokens]
        self.at = 0
        self.streets = [Street()]
        self.house = ""
        self.house_end = -1
        self.house_first = False  # "25 Sumska St": the name comes after the number
        self.closed = False  # a comma ended the street's name
        self.corner = False
        self.plural_kind = ""
        self.opposite = False
        self.settlement = ""
        self.district = ""
        self.loose: list[str] = []  # words that belong to no street: landmarks, towns

    @property
    def street(self) -> Street:
        return self.streets[-1]

    def read(self) -> None:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            first = token[0]
            if first.isalpha():
                self._word(token, self.lower[self.at])
            elif first.isdigit():
                self._number(token)
            else:
                self._mark(token)

    def _peek(self, step: int = 1) -> str:
        at = self.at + step
        return self.lower[at] if at < len(self.lower) else ""

    def _name_follows(self, step: int = 1) -> bool:
        """The next token starts a name: a plain word, or a number counted in a name ("8 Березня")."""
        word = self._peek(step)
        if not word:
            return False
        if word[0].isdigit():
            after = self._peek(step + 1)
            return after in COUNTED_WORDS or (bool(_ORDINAL.match(word)) and after not in ROLES)
        return word[0].isalpha() and word not in ROLES and word not in PLURAL_KINDS

    # marks

    def _mark(self, mark: str) -> None:
        if mark in ",;":
            self.closed = True
            self.loose.clear()
        elif mark in "/&+-" and not self._house_fraction(mark):
            following = self._peek()
            name_next = self._name_follows() and (mark != "-" or not self.closed)
            if self.street.words and (following in KIND_WORDS or name_next):
                self._next_street()
        self.at += 1

    def _house_fraction(self, mark: str) -> bool:
        following = self._peek()
        if mark == "/" and self.house and self.house_end == self.at - 1 and following[:1].isdigit():
            self.house += "/" + following
            self.at += 1
            self.house_end = self.at
            return True
        return False

    def _next_street(self) -> None:
        if len(self.streets) < 2 and self.street.words:
            self.streets.append(Street(self.plural_kind))
            self.closed = False
        self.corner = True

    # numbers

    def _number(self, token: str) -> None:
        following = self._peek()
        street = self.street
        counted = following in COUNTED_WORDS or following in YEAR_WORDS or bool(_ORDINAL.match(token))
        if counted and following and ROLES.get(following) == "drop":
            self.at += 2  # "2-й під'їзд"
            return
        if _POSTCODE.match(token):
            self.at += 1
            return
        in_name = not (street.words and self.closed) and not (self.house and len(self.streets) == 1)
        if in_name and (counted or (not street.words and self._starts_name())):
            street.words.append(token)
            self.at += 1
        elif len(self.streets) == 1 and not self.house:
            self._set_house(token)
        else:
            self.at += 1

    def _starts_name(self) -> bool:
        """A number before any word: "вул. 23 Серпня 12" has a name, "25 Sumska St" and "25, Сумська" a house."""
        if not self._name_follows():
            return False
        if self.street.kind:
            return True
        return any(token[0].isdigit() for token in self.tokens[self.at + 2 :])

    def _set_house(self, token: str) -> None:
        tail = _TAIL.match(token)
        following = self._peek()
        self.at += 1
        if tail and following[:1].isdigit():
            token = f"{tail[1]} корп {following}" if tail[2].lower().startswith("к") else f"{tail[1]} стр {following}"
            self.at += 1
        self.house = token
        self.house_end = self.at - 1
        self.house_first = not self.street.words

    # words

    def _word(self, token: str, word: str) -> None:
        if self._house_letter(token, word):
            return
        if word == "к" and self.house and self._peek()[:1].isdigit():
            self._on_block(token, word)
            return
        if word in _STATION and self._peek() in ("метро", "м"):
            self._kind("станція метро", token, word)
            self.at += 1
            return
        kind = KIND_WORDS.get(word)
        if kind is None and not self.street.kind and token[0].islower():
            kind = mistyped_kind(word) or None
        if kind is not None and not (word == "кв" or self._initial(token)):
            if kind == "район":
                self._district()
            else:
                self._kind(kind, token, word)
            return
        if word in SHORT_SETTLEMENT and self._short_settlement(token):
            return
        role = ROLES.get(word)
        if role is None or self._initial(token):
            self._plain(token, word)
        else:
            getattr(self, "_on_" + role)(token, word)

    def _initial(self, token: str) -> bool:
        """ "Г. Сковороди": a capital letter with a dot before a capitalised word."""
        if len(token) != 2 or token[1] != "." or not token[0].isupper() or self.at + 1 >= len(self.tokens):
            return False
        following = self.tokens[self.at + 1]
        return following[0].isupper() and not (self.lower[self.at] in "мгс" and self._comma_after_next())

    def _comma_after_next(self) -> bool:
        house = self._peek(3)
        return self.at == 0 and self._peek(2) == "," and house[:1].isalpha() and ROLES.get(house) != "house"

    def _house_letter(self, token: str, word: str) -> bool:
        if not self.house or self.house_end != self.at - 1 or len(word) != 1 or self.house[-1].isalpha():
            return False
        if word in "кдс" and token.endswith("."):
            return False
        if (word in "ійизста" and self._name_follows()) or self._peek() in KIND_WORDS:
            return False
        if word == "к" and self._peek()[:1].isdigit():
            return False
        self.house += word
        self.house_end = self.at
        self.at += 1
        return True

    def _plain(self, token: str, word: str) -> None:
        street = self.street
        done = bool(self.house) and len(self.streets) == 1 and not self.house_first
        if done or (self.closed and street.kind and street.words):
            self.loose.append(token)
        elif self.closed and street.words and not street.kind and len(self.streets) == 1:
            self._drop_chunk()
            self.street.words.append(token)
        else:
            street.words.append(token)
        if not done:
            self.closed = False if not self.loose else self.closed
        self.at += 1

    def _drop_chunk(self) -> None:
        """Words before a comma turned out to be no street: most often the town."""
        self.settlement = self.settlement or " ".join(word.rstrip(".") for word in self.street.words)
        self.streets[-1] = Street()

    def _kind(self, kind: str, token: str, word: str) -> None:
        street = self.street
        if word in PLURAL_KINDS:
            self.plural_kind = kind
        if not street.words:
            self._kind_before_name(street, kind, token, word)
        elif street.kind and kind in NAME_KINDS and not self.closed and not self.house and not self._name_follows():
            street.words.append(token)  # "вул. Полтавський Шлях"
        elif not street.kind and not self._name_follows():
            street.kind, street.sure = kind, word not in UNSURE_KINDS
        elif not street.kind and len(self.streets) == 1 and not self.corner:
            self._drop_chunk()
            self.house = ""
            self._kind_before_name(self.street, kind, token, word)
        elif (street.kind in AREA_KINDS or street.kind in STOP_KINDS) and not self.house and not self.corner:
            self.streets[-1] = Street()
            self._kind_before_name(self.street, kind, token, word)
        elif kind in AREA_KINDS or kind in STOP_KINDS or len(self.streets) == 2:
            self.closed = True
        else:
            self._next_street()
            self._kind_before_name(self.street, kind, token, word)
        self.at += 1

    def _kind_before_name(self, street: Street, kind: str, token: str, word: str) -> None:
        if street.kind in STOP_KINDS:
            street.words.append(token)
            return
        if street.raw and street.kind in NAME_KINDS and not self._name_follows():
            street.words.append(street.raw)
        elif street.kind and kind in NAME_KINDS and not self._name_follows():
            street.words.append(token)
            return
        street.kind, street.raw, street.sure = kind, token, word not in UNSURE_KINDS
        self.closed = False

    def _district(self) -> None:
        street = self.street
        if self.loose:
            self.district = self.loose.pop()
        elif street.words and not street.kind:
            self.district = " ".join(street.words)
            self.streets[-1] = Street()
        elif self._name_follows() and self._peek() not in KIND_WORDS:
            self.at += 1
            self.district = self.tokens[self.at]
        self.closed = True
        self.at += 1

    def _short_settlement(self, token: str) -> bool:
        """ "м. Харків", "г.Харьков": one word, or all words up to a comma."""
        street = self.street
        if self._initial(token) or (street.words and not self.closed) or (street.kind and not street.words):
            return False
        if not token.endswith(".") or not self._name_follows():
            return False
        if street.words and not street.kind and not self.house:
            self.streets[-1] = Street()
        self._take_settlement()
        return True

    def _take_settlement(self) -> None:
        self.at += 1
        end = self.at + 1
        while end < len(self.tokens) and self.tokens[end][0].isalpha() and self.lower[end] not in KIND_WORDS:
            end += 1
        if not (end < len(self.tokens) and self.tokens[end] in ",;"):
            end = self.at + 1
        self.settlement = " ".join(self.tokens[self.at : end]).rstrip(".")
        self.at = end

    # words with a role

    def _on_house(self, token: str, word: str) -> None:
        following = self._peek()
        if following in ("№", "#"):
            self.at += 1
            following = self._peek()
        if following[:1].isdigit():
            self.at += 1
            if not self.house:
                self._set_house(self.tokens[self.at])
        elif word in ("no", "nr") or not token.endswith("."):
            self._plain(token, word)
        else:
            self.at += 1

    def _on_block(self, token: str, word: str) -> None:
        following = self._peek()
        self.at += 1
        if self.house and (following[:1].isdigit() or len(following) == 1):
            self.house += f" корп {following}"
            self.at += 1

    def _on_building(self, token: str, word: str) -> None:
        following = self._peek()
        self.at += 1
        if self.house and following[:1].isdigit():
            self.house += f" стр {following}"
            self.at += 1

    def _on_letter(self, token: str, word: str) -> None:
        following = self._peek()
        self.at += 1
        if self.house and len(following) == 1 and following.isalpha():
            self.house += following
            self.at += 1

    def _on_drop(self, token: str, word: str) -> None:
        if word == "кв" and not self.house and self._name_follows():
            self._kind("квартал", token, word)
            return
        self.at += 1
        if self._peek(0)[:1].isdigit():
            self.at += 1

    def _on_corner(self, token: str, word: str) -> None:
        self.corner = True
        if self.street.words:
            self._next_street()
        self.at += 1

    def _on_opposite(self, token: str, word: str) -> None:
        self.opposite = True
        self.at += 1

    def _on_near(self, token: str, word: str) -> None:
        following = self._peek()
        role = ROLES.get(following)
        if following in KIND_WORDS or role == "house" or following[:1].isdigit() or following in ("№", ""):
            self.opposite = True
            self.at += 1
        elif self.street.words:
            self._on_landmark(token, word)
        else:
            self.opposite = True
            self.at += 1

    def _on_join(self, token: str, word: str) -> None:
        if self.corner and self.street.words:
            self._next_street()
            self.at += 1
        elif self._peek() in KIND_WORDS:
            self.at += 1
        elif self.street.words and not self.closed and self._name_follows() and not self.house:
            self._plain(token, word)
        else:
            self.at += 1

    def _on_settlement(self, token: str, word: str) -> None:
        if self.street.kind and not self.street.words:
            self._plain(token, word)
        elif self._name_follows():
            self._take_settlement()
        else:
            self.at += 1

    def _on_region(self, token: str, word: str) -> None:
        if self.loose:
            self.loose.pop()
        elif self.street.words and not self.street.kind:
            self.street.words.pop()
        self.at += 1

    def _on_district(self, token: str, word: str) -> None:
        self._district()

    def _on_skip(self, token: str, word: str) -> None:
        self.at += 1

    def _on_landmark(self, token: str, word: str) -> None:
        """A school, a shop: its words and number up to the comma are no street; kept only if nothing else is named."""
        street = self.street
        inside = bool(street.words) and not (self.closed or self.house or token.isupper())  # "ст. м. Південний вокзал"
        if inside or (street.kind and not street.words):
            self._plain(token, word)
            return
        while self.at < len(self.tokens) and self.tokens[self.at] not in ",;" and self.lower[self.at] not in KIND_WORDS:
            if self.tokens[self.at][0].isalpha():
                self.loose.append(self.tokens[self.at])
            self.at += 1
