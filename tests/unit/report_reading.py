"""A report as a reader meets it: its printed results, its tables, its text."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "col", "link", "br", "img", "hr", "input", "wbr"}


@dataclass
class Element:
    """An element of the page, with all its text."""

    tag: str
    attributes: dict[str, str | None]
    inside: tuple[str, ...]
    text: str = ""
    # The text that is not inside a printed result.
    loose: str = ""


@dataclass
class Page(HTMLParser):
    """The elements of a page in the order in which they begin."""

    html: str
    elements: list[Element] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self.feed(self.html)
        assert self._open == [], f"<{self._open[-1].tag}> is never closed"

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs), tuple(e.tag for e in self._open))
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        assert self._open[-1].tag == tag, f"</{tag}> ends <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data):
        is_result = any("data-cell" in e.attributes for e in self._open)
        for element in self._open:
            element.text += data
            element.loose += "" if is_result else data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of this tag that have these attributes (class_ for class)."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [e for e in self.elements if e.tag == tag and wanted.items() <= e.attributes.items()]

    @property
    def results(self) -> list[Element]:
        """The printed results."""
        return [e for e in self.elements if "data-cell" in e.attributes]


def text_of(html: str) -> str:
    """The text of a part of a page."""
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


def section(html: str, name: str) -> str:
    """A section of a page."""
    return html.split(f'<section id="{name}"')[1].split("</section>")[0]
