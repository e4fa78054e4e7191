"""What a report is made of: sections of tables, figures, answers and footnotes, in no format yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from reports.material import Material
from reports.phrases import Phrase
from reports.results import Results
from reports.tables import Heading, Listing, Table
from reports.titles import numbered


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One drawing of a figure: what it shows, said and drawn."""

    title: str
    description: str
    draw: Callable[[], str]

    @cached_property
    def svg(self) -> str:
        """The drawing; made when it is asked for, for paper has none."""
        return self.draw()


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Drawings that share a key; a wide one has the whole page."""

    caption: str
    panels: tuple[Panel, ...]
    key: str = ""
    is_wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a whole: the grade whose colour it has, its size, and what is said of it."""

    grade: str
    size: float
    said: Phrase


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to one question, to be read in a second: the number, its parts drawn as a strip, and a few lines."""

    question: str
    headline: Phrase
    lines: tuple[Phrase, ...]
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The first screen."""

    lead: Phrase
    answers: tuple[Answer, ...]


@dataclass(frozen=True, kw_only=True)
class Fold:
    """What is there for those who open it."""

    title: str
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """What has to be read with the tables, or stands where there is nothing to show; a caution is set off."""

    said: Phrase
    is_caution: bool = False


@dataclass(frozen=True, kw_only=True)
class Narrative:
    """The course of one subject.

    Args:
        subject: Identifier.
        grade: The highest, such as 4, none or missing, which gives its colour.
        heading: What the case is, in a line.
        said: Paragraphs.
        moments: Day, date and what it was.
        evidence: Source, rule, record, value, place of each record that sets the grade.
    """

    subject: str
    grade: str
    heading: str
    said: tuple[str, ...]
    moments: tuple[tuple[str, str, str], ...] = ()
    evidence: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Narratives:
    """Cases one by one, each with the lanes of its profile, which only a page draws."""

    name: str
    caption: str
    narratives: tuple[Narrative, ...]
    profiles: tuple[Mapping[str, object], ...]

    def as_listing(self) -> Listing:
        """The narratives as a listing, for paper."""
        headings = (Heading(label="Subject", is_text=True), Heading(label="Narrative", is_text=True))
        rows = tuple((one.subject, "\n".join((one.heading, *one.said))) for one in self.narratives)
        return Listing(name=self.name, caption=self.caption, headings=headings, rows=rows)


CROSSED = "By therapy, dose level and tumour burden together"
Block = Table | Listing | Figure | Answers | Fold | Narratives | Sentence


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A section's content and its footnotes."""

    blocks: tuple[Block, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section: its anchor, number, title, and how it is drawn."""

    id: str
    number: str = ""
    title: str
    draw: Callable[[Results, Material], Drawn]

    def drawn(self, material: Material) -> Drawn:
        """The section, drawn when it is first asked for, for several documents show the same."""
        if self.id not in material.drawn:
            material.drawn[self.id] = self.draw(material.results, material)
        return material.drawn[self.id]


def section(key: str, draw: Callable[[Results, Material], Drawn]) -> Section:
    """The section with its number and title.

    Args:
        key: In ``titles.csv``; what follows its point is the anchor.
        draw: How it is drawn.
    """
    number, title = numbered(key)
    return Section(id=key.split(".")[1], number=number, title=title, draw=draw)
