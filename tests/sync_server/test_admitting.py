"""A kiosk is admitted once, by a token or a person, with keys that nobody else has ever had."""

import base64
import threading
from contextlib import closing

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec.structs import replace
from sqlalchemy import select, update

from contract import enrolment
from contract.enrolment import Admission, Application, Pass, Waiting
from sync_server import (
    admitting,
    answers,
    applicants,
    authority,
    credentials,
    ledger,
    office_log,
    renewing,
    retiring,
    revocation,
    schema,
    standing,
)
from sync_server.admitting import Refused
from sync_server.authority import Keys, Registrar
from sync_server.certificates import PrivateAuthority
from sync_server.config import Broker
from sync_server.database import Database
from sync_server.errors import BadFile
from terminal_agent import identity, papers

NOW = 1_795_000_000
DAY = 86_400
DOOR = "https://127.0.0.1:8443"


def registrar(folder, now=NOW):
    broker = Broker(port=8883, embedded=False, mutual=True)
    return Registrar(Keys(folder), broker, now, PrivateAuthority(folder, now), DOOR)


@pytest.fixture
def by(tmp_path):
    return registrar(tmp_path / "server")


@pytest.fixture
def database(ledger_at):
    with closing(Database(ledger_at)) as database:
        yield database


@pytest.fixture
def tx(database):
    with database.writing() as tx:
        yield tx


class Card:
    """A kiosk's card: keys that were born on it."""

    def __init__(self, folder):
        self.folder = folder
        self.event_key = identity.born_event_key(folder)
        self.coming = papers.coming(folder)

    def asks(self, kid="", token=b""):
        csr, public = self.coming.csr, self.event_key.public_key().public_bytes_raw()
        bound = enrolment.to_bind(kid, csr, public)
        proof = enrolment.proof(token, bound) if token else b""
        return Application(csr, public, self.event_key.sign(bound), "0000abcd", kid, token, proof)

    def takes(self, given):
        invited = papers.admitted(self.coming, given)
        identity.install(invited, self.folder)
        papers.arrived(self.folder)
        return invited

    def renews(self, invited):
        self.coming = papers.coming(self.folder)
        return papers.renewal(self.folder, invited)


@pytest.fixture
def card(tmp_path):
    return Card(tmp_path / "card")


def refusal(*asked, **how):
    with pytest.raises(Refused) as caught:
        admitting.admit(*asked, "10.0.0.7", **how)
    return caught.value.code


def test_a_kiosk_with_a_token_is_certified_as_itself_and_both_draw_one_mac_key(tx, by, card):
    token = admitting.token(tx, by, "T07A", "1.01")
    given = admitting.admit(tx, by, card.asks("T07A", token), "10.0.0.7")
    invited = card.takes(given)
    assert ledger.kiosk(tx, "T07A").mac_key == invited.mac_key
    subject = x509.load_pem_x509_certificate(invited.certificate.encode()).subject
    assert subject.rfc4514_string() == "CN=T07A"
    assert invited.private_key not in str(given)
    assert invited.mac_key not in enrolment.encode(given)
    [line] = office_log.lines(tx, office_log.Filter(did="kiosk_enrolled"))
    assert (line.who, line.whom) == ("T07A", "T07A")


def test_a_token_makes_one_kiosk_and_is_worth_nothing_to_the_next(tx, by, card, tmp_path):
    token = admitting.token(tx, by, "T07A", "1.01")
    admitting.admit(tx, by, card.asks("T07A", token), "10.0.0.7")
    assert refusal(tx, by, Card(tmp_path / "thief").asks("T07A", token)) == "token_used"


def test_a_kiosk_that_types_its_own_token_again_is_told_that_it_is_enrolled_already(tx, by, card):
    def again():
        return Card(card.folder).asks("T07A", token)

    token = admitting.token(tx, by, "T07A", "1.01")
    card.takes(admitting.admit(tx, by, card.asks("T07A", token), "10.0.0.7"))
    assert refusal(tx, by, again()) == "already"
    other = admitting.token_to_replace(tx, by, "T07A")
    admitting.admit(tx, by, Card(card.folder.parent / "new").asks("T07A", other), "10.0.0.7")
    assert refusal(tx, by, again()) == "token_used", "another card has its place"


def test_an_answer_that_was_lost_on_its_way_is_given_again_to_the_same_card(tx, by, card):
    token = admitting.token(tx, by, "T07A", "1.01")
    once = admitting.admit(tx, by, card.asks("T07A", token), "10.0.0.7")
    again = admitting.admit(tx, by, card.asks("T07A", token), "10.0.0.7")
    assert once == again


