"""The demo source: an invented city, seeded and offline."""

from data_sources.connectors.demo.connector import DemoConnector, DemoPost

__all__ = ["DemoConnector", "DemoPost"]
