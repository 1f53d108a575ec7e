"""Who may do what: the whole table, as the region's regulation would print it."""

import pytest

from sync_server.roles import ACTS, ROLES, Viewer, frozen_only, may, may_for, may_see, may_see_pay

# Columns in the order of ACTS: board people pay kiosks enter approve verify close freeze export audit
# accounts data whatif admit
TABLE = {
    "pegawai": "...............",
    "atasan": ".x...xx........",
    "kepala": "xxx..xxx.x.....",
    "admin_opd": "xxx.x....x.....",
    "bkpsdm": "xxxxxxxxxx..xx.",
    "bpkad": "..x......x.....",
    "inspektorat": "xxxx.....xx....",
    "teknisi": "...x..........x",
    "admin": "...x......xxx.x",
}
OWN, JUNIOR, OTHER = "000000000000001001", "000000000000001002", "000000000000001003"


def viewer(role, reach=frozenset({"1.01"}), juniors=frozenset({JUNIOR})):
    return Viewer("name", OWN, role, "1.01", reach, juniors)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_acts_and_no_other(role):
    said = "".join("x" if may(viewer(role), act) else "." for act in ACTS)
    assert said == TABLE[role]


@pytest.mark.parametrize("role", ROLES)
def test_nobody_acts_outside_his_reach(role):
    assert not any(may(viewer(role), act, "1.02") for act in ACTS)
    everywhere = viewer(role, reach=None)
    assert [act for act in ACTS if may(everywhere, act, "1.02")] == [
        act for act in ACTS if may(everywhere, act)
    ]


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_his_own_record_and_own_pay(role):
    assert may_see(viewer(role, frozenset()), OWN, "9.99")
    assert may_see_pay(viewer(role, frozenset()), OWN, "9.99")


@pytest.mark.parametrize("role", ROLES)
def test_an_account_that_is_nobodys_owns_no_record(role):
    nobody = Viewer("name", "", role, "", frozenset(), frozenset())
    assert not may_see(nobody, "", "1.01")
    assert not may_see_pay(nobody, "", "1.01")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("act", ["approve", "verify"])
def test_nobody_decides_what_is_his_own(role, act):
    assert not may_for(viewer(role, None, frozenset({OWN})), act, OWN, "1.01")


def test_a_superior_has_his_juniors_and_not_the_rest_of_their_office():
    superior = viewer("atasan", reach=frozenset())
    assert may_see(superior, JUNIOR, "1.01")
    assert not may_see(superior, OTHER, "1.01")
    assert may_for(superior, "verify", JUNIOR, "1.01")
    assert not may_see_pay(superior, JUNIOR, "1.01")


def test_staff_see_nobody_else_even_where_a_post_names_them_superior():
    assert not may_see(viewer("pegawai", frozenset()), JUNIOR, "1.01")


def test_only_the_treasury_is_held_to_frozen_months():
    assert [role for role in ROLES if frozen_only(viewer(role))] == ["bpkad"]
