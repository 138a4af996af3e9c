"""Where posts come from: connectors, the registry of accounts, and the loader that fills the store."""
