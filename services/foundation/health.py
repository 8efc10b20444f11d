"""What an orchestrator and an operator may ask a process: /live, /ready, /metrics and /status."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.foundation.status import ProcessStatus


class HealthServer:
    """A small HTTP server in a thread (under eventlet: a greenlet) of its own."""

    def __init__(self, status: ProcessStatus, host: str, port: int) -> None:
        self._server = ThreadingHTTPServer((host, port), _handler(status))
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(status: ProcessStatus) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            match self.path:
                case "/live":
                    self._answer(200, b'{"live":true}')
                case "/ready":
                    self._answer(200 if status.ready else 503, json.dumps({"ready": status.ready}).encode())
                case "/status":
                    self._answer(200, json.dumps(status.as_json()).encode())
                case "/metrics":
                    self._answer(200, generate_latest(), CONTENT_TYPE_LATEST)
                case _:
                    self._answer(404, b'{"error":"ask for /live, /ready, /status or /metrics"}')

        def _answer(self, code: int, body: bytes, content_type: str = "application/json") -> None:
            self.send_response(code)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Probes are not worth a line."""

    return Handler
