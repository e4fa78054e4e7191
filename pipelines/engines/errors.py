"""What goes wrong in an engine, said so that people can mend it."""


class EngineError(Exception):
    """The engine cannot be had or did not do its work; the last release stands as it was."""
