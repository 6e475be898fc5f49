"""A proxy before the store that counts, holds and cuts."""

import contextlib
import re
import socket
import threading


class Proxy:
    """TCP, before the store. Keeps what is asked; counts requests for ranges; holds the one with number `hold_at`, from
    1, until release(), and reports that by `held`; cuts every answer whose number `cut` accepts, after some kilobytes."""

    def __init__(self, port):
        self.requests = []
        self._upstream, self.ranges, self.hold_at, self.cut = port, 0, None, lambda number: False
        self.held, self._released, self._lock = threading.Event(), threading.Event(), threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def expect(self, hold_at=None, cut=lambda number: False):
        """Starts to count anew."""
        self.ranges, self.hold_at, self.cut, self.requests = 0, hold_at, cut, []
        self.held.clear()
        self._released.clear()

    def release(self):
        self._released.set()

    def close(self):
        self._released.set()
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client):
        with contextlib.suppress(OSError), client, socket.create_connection(("127.0.0.1", self._upstream)) as upstream:
            limit = [None]
            threading.Thread(target=self._answer, args=[upstream, client, limit], daemon=True).start()
            while request := client.recv(1 << 16):
                # Requests without a body are small and come at once.
                self.requests.append(request)
                if re.search(rb"\r\nrange: ", request, re.IGNORECASE):
                    with self._lock:
                        self.ranges += 1
                        number = self.ranges
                    if number == self.hold_at:
                        self.held.set()
                        self._released.wait(120)
                    limit[0] = 20_000 if self.cut(number) else None
                upstream.sendall(request)

    @staticmethod
    def _answer(upstream, client, limit):
        with contextlib.suppress(OSError):
            while data := upstream.recv(1 << 16):
                if limit[0] is None:
                    client.sendall(data)
                    continue
                client.sendall(data[:limit[0]])
                limit[0] -= len(data)
                if limit[0] <= 0:
                    break
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
