"""What right each command needs, asked once before it runs; a command not in the table is an administrator's."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import click

from oblik.accounts.queries import Scope, Verb, may, scope_of
from oblik.base.errors import Forbidden, msg
from oblik.config.commands.output import console_actor

# The words of a command -> the right that it asks for. The console without OBLIK_PERSON has them all.
NEEDED: Final[dict[str, Verb]] = {
    "init": "configure",
    "owner add": "configure",
    "owner list": "see",
    "person add": "configure",
    "person invite": "configure",
    "person password": "configure",
    "person lock": "configure",
    "person enable": "configure",
    "person disable": "configure",
    "person second-factor": "configure",
    "person role": "configure",
    "person grants": "configure",
    "person list": "configure",
    "person export": "configure",
    "person erase": "configure",
    "person tidy": "configure",
    "token issue": "configure",
    "token list": "configure",
    "token revoke": "configure",
    "campaign open": "edit",
    "campaign member": "edit",
    "campaign freeze": "edit",
    "campaign round": "edit",
    "campaign list": "see",
    "campaign show": "see",
    "city load": "configure",
    "city tiles": "configure",
    "city find": "see",
    "secrets rotate": "configure",
    "secrets forget": "configure",
    "secrets status": "configure",
    "intake add": "hand_in",
    "intake list": "see",
    "intake report": "see",
    "match run": "judge",
    "match export": "see",
    "match explain": "see",
    "match judge": "judge",
    "camera list": "see",
    "camera show": "see",
    "camera history": "see",
    "camera export": "export",
    "camera set": "edit",
    "camera unset": "edit",
    "camera undo": "edit",
    "camera add": "edit",
    "camera attach": "edit",
    "camera secret": "see_secrets",
    "coverage update": "configure",
    "coverage footprint": "see",
    "coverage seeing": "see",
    "coverage route": "see",
    "coverage sums": "configure",
    "coverage report": "export",
    "coverage place": "see",
    "inventory act": "export",
    "check-data": "audit",
    "journal list": "audit",
    "journal verify": "audit",
    "journal prove": "audit",
    "journal checkpoint": "audit",
    "journal key": "audit",
    "journal rotate-key": "configure",
    "demo make": "configure",
    "demo load": "configure",
    "serve": "configure",
    "work": "configure",
}

# Commands with these rights reach over the whole register or its accounts: a right that ends somewhere does not do.
WHOLE: Final[frozenset[Verb]] = frozenset({"configure", "audit"})


def within(verb: Verb = "see") -> Scope:
    """Where whoever gives the command may do something."""
    return scope_of(console_actor(), verb)


def require(verb: Verb, **qualities: str) -> None:
    """Nothing where whoever gives the command may do this to a thing of these qualities; Forbidden otherwise."""
    actor = console_actor()
    if not may(actor, verb, **qualities):
        raise _refusal(verb)


def require_list(verb: Verb, *, owner: str | None, campaign: str) -> None:
    """Nothing where whoever gives the command may do this to an owner's list as a whole; Forbidden otherwise.

    owner None: to the lists of all owners. A right that ends at a district or a kind of camera reaches no list.
    """
    if not within(verb).covers_list(owner=owner, campaign=campaign):
        raise _refusal(verb)


def require_everywhere(verb: Verb, *, campaign: str) -> None:
    """Nothing where whoever gives the command may do this to the lists of all owners; Forbidden otherwise."""
    require_list(verb, owner=None, campaign=campaign)


def _refusal(verb: Verb) -> Forbidden:
    return Forbidden(
        msg("{person} may not do this here: it needs the right “{verb}”. Ask an administrator for a role that has it."),
        person=console_actor().name,
        verb=verb,
    )


def guarded(command: click.Command, *, words: str) -> click.Command:
    """The command, and all below it, asking for its right before anything else; once however often it is loaded."""
    if isinstance(command, click.Group):
        for name, part in command.commands.items():
            guarded(part, words=f"{words} {name}")
    elif command.callback is not None and not hasattr(command.callback, "asks"):
        command.callback = _asking(command.callback, verb=NEEDED.get(words, "configure"))
    return command


def _asking(callback: Callable[..., Any], *, verb: Verb) -> Callable[..., Any]:
    @wraps(callback)
    def asked(*args: Any, **kwargs: Any) -> Any:
        require(verb)
        if verb in WHOLE and not within(verb).all:
            raise _refusal(verb)
        return callback(*args, **kwargs)

    asked.asks = verb  # type: ignore[attr-defined]  # a mark on the function, so that it is wrapped once
    return asked
