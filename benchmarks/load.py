"""``python -m benchmarks.load URL TOKEN CONNECTIONS SECONDS``: asks over kept connections, prints the answers a second.

Every answer must be 200; anything else ends the run with an error.
"""

import asyncio
import sys
import time
from urllib.parse import urlsplit


async def ask(url: str, token: str, until: float) -> int:
    """One connection, one request after the other."""
    split = urlsplit(url)
    reader, writer = await asyncio.open_connection(split.hostname, split.port)
    request = f"GET {split.path} HTTP/1.1\r\nHost: {split.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    answers = 0
    while time.perf_counter() < until:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(head.decode().splitlines()[0])
        await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        answers += 1
    writer.close()
    return answers


async def main(url: str, token: str, connections: int, seconds: float) -> None:
    started = time.perf_counter()
    answers = await asyncio.gather(*(ask(url, token, started + seconds) for _ in range(connections)))
    print(sum(answers) / (time.perf_counter() - started))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
