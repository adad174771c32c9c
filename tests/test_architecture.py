"""The shape of the code: what ruff and the import contracts cannot say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
SOURCES = sorted(
    path
    for folder in ("aether", "apps", "sdk", "bench", "tests")
    for path in (PROJECT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
NAMELESS = {"utils", "helpers", "manager", "managers", "misc", "common"}
FUNCTION_LINES = 60
FILE_LINES = 400


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_there_are_sources_to_look_at() -> None:
    assert len(SOURCES) > 50


def test_no_file_is_long() -> None:
    long = {
        str(path): count for path in SOURCES if (count := len(path.read_text().splitlines())) > FILE_LINES
    }
    assert not long


def test_no_function_is_long() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert not long


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path)
        for path in SOURCES
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_no_module_is_nameless() -> None:
    assert not [str(path) for path in SOURCES if path.stem in NAMELESS]


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "NotImplementedError", "time.sleep("])
def test_nothing_is_left_for_later(word: str) -> None:
    found = [str(path) for path in SOURCES if path != Path(__file__) and word in path.read_text()]
    assert not found


def test_every_test_asserts_something() -> None:
    empty = [
        f"{path}:{node.lineno} {node.name}"
        for path in SOURCES
        if path.name.startswith("test_")
        for node in functions(path)
        if node.name.startswith("test_") and not _asserts(node)
    ]
    assert not empty


def _asserts(node: ast.AST) -> bool:
    text = ast.unparse(node)
    return any(word in text for word in ("assert", "raises", "expect"))
