"""Many rows of one table changed at once."""

from collections.abc import Sequence

from django.db import connection, models


def rewrite(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Store these fields of rows of one table, which exist.

    One short statement with many values: the reveal of a question to 3,000 players took 3 s with ``bulk_update``, which
    writes a CASE for each field, and takes 0.7 s with this (SQLite, two busy cores). Who answers waits meanwhile.
    """
    if not rows:
        return
    options = rows[0]._meta
    fields = [field for field in options.concrete_fields if field.name in names]
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    where = f"{quote(str(options.pk.column))} = %s"
    statement = f"UPDATE {quote(options.db_table)} SET {assignments} WHERE {where}"  # noqa: S608  # our own names
    values = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk] for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
