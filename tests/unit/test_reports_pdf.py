import subprocess
from collections import Counter
from functools import cache

import pytest

from reports.paper.letters import visible
from reports.pdf import tables_pdf, text
from reports.sections import incidence, listings
from tests.unit.paper_material import HOSTILE, hostile, of_settings, with_episodes
from tests.unit.paper_reading import pdf_texts, pdf_words, planned, squeezed, words
from tests.unit.report_material import material

LISTINGS = (listings.SECTION,)


@cache
def pdf() -> bytes:
    return tables_pdf(material())


def about(content: bytes, tool: str, folder) -> str:
    (folder / "made.pdf").write_bytes(content)
    made = subprocess.run([tool, "made.pdf"], cwd=folder, check=True, capture_output=True, text=True)
    return made.stdout


def test_every_page_has_the_words_that_were_planned():
    pages = planned(material())
    footer = "DEMO-1 · data cut 2026-06-30 · crsight 0.1.0 · run 0f3c9a52 · 2026-07-01 12:30:00 UTC Page {} of {}"
    footers = (Counter(footer.format(number, len(pages)).split()) for number, _ in enumerate(pages, start=1))
    assert pdf_words(pdf()) == [words(page) + said for page, said in zip(pages, footers, strict=True)]


def test_the_same_material_gives_the_same_bytes():
    assert tables_pdf(material(), LISTINGS) == tables_pdf(material(), LISTINGS)


def test_it_is_tagged_and_says_when_it_was_made(tmp_path):
    said = about(pdf(), "pdfinfo", tmp_path)
    assert "Tagged:          yes" in said
    assert "Title:           DEMO-1: A made-up study" in said
    assert "CreationDate:    Wed Jul  1 12:30:00 2026" in said


@pytest.mark.parametrize(("font", "family"), [("courier", "LiberationMono"), ("times", "LiberationSerif")])
def test_its_fonts_are_in_it(font, family, tmp_path):
    _, _, *fonts = about(tables_pdf(of_settings(font=font), (incidence.SECTION,)), "pdffonts", tmp_path).splitlines()
    assert [family in line and " yes yes yes " in line for line in fonts] == [True]


@pytest.mark.parametrize(("paper", "size"), [("A4", "841.9 x 595.3 pts (A4)"), ("letter", "792 x 612 pts (letter)")])
def test_the_paper_is_that_of_the_setting_and_lies_across(paper, size, tmp_path):
    content = tables_pdf(of_settings(paper=paper), (incidence.SECTION,))
    assert f"Page size:       {size}" in about(content, "pdfinfo", tmp_path)


def test_a_long_listing_is_lines_of_text_in_the_same_places():
    given = with_episodes(1002)
    content = tables_pdf(given, LISTINGS)
    expected = [words(page) for page in planned(given, LISTINGS)]
    assert [page & found for page, found in zip(expected, pdf_words(content), strict=True)] == expected
    lines = pdf_texts(content, "-layout")[0].splitlines()
    heading = next(line for line in lines if line.lstrip().startswith("Subject"))
    row = next(line for line in lines if "DEMO-1-00000" in line)
    assert row.index("2026-03-02 06:00") == heading.index("Onset")


def test_hostile_text_is_printed_as_text():
    found = squeezed("".join(pdf_texts(tables_pdf(hostile(), LISTINGS), "-raw")))
    expected = [squeezed(visible(text)) for text in HOSTILE if "ש" not in text]
    assert [text for text in expected if text not in found] == []


def test_text_from_right_to_left_is_printed_in_its_direction():
    found = "".join(pdf_texts(tables_pdf(hostile(), LISTINGS), "-layout"))
    assert "\N{RIGHT-TO-LEFT EMBEDDING}שלום עולם\N{POP DIRECTIONAL FORMATTING}" in found


@pytest.mark.parametrize(("said", "written"), [('a"b', '"a\\"b"'), ("a\\b", '"a\\\\b"'), ("#x[\n]", '"#x[\\n]"')])
def test_text_is_a_string(said, written):
    assert text(said) == written
