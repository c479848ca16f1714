"""Words for where a camera hangs, as folded, and the one word that stands for all languages of a list."""

from typing import Final

_WORDS: Final = {
    "vhid": "vhod vkhid entrance entry vhidni vhodni vhodna",
    "vihid": "vihod exit",
    "kasa": "kassa kasi kassi cash cashier cashdesk kasova",
    "dvir": "dvor dvoru podvira iard courtyard backiard",
    "parking": "parkovka stoianka avtostoianka parkomistse",
    "sklad": "warehouse store storage",
    "vorota": "gate gates vizd viezd vezd",
    "hol": "holl foie vestibiul lobbi hall",
    "koridor": "corridor hallvai",
    "shodi": "lestnitsa stairs staircase",
    "zupinka": "ostanovka stop",
    "mist": "most bridge",
    "dah": "krisha roof kriska",
    "ganok": "kriltso kriltse porch",
    "fasad": "facade front",
    "til": "torets tilna zadni rear back",
    "pidval": "podval basement",
    "poverh": "etazh floor",
    "perehrestia": "perekrestok crossing crossroad crossroads intersection",
    "maidanchik": "ploschadka plaiground",
    "lift": "elevator",
    "kabinet": "office ofis",
    "sever": "server servernaia serverna serverroom",
    "livii": "levii left liva leva livi",
    "pravii": "right prava pravi",
}
SAME_WORDS: Final = {other: word for word, others in _WORDS.items() for other in others.split()}
