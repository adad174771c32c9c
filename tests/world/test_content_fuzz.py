"""Whatever is done to a value of the game's own pack, the answer is a pack or a located problem."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aether.kernel import content

ODD = [None, True, -1, 0, 10**12, 2.5, "", "x" * 300, "no_such_thing", [], {}, [[1]], {"en": "x"}, "\u202e"]


def spoil(documents: dict[str, Any], rng: Random) -> None:
    """Replace, remove or add one value somewhere inside."""
    kind = rng.choice(sorted(documents))
    parent, key = documents[kind], rng.choice(sorted(documents[kind]))
    while isinstance(parent[key], dict | list) and parent[key] and rng.random() < 0.8:
        parent = parent[key]
        key = rng.choice(sorted(parent)) if isinstance(parent, dict) else rng.randrange(len(parent))
    match rng.randrange(4):
        case 0 if isinstance(parent, dict):
            del parent[key]
        case 1 if isinstance(parent, dict):
            parent["unheard_of"] = rng.choice(ODD)
        case _:
            parent[key] = deepcopy(rng.choice(ODD))


def problems(info: content.PackInfo, documents: dict[str, Any]) -> list[content.Problem]:
    """Return what is wrong with a pack; anything but a refusal is a crash."""
    try:
        content.from_documents(info, documents)
    except content.InvalidContentError as refusal:
        return refusal.problems
    return []


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_a_spoilt_pack_is_refused_with_its_place_or_loads(seed: int) -> None:
    pack = content.current()
    kinds = [kind for kind in content.kinds.registered() if pack.raw(kind)]
    documents = {kind: dict(pack.raw(kind)) for kind in kinds}
    rng = Random(seed)
    kind = rng.choice(kinds)
    documents[kind] = deepcopy(documents[kind])
    spoil({kind: documents[kind]}, rng)
    assert all(problem.path and problem.message for problem in problems(pack.info, documents))
