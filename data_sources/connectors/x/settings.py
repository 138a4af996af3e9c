"""What is set for X. Secrets are SecretStr, so that no repr, log or traceback shows one."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from data_sources.base import UsageError

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class UserToken(BaseModel):
    """OAuth 1.0a access token of an account that posts."""

    token: SecretStr
    secret: SecretStr


class XSettings(BaseSettings):
    """``MINWON_X_BEARER_TOKEN`` and so on. Reading needs the bearer token alone."""

    model_config = SettingsConfigDict(env_prefix="MINWON_X_", env_ignore_empty=True, frozen=True)

    bearer_token: SecretStr | None = None
    # tweepy signs for this host; X answers on it as on api.x.com.
    base_url: str = "https://api.twitter.com"
    timeout_s: float = Field(default=20.0, gt=0)
    list_id: str | None = Field(default=None, pattern=r"^\d{1,19}$")
    budget_dollars: float | None = Field(default=None, ge=0)
    budget_reads: int | None = Field(default=None, ge=0)
    consumer_key: SecretStr | None = None
    consumer_secret: SecretStr | None = None
    access_tokens: dict[str, UserToken] = Field(default_factory=dict)
    """By handle, as JSON: ``{"seoul_metro": {"token": "...", "secret": "..."}}``."""

    @field_validator("base_url")
    @classmethod
    def _keeps_the_token_secret(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("it must begin with https://, for the token goes there")
        return url.rstrip("/")


def read_settings() -> XSettings:
    """Return the settings of the environment.

    Raises
    ------
    UsageError
        One cannot be read; the message names it and not its value.
    """
    try:
        return XSettings()
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_context=False)[0]
        name = str(wrong["loc"][0]).upper()
        raise UsageError(f"MINWON_X_{name} is wrong: {wrong['msg']}; correct it or leave it out") from None
    except SettingsError:
        raise UsageError(
            'MINWON_X_ACCESS_TOKENS is no JSON such as {"handle": {"token": "...", "secret": "..."}}'
        ) from None
