"""A dump of the database can be restored."""

import subprocess
import uuid

import pytest
from django.db import connections

from portal.host.embedded import binary


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_dump_is_restored_without_an_error():
    owner = connections["owner"]
    settings = owner.settings_dict
    address = ["--host", settings["HOST"], "--port", str(settings["PORT"]), "--username",
               settings["USER"]]  # fmt: skip
    environment = {"PGPASSWORD": settings["PASSWORD"]}
    name = f"test_restored_{uuid.uuid4().hex}"
    dump = subprocess.run(
        [binary("pg_dump"), *address, "--schema-only", "--no-privileges", settings["NAME"]],
        env=environment, check=True, capture_output=True,
    )  # fmt: skip
    with owner.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        restored = subprocess.run(
            [binary("psql"), *address, "--quiet", "--set", "ON_ERROR_STOP=1", name],
            env=environment, input=dump.stdout, capture_output=True,
        )  # fmt: skip
    finally:
        with owner.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    assert restored.stderr.decode() == ""
    assert restored.returncode == 0
