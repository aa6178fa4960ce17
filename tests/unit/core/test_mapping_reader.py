"""CSV as Excel, editors and people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fortnox.core.mapping.reader import RawTable, read_table

COLUMNS = {"shop": True, "name": True, "note": False}


def read(data: str | bytes) -> RawTable:
    """Read a file of three columns."""
    raw = data if isinstance(data, bytes) else data.encode()
    return read_table("f.csv", raw, COLUMNS)


def cells(table: RawTable) -> list[tuple[int, dict[str, str]]]:
    """Line and cells of each row."""
    return [(row.line, dict(row.cells)) for row in table.rows]


@pytest.mark.parametrize(
    "text",
    [
        "shop,name,note\na,Åsa,1\n",
        "\ufeffshop;name;note\r\na;Åsa;1\r\n",
        "shop\tname\tnote\ra\tÅsa\t1",
        'shop;name;note\na;"Åsa";"1"\n',
        "SHOP , Name,note\n a , Åsa ,1,,,\n",
        "shop,name,note,,\na,Åsa,1,,\n",
    ],
)
def test_the_ways_to_save_a_table_read_alike(text: str) -> None:
    """A file that looks right in Excel would be refused or read into the wrong columns."""
    table = read(text)

    assert table.errors == ()
    assert cells(table) == [(2, {"shop": "a", "name": "Åsa", "note": "1"})]


def test_comments_and_empty_lines_keep_line_numbers() -> None:
    """An error would point at another line than the one the user sees."""
    text = 'sep=;\n# a note, with "quotes\n\nshop;name\n"# from Excel; too"\n;;\na;b\n'

    assert cells(read(text)) == [(7, {"shop": "a", "name": "b"})]


def test_the_separator_comes_from_the_header_only() -> None:
    """A shop named "Mugg, Kopp, Fat & Co" would turn semicolons into commas."""
    assert cells(read("shop;name\na;Mugg, Kopp, Fat\n")) == [
        (2, {"shop": "a", "name": "Mugg, Kopp, Fat"})
    ]


def test_a_broken_quote_costs_its_own_line() -> None:
    """The rest of the file would vanish into one cell."""
    table = read('shop,name\na,"open\nb,ok\n')

    assert cells(table) == [(3, {"shop": "b", "name": "ok"})]
    assert [(str(error), error.shop) for error in table.errors] == [
        (
            (
                "f.csv:2: a quoted cell does not end properly; "
                'end it with " on the same line and write "" for a quote inside'
            ),
            "a",
        )
    ]


def test_too_many_cells_are_an_error() -> None:
    """A decimal comma in a comma-separated file would shift every value after it."""
    table = read("shop,name\na,25,5\n")

    assert [(str(error), error.shop) for error in table.errors] == [
        (
            (
                "f.csv:2: 3 cells under 2 columns; "
                "put quotes around a cell that contains the separator"
            ),
            "a",
        )
    ]
    assert table.rows == ()


def test_text_of_another_encoding_names_its_line() -> None:
    """A name saved by an old Excel would come out as garbage, or the whole file be refused."""
    table = read("shop,name\na,Åsa\nb,ok\n".encode("cp1252"))

    assert [(str(error), error.shop) for error in table.errors] == [
        ("f.csv:2:name: the text is not UTF-8; save the file as CSV UTF-8", "a")
    ]
    assert cells(table) == [(3, {"shop": "b", "name": "ok"})]


def test_utf16_is_refused_as_a_whole() -> None:
    """Excel's "Unicode text" would be read as an unknown column full of zeros."""
    errors = read("shop,name\na,b\n".encode("utf-16")).errors

    assert [str(error) for error in errors] == [
        "f.csv: the file is not UTF-8; save the file as CSV UTF-8"
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a note\n"])
def test_an_empty_file_says_what_belongs_there(text: str) -> None:
    """An emptied file would look like a file without rows."""
    assert [str(error) for error in read(text).errors] == [
        "f.csv: the file is empty; write a header: shop, name, note"
    ]


def test_a_column_that_stands_twice_is_an_error() -> None:
    """The second one would win silently."""
    assert [str(error) for error in read("shop,name,name\na,b,c\n").errors] == [
        "f.csv:1:name: the column stands twice; keep one of them"
    ]


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """A damaged file would end in a traceback in place of a message."""
    table = read(data)

    assert all(row.line >= 1 for row in table.rows)


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1),
        min_size=2,
        max_size=2,
    ).filter(lambda pair: not pair[0].startswith(('"', "#")) and "\ufffd" not in "".join(pair)),
    st.sampled_from(";,\t"),
)
def test_quoted_text_comes_back_as_it_was(pair: list[str], separator: str) -> None:
    """Quotes or separators inside a name would change it."""
    quoted = separator.join('"' + text.replace('"', '""') + '"' for text in pair)
    table = read(f"shop{separator}name\n{quoted}\n")

    assert cells(table) == [(2, {"shop": pair[0], "name": pair[1]})]