def test_of_cards_that_use_one_token_at_the_same_moment_one_is_the_kiosk(database, by, tmp_path):
    with database.writing() as tx:
        token = admitting.token(tx, by, "T07A", "1.01")
    said, together = [], threading.Barrier(8)

    def enrol(card):
        together.wait()
        try:
            with database.writing() as tx:
                said.append(type(admitting.admit(tx, by, card.asks("T07A", token), "x")))
        except Refused as problem:
            said.append(problem.code)

    cards = [Card(tmp_path / str(number)) for number in range(8)]
    threads = [threading.Thread(target=enrol, args=(card,)) for card in cards]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(map(str, said)) == sorted([str(Admission), *["token_used"] * 7])


def test_of_two_who_approve_one_kiosk_at_the_same_moment_one_has_named_it(database, by, card):
    with database.writing() as tx:
        code = admitting.admit(tx, by, card.asks(), "10.0.0.7").code
    said, together = [], threading.Barrier(4)

    def approve(kid):
        together.wait()
        try:
            with database.writing() as tx:
                admitting.approve(tx, by, code, kid, "1.01", "sari")
            said.append("approved")
        except BadFile as problem:
            said.append(problem.code)

    threads = [threading.Thread(target=approve, args=(f"T07{one}",)) for one in "ABCD"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) == ["approved", *["nobody_asks"] * 3]
    with database.reading() as tx:
        assert len(standing.kiosks(tx)) == 1, "what came too late left no kiosk behind"


def test_a_token_ends_after_a_day_and_is_kept_only_as_its_digest(database, by, card):
    with database.writing() as tx:
        token = admitting.token(tx, by, "T07A", "1.01")
        late = replace(by, now=NOW + DAY)
        assert refusal(tx, late, card.asks("T07A", token)) == "token_expired"
        held = tx.exec_driver_sql("SELECT * FROM ticket").all()
    assert str(token) not in str(held)
    assert token.hex() not in str(held)


def test_a_newer_token_takes_the_place_of_one_that_nobody_used(tx, by, card):
    first = admitting.token(tx, by, "T07A", "1.01")
    admitting.token(tx, by, "T07A", "1.01")
    assert refusal(tx, by, card.asks("T07A", first)) == "token_expired"


def changed(asked, **how):
    return replace(asked, **how)


def test_nothing_in_an_application_can_be_exchanged_for_another(tx, by, card, tmp_path):
    token, thief = admitting.token(tx, by, "T07A", "1.01"), Card(tmp_path / "thief")
    good = card.asks("T07A", token)
    assert refusal(tx, by, changed(good, csr=thief.coming.csr)) == "bad_request"
    assert refusal(tx, by, changed(good, event_key=bytes(32))) == "bad_request"
    assert refusal(tx, by, changed(thief.asks("T07A", token), proof=good.proof)) == "token_unknown"
    assert refusal(tx, by, card.asks("T07B", token)) == "token_unknown"
    assert refusal(tx, by, card.asks("T07A", bytes(16))) == "token_unknown"
    assert isinstance(admitting.admit(tx, by, good, "x"), Admission)


def test_a_request_that_is_no_p256_key_or_not_signed_by_it_is_refused(tx, by, card):
    key = Ed25519PrivateKey.generate()
    name = x509.Name([])
    csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, None)
    for wrong in ("", "no pem", csr.public_bytes(Encoding.PEM).decode()):
        card.coming = papers.Coming("", wrong)
        assert refusal(tx, by, card.asks()) == "bad_request"


def of_version_3(csr):
    """The same request, with a version that no request has."""
    der = x509.load_pem_x509_csr(csr.encode()).public_bytes(Encoding.DER)
    wrong = base64.encodebytes(der.replace(b"\x02\x01\x00", b"\x02\x01\x03", 1)).decode()
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{wrong}-----END CERTIFICATE REQUEST-----\n"


def test_a_request_of_an_unknown_version_is_refused_at_the_door(tx, by, card):
    card.coming = papers.Coming("", of_version_3(card.coming.csr))
    assert refusal(tx, by, card.asks()) == "bad_request"


