"""Emptying a database between tests: quicker than truncating, as most tables have no row."""

from __future__ import annotations

from typing import Any

KEPT = frozenset(
    {
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "django_content_type",
        "django_migrations",
        "django_site",
    }
)
"""What belongs to the code, not to a test."""


LARGE_BYTES = 512 * 1024
"""Rows that were deleted, or never committed, are read past until a table is vacuumed: the planner, which
does not know of them, may read past them once for each row of another table."""

_LARGE = "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND pg_relation_size(oid) > %s"


def empty(database: Any) -> None:
    """Wait until nobody writes, and delete every row. `database` is the wrapper of a connection."""
    tables = [
        table
        for table in database.introspection.django_table_names(only_existing=True, include_views=False)
        if table not in KEPT
    ]
    names = [database.ops.quote_name(table) for table in tables]
    filled = " UNION ALL ".join(
        f"SELECT {at} WHERE EXISTS (SELECT FROM {name})" for at, name in enumerate(names)
    )
    database.set_autocommit(False)
    try:
        with database.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE")
            cursor.execute(_LARGE, [tables, LARGE_BYTES])
            if large := [database.ops.quote_name(table) for (table,) in cursor.fetchall()]:
                cursor.execute(f"TRUNCATE {', '.join(large)} CASCADE")
            cursor.execute(filled)
            for (at,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {names[at]}")
        database.commit()
    except BaseException:
        database.rollback()
        raise
    finally:
        database.set_autocommit(True)
