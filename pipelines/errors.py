"""What the program says when it will not go on."""


class Refused(Exception):
    """The data were refused; the message says where, what is wrong, and what to do."""


class WrongUsage(Exception):
    """The command was asked for something that is not there; the message says what is."""


class Busy(Exception):
    """Another run has it in hand; the message says which, and what to do."""
