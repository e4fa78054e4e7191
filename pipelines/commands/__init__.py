"""What ``crsight`` can be told to do.

Each command loads the rooms it needs when it is called: a question in SQL should not wait for Dagster.
"""