def test_a_kiosk_that_answers_nonsense_to_renew_stops_nobody_elses_renewal(
    database, by, card, tmp_path
):
    with database.writing() as tx:
        invited = enrolled(tx, by, card)
        good = card.renews(invited)
        bad = replace(good, csr=of_version_3(good.csr))
        for counter, asked in enumerate((bad, good), 1):
            row = {"kid": "T07A", "counter": counter, "name": "renew", "envelope": b""}
            row |= {"issued": NOW, "expires": NOW + DAY, "fate": "done"}
            tx.execute(schema.command.insert().values(row))
            part = {"kid": "T07A", "counter": counter, "part": 1, "body": enrolment.encode(asked)}
            tx.execute(schema.answer.insert().values(part))
    renewing.look(database, by, tmp_path / "server")
    with database.reading() as tx:
        assert answers.bodies(tx, "T07A", "renew") == {}
        assert len(credentials.in_force(tx, "T07A")) == 2


def test_a_kiosk_that_asks_waits_for_a_person_who_types_the_code_that_it_shows(tx, by, card):
    waiting = admitting.admit(tx, by, card.asks(), "10.0.0.7")
    assert isinstance(waiting, Waiting)
    [asking] = applicants.asking(tx, NOW)
    assert (asking.code, asking.serial, asking.came_from) == (waiting.code, "0000abcd", "10.0.0.7")
    assert admitting.admit(tx, by, card.asks(), "10.0.0.7") == waiting
    admitting.approve(tx, by, waiting.code.lower(), "T07A", "1.01", "sari")
    given = admitting.admit(tx, by, card.asks(), "10.0.0.7")
    assert (given.kid, applicants.asking(tx, NOW)) == ("T07A", [])
    assert admitting.admit(tx, by, card.asks(), "10.0.0.7") == given


def test_approving_one_kiosk_admits_no_other_that_says_it_is_that_board(tx, by, card, tmp_path):
    code = admitting.admit(tx, by, card.asks(), "10.0.0.7").code
    impostor = Card(tmp_path / "impostor")
    assert admitting.admit(tx, by, impostor.asks(), "10.0.0.8").code != code
    admitting.approve(tx, by, code, "T07A", "1.01", "sari")
    assert isinstance(admitting.admit(tx, by, impostor.asks(), "10.0.0.8"), Waiting)


def test_nobody_is_approved_who_did_not_ask_since_yesterday(tx, by, card):
    code = admitting.admit(tx, by, card.asks(), "10.0.0.7").code
    for at, typed in ((NOW + DAY, code), (NOW, "AAAAA-AAAAA")):
        with pytest.raises(BadFile) as caught:
            admitting.approve(tx, replace(by, now=at), typed, "T07A", "1.01", "sari")
        assert caught.value.code == "nobody_asks"


def enrolled(tx, by, card):
    token = admitting.token(tx, by, "T07A", "1.01")
    return card.takes(admitting.admit(tx, by, card.asks("T07A", token), "x"))


def test_a_kiosk_whose_certificate_ended_is_renewed_by_its_event_key_alone(tx, by, card, tmp_path):
    invited = enrolled(tx, by, card)
    later = registrar(tmp_path / "server", NOW + 500 * DAY)
    given = admitting.renew(tx, later, card.renews(invited), online=False)
    now = papers.certified(invited, card.coming, given.certificate, given.share)
    assert papers.ends(now.certificate) >= NOW + 897 * DAY > papers.ends(invited.certificate)
    assert now.mac_key != invited.mac_key
    assert admitting.renew(tx, later, card.renews(invited), online=False) == replace(
        given, time=later.now
    )


def test_the_new_mac_key_counts_once_the_kiosk_uses_it_and_old_frames_are_still_its_own(
    tx, by, card
):
    invited = enrolled(tx, by, card)
    later = replace(by, now=NOW + 340 * DAY)
    given = admitting.renew(tx, later, card.renews(invited), online=True)
    now = papers.certified(invited, card.coming, given.certificate, given.share)
    kiosk = ledger.kiosk(tx, "T07A")
    assert kiosk.mac_key == invited.mac_key
    turned = credentials.turned(tx, kiosk, lambda key: key == now.mac_key)
    assert turned.mac_key == now.mac_key == ledger.kiosk(tx, "T07A").mac_key
    old = credentials.turned(tx, turned, lambda key: key == invited.mac_key)
    assert old == turned, "a stick of before is taken, and the new key stays in force"


def test_nobody_else_renews_in_a_kiosks_name(tx, by, card, tmp_path):
    invited = enrolled(tx, by, card)
    good = card.renews(invited)
    thief = Card(tmp_path / "thief")
    stolen = replace(thief.renews(replace(invited, private_key=thief.coming.private_key)))
    for online, asked in (
        (False, stolen),
        (True, stolen),
        (True, replace(good, old_signature=b"")),
    ):
        with pytest.raises(Refused, match="bad_signature"):
            admitting.renew(tx, by, asked, online=online)
    with pytest.raises(Refused, match="kid_unknown"):
        admitting.renew(tx, by, replace(good, kid="T07B"), online=False)


