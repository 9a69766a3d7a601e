"""Rosters as spreadsheets and people write them, read without the portal around them."""

from __future__ import annotations

import pytest

from labportal.classes.roster.decoding import Decoded, Unreadable, decode
from labportal.classes.roster.lines import Line, Roster, State, read_roster
from labportal.classes.roster.table import MOST_LINES

NAMES = "name,email\nJürgen Müller,jm@example.org\nZoë Ångström,za@example.org\n"
FINE, TROUBLE = State.FINE, State.TROUBLE


def read(text: str) -> Roster:
    return read_roster(Decoded(text, "as pasted"))


def lines(text: str) -> list[tuple[int, str, str]]:
    found = read(text).lines
    assert [line.why for line in found if line.why] == []
    return [(line.number, line.name, line.email) for line in found]


def only(text: str) -> Line:
    (line,) = read(text).lines
    return line


@pytest.mark.parametrize(
    ("codec", "mark", "said", "guessed"),
    [
        ("utf-8", b"", "UTF-8", False),
        ("utf-8-sig", b"", "UTF-8", False),
        ("utf-16", b"", "UTF-16", False),
        ("utf-16-le", b"\xff\xfe", "UTF-16", False),
        ("utf-16-be", b"\xfe\xff", "UTF-16", False),
        ("utf-16-le", b"", "UTF-16", False),
        ("utf-16-be", b"", "UTF-16", False),
        ("cp1252", b"", "Windows-1252", True),
    ],
)
def test_every_encoding_gives_the_same_names_and_is_named(codec: str, mark: bytes, said: str, guessed: bool) -> None:
    decoded = decode(mark + NAMES.encode(codec))
    assert decoded == Decoded(NAMES, said, guessed)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"PK\x03\x04\x14\x00rest of a workbook", "This is a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is a workbook"),
        (b"name,email\nA\x00da,ada@example.org", "bytes that no text has"),
        (b"name\x07,email", "bytes that no text has"),
        (b"\xff\xfeA", "bytes that no text has"),
        (b"\xff\xfe\x00\xd8A\x00", "bytes that no text has"),
        (b"name,email\nM\x81ller,m@example.org", "bytes that no text has"),
        ("name\nMüller\nJürgen\n".encode() + b"Zo\xeb", "line 4 is not"),
    ],
    ids=["xlsx", "xls", "zeros", "bell", "half a letter", "half a pair", "undefined", "mixed"],
)
def test_what_is_no_text_is_refused_with_what_to_do(raw: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        decode(raw)


def test_one_byte_letters_are_not_taken_for_broken_utf_8() -> None:
    """Each of these pairs would be one letter in UTF-8, by chance."""
    assert decode("name\nÃ¼ber, naïve café, Müller, Øre".encode("cp1252")).encoding == "Windows-1252"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_separators_and_ends_of_lines(separator: str, end: str) -> None:
    rows = [["Name", "E-Mail"], ["Ada Lovelace", "ada@example.org"], ["Grace Hopper", "grace@example.org"]]
    text = end.join(separator.join(row) for row in rows)
    assert lines(text) == [(2, "Ada Lovelace", "ada@example.org"), (3, "Grace Hopper", "grace@example.org")]


def test_excel_may_say_what_separates() -> None:
    found = read("sep=;\r\nname;email\r\nAda;ada@example.org\r\n")
    assert [(line.number, line.name) for line in found.lines] == [(3, "Ada")]
    assert found.separator == "semicolons"


def test_a_comma_in_a_title_does_not_hide_the_semicolons() -> None:
    assert lines('name;email;"group, day"\nAda;ada@example.org;"1, Mon"\n') == [(2, "Ada", "ada@example.org")]


@pytest.mark.parametrize(
    "head", ["name,email", "Full Name,E-mail address", "STUDENT , Mail", "name,e_mail", '"Name","Email Address"']
)
def test_titles_are_known_by_their_words(head: str) -> None:
    assert lines(f"{head}\nAda,ada@example.org") == [(2, "Ada", "ada@example.org")]


def test_first_and_last_names_make_a_name_whatever_their_order() -> None:
    wanted = [(2, "Ada Lovelace", "a@example.org")]
    assert lines("First name,Last name,Email\nAda,Lovelace,a@example.org") == wanted
    assert lines("Surname;Email;Given name\nLovelace;a@example.org;Ada") == wanted


def test_other_columns_are_passed_over_and_named() -> None:
    found = read("id,name,email,group\n7,Ada,ada@example.org,B\n")
    assert found.columns.ignored == ("id", "group")
    assert [line.state for line in found.lines] == [FINE]


def test_without_titles_the_address_tells_which_column_is_which() -> None:
    found = read("ada@example.org;Ada\ngrace@example.org;Grace\n")
    assert [(line.number, line.name) for line in found.lines] == [(1, "Ada"), (2, "Grace")]
    assert not found.columns.titled


@pytest.mark.parametrize("text", ["Ada\nGrace", "id,group\n1,2", "email\nada@example.org", "a@b.c,x,d@e.f"])
def test_columns_that_cannot_be_told_are_asked_for(text: str) -> None:
    with pytest.raises(Unreadable, match="The first line has to say which column is which"):
        read(text)


def test_a_title_that_stands_twice_is_asked_about() -> None:
    with pytest.raises(Unreadable, match="Two columns are called “E-Mail”"):
        read("name,email,E-Mail\n")


@pytest.mark.parametrize("text", ["", "\n\n", "  \r\n ,, \n"])
def test_nothing_is_nothing(text: str) -> None:
    with pytest.raises(Unreadable, match="There is nothing in it"):
        read(text)


def test_a_name_with_a_comma_stands_in_quotation_marks() -> None:
    assert lines('name,email\n"Lovelace, Ada",ada@example.org') == [(2, "Lovelace, Ada", "ada@example.org")]
    assert "has to stand in quotation marks" in only("name,email\nLovelace, Ada,ada@example.org").why


def test_a_quotation_mark_that_is_not_closed_ends_it_there() -> None:
    with pytest.raises(Unreadable, match="Line 3 cannot be read"):
        read('name,email\nAda,ada@example.org\n"Grace,grace@example.org\nIvo,ivo@example.org\n')
    with pytest.raises(Unreadable, match="Line 2 cannot be read"):
        read('name,email\n"Ada" Lovelace,ada@example.org\n')


def test_a_cell_over_two_lines_is_a_mistake() -> None:
    found = read('name,email\n"Ada\nLovelace",ada@example.org\nGrace,grace@example.org\n')
    assert "goes over several lines" in found.lines[0].why
    assert [(line.number, line.state) for line in found.lines] == [(2, TROUBLE), (4, FINE)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",ada@example.org", "There is no name"),
        ("   ,ada@example.org", "There is no name"),
        ("Ada,ada@example", "“ada@example” is no e-mail address"),
        ("Ada,Ada <ada@example.org>", "is no e-mail address"),
        ("Ada,ada at example.org", "is no e-mail address"),
        ("ada@example.org,", "The name is an address"),
        (f"{'A' * 121},ada@example.org", "The name has 121 letters; 120 is the most"),
        (f"Ada,{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.org", "more than 254 letters"),
        ('"=HYPERLINK(""http://evil.example"",""Ada"")",ada@example.org', "begins like a formula"),
        ("+Ada,ada@example.org", "begins like a formula"),
        ("-1+1,ada@example.org", "begins like a formula"),
        ("@SUM(A1),ada@example.org", "begins like a formula"),
        ("Ada,=cmd|' /C calc'!A1", "begins like a formula"),
    ],
)
def test_each_line_in_trouble_says_what_is_wrong(line: str, said: str) -> None:
    found = only(f"name,email\n{line}\n")
    assert found.state == TROUBLE
    assert said in found.why


