"""An upload as bytes of HTTP/2, written by hand: what no gRPC client would send."""

import socket
import struct

DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 7, 8
END_STREAM, END_HEADERS = 1, 4
MAX_FRAME = 16_384


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def grpc_message(message, flag=0, length=None):
    return bytes([flag]) + struct.pack(">I", len(message) if length is None else length) + message


def header_block(path):
    """Literal fields without Huffman coding."""
    def text(value):
        return bytes([len(value)]) + value.encode()

    fields = {":method": "POST", ":scheme": "http", ":path": path, ":authority": "localhost",
              "content-type": "application/grpc", "te": "trailers"}
    return b"".join(b"\x00" + text(name) + text(value) for name, value in fields.items())


def read_exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


class OpenCall:
    """A call whose body is sent bit by bit. What the server says is not read, so it must not be much."""

    def __init__(self, port, source="127.0.0.1", path="/fairway.v1.PriceIngestService/UploadBatch"):
        self._connection = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(source, 0))
        self._connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0) + frame(SETTINGS, 1, 0) +
                                 frame(HEADERS, END_HEADERS, 1, header_block(path)))

    def send(self, part):
        self._connection.sendall(frame(DATA, 0, 1, part))

    def close(self):
        self._connection.close()


def call(port, body, path="/fairway.v1.PriceIngestService/UploadBatch", end_flags=END_STREAM):
    """Sends `body` as the whole of a call and waits until the server has ended it."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        request = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0)
        request += frame(HEADERS, END_HEADERS, 1, header_block(path))
        parts = [body[i:i + MAX_FRAME] for i in range(0, len(body), MAX_FRAME)] or [b""]
        for part in parts[:-1]:
            request += frame(DATA, 0, 1, part)
        request += frame(DATA, end_flags, 1, parts[-1])
        connection.sendall(request)
        try:
            while True:
                head = read_exactly(connection, 9)
                kind, flags, stream = head[3], head[4], struct.unpack(">I", head[5:])[0]
                read_exactly(connection, struct.unpack(">I", b"\0" + head[:3])[0])
                if kind == SETTINGS and not flags & 1:
                    connection.sendall(frame(SETTINGS, 1, 0))
                if kind in (GOAWAY, RST_STREAM) or (kind == HEADERS and stream == 1 and flags & END_STREAM):
                    return
        except ConnectionError:
            return
