"""Files people already have (CSV, TSV, JSON Lines, XLSX, gz of these) as a source of posts."""

from data_sources.connectors.files.connector import FileConnector
from data_sources.connectors.files.generic import FIELDS, parse_mapping
from data_sources.connectors.files.presets import GENERIC, PRESETS
from data_sources.connectors.files.rejects import REJECT_REASONS

__all__ = ["FIELDS", "GENERIC", "PRESETS", "REJECT_REASONS", "FileConnector", "parse_mapping"]
