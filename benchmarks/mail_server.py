"""A mail server that gives each of its answers after some milliseconds, in a process of its own, and is the judge."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.places import ACCEPTED

END_OF_MAIL = b"\r\n.\r\n"


@contextmanager
def answering(folder: Path, *, delay_ms: float, keep: Path | None = None) -> Iterator[int]:
    """Run the server for the block and give its port; it lists the recipients of what it accepts in the folder."""
    command = [sys.executable, "-m", "benchmarks.mail_server", str(folder), str(delay_ms), str(keep or "")]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()


class Server:
    """Accepts every mail, each of its answers after the delay."""

    def __init__(self, folder: Path, delay_s: float, keep: Path | None) -> None:
        self._accepted = (folder / ACCEPTED).open("a", encoding="utf-8")
        self._delay_s = delay_s
        self._keep = keep
        self._count = 0

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak as much SMTP as a client needs to hand over mails."""
        recipient = ""
        await self._answer(writer, "220 ready")
        while line := (await reader.readline()).decode().strip():
            match line.upper().split(":")[0].split()[0]:
                case "EHLO":
                    await self._answer(writer, "250-localhost\r\n250 8BITMIME")
                case "RCPT":
                    recipient = line.partition("<")[2].partition(">")[0]
                    await self._answer(writer, "250 OK")
                case "DATA":
                    await self._answer(writer, "354 go on")
                    self._take(recipient, await reader.readuntil(END_OF_MAIL))
                    await self._answer(writer, "250 OK")
                case "QUIT":
                    await self._answer(writer, "221 bye")
                    break
                case _:
                    await self._answer(writer, "250 OK")
        writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, words: str) -> None:
        await asyncio.sleep(self._delay_s)
        writer.write(f"{words}\r\n".encode())
        await writer.drain()

    def _take(self, recipient: str, content: bytes) -> None:
        self._count += 1
        self._accepted.write(f"{recipient}\n")
        self._accepted.flush()
        if self._keep is not None:
            self._keep.mkdir(parents=True, exist_ok=True)
            mail = content.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
            (self._keep / f"{self._count:05}_{recipient}").write_bytes(mail)


async def _serve(folder: Path, delay_s: float, keep: Path | None) -> None:
    server = await asyncio.start_server(Server(folder, delay_s, keep).converse, "127.0.0.1", 0, limit=2**24)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), float(sys.argv[2]) / 1000, Path(sys.argv[3]) if sys.argv[3] else None))