def test_a_revoked_kiosk_gets_nothing_until_it_is_replaced(tx, by, card, tmp_path):
    invited = enrolled(tx, by, card)
    retiring.revoke(tx, by, "T07A", "kartu dicuri", "sari")
    with pytest.raises(Refused, match="revoked"):
        admitting.renew(tx, by, card.renews(invited), online=False)
    [held] = standing.kiosks(tx)
    assert (held.state, held.why, held.certificate_until) == ("revoked", "kartu dicuri", 0)
    serial = x509.load_pem_x509_certificate(invited.certificate.encode()).serial_number
    assert serial in dict(revocation.numbers(tx, NOW))
    token = admitting.token_to_replace(tx, by, "T07A")
    new = Card(tmp_path / "new")
    new.takes(admitting.admit(tx, by, new.asks("T07A", token), "x"))
    assert standing.kiosks(tx)[0].state == "active"
    assert serial in dict(revocation.numbers(tx, NOW)), "the old card stays out"


def test_the_moment_at_which_a_kiosk_was_revoked_stays_when_it_is_revoked_again(tx, by, card):
    enrolled(tx, by, card)
    retiring.revoke(tx, by, "T07A", "kartu dicuri", "sari")
    retiring.revoke(tx, replace(by, now=NOW + DAY), "T07A", "salah ketik", "budi")
    assert retiring.revoked_since(tx, "T07A") == NOW
    assert standing.kiosks(tx)[0].why == "kartu dicuri"
    said = [line.detail for line in office_log.lines(tx, office_log.Filter(did="kiosk_revoked"))]
    assert sorted(said) == ["kartu dicuri", "salah ketik"]


def test_the_list_changes_its_own_number_whenever_somebody_is_revoked(tx, by, card):
    enrolled(tx, by, card)
    before = revocation.numbers(tx, NOW)
    assert revocation.numbers(tx, NOW + 5)[-1][0] == before[-1][0]
    retiring.revoke(tx, by, "T07A", "hilang", "sari")
    assert revocation.numbers(tx, NOW)[-1][0] != before[-1][0]


def test_a_pass_is_read_as_it_was_written_also_in_small_letters_and_broken_lines():
    given = Pass(DOOR, bytes(range(16)), "T07A", bytes(range(16, 32)))
    text = enrolment.write_pass(given)
    for typed in (text, text.removeprefix("hadir:"), f" {text[:40]}\n{text[40:]} "):
        assert enrolment.read_pass(typed) == given
    address, _, rest = text.partition("#")
    assert enrolment.read_pass(f"{address}#{rest.lower()}") == given
    asks = Pass(DOOR, bytes(16))
    assert enrolment.read_pass(enrolment.write_pass(asks)) == asks


def flood(tx, address, many, asked=NOW):
    for number in range(many):
        row = {"code": f"{address} {number}", "serial": "", "came_from": address, "asked": asked}
        tx.execute(schema.asking.insert().values(row))


def waiting(tx):
    return tx.execute(select(schema.asking.c.came_from)).scalars().all()


def test_a_flood_from_one_address_hides_no_other_and_nobody_there_who_goes_on_asking(
    tx, by, card, tmp_path
):
    flood(tx, "10.0.0.9", 19, NOW - 60)
    code = admitting.admit(tx, by, card.asks(), "10.0.0.9").code
    for number in range(5):
        admitting.admit(tx, by, Card(tmp_path / str(number)).asks(), "10.0.0.9")
    assert waiting(tx).count("10.0.0.9") == 20
    assert code in {one.code for one in applicants.asking(tx, NOW)}
    assert isinstance(admitting.admit(tx, by, Card(tmp_path / "b").asks(), "10.0.0.1"), Waiting)


def test_a_flood_from_many_addresses_is_bounded_and_the_fullest_gives_way(tx, by, card, tmp_path):
    code = admitting.admit(tx, by, card.asks(), "10.0.0.7").code
    for number in range(10):
        flood(tx, f"10.1.0.{number}", 20 if number else 19)
    late = admitting.admit(tx, by, Card(tmp_path / "late").asks(), "10.0.0.8").code
    assert len(waiting(tx)) == 200
    assert {code, late} <= {one.code for one in applicants.asking(tx, NOW)}


