"""Which store, and how to reach it."""

from __future__ import annotations

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError

from db.dialects import DIALECTS, ENGINES
from db.dialects.base import Limits, UnknownEngine
from db.errors import WrongSetting

__all__ = ["Settings", "UnknownEngine", "open_engine"]


class Settings(BaseSettings):
    """The store's settings, from the environment: ``MINWON_DB_URL``, ``MINWON_DB_TIMEOUT_S`` and so on."""

    model_config = SettingsConfigDict(env_prefix="MINWON_DB_", frozen=True)

    url: str = "sqlite:///var/minwon.db"
    timeout_s: float = Field(default=30.0, gt=0)  # how long one waits for another writer, or for a free connection
    query_timeout_s: float = Field(default=15.0, ge=0)  # longest query of a page; 0: as long as it takes
    pool_size: int = Field(
        default=20, ge=1
    )  # connections a process keeps for its readers: one for each page being drawn


def open_engine(url: str | None = None, *, readonly: bool = False, patient: bool = False) -> Engine:
    """Return an engine for ``url``, or for MINWON_DB_URL where none is given.

    Parameters
    ----------
    readonly : bool
        The engine refuses to write and creates nothing; its queries end after MINWON_DB_QUERY_TIMEOUT_S. For the pages.
    patient : bool
        Queries take as long as they take. For a command that reads everything.

    Raises
    ------
    UnknownEngine
        The URL cannot be read, or its engine has no row in ENGINES.
    WrongSetting
        Another MINWON_DB_ setting cannot be read.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = error.errors()[0]
        name = "_".join(str(part).upper() for part in wrong["loc"])
        raise WrongSetting(f"MINWON_DB_{name} is wrong: {wrong['msg']}; correct it or leave it out") from error
    try:
        parsed = make_url(url or settings.url)
    except (ArgumentError, ValueError) as error:
        raise UnknownEngine("no database URL; an example: sqlite:///var/minwon.db") from error
    name = parsed.get_backend_name()
    if name not in ENGINES:
        raise UnknownEngine(f"no engine {name!r}; known: {', '.join(ENGINES)}")
    dialect = DIALECTS[name]
    limits = Limits(settings.timeout_s, 0 if patient else settings.query_timeout_s, settings.pool_size)
    return dialect.connect(parsed.set(drivername=dialect.sync_driver), readonly=readonly, limits=limits)
