"""XML elements with their attributes, children and text."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping

# XML 1.0 has no place for these, not even escaped.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(
    tag: str, attributes: Mapping[str, object] | None = None, *children: ET.Element, text: str | None = None
) -> ET.Element:
    """An element; an attribute without a value is left out, a character that XML cannot hold is U+FFFD.

    Args:
        tag: With its prefix, such as ``def:Origin``.
        attributes: Values by name, in the order they are written.
        children: In order.
        text: Its text, if it has any.
    """
    given = {name: clean(str(value)) for name, value in (attributes or {}).items() if value is not None}
    made = ET.Element(tag, given)
    made.extend(children)
    made.text = None if text is None else clean(text)
    return made


def described(text: str, tag: str = "Description") -> ET.Element:
    """A text for people, as ODM wraps it; in English."""
    return element(tag, {}, element("TranslatedText", {"xml:lang": "en"}, text=" ".join(text.split())))


def clean(text: str) -> str:
    """The text with U+FFFD for each character that XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)
