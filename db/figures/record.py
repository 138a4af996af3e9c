"""A frozen figure: what was asked, what came out, by which definition and code, and the id that follows from these."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from dataclasses import dataclass
from typing import Any, Self

import pandas as pd

from db import queries
from db.figures.figure import Figure, FigureQuery, UnknownFigure
from db.figures.sums import Sums, sums_of
from db.figures.table import FIGURES
from db.frames import DAY, TIME
from db.queries.extent import data_extent
from db.records import PostFilter
from db.snapshot import Reader
from db.version import code_version

DIGITS = 12  # significant ones of a float: what lies behind them differs between engines and processors


class NoRecord(ValueError):
    """It cannot be read as a frozen figure."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A figure as it was at one moment. ``rows`` are in the order of ``columns``, ready for JSON."""

    figure: str
    query: FigureQuery
    definition_version: int
    code_version: str
    rules_version: str | None
    as_of: dt.datetime | None
    sums: Sums
    columns: tuple[tuple[str, str, str], ...]  # name, dtype, meaning
    rows: tuple[tuple[Any, ...], ...]

    @property
    def id(self) -> str:
        """The SHA-256 over data, query, definition version and code version, hexadecimal.

        It says nothing of when it was frozen or of the cut-off: as long as the store says the same, it is the same.
        """
        said = {
            "figure": self.figure,
            "query": query_as_json(self.query),
            "definition_version": self.definition_version,
            "code_version": self.code_version,
            "columns": [name for name, _, _ in self.columns],
            "rows": self.rows,
        }
        return hashlib.sha256(_canonical(said).encode()).hexdigest()

    def as_json(self) -> str:
        """Return figure.json."""
        return json.dumps(
            {
                "id": self.id,
                "figure": self.figure,
                "query": query_as_json(self.query),
                "definition_version": self.definition_version,
                "code_version": self.code_version,
                "rules_version": self.rules_version,
                "as_of": self.as_of.isoformat() if self.as_of else None,
                "sums": self.sums.as_json(),
                "columns": [dict(zip(("name", "dtype", "meaning"), column, strict=True)) for column in self.columns],
                "rows": self.rows,
            },
            ensure_ascii=False,
            indent=1,
        )

    @classmethod
    def from_json(cls, written: str) -> tuple[Self, str]:
        """Return the figure of a figure.json, and the id that stands in it.

        Raises
        ------
        NoRecord
            It is none.
        """
        try:
            read = json.loads(written)
            record = cls(
                figure=str(read["figure"]),
                query=query_from_json(read["query"]),
                definition_version=int(read["definition_version"]),
                code_version=str(read["code_version"]),
                rules_version=read["rules_version"],
                as_of=dt.datetime.fromisoformat(read["as_of"]) if read["as_of"] else None,
                sums=Sums.from_json(read["sums"]),
                columns=tuple(
                    (str(each["name"]), str(each["dtype"]), str(each["meaning"])) for each in read["columns"]
                ),
                rows=tuple(tuple(row) for row in read["rows"]),
            )
            return record, str(read["id"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NoRecord("it holds no figure that was frozen") from error

    def frame(self) -> pd.DataFrame:
        """Return the rows as a table of plain values."""
        return pd.DataFrame(list(self.rows), columns=[name for name, _, _ in self.columns], dtype=object)


def figure_named(name: str) -> Figure:
    """Return a row of FIGURES.

    Raises
    ------
    UnknownFigure
        There is none; the message lists them.
    """
    try:
        return FIGURES[name]
    except KeyError as error:
        raise UnknownFigure(f"no figure {name!r}; known: {', '.join(FIGURES)}") from error


def freeze(reader: Reader, name: str, query: FigureQuery) -> Frozen:
    """Return the figure ``name`` as the store has it now.

    Raises
    ------
    UnknownFigure
        There is no such figure, or it needs words and none are given.
    """
    figure = figure_named(name)
    if figure.needs_terms != bool(query.terms):
        raise UnknownFigure(f"figure {name!r} is " + ("asked for words" if figure.needs_terms else "not about words"))
    columns = tuple((column, each.dtype, each.meaning) for column, each in figure.schema.columns.items())
    rules = queries.filter_rules(reader)["rules_version"]
    return Frozen(
        figure=name,
        query=query,
        definition_version=figure.version,
        code_version=code_version(),
        rules_version=None if rules.empty else str(rules.iloc[0]),
        as_of=data_extent(reader, query.where.synthetic).as_of,
        sums=sums_of(reader, query.where, of_stock=figure.of_stock),
        columns=columns,
        rows=_plain_rows(figure.schema.cast(figure.read(reader, query)), [dtype for _, dtype, _ in columns]),
    )


def query_as_json(query: FigureQuery) -> dict[str, Any]:
    """Return what was asked, in the words of the address of a page."""
    where = query.where
    return {
        "start": where.start.isoformat(),
        "end": where.end.isoformat(),
        "department": list(where.departments),
        "platform": list(where.platforms),
        "class": list(where.classes),
        "data": "synthetic" if where.synthetic else "real",
        "term": list(query.terms),
    }


def query_from_json(read: dict[str, Any]) -> FigureQuery:
    """Return what :func:`query_as_json` wrote."""
    where = PostFilter(
        start=dt.date.fromisoformat(read["start"]),
        end=dt.date.fromisoformat(read["end"]),
        departments=tuple(map(str, read["department"])),
        platforms=tuple(map(str, read["platform"])),
        classes=tuple(map(str, read["class"])),
        synthetic={"synthetic": True, "real": False}[read["data"]],
    )
    return FigureQuery(where, tuple(map(str, read["term"])))


def _canonical(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _plain_rows(frame: pd.DataFrame, dtypes: list[str]) -> tuple[tuple[Any, ...], ...]:
    """Return the rows with every value as JSON knows it: days and moments as text, floats to DIGITS, no NaN."""
    columns = [
        [_plain(value, dtype) for value in frame[name]] for name, dtype in zip(frame.columns, dtypes, strict=True)
    ]
    return tuple(zip(*columns, strict=True))


def _plain(value: Any, dtype: str) -> Any:
    if value is None or value is pd.NaT:
        return None
    if dtype == DAY.dtype:
        return value.date().isoformat()
    if dtype == TIME.dtype:
        return value.isoformat()
    if dtype == "float64":
        number = float(value)
        if math.isnan(number):
            return None
        return float(f"{number:.{DIGITS}g}") if math.isfinite(number) else str(number)
    return {"int64": int, "bool": bool}.get(dtype, str)(value)
