"""A public source on this machine that can be told to misbehave."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Handler", bytes], None]


@dataclass
class Source:
    """Files by name, and what each next request for a name gets instead of a good answer."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    script: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.requests]

    @property
    def ranges(self) -> list[str | None]:
        return [wanted for _, wanted in self.requests]


class Handler(BaseHTTPRequestHandler):
    source: Source

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        self.source.requests.append((name, self.headers["Range"]))
        script = self.source.script[name]
        answer = script.pop(0) if script else whole
        if name in self.source.files:
            answer(self, self.source.files[name])
        else:
            self.send_error(404)

    def start(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()

    def first_byte(self) -> int:
        return int((self.headers["Range"] or "bytes=0-").removeprefix("bytes=").removesuffix("-"))

    def log_message(self, format: str, *args: object) -> None: ...


def whole(handler: Handler, content: bytes) -> None:
    """The file, or the part of it that was asked for."""
    start = handler.first_byte()
    if start >= len(content):
        handler.start(416, 0)
    elif start:
        handler.start(206, len(content) - start, Content_Range=f"bytes {start}-{len(content) - 1}/{len(content)}")
        handler.wfile.write(content[start:])
    else:
        handler.start(200, len(content))
        handler.wfile.write(content)


def no_ranges(handler: Handler, content: bytes) -> None:
    """The whole file, whatever part was asked for."""
    handler.start(200, len(content))
    handler.wfile.write(content)


def cut_after(length: int) -> Answer:
    """Promises the rest of the file, sends only ``length`` bytes of it and hangs up."""

    def answer(handler: Handler, content: bytes) -> None:
        start = handler.first_byte()
        handler.start(206 if start else 200, len(content) - start, Content_Range=f"bytes {start}-/{len(content)}")
        handler.wfile.write(content[start : start + length])
        handler.close_connection = True

    return answer


def corrupt(handler: Handler, content: bytes) -> None:
    handler.start(200, len(content))
    handler.wfile.write(content[:-1] + bytes([content[-1] ^ 1]))


def corrupt_rest(handler: Handler, content: bytes) -> None:
    """A resumed transfer of another version of the file."""
    start = handler.first_byte()
    handler.start(206, len(content) - start, Content_Range=f"bytes {start}-/{len(content)}")
    handler.wfile.write(b"?" * (len(content) - start))


def endless(handler: Handler, content: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1000):
        try:
            handler.wfile.write(content)
        except OSError:
            return


def stall(handler: Handler, content: bytes) -> None:
    """Half a file, then silence until the server closes."""
    handler.start(200, len(content))
    handler.wfile.write(content[: len(content) // 2])
    handler.wfile.flush()
    handler.source.closing.wait(30)


def status(code: int) -> Answer:
    def answer(handler: Handler, content: bytes) -> None:
        handler.send_error(code)

    return answer


@contextmanager
def serve(files: dict[str, bytes]) -> Iterator[Source]:
    source = Source(files=files)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("BoundHandler", (Handler,), {"source": source}))
    server.daemon_threads = True
    source.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield source
    finally:
        source.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
