"""What the server reads from the environment."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServerSettings(BaseSettings):
    """Limits of the public server; one ``MINWON_SERVER_...`` variable each."""

    model_config = SettingsConfigDict(env_prefix="MINWON_SERVER_", frozen=True)

    # Every websocket is a session and a script run. An office behind one address needs more than a household.
    sockets_per_address: int = Field(default=40, ge=1)
    # 400 sessions took a third of one core in the load test; 600 leaves room for the tail.
    sockets_total: int = Field(default=600, ge=1)
    # Only behind a proxy of ours: the address is then the last one in X-Forwarded-For, which that proxy wrote.
    trust_forwarded: bool = False
