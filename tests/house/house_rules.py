"""The rules that a machine can read off one file: each takes a parsed file and names what breaks it."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

MAX_FUNCTION_LINES = 80
MAX_FILE_LINES = 600
MAX_PARAMETERS = 8
MAX_NESTING = 4
HOMELESS_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "tools"}
OPT_OUT = re.compile(r"#\s*(?:type:\s*ignore|noqa|nosec|pyright:|mypy:)")
# An opt-out names what it opts out of and then says why.
OPT_OUT_WITH_REASON = re.compile(
    r"#\s*(?:type:\s*ignore\[[\w, -]+\]|noqa:\s*[A-Z]+\d+\b(?:[, ]+[A-Z]+\d+\b)*)\s*(?:#|--|-|—|:)?\s*\w.{4}"
)
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the repository's root and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def name(self) -> str:
        return Path(self.path).stem

    @property
    def is_package_page(self) -> bool:
        return self.name == "__init__"

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def at(self, node: ast.AST, what: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {what}"


def too_long(source: Source) -> Iterator[str]:
    lines = source.text.count("\n") + 1
    if lines > MAX_FILE_LINES:
        yield f"{source.path}: {lines} lines, at most {MAX_FILE_LINES}"
    for function in source.nodes(*FUNCTIONS):
        lines = function.end_lineno - function.lineno + 1
        if lines > MAX_FUNCTION_LINES:
            yield source.at(function, f"{function.name} has {lines} lines, at most {MAX_FUNCTION_LINES}")


def too_many_parameters(source: Source) -> Iterator[str]:
    for function in source.nodes(*FUNCTIONS):
        given = function.args
        names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs) if a.arg not in ("self", "cls")]
        if len(names) > MAX_PARAMETERS:
            yield source.at(function, f"{function.name} takes {len(names)} parameters, at most {MAX_PARAMETERS}")


def _depth(statements: list[ast.stmt], *, inside: int) -> int:
    deepest = inside
    for statement in statements:
        if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            continue  # measured by itself
        if not isinstance(statement, BLOCKS):
            continue
        deepest = max(deepest, inside + 1)
        bodies = [getattr(statement, part, []) for part in ("body", "finalbody")]
        bodies += [handler.body for handler in getattr(statement, "handlers", [])]
        bodies += [case.body for case in getattr(statement, "cases", [])]
        for body in bodies:
            deepest = max(deepest, _depth(body, inside=inside + 1))
        otherwise = getattr(statement, "orelse", [])
        # `elif` is written on the level of its `if`.
        is_elif = isinstance(statement, ast.If) and len(otherwise) == 1 and isinstance(otherwise[0], ast.If)
        deepest = max(deepest, _depth(otherwise, inside=inside if is_elif else inside + 1))
    return deepest


def too_deep(source: Source) -> Iterator[str]:
    for function in source.nodes(*FUNCTIONS):
        depth = _depth(function.body, inside=0)
        if depth > MAX_NESTING:
            yield source.at(function, f"{function.name} nests {depth} blocks, at most {MAX_NESTING}")


def without_docstring(source: Source) -> Iterator[str]:
    if not ast.get_docstring(source.tree):
        yield f"{source.path}: no docstring says what the file answers"


def code_in_a_package_page(source: Source) -> Iterator[str]:
    if source.is_package_page and len(source.tree.body) > 1:
        yield f"{source.path}: holds code; an __init__.py is one docstring and nothing else"


def name_without_a_noun(source: Source) -> Iterator[str]:
    for part in Path(source.path).with_suffix("").parts[1:]:
        if part in HOMELESS_NAMES:
            yield f"{source.path}: `{part}` names no noun; find the one it is about"


def opt_out_without_reason(source: Source) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        is_opt_out = token.type == tokenize.COMMENT and OPT_OUT.search(token.string)
        if is_opt_out and not OPT_OUT_WITH_REASON.search(token.string):
            yield f"{source.path}:{token.start[0]}: `{token.string}` needs a code and a reason"


def printing(source: Source) -> Iterator[str]:
    for call in source.nodes(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id == "print":
            yield source.at(call, "print; the command line writes through click, everything else logs")


def positional_crowd(source: Source) -> Iterator[str]:
    """Public functions take all but their first arguments by keyword, so that two coordinates, say, are never swapped.

    Commands and views are called by click and Django, by keyword anyway.
    """
    if source.path.startswith(("src/oblik/config/commands/", "src/oblik/web/")):
        return
    for node in source.tree.body:
        if isinstance(node, FUNCTIONS) and not node.name.startswith("_"):
            positional = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
            if len(positional) > 3:
                yield source.at(node, f"{node.name} takes {len(positional)} arguments by position; use keywords")


def undocumented_logic(source: Source) -> Iterator[str]:
    for node in source.tree.body:
        if isinstance(node, FUNCTIONS) and not node.name.startswith("_") and not ast.get_docstring(node):
            yield source.at(node, f"{node.name} has no docstring: the answer, units, ranges, what empty gives")


def asking_which_database(source: Source) -> Iterator[str]:
    if source.path.startswith(("src/oblik/db/", "src/oblik/config/")):
        return
    for node in source.nodes(ast.Attribute):
        if node.attr == "vendor" and isinstance(node.value, ast.Name) and node.value.id == "connection":
            yield source.at(node, "asks which database it is; only db/ knows SQLite from PostgreSQL")


def hidden_plumbing(source: Source) -> Iterator[str]:
    """Signals run code that no import shows; TYPE_CHECKING hides circles."""
    for node, module in imported_modules(source):
        if module in {"django.dispatch", "django.db.models.signals", "typing.TYPE_CHECKING"}:
            yield source.at(node, f"imports {module}; call what is meant, and let imports show it")


NETWORK_MODULES = {"socket", "ssl", "urllib.request", "http.client", "http.server", "ftplib", "smtplib", "asyncio"}
DISK_MODULES = {"shutil", "tempfile", "sqlite3", "subprocess", "os", "glob"}
DISK_CALLS = {"open", "read_text", "write_text", "read_bytes", "write_bytes", "mkdir", "unlink", "iterdir", "rglob"}
CLOCK_CALLS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
CLOCKS = {"datetime", "date", "time", "timezone", "dt"}


def imported_modules(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Every module that the file imports, and of `from a import b` both a and a.b."""
    for node in source.nodes(ast.Import, ast.ImportFrom):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif not node.level and node.module:
            yield node, node.module
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"


