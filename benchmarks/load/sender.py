"""What wrk does, for machines without it: `python sender.py URL BODY_FILE SECONDS CONNECTIONS`."""

import asyncio
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit


class Sender:
    """Connections that send one request after the other, and what came of them."""

    def __init__(self, url: str, template: bytes, until: float) -> None:
        self._at = urlsplit(url)
        self._template = template
        self._until = until
        self._count = int(os.environ["BENCH_START"])
        self._cycle = int(os.environ["BENCH_CYCLE"])
        self.failures = 0
        self.latencies: list[float] = []

    async def send_until_the_end(self) -> None:
        """One connection's work."""
        reader, writer = await asyncio.open_connection(self._at.hostname, self._at.port)
        while time.perf_counter() < self._until:
            start = time.perf_counter()
            writer.write(self._request())
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length))
            self.failures += not head.startswith(b"HTTP/1.1 2")
            self.latencies.append(time.perf_counter() - start)
        writer.close()

    def _request(self) -> bytes:
        self._count += 1
        number = self._count % self._cycle + 1 if self._cycle else self._count
        body = self._template.replace(b"NUMBER", str(number).encode())
        head = f"POST {self._at.path} HTTP/1.1\r\nhost: {self._at.netloc}\r\ncontent-type: application/json\r\n"
        return head.encode() + f"content-length: {len(body)}\r\n\r\n".encode() + body


async def main(url: str, body: bytes, seconds: str, connections: str) -> None:
    """Send, and print the report."""
    start = time.perf_counter()
    sender = Sender(url, body, start + float(seconds))
    await asyncio.gather(*(sender.send_until_the_end() for _ in range(int(connections))))
    took = sorted(sender.latencies)
    p50, p99 = (int(took[len(took) * share // 100] * 1e6) for share in (50, 99))
    microseconds = int((time.perf_counter() - start) * 1e6)
    print(
        f'report {{"requests":{len(took)},"microseconds":{microseconds},"failures":{sender.failures},'
        f'"p50":{p50},"p99":{p99}}}'
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]).read_bytes(), *sys.argv[3:]))
