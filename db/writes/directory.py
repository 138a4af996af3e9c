"""Platforms, departments and accounts: what the registry says, and what only the posts tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from db.dialects import dialect_of
from db.records import AccountName, NewPost
from db.schema import accounts, departments, districts, filter_rules, platforms, posts, questions, term_groups


def sync_registry(
    connection: Connection,
    platform_rows: Sequence[dict[str, Any]],
    department_rows: Sequence[dict[str, Any]],
    account_rows: Sequence[dict[str, Any]],
) -> list[int]:
    """Make the store's platforms, departments and accounts say what the registry says.

    ``account_rows`` name their department by ``department`` (a code). Rows that only posts brought stay.

    Returns
    -------
    ids of accounts that stood under another department or role until now: the questions they touch must be routed anew
    """
    dialect = dialect_of(connection)
    if platform_rows:
        connection.execute(
            dialect.upsert(platforms, ["id"], ["name_ko", "name_en", "url", "display", "export"]), list(platform_rows)
        )
    if department_rows:
        connection.execute(dialect.upsert(departments, ["code"], ["name_ko", "name_en"]), list(department_rows))
    if account_rows:
        ids = department_ids(connection)
        rows = [
            {**{name: value for name, value in row.items() if name != "department"},
             "department_id": ids[row["department"]]}
            for row in account_rows
        ]  # fmt: skip
        changeable = [
            "name_ko", "name_en", "department_id", "role", "status", "connected_from", "connected_to",
            "missing_ko", "missing_en", "is_synthetic",
        ]  # fmt: skip
        before = _places(connection)
        connection.execute(dialect.upsert(accounts, ["platform_id", "handle"], changeable), rows)
        return [id_ for id_, place in _places(connection).items() if before.get(id_, place) != place]
    return []


def _places(connection: Connection) -> dict[int, tuple[int, str]]:
    return {
        id_: (department_id, role)
        for id_, department_id, role in connection.execute(
            select(accounts.c.id, accounts.c.department_id, accounts.c.role)
        )
    }


def sync_term_groups(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Make the store's term groups (name, term, is_hot, position) exactly ``rows``."""
    connection.execute(delete(term_groups))
    if rows:
        connection.execute(insert(term_groups), list(rows))


def sync_districts(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Make the store's districts (code, name_ko, name_en) exactly ``rows``."""
    connection.execute(delete(districts))
    if rows:
        connection.execute(insert(districts), list(rows))


def sync_filter_rules(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Make the store's filter rules (the columns of the table) exactly ``rows``."""
    connection.execute(delete(filter_rules))
    if rows:
        connection.execute(insert(filter_rules), list(rows))


def department_ids(connection: Connection) -> dict[str, int]:
    """Return the id of every department by its code."""
    return {code: id_ for id_, code in connection.execute(select(departments.c.id, departments.c.code))}


class AccountDirectory:
    """Finds accounts and departments by name, and adds what a source names for the first time.

    One object serves one transaction: what it adds is only there once that transaction commits.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._platforms = set(connection.scalars(select(platforms.c.id)))
        self._departments = department_ids(connection)
        self._department_names = {
            name: id_ for id_, name in connection.execute(select(departments.c.id, departments.c.name_ko))
        }
        self._accounts = {
            (row.platform_id, row.handle): (row.id, row.department_id)
            for row in connection.execute(
                select(accounts.c.id, accounts.c.platform_id, accounts.c.handle, accounts.c.department_id)
            )
        }
        self.regrouped: set[int] = set()
        """Accounts whose department became known: the questions they touch must be looked at again."""

    def learn(self, new_posts: Iterable[NewPost], is_synthetic: bool) -> None:
        """Add the platforms and accounts that ``new_posts`` are the first to name, and departments with them."""
        named: dict[tuple[str, AccountName | None], None] = {}
        for post in new_posts:
            named[post.platform, post.account] = None
            named[post.platform, post.addressed_to] = None
        for platform, account in named:
            self.ensure_platform(platform)
            if account is not None:
                self.account_id(platform, account.handle, account.department, is_synthetic)

    def id_of(self, platform: str, account: AccountName | None) -> int | None:
        """Return the id of an account that is known; None of no account."""
        return None if account is None else self._accounts[platform, account.handle][0]

    def ensure_platform(self, platform: str) -> None:
        """Add ``platform`` under its own id where the registry does not know it."""
        if platform not in self._platforms:
            self._connection.execute(
                insert(platforms).values(id=platform, name_ko=platform, name_en=platform, display="text", export="text")
            )
            self._platforms.add(platform)

    def department_id(self, code: str | None) -> int | None:
        """Return the id of the department with this code, None where the registry has none."""
        return self._departments.get(code) if code else None

    def account_id(self, platform: str, handle: str, department: str | None, is_synthetic: bool) -> int:
        """Return the account's id; add account and department where they are new.

        An account first met as an addressee stands under a department of its own name until a post names
        its department.
        """
        known = self._accounts.get((platform, handle))
        provisional = f"account:{platform}:{handle}"
        if known is not None:
            id_, department_id = known
            if department and department_id == self._departments.get(provisional):
                department_id = self._named_department(department)
                self._connection.execute(
                    update(accounts).where(accounts.c.id == id_).values(department_id=department_id)
                )
                self._accounts[platform, handle] = (id_, department_id)
                self.regrouped.add(id_)
            return id_
        department_id = self._named_department(department) if department else self._add_department(provisional, handle)
        id_ = self._connection.execute(
            insert(accounts)
            .values(
                platform_id=platform,
                handle=handle,
                name_ko=handle,
                name_en=handle,
                department_id=department_id,
                role="department",
                status="connected",
                is_synthetic=is_synthetic,
            )
            .returning(accounts.c.id)
        ).scalar_one()
        self._accounts[platform, handle] = (id_, department_id)
        return int(id_)

    def _named_department(self, name: str) -> int:
        known = self._department_names.get(name)
        if known is None:
            known = self._add_department(f"name:{name}", name)
            self._department_names[name] = known
        return known

    def _add_department(self, code: str, name: str) -> int:
        known = self._departments.get(code)
        if known is None:
            known = int(
                self._connection.execute(
                    insert(departments).values(code=code, name_ko=name, name_en=name).returning(departments.c.id)
                ).scalar_one()
            )
            self._departments[code] = known
        return known


def questions_of_accounts(connection: Connection, account_ids: Sequence[int]) -> list[int]:
    """Return the questions that were written to, or first answered by, one of the accounts."""
    answer = posts.alias("answer")
    statement = (
        select(questions.c.post_id)
        .join(posts, posts.c.id == questions.c.post_id)
        .outerjoin(answer, answer.c.id == questions.c.first_answer_post_id)
        .where(
            or_(
                posts.c.receiving_account_id.in_(bindparam("accounts", expanding=True)),
                answer.c.account_id.in_(bindparam("accounts", expanding=True)),
            )
        )
    )
    return list(connection.scalars(statement, {"accounts": list(account_ids)}))
