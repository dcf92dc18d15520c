"""Large query sets, written as SQL once.

Django takes milliseconds to write the SQL of a query set with several subqueries, and the database a tenth of one to
answer it: a referee that looks at the games ten times a second was busy with writing the same text. ::

    due = Prepared(Game.objects.due, "now")
    due(now=now_ms())         # a list of Game
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)

FIRST_MARK = 2**61
"""A number that stands for the first parameter while the SQL is written, far from any time or key."""

MARKS_APART = 2**48
"""From one parameter's mark to the next one's: what is reckoned with one (``now - 100``) stays nearer to its own."""


class Prepared(Generic[M]):
    """The query set that ``make`` gives for parameters of these ``names``, all of them whole numbers.

    ``make`` is called once for each database, with marks in their place: it may reckon with its parameters, and put
    the outcome into the query as a value, but must not decide by them what the query is.
    """

    def __init__(self, make: Callable[..., models.QuerySet[M]], *names: str) -> None:
        self._make = make
        self._names = names
        self._written: dict[str, tuple[type[M], str, tuple[Any, ...]]] = {}

    def __call__(self, **values: int) -> list[M]:
        """The rows for these values."""
        model, sql, params = self._written.get(connection.vendor) or self._write()
        return list(model._default_manager.raw(sql, [self._filled(param, values) for param in params]))

    def _write(self) -> tuple[type[M], str, tuple[Any, ...]]:
        marks = {name: FIRST_MARK + number * MARKS_APART for number, name in enumerate(self._names)}
        rows = self._make(**marks)
        sql, params = rows.query.sql_with_params()
        self._written[connection.vendor] = written = rows.model, sql, params
        return written

    def _filled(self, param: Any, values: dict[str, int]) -> Any:  # noqa: ANN401  # whatever a query carries
        if not isinstance(param, int) or param < FIRST_MARK - MARKS_APART // 2:  # psycopg has integers of its own
            return param
        number = (param - FIRST_MARK + MARKS_APART // 2) // MARKS_APART
        return values[self._names[number]] + param - (FIRST_MARK + number * MARKS_APART)
