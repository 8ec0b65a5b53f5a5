"""Who reads the site and who enters data while parts of it end."""

import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from html import unescape
from itertools import count, cycle

from tests.cluster.machines import Address
from tests.cluster.parts import LIMIT, Failed

_PATIENCE = 60  # seconds for one answer: the machine may be busy
_AGAIN_SECONDS = 0.3
_BOUNDARY = "what-lies-between-two-fields"
_FAULTS = (OSError, http.client.HTTPException)
FIELDS = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@dataclass
class Page:
    """An answer that came whole."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """Its text."""
        return self.body.decode("utf-8", "replace")


class Visitor:
    """Asks the site, each time by a new connection."""

    def __init__(self, site: Address, session: str = "") -> None:
        self.site = site
        self.cookies = {"sessionid": session} if session else {}

    def ask(self, path: str, fields: dict[str, str] | None = None, **files: tuple) -> Page:
        """The answer; with fields a form is sent, with a name and a text for each of its files.

        Raises OSError or HTTPException where no answer comes whole.
        """
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if fields is not None:
            body = form_of(fields, files)
            headers["Content-Type"] = f"multipart/form-data; boundary={_BOUNDARY}"
        link = http.client.HTTPConnection(self.site.host, self.site.port, timeout=_PATIENCE)
        try:
            link.request("GET" if fields is None else "POST", path, body, headers)
            answer = link.getresponse()
            page = Page(answer.status, answer.headers, answer.read())
        finally:
            link.close()
        for cookie in page.headers.get_all("Set-Cookie") or ():
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return page


def form_of(fields: dict[str, str], files: dict[str, tuple]) -> bytes:
    """The body of a form that is sent."""
    pieces = [(f'name="{name}"', value) for name, value in fields.items()]
    pieces += [(f'name="{name}"; filename="{file}"', text) for name, (file, text) in files.items()]
    head = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; "
    lines = [f"{head}{name}\r\n\r\n{value}\r\n" for name, value in pieces]
    return "".join([*lines, f"--{_BOUNDARY}--\r\n"]).encode()


@dataclass
class Seen:
    """What readers saw since somebody began to count."""

    reads: int = 0
    again: int = 0
    failed: list[str] = field(default_factory=list)
    longest: float = 0.0


class Readers:
    """Read one page after the other; what fails is asked for once more, at once."""

    def __init__(self, site: Address, pages: list[str], how_many: int) -> None:
        self.site, self.pages = site, pages
        self.stop, self._lock = threading.Event(), threading.Lock()
        self._seen, self._last = Seen(), time.monotonic()
        self._threads = [
            threading.Thread(target=self._read, args=(number,), daemon=True)
            for number in range(how_many)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End."""
        self.stop.set()
        for thread in self._threads:
            thread.join(_PATIENCE)

    def count_anew(self) -> Seen:
        """What was seen until now, and nothing from now on."""
        with self._lock:
            seen, self._seen = self._seen, Seen()
            self._last = time.monotonic()
        return seen

    @property
    def seen(self) -> Seen:
        """What was seen."""
        return self._seen

    def _read(self, number: int) -> None:
        start = number * len(self.pages) // len(self._threads)
        visitor = Visitor(self.site)
        for path in cycle(self.pages[start:] + self.pages[:start]):
            if self.stop.is_set():
                return
            fault = self._fault(visitor, path)
            again = bool(fault)
            if again:
                self.stop.wait(_AGAIN_SECONDS)
                fault = self._fault(visitor, path)
            self._note(path, again, fault)

    def _note(self, path: str, again: bool, fault: str) -> None:
        with self._lock:
            seen, now = self._seen, time.monotonic()
            seen.reads += 1
            seen.again += again
            if fault:
                seen.failed.append(f"{path}: {fault}")
                return
            seen.longest = max(seen.longest, now - self._last)
            self._last = now

    @staticmethod
    def _fault(visitor: Visitor, path: str) -> str:
        try:
            page = visitor.ask(path)
        except _FAULTS as error:
            return f"{type(error).__name__}: {error}"
        is_page = page.headers.get("Content-Type", "").startswith("text/html")
        if page.status != 200:
            return f"status {page.status}"
        return "" if not is_page or "</html>" in page.text else "not whole"


