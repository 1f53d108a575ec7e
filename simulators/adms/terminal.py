"""A terminal that pushes (ADMS), written from the protocol text: both dialects, over real HTTP.

Sources: Attendance PUSH 4.0 and V5.8 (options, ATTLOG, OPERLOG, getrequest, devicecmd, LOG, VERIFY
SUM, DATA QUERY); Security PUSH 3.1.2 (registry, push, rtlog, rtstate, tabledata, the token).
It believes its server as real ones do: it takes its time from the Date header and its zone from
TimeZone, keeps every record in its log, and sends again what was not answered with OK.
"""

import http.client
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import md5
from urllib.parse import quote, urlencode

_BATCH = 128
_UNSUPPORTED = -1002


@dataclass(frozen=True, slots=True)
class Pushed:
    """A punch in the terminal's log, at its own wall clock."""

    pin: str
    at: datetime
    status: int = 0
    verify: int = 1

    def columns(self) -> str:
        """As a line of ATTLOG."""
        return f"{self.pin}\t{self.at:%Y-%m-%d %H:%M:%S}\t{self.status}\t{self.verify}\t0\t0\t0"

    def event(self, number: int) -> str:
        """As a line of rtlog."""
        return (
            f"time={self.at:%Y-%m-%d %H:%M:%S}\tpin={self.pin}\tcardno=0\teventaddr=1\tevent=0\t"
            f"inoutstatus={self.status}\tverifytype={self.verify}\tindex={number}"
        )


@dataclass(slots=True)
class Quirks:
    """What firmware does; all of it was seen in the field or stands in the text."""

    commands: frozenset[str] = frozenset({"CHECK", "LOG", "INFO", "VERIFY", "DATA"})
    """Verbs that it knows; others are answered with -1002."""
    spaces: bool = False
    """Blanks between the fields of ATTLOG."""
    forgets: int = 0
    """Records that it believes sent and did not send."""
    stutters: int = 0
    """Of its oldest records so many are missing when it sends all again, and the others come twice."""
    keeps_time: bool = False
    """It does not take the server's time."""


