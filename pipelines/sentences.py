"""What is found in a file, as a sentence may quote it."""

LONGEST = 400


def shown(text: str, longest: int = LONGEST) -> str:
    """The text in one line, without control characters; of a longer one its two ends.

    Args:
        text: What is told; it may quote a damaged file.
        longest: Characters that are shown whole.
    """
    # A line break would make two sentences of one, and other control characters could do things to a terminal.
    plain = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    end = longest // 2
    return plain if len(plain) <= longest else f"{plain[:end]} ... {plain[-end:]}"
