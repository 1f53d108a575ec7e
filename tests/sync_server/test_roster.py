"""Files that HR imports: what they mean, and what is said, with line and cure, where they cannot."""

import re
from datetime import date

import pytest

from sync_server import roster, rulings, tables
from sync_server.database import Database
from sync_server.errors import BadFile
from sync_server.roster import Person, Turn
from sync_server.wording import complaint
from tests.ledgers import laid

HEAD = "nip,nama,opd,zona,pin\n"
DATED = "nip,nama,opd,zona,pin,mulai,selesai\n"
ALWAYS = (date.min, date.max)


@pytest.fixture
def tx(tmp_path):
    database = Database(laid(tmp_path / "ledger.db"))
    with database.writing() as tx:
        yield tx
    database.close()


def said(lang, read, *arguments):
    with pytest.raises(BadFile) as caught:
        read(*arguments)
    bad = caught.value
    return complaint(lang, bad.file, bad.where, bad.code, bad.values)


def test_a_file_of_people_is_read_with_and_without_dates():
    assert tables.read(roster.PEOPLE, HEAD + "1,Sari,1.01,WIB,17\n", "p.csv") == [
        Person("1", "Sari", "1.01", "WIB", "17", *ALWAYS)
    ]
    assert tables.read(roster.PEOPLE, DATED + "1,Sari,1.01,WIT,17,2026-01-05,\n", "p.csv") == [
        Person("1", "Sari", "1.01", "WIT", "17", date(2026, 1, 5), date.max)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEAD + "1,Sari,1.01,WIB,17\n",  # Excel's UTF-8
        HEAD.replace(",", ";") + "1;Sari;1.01;WIB;17\n",  # Excel in Indonesian
        "PIN, Zona ,OPD,Nama,NIP\n17 , WIB,1.01,Sari,1\n",
        HEAD + "\n\n" + '"1","Sari","1.01","WIB","17"\n\n',
        HEAD.replace("\n", "\r\n") + "1,Sari,1.01,WIB,17\r\n",
    ],
)
def test_what_spreadsheets_write_is_read_alike(text):
    assert tables.read(roster.PEOPLE, text, "p.csv") == [
        Person("1", "Sari", "1.01", "WIB", "17", *ALWAYS)
    ]


def test_a_name_may_hold_the_comma_of_a_degree():
    [person] = tables.read(roster.PEOPLE, HEAD + '1,"Sari, S.Kom.",1.01,WIB,17\n', "p.csv")
    assert person.nama == "Sari, S.Kom."


GOOD = "1,Sari,1.01,WIB,17\n"
# text -> what is said in English after "pegawai.csv: "
WRONG_PEOPLE = {
    "": "line 1: no column nip, nama, opd, zona, pin; write the columns: nip,nama,opd,zona,pin",
    "nip,nama,opd,pin\n1,a,b,c\n": "line 1: no column zona; write the columns: nip,nama,opd,zona",
    HEAD.replace("\n", ",umur\n"): "line 1: columns that are not known: umur; write the columns",
    HEAD.replace("nama", "nip,nama"): "line 1: column nip stands there twice; take one of",
    HEAD + GOOD + "19900101 201503,B,1,WIB,18\n": "line 3: the NIP '19900101 201503' is not digits",
    HEAD + "199001012015031000.0,B,1,WIB,18\n": "line 2: the NIP '199001012015031000.0' is not",
    HEAD: "no line below the column names; add some",
    HEAD + "\n\n": "no line below the column names; add some",
    HEAD + GOOD + "2,Budi,1.01,WIB\n": "line 3: not as many cells as columns; correct its commas",
    HEAD + GOOD + "2,Budi,S.T.,1.01,WIB,18\n": "line 3: not as many cells as columns",
    HEAD + GOOD + '2,"Budi,1.01,WIB,18\n': "line 3: not CSV (unexpected end of data)",
    HEAD
    + '1,"Sa"ri,1.01,WIB,17\n'
    + GOOD: "line 2: not CSV (',' expected after '\"'); correct that",
    HEAD + GOOD + ",Budi,1.01,WIB,18\n": "line 3: nip is empty; fill it in",
    HEAD + GOOD + "2,Budi,1.01,WIB, \n": "line 3: pin is empty; fill it in",
    HEAD + GOOD + "2,Budi,,WIB,18\n": "line 3: opd is empty; fill it in",
    HEAD + GOOD + "2,Budi,1.01,wib,18\n": "line 3: no zone 'wib'; write WIB, WITA or WIT",
    HEAD + GOOD + "2,Budi,1.01,,18\n": "line 3: no zone ''; write WIB, WITA or WIT",
    HEAD + "\n" + GOOD + "\n1,x,1.01,WIB,\n": "line 5: pin is empty",  # blank lines count
    HEAD
    + "1.98501E+17,Budi,1.01,WIB,18\n": "line 2: Excel has rounded the NIP 1.98501E+17; format",
    HEAD.replace(",", ";")
    + "1,98501E+17;B;1;WIB;18\n": "line 2: Excel has rounded the NIP 1,98501",
    HEAD + GOOD + "2,Budi,1.01,WIB,17\n": "line 3: PIN 17 is taken in line 2; give both a first",
    DATED
    + "1,S,1,WIB,17,1/2/2026,\n": "line 2: mulai '1/2/2026' is no date; write it as 2026-01-31",
    DATED + "1,S,1,WIB,17,,2026-02-30\n": "line 2: selesai '2026-02-30' is no date",
    DATED + "1,S,1,WIB,17,2026-02-02,2026-02-01\n": "line 2: selesai 2026-02-01 is before mulai",
    DATED + "1,S,1,WIB,17,,2026-02-02\n2,B,1,WIB,17,2026-02-02,\n": "line 3: PIN 17 is taken in",
}