def test_who_asked_the_day_before_takes_no_place(tx, by, card):
    flood(tx, "10.0.0.9", 20, NOW - DAY)
    admitting.admit(tx, by, card.asks(), "10.0.0.7")
    assert waiting(tx) == ["10.0.0.7"]


def approved(tx, by, card, opd="1.01"):
    code = admitting.admit(tx, by, card.asks(), "10.0.0.7").code
    admitting.approve(tx, by, code, "T07A", opd, "sari")


def test_an_approval_ends_after_a_day_and_a_person_has_to_decide_again(tx, by, card):
    approved(tx, by, card)
    late = replace(by, now=NOW + DAY)
    assert isinstance(admitting.admit(tx, late, card.asks(), "10.0.0.7"), Waiting)
    assert len(applicants.asking(tx, late.now)) == 1
    approved(tx, late, card, "")
    assert isinstance(admitting.admit(tx, late, card.asks(), "10.0.0.7"), Admission)


def test_of_two_cards_approved_for_one_kiosk_only_the_later_becomes_it(tx, by, card, tmp_path):
    other = Card(tmp_path / "other")
    approved(tx, by, card)
    approved(tx, by, other, "")
    assert isinstance(admitting.admit(tx, by, other.asks(), "10.0.0.7"), Admission)
    assert isinstance(admitting.admit(tx, by, card.asks(), "10.0.0.7"), Waiting)
    assert len(credentials.in_force(tx, "T07A")) == 1


@pytest.mark.parametrize("by_file", [True, False])
def test_a_new_card_for_a_kiosk_withdraws_an_approval_that_nobody_has_used(tx, by, card, by_file):
    approved(tx, by, card)
    if by_file:
        authority.replace(tx, by, "T07A")
    else:
        retiring.revoke(tx, by, "T07A", "hilang", "sari")
    assert isinstance(admitting.admit(tx, by, card.asks(), "10.0.0.7"), Waiting)


def test_whoever_becomes_a_kiosk_ends_what_another_machine_holds_in_its_name(
    tx, by, card, tmp_path
):
    admitting.token(tx, by, "T07A", "1.01")
    approved(tx, by, card, "")
    token, other = admitting.token(tx, by, "T07A", "1.01"), Card(tmp_path / "other")
    admitting.admit(tx, by, other.asks("T07A", token), "10.0.0.8")
    assert isinstance(admitting.admit(tx, by, card.asks(), "10.0.0.7"), Waiting)
    assert len(credentials.in_force(tx, "T07A")) == 1


def test_of_two_whose_keys_give_the_same_code_nobody_is_approved(tx, by, card, tmp_path):
    """Ten letters can be found a second time by whoever computes long enough."""
    code = admitting.admit(tx, by, card.asks(), "10.0.0.7").code
    [row] = tx.execute(select(schema.asking)).mappings().all()
    twin = row["code"][:-1] + ("A" if row["code"][-1] != "A" else "B")
    tx.execute(schema.asking.insert().values(dict(row) | {"code": twin}))
    with pytest.raises(BadFile) as caught:
        admitting.approve(tx, by, code, "T07A", "1.01", "sari")
    assert caught.value.code == "asked_twice"
    assert isinstance(admitting.admit(tx, by, card.asks(), "10.0.0.7"), Waiting)


def test_who_finds_a_second_key_for_an_approved_code_is_not_let_in_by_it(tx, by, card):
    approved(tx, by, card)
    [held] = tx.execute(select(schema.asking.c.code)).scalars()
    assert len(held) == 52, "the whole digest, not the ten letters that people type"
    twin = held[:-1] + ("A" if held[-1] != "A" else "B")
    tx.execute(update(schema.asking).values(code=twin))
    assert isinstance(admitting.admit(tx, by, card.asks(), "10.0.0.8"), Waiting)


def test_a_brokers_own_certificate_is_named_sixty_days_before_it_ends(tmp_path):
    state, etc = tmp_path / "server", tmp_path / "etc"
    etc.mkdir()
    paper = PrivateAuthority(state, NOW).broker("mqtt.contoh.go.id")
    (etc / revocation.BROKER).write_text(paper.certificate)
    revocation.remember(state, etc)
    revocation.remember(state, tmp_path / "elsewhere")
    ends = NOW + 397 * DAY
    assert revocation.ending(state, ends - 60 * DAY) == []
    assert revocation.ending(state, ends - 60 * DAY + 1) == [(etc.resolve(), ends)]
    assert revocation.ending(state, ends + DAY) == [(etc.resolve(), ends)]
