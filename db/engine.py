"""Which store, and how to reach it."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError

from db.dialects import DIALECTS
from db.dialects.base import UnknownEngine

__all__ = ["Settings", "UnknownEngine", "open_engine"]


class Settings(BaseSettings):
    """The store's settings, from the environment: ``MINWON_DB_URL`` and ``MINWON_DB_TIMEOUT_S``."""

    model_config = SettingsConfigDict(env_prefix="MINWON_DB_", frozen=True)

    url: str = "sqlite:///var/minwon.db"
    timeout_s: float = 30.0  # how long a writer waits for another one


def open_engine(url: str | None = None, *, readonly: bool = False) -> Engine:
    """Return an engine for ``url``, or for MINWON_DB_URL where none is given.

    Parameters
    ----------
    readonly : bool
        The engine refuses to write. The pages use it.

    Raises
    ------
    UnknownEngine
        The URL cannot be read, or its engine has no row in DIALECTS.
    """
    settings = Settings()
    try:
        parsed = make_url(url or settings.url)
    except ArgumentError as error:
        raise UnknownEngine("MINWON_DB_URL is no database URL; an example: sqlite:///var/minwon.db") from error
    name = parsed.get_backend_name()
    if name not in DIALECTS:
        raise UnknownEngine(f"no engine {name!r}; known: {', '.join(DIALECTS)}")
    dialect = DIALECTS[name]
    return dialect.connect(parsed.set(drivername=dialect.sync_driver), readonly=readonly, timeout_s=settings.timeout_s)
