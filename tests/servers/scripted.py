"""A mail server that misbehaves as told: it hangs up, stays silent or refuses at any step of the conversation."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

HANG_UP = "hang up"
SILENCE = "silence"
POLITE = {
    "greeting": "220 ready",
    "EHLO": "250 here",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go ahead",
    "content": "250 OK",
    "RSET": "250 OK",
    "QUIT": "221 bye",
}


@dataclass
class ScriptedServer:
    """What a scripted server says at each step, and the contents it was given, answered or not."""

    port: int
    script: dict[str, str]
    contents: list[bytes] = field(default_factory=list)
    host: str = "127.0.0.1"

    def tell(self, **script: str) -> None:
        """Say something else from now on."""
        self.script.update(script)

    def talk(self, connection: socket.socket) -> None:
        """Lead one conversation to its end."""
        with connection, connection.makefile("rb") as lines:
            if not self._say(connection, "greeting"):
                return
            for line in lines:
                word = line.split()[0].decode().upper() if line.split() else ""
                if not self._say(connection, word) or word == "QUIT":
                    return
                if word == "DATA" and self.script["DATA"].startswith("354"):
                    self.contents.append(b"".join(iter(lines.readline, b".\r\n")))
                    if not self._say(connection, "content"):
                        return

    def _say(self, connection: socket.socket, step: str) -> bool:
        answer = self.script.get(step, "502 not understood")
        if answer == SILENCE:
            connection.recv(1)
        if answer in {HANG_UP, SILENCE}:
            return False
        connection.sendall(f"{answer}\r\n".encode())
        return True


@contextmanager
def running(script: Mapping[str, str] | None = None) -> Iterator[ScriptedServer]:
    """Run a server that is polite but for what the script says."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = ScriptedServer(listener.getsockname()[1], POLITE | dict(script or {}))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            connection.settimeout(10)
            try:
                server.talk(connection)
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
