"""Who may be asked and who answers: departments, platforms and the accounts between them."""

from data_sources.registry.registry import (
    SEOUL_TOML,
    Account,
    CalendarDay,
    Department,
    Platform,
    Registry,
    RegistryError,
    load_registry,
)

__all__ = [
    "SEOUL_TOML",
    "Account",
    "CalendarDay",
    "Department",
    "Platform",
    "Registry",
    "RegistryError",
    "load_registry",
]
