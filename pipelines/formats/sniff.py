"""What a file looks like, whatever it is called."""

_SAS7BDAT = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_SIGNS: tuple[tuple[bytes, str, frozenset[str]], ...] = (
    (b"HEADER RECORD*******LIB", "a SAS transport file", frozenset({".xpt"})),
    (b"**COMPRESSED** **COMPRESSED**", "a SAS CPORT file (export it with the XPORT engine)", frozenset()),
    (_SAS7BDAT, "a SAS dataset", frozenset({".sas7bdat"})),
    (b"PAR1", "a Parquet file", frozenset({".parquet"})),
    (b"\x1f\x8b", "a gzip stream", frozenset({".csv.gz", ".dsjc"})),
    (b"\x78\x01", "a zlib stream", frozenset({".dsjc"})),
    (b"\x78\x5e", "a zlib stream", frozenset({".dsjc"})),
    (b"\x78\x9c", "a zlib stream", frozenset({".dsjc"})),
    (b"\x78\xda", "a zlib stream", frozenset({".dsjc"})),
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive", frozenset()),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook", frozenset()),
    (b"%PDF", "a PDF", frozenset()),
    (b"\xff\xfe", "text in UTF-16 (save it as UTF-8)", frozenset()),
    (b"\xfe\xff", "text in UTF-16 (save it as UTF-8)", frozenset()),
)
_TEXT_SIGNS: tuple[tuple[bytes, str, frozenset[str]], ...] = (
    (b"<", "an HTML or XML page", frozenset()),
    (b"{", "JSON", frozenset({".json", ".ndjson"})),
    (b"[", "a JSON list", frozenset()),
)
BOM = b"\xef\xbb\xbf"


def looks_like(head: bytes) -> tuple[str, frozenset[str]]:
    """What the first bytes of a file look like.

    Args:
        head: The first bytes of the file, some hundreds.

    Returns:
        The looks in words ("a Parquet file"), and the extensions under which a dataset may look so.
    """
    for sign, what, extensions in _SIGNS:
        if head.startswith(sign):
            return what, extensions
    body = head.removeprefix(BOM).lstrip()
    for sign, what, extensions in _TEXT_SIGNS:
        if body.startswith(sign):
            return what, extensions
    # A NUL may stand in a value of a CSV file, never in its header.
    if b"\0" in head.partition(b"\n")[0]:
        return "binary data of no kind known here", frozenset()
    return "plain text", frozenset({".csv"})
