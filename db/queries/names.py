"""What departments are called."""

from __future__ import annotations

from sqlalchemy import Connection, select

from db.records import UNASSIGNED
from db.schema import departments

Name = tuple[str, str, str]  # code, Korean name, English name

NOBODY: Name = (UNASSIGNED, "미지정", "Unassigned")
_STATEMENT = select(departments.c.id, departments.c.code, departments.c.name_ko, departments.c.name_en)


def department_names(connection: Connection) -> dict[int, Name]:
    """Return the names of every department by its id; questions of nobody's have the name NOBODY."""
    with connection.execute(_STATEMENT) as result:
        found = result.cursor.fetchall()
    return {id_: (code, name_ko, name_en) for id_, code, name_ko, name_en in found}