@dataclass(slots=True)
class PushTerminal:
    """`now` gives the true UTC time; `ahead` is how far the terminal's clock is off. `host` is where
    it calls from ("" = as it comes), `to` where its server is."""

    serial: str
    port: int
    now: Callable[[], datetime]
    host: str = "127.0.0.1"
    security: bool = False
    ahead: timedelta = timedelta()
    zone: timedelta = timedelta(hours=7)
    quirks: Quirks = field(default_factory=Quirks)
    log: list[Pushed] = field(default_factory=list)
    sent: int = 0
    executed: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    to: str = "127.0.0.1"
    _token: str = ""

    def clock(self) -> datetime:
        """What its display shows."""
        return (self.now() + self.zone + self.ahead).replace(microsecond=0)

    def start(self) -> bool:
        """Ask for the options, and register first where the server does not know it."""
        kind = {"pushver": "3.1.2", "DeviceType": "acc"} if self.security else {"pushver": "2.4.1"}
        status, text = self._get("cdata", options="all", **kind)
        if status == 200 and self.security and text.strip() == "OK":
            status, text = self._register()
        if status != 200:
            return False
        self.options = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        if self.options.get("ATTLOGStamp") == "0":
            self.sent = 0
        return True

    def punch(self, pin: str, verify: int = 1) -> Pushed:
        """Somebody is there; it is sent at once."""
        record = Pushed(pin, self.clock(), verify=verify)
        self.log.append(record)
        if self.quirks.forgets:
            self.quirks.forgets -= 1
            self.sent += 1
            return record
        self.upload()
        return record

    def upload(self) -> bool:
        """Send what was not answered with OK; False = the server would not have it."""
        while batch := self.log[self.sent : self.sent + _BATCH]:
            if not self._send(batch, self.sent):
                return False
            self.sent += len(batch)
        return True

    def operate(self, code: int, operator: int = 0, *params: int) -> tuple[int, str]:
        """Somebody changed something in its menu."""
        numbers = "\t".join(map(str, (*params, 0, 0, 0, 0)[:4]))
        line = f"OPLOG {code}\t{operator}\t{self.clock():%Y-%m-%d %H:%M:%S}\t{numbers}\n"
        return self.post("cdata", line.encode(), table="OPERLOG", Stamp="9999")

    def state(self) -> tuple[int, str]:
        """Security dialect: what the door does, with the terminal's time."""
        body = f"time={self.clock():%Y-%m-%d %H:%M:%S}\tsensor=00\trelay=00\talarm=0000000000000000"
        return self.post("cdata", body.encode(), table="rtstate")

    def call(self) -> list[str]:
        """Ask for commands, once, and carry them out; what they were."""
        info = f"Ver 8.0.4.3,{len(self.log)},0,{len(self.log)},{self.host},10,7,15,0,111"
        status, text = self._get("getrequest", INFO=info)
        commands = re.findall(r"(?m)^C:(\w+):(.*)$", text) if status == 200 else []
        for number, command in commands:
            self.executed.append(command)
            self.post("devicecmd", self._carried_out(number, command).encode())
        return [command for _, command in commands]

    def post(self, path: str, body: bytes, **query: str) -> tuple[int, str]:
        """One POST as this terminal; status and body of the answer."""
        return self._ask("POST", path, query, body)

    def _get(self, path: str, **query: str) -> tuple[int, str]:
        return self._ask("GET", path, query, b"")

    def _ask(self, method: str, path: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
        origin = (self.host, 0) if self.host else None
        link = http.client.HTTPConnection(self.to, self.port, timeout=30, source_address=origin)
        headers = {"User-Agent": "iClock Proxy/1.09", "Accept": "application/push"}
        if self._token:
            headers["Cookie"] = f"token={self._token}"
        asked = urlencode({"SN": self.serial, **query}, quote_via=quote)
        try:
            link.request(method, f"/iclock/{path}?{asked}", body, headers)
            answer = link.getresponse()
            text = answer.read().decode()
        finally:
            link.close()
        self.statuses.append(answer.status)
        if (told := answer.getheader("Date")) and not self.quirks.keeps_time:
            self.ahead = parsedate_to_datetime(told) - self.now().replace(microsecond=0)
        return answer.status, text

    def _register(self) -> tuple[int, str]:
        body = b"DeviceType=acc,~DeviceName=SenseFace 2A,FirmVer=ZAM180-Ver1.1.17,PushVersion=3.1.2"
        status, text = self.post("registry", body)
        code = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        if status != 200 or "RegistryCode" not in code:
            return 406, ""
        status, text = self.post("push", b"")
        found = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
        secret = code["RegistryCode"] + self.serial + found.get("SessionID", "")
        self._token = md5(secret.encode(), usedforsecurity=False).hexdigest()
        return status, text

    def _send(self, batch: list[Pushed], first: int) -> bool:
        if self.security:
            lines = [one.event(first + number) for number, one in enumerate(batch)]
            status, text = self.post("cdata", self._body(lines), table="rtlog")
        else:
            columns = [one.columns() for one in batch]
            status, text = self.post("cdata", self._body(columns), table="ATTLOG", Stamp="9999")
        return status == 200 and text.startswith("OK")

    def _send_again(self, within: list[Pushed]) -> None:
        for _ in range(2 if self.quirks.stutters else 1):
            for at in range(self.quirks.stutters, len(within), _BATCH):
                self._send(within[at : at + _BATCH], at)

    def _body(self, lines: list[str]) -> bytes:
        text = "".join(f"{line}\n" for line in lines)
        return (text.replace("\t", " ") if self.quirks.spaces else text).encode()

    def _carried_out(self, number: str, command: str) -> str:
        verb = command.split(maxsplit=1)[0]
        if verb not in self.quirks.commands:
            return f"ID={number}&Return={_UNSUPPORTED}&CMD={verb}"
        if verb == "LOG":
            self.upload()
        if verb == "CHECK":
            self.start()
        if verb == "INFO":
            facts = f"~DeviceName=F22\n~SerialNumber={self.serial}\nFWVersion=Ver 8.0.4.3"
            return f"ID={number}&Return=0&CMD=INFO\n{facts}\n"
        within = self._within(command)
        if verb == "VERIFY":
            told = re.sub(r"\t", "&", command.partition("ATTLOG ")[2])
            return f"ID={number}&Return=0&CMD=VERIFY SUM&{told}&AttlogSum={len(within)}"
        if verb == "DATA":
            self._send_again(within)
            return f"ID={number}&Return={0 if within else -1}&CMD=DATA"
        return f"ID={number}&Return=0&CMD={verb}"

    def _within(self, command: str) -> list[Pushed]:
        bounds = re.findall(r"(?:Start|End)Time=(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", command)
        if len(bounds) != 2:
            return []
        start, end = (datetime.fromisoformat(bound).replace(tzinfo=UTC) for bound in bounds)
        return [one for one in self.log if start <= one.at <= end]
