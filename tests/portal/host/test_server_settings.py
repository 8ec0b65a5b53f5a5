"""What `prepare` says of PostgreSQL's settings."""

import io

import pytest
from django.core.management import call_command
from django.db import connections

from portal.health.server_settings import read_settings, remarks
from portal.host.embedded.server import OPTIONS

MB = 1 << 20
GOOD = {
    "shared_buffers": 512 * MB, "work_mem": 16 * MB, "effective_cache_size": 2048 * MB,
    "random_page_cost": 1.1, "jit": 0, "max_connections": 100,
    "superuser_reserved_connections": 3,
}  # fmt: skip


def test_what_is_set_well_needs_no_words():
    assert list(remarks(GOOD, web_threads=16)) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("shared_buffers", 128 * MB, "shared_buffers is 128MB: set it to a quarter"),
        ("work_mem", 4 * MB, "work_mem is 4MB: set it to 16MB or more"),
        ("effective_cache_size", 512 * MB, "effective_cache_size is 512MB"),
        ("random_page_cost", 4, "random_page_cost is 4: set it to 1.1"),
        ("jit", 1, "jit is on: set it to off"),
        ("max_connections", 28, "each of the 16 web threads"),
    ],
)
def test_what_is_set_badly_is_told_with_what_to_set(name, value, words):
    (remark,) = remarks(GOOD | {name: value}, web_threads=16)
    assert words in remark


def test_the_embedded_server_is_set_as_prepare_asks():
    stated = dict(option.partition("=")[::2] for option in OPTIONS)
    sizes = {"MB": MB, "GB": 1024 * MB}
    found = GOOD | {
        name: int(stated[name][:-2]) * sizes[stated[name][-2:]]
        for name in ("shared_buffers", "work_mem", "effective_cache_size")
    }
    found |= {"random_page_cost": float(stated["random_page_cost"]), "jit": stated["jit"] != "off"}
    assert list(remarks(found, web_threads=16)) == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_prepare_warns_and_goes_on():
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("SET work_mem = '1MB'")
        cursor.execute("SET jit = on")
    assert read_settings(owner)["work_mem"] == MB
    said = io.StringIO()
    call_command("prepare", verbosity=0, stderr=said)
    assert "PostgreSQL: work_mem is 1MB: set it to 16MB or more" in said.getvalue()
    assert "jit is on" in said.getvalue()
