"""A mail server on this machine, for the tests of what is sent: it can refuse a letter, or hang up on it."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

HANG_UP = ""


class Handler(StreamRequestHandler):
    """As much of SMTP as it takes; what the server was told to answer to a command goes before the usual."""

    server: LocalMail

    def handle(self) -> None:
        self.say(self.server.answers.get("greeting", "220 local mail"))
        while line := self.rfile.readline():
            command = line.decode().split()[0].upper()
            answer = self.server.answers.get(command)
            if command == "DATA" and answer is None:
                self.say("354 go on")
                self.take()
                answer = self.server.answers.get("taken", "250 taken")
            if answer == HANG_UP:
                return
            self.say(answer or {"EHLO": "250 local mail", "QUIT": "221 bye"}.get(command, "250 fine"))

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".").replace(b"\r\n", b"\n"))
        letter = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.letters.append(letter)

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class LocalMail(ThreadingTCPServer):
    """`mail.letters` are those that arrived; `mail.answers["RCPT"] = "550 nobody"` says so from then on.

    `"taken"` is the answer to a letter that arrived whole; HANG_UP cuts the connection in place of an answer.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.letters: list[EmailMessage] = []
        self.answers: dict[str, str] = {}

    @property
    def port(self) -> int:
        return self.server_address[1]


@contextmanager
def local_mail() -> Iterator[LocalMail]:
    with LocalMail() as mail:
        thread = Thread(target=mail.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield mail
        mail.shutdown()
        thread.join()
