"""The store: schema, writes, queries, metrics. Knows neither the networks nor the analysers."""
