import doctest
from functools import cache

import pytest

from reports import pdf, rtf
from reports.paper import letters
from reports.paper.aligned import aligned
from reports.paper.columns import columns, plan
from reports.paper.frame import NOTES_LATER, Page
from reports.paper.letters import FACES, TIED, ruler
from reports.paper.pages import pages
from reports.paper.setting import Setting, setting
from reports.paper.sheets import Sheet
from reports.tables import Body, Heading, Row, Table
from tests.unit.report_material import material

COURIER, TIMES = ruler(FACES["courier"]), ruler(FACES["times"])


@cache
def a4() -> Setting:
    return setting(material())


def sheet(*bodies: Body, notes: tuple[str, ...] = (), columns: int = 1, is_listing: bool = False) -> Sheet:
    headings = tuple(Heading(label=f"Column {i}") for i in range(columns))
    table = Table(caption="", stub="Stub", headings=headings, bodies=bodies)
    return Sheet(number="Table T1", caption="Counts", population="", notes=notes, table=table, is_listing=is_listing)


def rows(n: int, said: str = "1", columns: int = 1) -> tuple[Row, ...]:
    return tuple(Row(stub=f"Row {i}", cells=((said,),) * columns) for i in range(n))


def made(*bodies: Body, **more) -> list[Page]:
    return [*pages(sheet(*bodies, **more), a4())]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "12", "123"], ["  1", " 12", "123"]),
        (["1.5", "12.5", "NE"], [" 1.5", "12.5", "NE"]),
        (["3 (2.5)", "12 (100.0)", "0", "–"], [" 3 (  2.5)", "12 (100.0)", " 0", " –"]),
        (["1.8–5.0", "10.5–20.5", "NE–NE"], [" 1.8–5.0", "10.5–20.5", "NE–NE"]),
        (["1.5–NR", "12.5–NR", "NE"], [" 1.5–NR", "12.5–NR", "NE"]),
        (["<0.1", "10.0"], ["<0.1", "10.0"]),
        (["4.2\n(0.0–12.2)", "17.5\n(9.5–25.5)"], ["    4.2\n(0.0–12.2)", "   17.5\n(9.5–25.5)"]),
        (["1,234", "5"], ["1,234", "    5"]),
        ([], []),
    ],
)
def test_points_stand_one_under_another(cells, expected):
    assert [cell.replace(TIED, " ") for cell in aligned(cells, COURIER)] == expected


def test_figures_are_as_wide_as_two_spaces_in_times():
    assert aligned(["1", "12"], TIMES) == [f"{TIED * 2}1", "12"]


@pytest.mark.parametrize(
    ("text", "characters", "lines"),
    [
        ("one two three", 7, ("one two", "three")),
        ("one\ntwo", 10, ("one", "two")),
        ("abcdefgh", 3, ("abc", "def", "gh")),
        ("a  b", 10, ("a  b",)),
        ("", 5, ("",)),
        ("日本語の文", 5, ("日本語", "の文")),
    ],
)
def test_lines_end_at_spaces_and_within_words_that_are_too_wide(text, characters, lines):
    assert COURIER.wrapped(text, characters * COURIER.width("0") + 0.01) == lines


def test_rows_stand_on_as_many_pages_as_they_need_each_once():
    found = made(Body(label="", rows=rows(200)))
    assert [row.cells[0][0] for page in found for row in page.rows] == [f"Row {i}" for i in range(200)]
    assert len({len(page.rows) for page in found[:-1]}) == 1


def test_a_heading_never_stands_at_the_foot_of_a_page():
    room = len(made(Body(label="", rows=rows(200)))[0].rows)
    for filled in range(room - 3, room + 3):
        found = made(Body(label="", rows=rows(filled)), Body(label="Group", rows=rows(3)))
        assert not any(page.rows[-1].is_heading for page in found)


def test_a_row_that_is_higher_than_a_page_goes_on_with_its_stub():
    words = " ".join(f"word{i}" for i in range(3000))
    table = Table(
        caption="",
        stub="Stub",
        headings=(Heading(label="Said", is_text=True),),
        bodies=(Body(label="", rows=(Row(stub="Long", cells=((words,),)),)),),
    )
    found = [*pages(Sheet(number="T", caption="", population="", notes=(), table=table, is_listing=True), a4())]
    assert len(found) > 1
    assert {page.rows[0].cells[0][0] for page in found} == {"Long"}
    assert " ".join(line for page in found for row in page.rows for line in row.cells[1]) == words


def test_footnotes_that_leave_no_room_for_rows_follow_the_table():
    notes = tuple(f"Footnote {i}." for i in range(60))
    found = made(Body(label="", rows=rows(200)), notes=notes)
    tables, others = ([page for page in found if bool(page.slots) is has_rows] for has_rows in (True, False))
    assert found == [*tables, *others]
    assert {page.notes for page in tables} == {(NOTES_LATER,)}
    assert tuple(note for page in others for note in page.notes) == notes


def test_columns_on_several_pages_are_about_as_many_on_each():
    found = columns(sheet(Body(label="", rows=rows(3, "100.0 (95.2–100.0)", 12)), columns=12).table, FACES["courier"])
    planned = plan(found, a4().width_pt, (9.0, 8.0, 7.0), (24.0, 14.0))
    assert [len(panel.places) for panel in planned.panels] == [7, 7]
    assert {panel.places[0] for panel in planned.panels} == {0}
    assert sorted(place for panel in planned.panels for place in panel.places[1:]) == [*range(1, 13)]


def test_letters_are_smaller_only_where_that_spares_a_page():
    def size(width: int) -> float:
        return made(Body(label="", rows=rows(3, "100.0 (95.2)", width)), columns=width)[0].size

    assert [size(8), size(10), size(11)] == [9.0, 8.0, 7.0]


def test_a_table_without_rows_has_its_headings():
    [page] = made()
    assert [slot.heading for slot in page.slots] == [("Stub",), ("Column", "0")]
    assert page.rows == ()


@pytest.mark.parametrize("module", [letters, pdf, rtf])
def test_the_examples_in_the_documentation_hold(module):
    assert doctest.testmod(module).failed == 0
