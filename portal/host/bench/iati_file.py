"""Writes IATI files of any size, shaped like real ones: narratives, places, eight transactions."""

from pathlib import Path

TRANSACTIONS = 8
_NARRATIVE = (
    "The project brings water, care and lawful title to land to villages along the river; "
    "committees of their own decide what is built, and answer for it. "
)


def write_iati(path: Path, size: int) -> tuple[int, int]:
    """Write a file of at least `size` bytes; return the numbers of activities and transactions."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03" ')
        file.write('generated-datetime="2024-06-01T00:00:00Z">\n')
        while file.tell() < size:
            # Asking for the position empties the buffer, so not for every activity.
            for _ in range(50):
                file.write(_activity(count))
                count += 1
        file.write("</iati-activities>\n")
    return count, count * TRANSACTIONS


def _activity(n: int) -> str:
    transactions = "".join(_transaction(n, m) for m in range(TRANSACTIONS))
    return (
        '<iati-activity default-currency="USD" xml:lang="en">\n'
        f"<iati-identifier>XX-BENCH-{n:08}</iati-identifier>\n"
        f'<reporting-org ref="XX-BENCH-{n % 10}" type="40"><narrative>Bench fund {n % 10}'
        "</narrative></reporting-org>\n"
        f"<title><narrative>Water and title to land, district {n}</narrative></title>\n"
        f'<description type="1"><narrative>{_NARRATIVE * (2 + n % 5)}</narrative></description>\n'
        f'<participating-org ref="XX-PO-{n % 40}" type="40" role="4"><narrative>Organization '
        f"{n % 40}</narrative></participating-org>\n"
        '<activity-status code="2"/>\n'
        f'<activity-date iso-date="20{10 + n % 10}-01-15" type="2"/>\n'
        f'<activity-date iso-date="20{13 + n % 10}-12-31" type="3"/>\n'
        '<recipient-country code="ML" percentage="100"/>\n'
        f"{transactions}</iati-activity>\n"
    )


def _transaction(n: int, m: int) -> str:
    day = f"20{10 + n % 10 + m // 4}-{1 + (n + m) % 12:02}-15"
    kind = (2, 3, 4, 4)[m % 4]
    amount = f"{1000 + (n * 7919 + m * 104729) % 9_000_000}.{n % 100:02}"
    return (
        f'<transaction ref="{n}-{m}"><transaction-type code="{kind}"/>'
        f'<transaction-date iso-date="{day}"/>\n'
        f'<value currency="USD" value-date="{day}">{amount}</value>\n'
        "<description><narrative>According to the agreed schedule</narrative></description>\n"
        f'<provider-org ref="XX-BENCH-{n % 10}"><narrative>Bench fund {n % 10}</narrative>'
        "</provider-org>\n"
        f'<receiver-org ref="XX-PO-{n % 40}"><narrative>Organization {n % 40}</narrative>'
        "</receiver-org></transaction>\n"
    )
