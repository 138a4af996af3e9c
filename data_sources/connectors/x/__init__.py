"""X, formerly Twitter: what citizens write to the city's accounts, and what these answer."""

from data_sources.connectors.x.source import build

__all__ = ["build"]
