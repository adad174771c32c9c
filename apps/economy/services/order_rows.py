"""The rows of the market that are read and written for many orders at once: a statement for each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from aether.kernel import clock
from apps.economy.models import Book, Fill, Order
from apps.economy.rules.matching import Side

READ_AT_ONCE = 50
"""How many orders of one side of a book are read at a time; nobody changes them meanwhile."""

_COLUMNS = (
    *("id", "book_id", "character_id", "side", "price", "quantity", "remaining", "proceeds"),
    *("state", "idempotency_key", "placed_at", "expires_at", "closed_at"),
)
_SELECTED = ", ".join(_COLUMNS)

# Django would compile each of these anew, and write a CASE for each column of the updates.
_WAITING = """
    SELECT waiting.* FROM unnest(%s::text[], %s::bigint[], %s::int[], %s::int[])
        AS wanted (item, price, skipped, most)
    CROSS JOIN LATERAL (
        SELECT {columns} FROM economy_order
        WHERE book_id = wanted.item AND state = 'open' AND side = '{side}' AND expires_at > %s
            AND economy_order.price {crosses} wanted.price
        ORDER BY economy_order.price {order}, id OFFSET wanted.skipped LIMIT wanted.most
    ) AS waiting
"""
_WAITING_ON: dict[Side, str] = {
    "sell": _WAITING.format(columns=_SELECTED, side="sell", crosses="<=", order=""),
    "buy": _WAITING.format(columns=_SELECTED, side="buy", crosses=">=", order="DESC"),
}
_WITH_KEYS = f"SELECT {_SELECTED} FROM economy_order WHERE idempotency_key = ANY(%s)"  # noqa: S608 - names from code
_OPEN_COUNTS = """
    SELECT character_id, count(*) FROM economy_order
    WHERE character_id = ANY(%s) AND state = 'open' GROUP BY character_id
"""
_NEXT_IDS = "SELECT nextval(pg_get_serial_sequence('economy_order', 'id')) FROM generate_series(1, %s)"
_LOCK_BOOKS = """
    SELECT item, is_halted, last_price FROM economy_book WHERE item = ANY(%s) ORDER BY item FOR NO KEY UPDATE
"""
_OPEN_BOOKS = """
    INSERT INTO economy_book (item, is_halted) SELECT item, false FROM unnest(%s::text[]) AS new (item)
    ORDER BY item ON CONFLICT DO NOTHING
"""
_FORGET_BOOKS = """
    DELETE FROM economy_book WHERE item = ANY(%s) AND NOT is_halted AND last_price IS NULL
        AND NOT EXISTS (SELECT FROM economy_order WHERE book_id = item)
"""
_WRITE = f"""
    INSERT INTO economy_order ({_SELECTED})
    SELECT * FROM unnest(
        %s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::int[], %s::int[], %s::bigint[],
        %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[]
    )
"""  # noqa: S608 - names from code
_KEEP = """
    UPDATE economy_order AS kept SET remaining = row.remaining, proceeds = row.proceeds,
        state = row.state, closed_at = row.closed_at
    FROM unnest(%s::bigint[], %s::int[], %s::bigint[], %s::text[], %s::timestamptz[])
        AS row (id, remaining, proceeds, state, closed_at)
    WHERE kept.id = row.id