def test_the_same_address_twice_names_the_first_line() -> None:
    found = read("name,email\nAda,ADA@example.org\n\nGrace,grace@example.org\nAda L.,ada@example.org\n")
    assert [(line.number, line.state) for line in found.lines] == [(2, FINE), (4, FINE), (5, TROUBLE)]
    assert "The same address as in line 2" in found.lines[2].why


def test_a_line_in_trouble_is_no_first_line_for_another() -> None:
    found = read("name,email\n,ada@example.org\nAda,ada@example.org\n")
    assert [line.state for line in found.lines] == [TROUBLE, FINE]


def test_names_are_told_apart_by_addresses_and_only_by_them() -> None:
    found = read("name,email\nAda,a@example.org\nAda,b@example.org\nIvo,\nivo,\n")
    assert [line.state for line in found.lines] == [FINE, FINE, FINE, TROUBLE]
    assert "The same name" in found.lines[3].why


def test_blanks_do_not_matter() -> None:
    assert lines("name , email\n  Ada \u00a0  Lovelace ,  ada@example.org \n") == [
        (2, "Ada Lovelace", "ada@example.org")
    ]


def test_as_many_lines_as_are_taken_and_no_more() -> None:
    rows = [f"Student {at},s{at}@example.org" for at in range(MOST_LINES)]
    assert len(read("\n".join(["name,email", *rows])).lines) == MOST_LINES
    with pytest.raises(Unreadable, match="A roster may have 10,000 lines"):
        read("\n".join(["name,email", *rows, "One more,more@example.org"]))
    with pytest.raises(Unreadable, match="A roster may have 10,000 lines"):
        read("\n".join([*rows, "One more,more@example.org"]))


def test_what_nobody_sees_is_left_out_of_a_name() -> None:
    """As of one that is typed: it would turn the line around that the name stands in, or make two look alike."""
    assert lines("name\nAda\u202e Lovelace\u200b\n") == [(2, "Ada Lovelace", "")]


def test_a_name_of_nothing_but_what_nobody_sees_is_none() -> None:
    assert only("name,email\n\u200b\u202e,ada@example.org\n").state is TROUBLE
