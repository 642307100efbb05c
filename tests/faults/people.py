"""People who work at a served site while it breaks: each notes what they tried, and what was acknowledged.

Whoever gets no answer knows nothing: the deed may have been done or not. Who may send the same again (an
`Idempotency-Key`) does so until there is an answer. Some hang up before it, or in the middle of a form.
"""

from __future__ import annotations

import http.client
import json
import re
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode

from tests.unix_socket import Connection

Place = Path | tuple[str, int]

#: Articles in each file that is brought in; texts that an article gets at most.
NOTES, TEXTS = 12, 40
TOKEN = "t" * 32
#: Headings of an import that is being stored, or was.
CONFIRMED = re.compile("<h1>(In corso di registrazione|Che cosa è arrivato)</h1>")


class Lost(Exception):
    """Nobody was there, or somebody was and went without an answer."""


class Person(Thread):
    def __init__(self, site: Place, number: int, given: dict[str, Any], seed: object) -> None:
        super().__init__(name=f"person {number}")
        self.site, self.number, self.given, self.stop = site, number, given, Event()
        self.random = Random(f"{seed} {number}")
        self.tried: dict[str, dict[str, bool]] = {
            kind: {} for kind in ("comment", "revise", "tag", "publish", "import")
        }
        self.next_word, self.drafts = 0, list(given["drafts"])
        #: Files that were brought in and have still to be stored, by the address of their page.
        self.waiting: dict[str, str] = {}
        self.surprises: list[str] = []

    def run(self) -> None:
        deeds = [
            self.comment,
            self.comment,
            self.tag,
            self.tag,
            self.revise,
            self.publish,
            self.bring,
            self.hang_up,
        ]
        count = 0
        while not self.stop.is_set():
            count += 1
            try:
                self.random.choice(deeds)(f"{self.number}-{count}")
            except Lost:
                self.stop.wait(0.05)
        end = time.monotonic() + 90
        while self.waiting and time.monotonic() < end:
            with suppress(Lost):
                self.store(next(iter(self.waiting)))
                continue
            Event().wait(0.1)

    def connection(self) -> http.client.HTTPConnection:
        if isinstance(self.site, Path):
            return Connection(self.site)
        return http.client.HTTPConnection(*self.site, timeout=60)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        there = self.connection()
        cookies = f"sessionid={self.given['session']}; csrftoken={TOKEN}"
        sent = {"Cookie": cookies, "X-CSRFToken": TOKEN} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        try:
            there.request(method, path, body, sent)
            answer = there.getresponse()
            page = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as lost:
            raise Lost from lost
        finally:
            there.close()
        if answer.status >= 500:
            # The database may be away for a moment: that is said, and nothing was acknowledged.
            raise Lost
        return answer.status, answer.headers.get("Location", ""), page

    def send(self, path: str, **fields: str) -> tuple[int, str, str]:
        return self.ask(
            "POST", path, urlencode(fields).encode(), Content_Type="application/x-www-form-urlencoded"
        )

    def took(self, kind: str, mark: str, answer: tuple[int, str, str], *well: int) -> None:
        if answer[0] in well and "/login/" not in answer[1]:
            self.tried[kind][mark] = True
        else:
            self.surprises.append(f"{kind} {mark}: {answer[0]} {answer[1]} {answer[2][:300]}")

    def comment(self, mark: str) -> None:
        self.tried["comment"][mark] = False
        there = f"/desk/claims/{self.given['claim']}/comments/"
        self.took("comment", mark, self.send(there, body=mark), 302)

    def tag(self, mark: str) -> None:
        """Sent again with its key until somebody answers."""
        text, word = self.given["tagged"]["text"], f"parola{self.next_word}"
        if f" {word} " not in f" {text} ":
            return
        self.next_word += 1
        start = f" {text} ".index(f" {word} ")
        key = f"{self.given['tagged']['id']} {start}"
        self.tried["tag"][key] = False
        place = {"start": start, "end": start + len(word), "exact": word}
        body = {
            "article": self.given["tagged"]["id"],
            "based_on": 1,
            "kind": "mention",
            "places": [place],
            "entities": [self.given["entity"]],
        }
        for _again in range(40):
            with suppress(Lost):
                answer = self.ask(
                    "POST",
                    "/api/v1/annotations",
                    json.dumps(body).encode(),
                    Authorization=f"Bearer {self.given['token']}",
                    Content_Type="application/json",
                    Idempotency_Key=f'"{mark}"',
                )
                self.took("tag", key, answer, 201)
                return
            self.stop.wait(0.1)

    def revise(self, mark: str) -> None:
        there = f"/desk/articles/{self.given['changed']}/text/"
        page = self.ask("GET", there)[2]
        found = re.search(r'name="based_on" value="(\d+)"', page)
        if found is None:
            self.surprises.append(f"revise: {page[:300]}")
            return
        if int(found[1]) > TEXTS:
            return
        self.tried["revise"][mark] = False
        body = f"<p>Il ponte è lungo {mark}.</p>"
        sent = {"body": body, "kind": "minor", "note": mark, "based_on": found[1], "save": "1"}
        self.took("revise", mark, self.send(there, **sent), 302)

    def publish(self, mark: str) -> None:
        if not self.drafts:
            return
        key = str(self.drafts.pop())
        self.tried["publish"][key] = False
        sent = {"action": "publish_selected", "_selected_action": key}
        self.took("publish", key, self.send("/admin/newsroom/article/", **sent), 302)

    def bring(self, mark: str) -> None:
        """A file is brought in; once it was read, it is stored, by the worker."""
        for there in list(self.waiting):
            self.store(there)
        if self.waiting or len(self.tried["import"]) > 8:
            return
        lines = [
            {"id": f"{mark}-{n}", "text": f"Ada Neri dice {mark} {n}.", "label": [[0, 8, "person"]],
             "headline": f"nota {mark} {n}", "lang": "it"}
            for n in range(NOTES)
        ]  # fmt: skip
        file = "".join(f"{json.dumps(line)}\n" for line in lines)
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{mark}.jsonl"\r\n\r\n'
        rights = '--x\r\nContent-Disposition: form-data; name="rights"\r\n\r\nours\r\n'
        form = f"{head}{file}\r\n{rights}--x--\r\n".encode()
        self.tried["import"][mark] = False
        answer = self.ask("POST", "/desk/imports/", form, Content_Type="multipart/form-data; boundary=x")
        if answer[0] == 302:
            self.waiting[answer[1]] = mark
        else:
            self.surprises.append(f"import {mark}: {answer[0]} {answer[2][:300]}")

    def store(self, there: str) -> None:
        """Answers sooner or later that it is being stored, or was."""
        answer = self.send(there, store="1")
        # Who lost the answer is refused the second time, as is who asks before the file was read.
        if answer[0] == 302 or (answer[0] == 409 and CONFIRMED.search(self.ask("GET", there)[2])):
            self.tried["import"][self.waiting.pop(there)] = True

    def hang_up(self, mark: str) -> None:
        """A comment whose answer nobody waits for, or whose end never comes."""
        self.tried["comment"][mark] = False
        body = urlencode({"body": mark}).encode()
        there = self.connection()
        with suppress(OSError):
            there.connect()
            head = (
                f"POST /desk/claims/{self.given['claim']}/comments/ HTTP/1.1\r\nHost: localhost\r\n"
                f"Cookie: sessionid={self.given['session']}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            ).encode()
            whole = head + body
            there.sock.sendall(whole if self.random.random() < 0.5 else whole[: -self.random.randrange(1, 9)])
        there.close()
