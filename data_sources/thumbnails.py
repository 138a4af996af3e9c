"""Small copies of citizens' photos: off by default, from allowed hosts only, gone with their post.

Files lie in ``thumbnails`` under MINWON_VAR and are named by a hash of what they show, so the same picture lies there once.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import Engine

from data_sources.base import ConnectorError, Transient
from data_sources.connectors.media import PictureClient
from db.transactions import writing
from db.writes.thumbnails import known_thumbnails, photos_without, write_thumbnail


class Settings(BaseSettings):
    """Which hosts pictures may come from, separated by commas; without any nothing is fetched."""

    model_config = SettingsConfigDict(env_prefix="MINWON_THUMBNAIL_", frozen=True)

    hosts: str = ""


@dataclass(slots=True)
class Fetched:
    """What came of it: pictures made, refused for good, and to be tried another time."""

    made: int = 0
    refused: int = 0
    later: int = 0

    def __str__(self) -> str:
        return f"made={self.made} refused={self.refused} later={self.later}"


def allowed_hosts() -> tuple[str, ...]:
    """Return the hosts of MINWON_THUMBNAIL_HOSTS."""
    return tuple(host.strip() for host in Settings().hosts.split(",") if host.strip())


def folder() -> Path:
    """Return where the thumbnails lie."""
    return Path(os.environ.get("MINWON_VAR", "var")) / "thumbnails"


def fetch_thumbnails(engine: Engine, client: PictureClient, limit: int, say: Callable[[str], None]) -> Fetched:
    """Fetch small copies of the newest photos that have none, ``limit`` at most, each stored by itself."""
    outcome = Fetched()
    with engine.connect() as connection:
        wanted = photos_without(connection)
        photos = [photo for photo in wanted if client.allows(photo.url)][:limit]
    for photo in photos:
        try:
            name = _store(client.thumbnail(photo.url))
        except Transient as error:
            outcome.later += 1
            say(f"thumbnail: {error}")
            continue
        except ConnectorError as error:
            name = ""  # asked once is enough
            outcome.refused += 1
            say(f"thumbnail: {error}")
        else:
            outcome.made += 1
        with writing(engine) as connection:
            write_thumbnail(connection, photo, name)
    return outcome


def _store(picture: bytes) -> str:
    """Write a picture under its hash; a reader never sees half of one."""
    name = f"{hashlib.sha256(picture).hexdigest()}.webp"
    path = folder() / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{name}.{os.getpid()}")
        unfinished.write_bytes(picture)
        unfinished.replace(path)
    return name


def sweep(engine: Engine) -> int:
    """Delete the files that belong to no photo of the store any more; return how many."""
    names = [path.name for path in folder().glob("*.webp")]
    if not names:
        return 0
    # Within a writer's transaction: no picture is being made known meanwhile.
    with writing(engine) as connection:
        known = known_thumbnails(connection)
        gone = [name for name in names if name not in known]
        for name in gone:
            (folder() / name).unlink(missing_ok=True)
    return len(gone)
