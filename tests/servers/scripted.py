"""A mail server that misbehaves as told at any step of the conversation, and whose log judges what it was given."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import BinaryIO, NamedTuple

Answer = str | Callable[[str], str]
"""What is said at a step; where it depends on the client's line, it is asked with that."""

HANG_UP = "hang up"
SILENCE = "silence"
POLITE: dict[str, Answer] = {
    "greeting": "220 ready",
    "EHLO": "250 here",
    "AUTH": "235 welcome",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go ahead",
    "content": "250 OK",
    "RSET": "250 OK",
    "QUIT": "221 bye",
}
CAREFUL: dict[str, Answer] = POLITE | {"EHLO": "250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN", "STARTTLS": "220 go ahead"}
"""Says that it speaks TLS and wants to know who calls."""


class Content(NamedTuple):
    """A mail that the server was given whole: to whom, its id and bytes, and what was answered."""

    to: str
    message_id: str
    content: bytes
    answer: str

    @property
    def is_accepted(self) -> bool:
        """Whether the server keeps it, be it that nobody heard so."""
        return not self.answer.startswith(("4", "5"))


@dataclass
class ScriptedServer:
    """What a scripted server says at each step, what it was told, and the mails it was given, answered or not."""

    port: int
    script: dict[str, Answer]
    tls: ssl.SSLContext | None = None
    log: list[Content] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    host: str = "127.0.0.1"

    @property
    def contents(self) -> list[bytes]:
        """The bytes of the mails it was given."""
        return [each.content for each in self.log]

    @property
    def accepted(self) -> list[tuple[str, str]]:
        """To whom mails were that it keeps, and their ids, in order of the person."""
        return sorted((each.to, each.message_id) for each in self.log if each.is_accepted)

    def tell(self, **script: Answer) -> None:
        """Say something else from now on."""
        self.script.update(script)

    def talk(self, connection: socket.socket) -> None:
        """Lead one conversation to its end."""
        with connection:
            if not self._send(connection, self._answer("greeting", "")):
                return
            if self._talk(connection) == "STARTTLS" and self.tls is not None:
                with self.tls.wrap_socket(connection, server_side=True) as encrypted:
                    self._talk(encrypted)

    def _talk(self, connection: socket.socket) -> str:
        """Answer until the conversation ends or TLS begins; returns the last step."""
        to = word = ""
        with connection.makefile("rb") as lines:
            for line in lines:
                said = line.decode().strip()
                word = said.partition(" ")[0].upper()
                if word == "RCPT":
                    to = said.partition("<")[2].partition("@")[0]
                answer = self._answer(word, said)
                if not self._send(connection, answer) or word in {"QUIT", "STARTTLS"}:
                    break
                if answer.startswith("354") and not self._take(connection, to, _content(lines)):
                    break
        return word

    def _take(self, connection: socket.socket, to: str, content: bytes | None) -> bool:
        """Judge a mail; returns whether the conversation goes on."""
        if content is None:
            return False
        id_ = str(message_from_bytes(content, policy=policy.default)["Message-ID"])
        answer = self._answer("content", to)
        self.log.append(Content(to, id_, content, answer))
        return self._send(connection, answer)

    def _answer(self, step: str, said: str) -> str:
        self.steps.append(step)
        answer = self.script.get(step, "502 not understood")
        return answer if isinstance(answer, str) else answer(said)

    def _send(self, connection: socket.socket, answer: str) -> bool:
        if answer == SILENCE:
            connection.recv(1)
        if answer in {HANG_UP, SILENCE}:
            return False
        connection.sendall(f"{answer}\r\n".encode())
        return not answer.startswith("421")


def _content(lines: BinaryIO) -> bytes | None:
    """Read a mail's content; None where the client is gone before its end."""
    content: list[bytes] = []
    for line in lines:
        if line == b".\r\n":
            return b"".join(content)
        content.append(line)
    return None


def greylisting() -> Callable[[str], str]:
    """Return answers that put off everybody whom they are asked about for the first time."""
    known: set[str] = set()

    def answer(said: str) -> str:
        is_known = said in known
        known.add(said)
        return "250 OK" if is_known else "451 greylisted, come back later"

    return answer


def some(**answers: str) -> Callable[[str], str]:
    """Return answers for the people named (by an address's part before the @, _ for a dot); all others are welcome."""
    by_person = {f"<{person.replace('_', '.')}@": answer for person, answer in answers.items()}

    def answer(said: str) -> str:
        return next((answer for person, answer in by_person.items() if person in said), "250 OK")

    return answer


@contextmanager
def running(
    script: Mapping[str, Answer] | None = None, *, tls: ssl.SSLContext | None = None, port: int = 0
) -> Iterator[ScriptedServer]:
    """Run a server that is polite (with TLS, careful) but for what the script says; each caller is heard at once."""
    listener = socket.create_server(("127.0.0.1", port))
    server = ScriptedServer(listener.getsockname()[1], (CAREFUL if tls else POLITE) | dict(script or {}), tls)
    talks: list[threading.Thread] = []

    def talk(connection: socket.socket) -> None:
        connection.settimeout(10)
        try:
            server.talk(connection)
        except OSError:
            connection.close()

    def serve() -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            talks.append(threading.Thread(target=talk, args=(connection,), daemon=True))
            talks[-1].start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for each in (thread, *talks):
            each.join(10)
