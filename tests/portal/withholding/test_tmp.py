import time

import pytest

from tests.portal.withholding.test_walk import *
from tests.portal.withholding.test_walk import _public_names, _starts, _sums

pytestmark = pytest.mark.django_db


def test_x(client):
    world, by = World(), UserFactory(is_staff=True)
    t = time.process_time()
    import tests.portal.withholding.crawl as c

    c._AGAIN = re.compile(c._AGAIN.pattern + "|format=(pdf|print)") if 0 else c._AGAIN
    b = Site(client)
    orig = b._open

    def op(url):
        if len(b.read) % 50 == 0:
            print(len(b.read), url, time.process_time() - t, flush=True)
        assert len(b.read) < 900, sorted(b.read)[::20]
        return orig(url)

    b._open = op
    b.walk(*_starts(world)[:1])
    print(len(b.read), b.names, _public_names() - b.names)
    print([u for u, (st, _) in b.read.items() if st != 200])
    try:
        print(len(_sums(client)))
    except Exception as e:
        print(
            "SUMS",
            repr(e)[:300],
            client.get("/records/?figure=approved&format=csv").getvalue()[:300],
        )
    done = world.withhold_all(by)
    c._text_orig = c._text
    d = Site(client)
    # html, csv, feeds first
    starts = [u for u in b.read if "format=pdf" not in u and "xlsx" not in u]
    c._AGAIN = c.re.compile(c._AGAIN.pattern + "|format=(pdf|xlsx)")
    d.walk(*starts)
    print([u for u, (st, _) in d.read.items() if st not in (200, 410)])
    for u in d.saying(*SECRET):
        text = d.read[u][1].casefold()
        i = min(text.find(w) for w in SECRET if w in text)
        print("LEAK", u, "|", text[max(0, i - 80) : i + 60].replace("\n", " "))
    assert 0
