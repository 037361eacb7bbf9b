# SPDX-License-Identifier: LGPL-2.1-or-later
"""Data stores that answer JSON: Debian's NGINX with autoindex, and a small server that does what it is told, faults too."""

import contextlib
import http.server
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

CONF = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/root;
    autoindex on;
    autoindex_format json;
  }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Nginx:
    """NGINX that lists a directory in JSON. Started and stopped by `with`."""

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix='perfdash-nginx-'))
        self.root = self.folder / 'root'
        self.root.mkdir()
        self.folder.chmod(0o755)
        for _ in range(5):
            self.port = free_port()
            (self.folder / 'nginx.conf').write_text(CONF.format(folder=self.folder, port=self.port))
            command = ['/usr/sbin/nginx', '-p', self.folder, '-e', self.folder / 'error.log', '-c', self.folder / 'nginx.conf']
            self.process = subprocess.Popen(command)
            if self.answers():
                return self
            self.process.kill()
            self.process.wait()
        raise AssertionError((self.folder / 'error.log').read_text())

    def answers(self):
        end = time.monotonic() + 10
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection(('127.0.0.1', self.port), 1).close()
                return True
            except OSError:
                time.sleep(0.02)
        return False

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)

    @property
    def url(self):
        return f'http://127.0.0.1:{self.port}/'

    def requests(self):
        """The request lines that were answered, without their protocol."""
        lines = (self.folder / 'access.log').read_text().splitlines()
        return [line.split('"')[1].rpartition(' ')[0] for line in lines]


class Store:
    """Answers each path with what `routes` has for it: a function of the handler, called in a thread of its own."""

    def __init__(self, routes=None):
        self.routes = routes or {}
        self.requests = []  # of (method, path with query, headers, body)

    def __enter__(self):
        store = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                size = int(self.headers.get('Content-Length') or 0)
                self.body = self.rfile.read(size)
                store.requests.append((self.command, self.path, dict(self.headers), self.body))
                path = urllib.parse.urlsplit(self.path).path
                answer = store.routes.get(path)
                if answer is None:
                    self.reply(404, b'nothing here', 'text/plain')
                else:
                    answer(self)

            do_POST = do_GET

            def reply(self, status, body, kind='application/json', **headers):
                self.send_response(status)
                self.send_header('Content-Type', kind)
                self.send_header('Content-Length', headers.pop('length', len(body)))
                for name, value in headers.items():
                    self.send_header(name.replace('_', '-'), value)
                self.end_headers()
                self.wfile.write(body)

            def hang_up(self):
                self.close_connection = True
                with contextlib.suppress(OSError):  # the client may be gone already
                    self.connection.shutdown(socket.SHUT_RDWR)

            def be_silent(self, seconds):
                time.sleep(seconds)
                self.hang_up()

            def cut(self, body, length):
                """Ends before the length that was promised."""
                self.reply(200, body, length=length)
                self.hang_up()

            def end_with_connection(self, body, length):
                """Likewise, where the end of the connection is that of the body."""
                self.reply(200, body, length=length, Connection='close')

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that gave up

        self.server = Server(('127.0.0.1', 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={'poll_interval': 0.05})
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def url(self):
        return f'http://127.0.0.1:{self.port}/'

    def paths(self):
        return [path for _, path, _, _ in self.requests]