"""
_WRITE_FILLS = """
    INSERT INTO economy_fill (book_id, price, quantity, tax, buy_order_id, sell_order_id, at)
    SELECT item, price, quantity, tax, buy, sell, at FROM unnest(
        %s::text[], %s::bigint[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[]
    ) WITH ORDINALITY AS row (item, price, quantity, tax, buy, sell, at, n) ORDER BY n
"""
_COUNT_SALES = """
    INSERT INTO economy_dailysales AS sales (book_id, day, turnover, quantity)
    SELECT * FROM unnest(%s::text[], %s::date[], %s::bigint[], %s::bigint[])
    ON CONFLICT (book_id, day) DO UPDATE
        SET turnover = sales.turnover + excluded.turnover, quantity = sales.quantity + excluded.quantity
"""
_KEEP_PRICES = """
    UPDATE economy_book AS book SET last_price = row.price
    FROM unnest(%s::text[], %s::bigint[]) AS row (item, price) WHERE book.item = row.item
"""


class Appetite(NamedTuple):
    """How deep new orders may reach into one side of a book: the best of their limits, and all they want."""

    limit: int
    quantity: int


class _Page(NamedTuple):
    """What to read of one side of a book: up to which price, after how many orders, and how many at most."""

    limit: int
    skipped: int
    most: int


def locked_books(items: Iterable[str]) -> dict[str, Book]:
    """Return the books of some items, locked in ascending order; a new one is opened."""
    wanted = sorted(set(items))
    found = _rows(_LOCK_BOOKS, [wanted])
    while len(found) < len(wanted):  # again where somebody has let an empty book go in between
        _execute(_OPEN_BOOKS, [wanted])
        found = _rows(_LOCK_BOOKS, [wanted])
    return {item: Book(item=item, is_halted=is_halted, last_price=last) for item, is_halted, last in found}


def forget_empty(books: Iterable[Book]) -> None:
    """Let those of some books go in which nothing was ever ordered. Call with their locks."""
    unused = [book.pk for book in books if book.last_price is None and not book.is_halted]
    if unused:
        _execute(_FORGET_BOOKS, [unused])


def waiting_orders(appetites: Mapping[tuple[str, Side], Appetite]) -> dict[tuple[str, Side], list[Order]]:
    """Return what waits in books as far as new orders may reach, best first. Call with the books' locks."""
    found: dict[tuple[str, Side], list[Order]] = {place: [] for place in appetites}
    # One moment for all pages: an order whose time is over in between would shift those that follow.
    now = clock.utc_now()
    for side in _WAITING_ON:
        hungry = {item: appetite for (item, of), appetite in appetites.items() if of == side}
        while hungry:
            wanted = {
                item: _Page(each.limit, len(found[item, side]), min(each.quantity, READ_AT_ONCE))
                for item, each in hungry.items()
            }
            for item, orders in _pages(side, wanted, now).items():
                limit, quantity = hungry.pop(item)
                for order in orders:
                    if quantity <= 0:
                        break
                    found[item, side].append(order)
                    quantity -= order.remaining
                if quantity > 0 and len(orders) == wanted[item].most:
                    hungry[item] = Appetite(limit, quantity)
    return found


def orders_with_keys(keys: Iterable[str]) -> dict[str, Order]:
    """Return the orders that were placed with some idempotency keys."""
    return {order.idempotency_key: order for order in map(_order, _rows(_WITH_KEYS, [list(keys)]))}


def open_counts(character_ids: Iterable[int]) -> dict[int, int]:
    """Return how many open orders each of some characters has."""
    ids = sorted(set(character_ids))
    return dict.fromkeys(ids, 0) | dict(_rows(_OPEN_COUNTS, [ids]))


def next_ids(count: int) -> list[int]:
    """Return so many numbers for orders. Call with the books' locks: the older order has the lower one."""
    return [row[0] for row in _rows(_NEXT_IDS, [count])]


def write_orders(orders: Sequence[Order]) -> None:
    """Write new orders down, as they are."""
    if orders:
        _execute(_WRITE, _columns([tuple(getattr(each, name) for name in _COLUMNS) for each in orders]))


def keep_orders(orders: Sequence[Order]) -> None:
    """Keep what became of orders that were there."""
    if orders:
        rows = [(each.pk, each.remaining, each.proceeds, str(each.state), each.closed_at) for each in orders]
        _execute(_KEEP, _columns(rows))


def write_fills(fills: Sequence[Fill]) -> None:
    """Write fills down, count them into their day, and keep the last price of each book."""
    if not fills:
        return
    rows = [
        (each.book_id, each.price, each.quantity, each.tax, each.buy_order_id, each.sell_order_id, each.at)
        for each in fills
    ]
    _execute(_WRITE_FILLS, _columns(rows))
    turnover: dict[str, int] = defaultdict(int)
    quantity: dict[str, int] = defaultdict(int)
    for each in fills:
        turnover[each.book_id] += each.price * each.quantity
        quantity[each.book_id] += each.quantity
    today = clock.utc_now().date()
    _execute(
        _COUNT_SALES, _columns([(item, today, turnover[item], quantity[item]) for item in sorted(turnover)])
    )
    _execute(_KEEP_PRICES, _columns(list({each.book_id: each.price for each in fills}.items())))


def _pages(side: Side, wanted: Mapping[str, _Page], now: datetime) -> dict[str, list[Order]]:
    """Return the next orders of one side of some books."""
    rows = [(item, *page) for item, page in sorted(wanted.items())]
    pages: dict[str, list[Order]] = {item: [] for item in wanted}
    for order in map(_order, _rows(_WAITING_ON[side], [*_columns(rows), now])):
        pages[order.book_id].append(order)
    sign = 1 if side == "sell" else -1
    for page in pages.values():
        page.sort(key=lambda order: (sign * order.price, order.pk))
    return pages


def _order(row: tuple[Any, ...]) -> Order:
    return Order.from_db("default", _COLUMNS, row)


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[str]:
    """Return an array for each column, written as the database reads it: psycopg takes its time for that."""
    return ["{" + ",".join(map(_quoted, column)) + "}" for column in zip(*rows, strict=True)]


def _quoted(value: object) -> str:
    if value is None:
        return "NULL"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _rows(query: str, parameters: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def _execute(query: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