def network_in_pure_code(source: Source) -> Iterator[str]:
    for node, module in imported_modules(source):
        if module in NETWORK_MODULES:
            yield source.at(node, f"imports {module}; logic, readers and base never touch the network")


def disk_in_logic(source: Source) -> Iterator[str]:
    for node, module in imported_modules(source):
        if module in DISK_MODULES:
            yield source.at(node, f"imports {module}; logic takes values, never files")
    for call in source.nodes(ast.Call):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        is_method_open = name == "open" and isinstance(call.func, ast.Attribute)  # opens a door, a transaction
        is_shipped = "resources.files(" in ast.unparse(call.func)  # part of the code, like a table in it
        if name in DISK_CALLS and not is_method_open and not is_shipped:
            yield source.at(call, f"calls {name}(); logic takes values, never files")


def clock_in_pure_code(source: Source) -> Iterator[str]:
    for call in source.nodes(ast.Call):
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr in CLOCK_CALLS:
            owner = function.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if name in CLOCKS:
                yield source.at(call, f"asks {name}.{function.attr}(); time is handed in")


EVERYWHERE = (too_long, too_many_parameters, too_deep, opt_out_without_reason, without_docstring, name_without_a_noun)
PRODUCT = (code_in_a_package_page, printing, positional_crowd, asking_which_database, hidden_plumbing)
PURE = (network_in_pure_code, clock_in_pure_code)
LOGIC = (disk_in_logic, undocumented_logic)
