"""Which photos have a small copy of ours."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, or_, select, update

from db.schema import attachments, platforms, posts

LOOKED_AT = 20_000  # photos without a copy in one night, newest first; most are of hosts that are not allowed


class Photo(NamedTuple):
    """A photo of a post, and where it is."""

    post_id: int
    key: str
    url: str


def photos_without(connection: Connection) -> list[Photo]:
    """Return the newest photos that have no copy and may be shown, invented ones left out."""
    table = attachments.c
    rows = connection.execute(
        select(table.post_id, table.key, table.url)
        .join(posts, posts.c.id == table.post_id)
        .join(platforms, platforms.c.id == posts.c.platform_id)
        .where(
            table.thumbnail.is_(None),
            table.kind == "photo",
            posts.c.is_synthetic.is_(False),
            posts.c.is_risk.is_(False),
            # As for texts: what its platform does not let us show is not copied either.
            or_(posts.c.origin == "import", platforms.c.display == "text"),
        )
        .order_by(table.post_id.desc(), table.key)
        .limit(LOOKED_AT)
    )
    return [Photo(*row) for row in rows]


def write_thumbnail(connection: Connection, photo: Photo, name: str) -> None:
    """Say what our copy of a photo is called; "" where none can be had. A photo that was removed meanwhile stays removed."""
    table = attachments.c
    connection.execute(
        update(attachments)
        .where(table.post_id == photo.post_id, table.key == photo.key, table.url == photo.url)
        .values(thumbnail=name)
    )


def known_thumbnails(connection: Connection) -> set[str]:
    """Return the names of all copies that belong to a photo."""
    names = connection.scalars(select(attachments.c.thumbnail).where(attachments.c.thumbnail > ""))
    return {name for name in names if name}