class Staff:
    """Two people who enter files and release them, one after the other, as pages let them."""

    def __init__(self, site: Address, told: dict, rows: int) -> None:
        self.clerk, self.chief = (Visitor(site, key) for key in told["sessions"])
        self.source, self.line, self.rows = told["source"], told["line"], rows
        self.released: list[str] = []
        self.again, self.step, self.fault = 0, "", ""
        self.stop = threading.Event()
        self._numbers = count(1)
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End after the load that is under way."""
        self.stop.set()
        self._thread.join(2 * LIMIT)
        if self._thread.is_alive() or self.fault:
            raise Failed(self.fault or f"A load does not come to its end: {self.step}")

    def _work(self) -> None:
        try:
            while not self.stop.is_set():
                number = next(self._numbers)
                self.load(f"load-{number:04}.csv", number)
        except Failed as error:
            self.fault = str(error)
        except BaseException as error:
            self.fault = f"{type(error).__name__}: {error}"
            raise

    def load(self, name: str, number: int) -> None:
        """Enter a file, wait for its check, release it, see that it is released."""
        self.step = f"{name} is entered"
        page = self._patiently(lambda: self._enter(name, number))
        self.step = f"{name} is checked"
        self._patiently(lambda: "/release/" in self._page(self.chief, page))
        self.step = f"{name} is released"
        self._patiently(lambda: self._release(page))
        self.released.append(name)

    def _enter(self, name: str, number: int) -> str:
        """The page of the load; it may be there since an answer that did not come."""
        if found := self._find(name):
            return found
        head = "voucher,payment_date,fund,payee,project,amount,currency"
        lines = [f"C{number}-{row},{self.line}" for row in range(self.rows)]
        file = (name, "\n".join([head, *lines]))
        sent = {"kind": "vouchers", "existing_source": str(self.source), "complete": "lines"}
        form = "/staff/loads/new/"
        answer = self.clerk.ask(form, self._hidden(self.clerk, form) | sent, file=file)
        self.again += answer.status != 302
        led = answer.headers.get("Location", "")
        return led if answer.status == 302 and "/staff/load/" in led else ""

    def _find(self, name: str) -> str:
        """Where the list of loads leads for this file."""
        text = self._page(self.clerk, "/staff/loads/")
        found = re.search(rf'href="(/staff/load/\d+/)"[^>]*>\s*(?:<[^>]+>\s*)*{name}', text)
        return found[1] if found else ""

    def _release(self, page: str) -> bool:
        text = self._page(self.chief, page)
        if "<dt>Released</dt>" in text:
            return True
        form = re.search(rf'action="({page}release/)".*?</form>', text, re.S)
        if form:
            hidden = dict(FIELDS.findall(form[0]))
            sent = {key: unescape(value) for key, value in hidden.items()}
            self.again += self.chief.ask(form[1], sent).status != 302
        return False

    def _hidden(self, visitor: Visitor, form: str) -> dict[str, str]:
        return dict(FIELDS.findall(self._page(visitor, form)))

    @staticmethod
    def _page(visitor: Visitor, path: str) -> str:
        page = visitor.ask(path)
        if page.status != 200:
            raise http.client.HTTPException(f"{path}: status {page.status}")
        return page.text

    def _patiently(self, act: object) -> str:
        """Until it is done; what fails on the way is tried again, as a person would."""
        assert callable(act)
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            try:
                if done := act():
                    return str(done)
            except _FAULTS:
                self.again += 1
            time.sleep(_AGAIN_SECONDS)
        raise Failed(f"not within {LIMIT:.0f} s: {self.step}")