@pytest.mark.parametrize("text", WRONG_PEOPLE)
def test_a_file_of_people_that_cannot_be_meant_is_refused_with_its_line_and_a_cure(text):
    says = said("en", tables.read, roster.PEOPLE, text, "pegawai.csv")
    assert says.startswith(f"pegawai.csv: {WRONG_PEOPLE[text]}")
    assert ";" in says, "what to write instead"
    indonesian = said("id", tables.read, roster.PEOPLE, text, "pegawai.csv")
    assert indonesian != says
    assert re.findall(r"^pegawai.csv: baris (\d+):", indonesian) == re.findall(
        r"^pegawai.csv: line (\d+):", says
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "nip,shift\n1,REG\n2,REGULER\n",
            "line 3: no shift 'REGULER'; correct the code, or add it",
        ),
        ("nip,shift\n1,REG\n1,MALAM\n", "line 3: 1 has a shift in line 2 already; give both"),
        ("nip,shift\n,REG\n", "line 2: nip is empty"),
        ("nip,shift\n1, \n", "line 2: shift is empty; fill it in"),
        ("nip,jadwal\n1,REG\n", "line 1: no column shift; write the columns: nip,shift,mulai"),
        (
            "nip,shift,mulai,selesai\n1,REG,,2026-01-31\n1,MALAM,2026-01-31,\n",
            "line 3: 1 has a shift in line 2 already",
        ),
    ],
)
def test_turns_that_cannot_be_meant_are_refused_with_their_line_and_a_cure(text, says):
    found = said("en", tables.read, roster.turns(["REG", "MALAM"]), text, "giliran.csv")
    assert found.startswith(f"giliran.csv: {says}")


def test_shifts_may_follow_each_other_and_a_pin_may_be_handed_on():
    text = "nip,shift,mulai,selesai\n1,REG,,2026-01-31\n1,MALAM,2026-02-01,\n"
    assert [turn.shift for turn in tables.read(roster.turns(["REG", "MALAM"]), text, "g")] == [
        "REG",
        "MALAM",
    ]
    text = DATED + "1,S,1,WIB,17,,2026-02-01\n2,B,1,WIB,17,2026-02-02,\n"
    assert [person.nip for person in tables.read(roster.PEOPLE, text, "p")] == ["1", "2"]


def test_the_same_pin_in_two_offices_and_two_pins_of_one_person_are_fine():
    text = HEAD + "1,Sari,1.01,WIB,17\n2,Budi,1.02,WIB,17\n1,Sari,1.01,WIB,18\n"
    assert len(tables.read(roster.PEOPLE, text, "p.csv")) == 3


@pytest.mark.parametrize(
    ("nip", "pin", "warned"),
    [
        ("199001012015031001", "17", False),
        ("199001012015031001", "199001012015031001", True),
        ("17", "199001012015031001", True),  # looks like somebody's
        ("17", "17", True),
    ],
)
def test_a_nip_that_serves_as_pin_is_noticed(nip, pin, warned):
    person = Person(nip, "Sari", "1.01", "WIB", pin, *ALWAYS)
    assert roster.nips_used_as_pins([person]) == ([pin] if warned else [])


def test_an_import_replaces_the_offices_in_it_and_leaves_the_others(tx):
    first = tables.read(
        roster.PEOPLE,
        HEAD + "1,Sari,1.01,WIB,17\n2,Budi,1.01,WIB,18\n3,Tono,1.02,WIB,17\n",
        "p.csv",
    )
    roster.store_people(tx, first)
    roster.store_people(tx, tables.read(roster.PEOPLE, HEAD + "4,Nur,1.01,WITA,18\n", "p.csv"))
    assert [person.nip for person in roster.people(tx, "1.01")] == ["4"]
    assert roster.people(tx, "1.02") == first[2:]
    assert roster.people(tx, "1.03") == []


def test_turns_replace_those_of_the_people_in_the_file(tx):
    head, known = "nip,shift,mulai,selesai\n", ["REG", "MALAM"]
    old = tables.read(
        roster.turns(known), head + "1,REG,,2026-01-31\n1,MALAM,2026-02-01,\n2,REG,,\n", "g"
    )
    roster.store_rota(tx, old)
    roster.store_rota(tx, tables.read(roster.turns(known), "nip,shift\n1,REG\n", "g"))
    assert roster.rota(tx) == {"1": [Turn("1", "REG", *ALWAYS)], "2": [old[2]]}


def test_the_newest_file_of_a_name_is_in_force(tx):
    assert (rulings.shift_table(tx), rulings.calendars(tx)) == ({}, {})
    shift = (
        'schema="tukin-shifts/1"\n[shift.{}]\nworks_on_holidays=true\n[shift.{}.hours]\n'
        'all={{start="07:30",end="16:00",open="05:00",split="12:00",close="22:00"}}\n'
    )
    for code in ("OLD", "NEW"):
        rulings.store_ruling(tx, "shifts", "shifts", shift.format(code, code), 0)
    year = 'schema="tukin-calendar/1"\n[meta]\nyear={}\ndecree="{}"\n[holidays]\ndates=[]\n'
    for number, decree in ((2026, "draft"), (2027, "SKB 2027"), (2026, "SKB 2026")):
        rulings.store_ruling(tx, "calendar", str(number), year.format(number, decree), 0)
    assert list(rulings.shift_table(tx)) == ["NEW"]
    found = {number: one.decree for number, one in rulings.calendars(tx).items()}
    assert found == {2026: "SKB 2026", 2027: "SKB 2027"}
