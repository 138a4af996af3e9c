"""Commands of ``python -m data_sources`` beside the loading ones: one module for each kind of thing."""
