"""Ranks of skills that say only what is different: written out when content is read, before anybody asks."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from aether.kernel import content
from aether.kernel.content import Keys
from apps.combat.engine.definitions import RANKS_MAX

OPERATIONS = ("replace", "add", "remove")


def written_out(document: dict[str, Any]) -> dict[str, Any]:
    """Return a skill whose ranks are all whole.

    `inherit` is the number of an earlier rank, `patch` what is different.
    A patch is a list of JSON Patch operations (RFC 6902: replace, add, remove) on that rank.
    """
    ranks = document.get("ranks")
    if not isinstance(ranks, list):
        return document
    if len(ranks) > RANKS_MAX:  # each of them may copy what a whole file says
        raise content.DocumentError(("ranks",), f"a skill has at most {RANKS_MAX} ranks")
    whole: list[Any] = []
    for at, rank in enumerate(ranks):
        is_patched = isinstance(rank, dict) and ("inherit" in rank or "patch" in rank)
        whole.append(_patched(rank, whole, ("ranks", at)) if is_patched else rank)
    return {**document, "ranks": whole}


def _patched(rank: dict[str, Any], earlier: list[Any], keys: Keys) -> dict[str, Any]:
    number: Any = rank.get("inherit")
    patch = rank.get("patch", [])
    is_number = isinstance(number, int) and not isinstance(number, bool)
    if not is_number or not 0 <= number < len(earlier) or not isinstance(earlier[number], dict):
        raise content.DocumentError((*keys, "inherit"), "it has to be the number of an earlier rank")
    if not isinstance(patch, list):
        raise content.DocumentError((*keys, "patch"), "it has to be a list of operations")
    own = {key: value for key, value in rank.items() if key not in ("inherit", "patch")}
    whole: dict[str, Any] = deepcopy(earlier[number]) | own
    for at, operation in enumerate(patch):
        try:
            _apply(whole, operation)
        except (LookupError, TypeError, ValueError) as error:
            raise content.DocumentError((*keys, "patch", at), str(error)) from error
    return whole


def _apply(whole: dict[str, Any], operation: Any) -> None:
    """Change a rank by one operation. Raise LookupError, TypeError or ValueError where that cannot be."""
    if not isinstance(operation, dict) or operation.get("op") not in OPERATIONS:
        raise ValueError(f"`op` has to be one of {', '.join(OPERATIONS)}")
    wanted = {"op", "path"} | ({"value"} if operation["op"] != "remove" else set())
    if set(operation) != wanted:
        raise ValueError(f"it takes exactly {', '.join(sorted(wanted))}")
    path = operation["path"]
    if not isinstance(path, str) or not path.startswith("/"):
        raise ValueError("`path` has to begin with /")
    *way, last = [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]
    place: Any = whole
    for step in way:
        place = place[_key(place, step, path)]
    match operation["op"]:
        case "remove":
            del place[_key(place, last, path)]
        case "replace":
            place[_key(place, last, path)] = deepcopy(operation["value"])
        case _:
            _add(place, last, operation)


def _add(place: Any, last: str, operation: dict[str, Any]) -> None:
    value, path = deepcopy(operation["value"]), operation["path"]
    if isinstance(place, dict):
        place[last] = value
    elif isinstance(place, list) and last == "-":
        place.append(value)
    elif isinstance(place, list) and last.isascii() and last.isdecimal() and int(last) <= len(place):
        place.insert(int(last), value)
    else:
        raise LookupError(f"there is no {path}")


def _key(place: Any, step: str, path: str) -> str | int:
    """Return the key of what is there already."""
    if isinstance(place, dict) and step in place:
        return step
    if isinstance(place, list) and step.isascii() and step.isdecimal() and int(step) < len(place):
        return int(step)
    raise LookupError(f"there is no {path}")
