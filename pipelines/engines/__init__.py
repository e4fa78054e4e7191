"""Engines beside DuckDB that make the tables of models; models know nothing of them."""
