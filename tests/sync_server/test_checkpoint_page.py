"""The page from which the inspectorate takes checkpoints."""

import pytest

from sync_server import checkpoints, office_log
from sync_server.office_log import Filter
from sync_server.signatures import Signer
from tests.sync_server.test_attacks import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.region.close()


def test_the_inspectorate_takes_the_file_and_the_log_says_so(site):
    assert "/audit/checkpoints" in site.get("inspektorat", "/audit").text
    assert site.get("inspektorat", "/audit/checkpoints/1.txt").status_code == 404
    with site.database.writing() as tx:
        kept = checkpoints.make(tx, Signer(b"", lambda data: b"s" * 64), 1_769_000_000)
    assert kept.short in site.get("inspektorat", "/audit/checkpoints").text
    taken = site.get("inspektorat", "/audit/checkpoints/1.txt")
    assert taken.text == kept.file
    assert "attachment" in taken.headers["content-disposition"]
    with site.database.reading() as tx:
        assert office_log.count(tx, Filter(did="checkpoint_taken")) == 1
    for path in ("/audit/checkpoints", "/audit/checkpoints/1.txt"):
        assert site.get("bkpsdm", path).status_code == 403
        assert site.get("pegawai", path).status_code == 403
