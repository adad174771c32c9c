"""Rows by statements written once for each model: Django compiles the same one anew for everybody who asks.

For what many do at once, such as coming into a zone; elsewhere the ORM says more plainly what is meant. Only
for models of the shard's own database, whose primary key is a plain column.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)


class _Shape(NamedTuple):
    """What a model's statements are made of."""

    names: list[str]
    fields: list[Field[Any, Any]]
    converted: list[tuple[int, Any]]
    """The places of columns that are not in Python what they are in the database, and what makes them so."""

    select: str
    upsert: str


def find(model: type[M], rest: str, values: Sequence[Any]) -> list[M]:
    """Return rows of a model; `rest` is SQL from WHERE on."""
    shape = _shape(model)
    with connection.cursor() as cursor:
        cursor.execute(f"{shape.select} {rest}", values)
        found = cursor.fetchall()
    return [model.from_db(DEFAULT_DB_ALIAS, shape.names, _in_python(shape, row)) for row in found]


def first(model: type[M], rest: str, values: Sequence[Any]) -> M | None:
    """Return the first of such rows, if there is one."""
    return next(iter(find(model, rest, values)), None)


def keep(row: Model) -> None:
    """Write all of a row down, be it new or not."""
    shape = _shape(type(row))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in shape.fields]
    with connection.cursor() as cursor:
        cursor.execute(shape.upsert, values)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _in_python(shape: _Shape, row: Sequence[Any]) -> Sequence[Any]:
    if not shape.converted:
        return row
    values = list(row)
    for at, convert in shape.converted:
        values[at] = convert(values[at], None, connection)
    return values


@lru_cache(maxsize=64)
def _shape(model: type[Model]) -> _Shape:
    fields = list(model._meta.concrete_fields)
    table, key = model._meta.db_table, model._meta.pk.column
    columns = [str(field.column) for field in fields]
    listed = ", ".join(columns)
    changed = ", ".join(f"{column} = excluded.{column}" for column in columns if column != key)
    return _Shape(
        names=[field.attname for field in fields],
        fields=fields,
        converted=[
            (at, field.from_db_value) for at, field in enumerate(fields) if hasattr(field, "from_db_value")
        ],
        # Tables and columns are named by the code.
        select=f"SELECT {listed} FROM {table}",  # noqa: S608
        upsert=f"INSERT INTO {table} ({listed}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
        f" ON CONFLICT ({key}) DO UPDATE SET {changed}",
    )
