"""Pictures come from allowed hosts only, from no address inside, and go with their post."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from data_sources import thumbnails
from data_sources.__main__ import main
from data_sources.base import ConnectorError, NotAllowed, Transient
from data_sources.connectors import media
from data_sources.connectors.media import NoPicture, PictureClient
from data_sources.records import Attachment
from data_sources.thumbnails import fetch_thumbnails, folder, sweep
from db import queries, writes
from db.schema import attachments, posts
from db.transactions import writing
from tests.builders import a_question, kst
from tests.conftest import Store
from tests.loopback import Answer, LoopbackServer

ADDRESS_OF = socket.getaddrinfo


def _picture(width: int = 1200, height: int = 900, form: str = "JPEG") -> bytes:
    written = io.BytesIO()
    picture = Image.new("RGB", (width, height), "orange")
    exif = picture.getexif()
    exif[0x010E] = "the place where it was taken"
    picture.save(written, form, exif=exif)
    return written.getvalue()


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        running.answer("/a.jpg", Answer(_picture(), headers={"content-type": "image/jpeg"}))
        yield running


def _client(server: LoopbackServer, **options: Any) -> PictureClient:
    return PictureClient([server.url.removeprefix("http://")], **{"allow_private": True, **options})


def test_a_picture_is_drawn_anew_and_small(server: LoopbackServer) -> None:
    small = _client(server).thumbnail(f"{server.url}/a.jpg")
    with Image.open(io.BytesIO(small)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (560, 420))
        assert not picture.getexif()
    assert b"the place" not in small


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(b"", 302, {"location": "http://127.0.0.1:9/a.jpg"}), NotAllowed),
        (Answer(b"", 404), NotAllowed),
        (Answer(b"", 503), Transient),
        (Answer(fault="drop"), Transient),
        (Answer(b"<svg xmlns='http://www.w3.org/2000/svg'/>", headers={"content-type": "image/svg+xml"}), NoPicture),
        (Answer(b"<html>", headers={"content-type": "image/jpeg"}), NoPicture),
        (Answer(_picture()[:2000], headers={"content-type": "image/jpeg"}), NoPicture),
        (Answer(_picture(form="GIF"), headers={"content-type": "image/jpeg"}), NoPicture),
        (Answer(b"\xff\xd8" + bytes(media.MAX_BYTES), headers={"content-type": "image/jpeg"}), NoPicture),
        (Answer(_picture(8000, 6000, "PNG"), headers={"content-type": "image/png"}), NoPicture),
    ],
    ids=["redirect", "404", "503", "drop", "svg", "html", "cut off", "gif", "too long", "too many pixels"],
)
def test_what_is_no_small_picture_is_refused(server: LoopbackServer, answer: Answer, error: type[Exception]) -> None:
    server.answer("/b", answer)
    with pytest.raises(error) as raised:
        _client(server).thumbnail(f"{server.url}/b")
    assert type(raised.value) is error
    assert len(server.seen) == 1  # nothing was followed


@pytest.mark.parametrize("host", ["http://127.0.0.1:9", "https://elsewhere.example", "ftp://pictures.example"])
def test_hosts_that_are_not_named_are_never_asked(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name was looked up"))
    for url in (f"{host}/a.jpg", f"http://u:p@{server.url.removeprefix('http://')}/a.jpg"):
        assert not _client(server).allows(url)
        with pytest.raises(NotAllowed):
            _client(server).thumbnail(url)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fc00::1",
     "fe80::1%eth0", "::ffff:127.0.0.1", "2002:7f00:1::"],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused_before_connecting(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in ("93.184.216.34", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("it connected"))
    client = PictureClient(["pictures.example"])
    with pytest.raises(NotAllowed, match="no public address"):
        client.thumbnail("http://pictures.example/a.jpg")


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(server.url.rpartition(":")[2])
    answers = iter(["127.0.0.1"])  # a second question would find nothing

    def changing(host: str, *arguments: Any, **options: Any) -> Any:
        if host != "pictures.example":
            return ADDRESS_OF(host, *arguments, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    client = PictureClient([f"pictures.example:{port}"], allow_private=True)
    assert client.thumbnail(f"http://pictures.example:{port}/a.jpg")
    assert server.seen[0].headers["Host"] == f"pictures.example:{port}"


def test_thumbnails_are_stored_once_shown_and_gone_with_their_post(
    store: Store, server: LoopbackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINWON_VAR", str(tmp_path / "own"))
    server.answer("/none", Answer(b"", 404)).answer("/later", Answer(b"", 503))
    for number, path in enumerate(("a.jpg", "none", "later", "a.jpg")):
        photo = Attachment(key="p", kind="photo", url=f"{server.url}/{path}", width=1200, height=900, size_bytes=5)
        store.add(a_question(f"q{number}", attachments=(photo,), created_at=kst(f"2026-03-02 09:0{number}")))
    said: list[str] = []
    assert str(fetch_thumbnails(store.engine, _client(server), 10, said.append)) == "made=2 refused=1 later=1"
    assert len(said) == 2
    # What was refused is not asked for again; what is down is.
    assert str(fetch_thumbnails(store.engine, _client(server), 10, said.append)) == "made=0 refused=0 later=1"
    files = list(folder().iterdir())
    assert len(files) == 1
    with store.engine.connect() as connection:
        ids = dict(connection.execute(select(posts.c.platform_post_id, posts.c.id)).all())
        assert set(connection.scalars(select(attachments.c.thumbnail))) == {files[0].name, "", None}
    shown = queries.attachments_of(store.engine, (ids["q0"], ids["q1"]))
    assert shown["thumbnail"].tolist() == [files[0].name, None]
    assert shown[["width", "height", "size_bytes"]].to_numpy().tolist() == [[1200, 900, 5], [1200, 900, 5]]
    for post, left in (("q0", 1), ("q3", 0)):
        with writing(store.engine) as connection:
            writes.remove_posts(connection, [ids[post]], kst("2026-03-05 09:00"))
        sweep(store.engine)
        assert len(list(folder().iterdir())) == left


def test_without_a_host_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("MINWON_DB_URL", f"sqlite:///{tmp_path / 'minwon.db'}")
    assert thumbnails.allowed_hosts() == ()
    assert main(["thumbnails"]) == 2
    assert "MINWON_THUMBNAIL_HOSTS" in capsys.readouterr().err
    monkeypatch.setenv("MINWON_THUMBNAIL_HOSTS", "a.example, b.example:8080 ,")
    assert thumbnails.allowed_hosts() == ("a.example", "b.example:8080")
    assert main(["thumbnails"]) == 0
    assert capsys.readouterr().out == "made=0 refused=0 later=0\n"
    assert issubclass(NoPicture, ConnectorError)
