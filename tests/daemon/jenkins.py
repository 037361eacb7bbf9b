# SPDX-License-Identifier: LGPL-2.1-or-later
"""A double of Jenkins, for as much of it as a collector sees.

It knows jobs in folders and multibranch projects, builds with artifacts and a console, and behaves as the real one where that
matters: 403 without a challenge when credentials are not sent up front; `builds` cut to the newest 100, `allBuilds` and slices
{M,N}; `result` null while a build runs; names of branches encoded twice in addresses; artifacts that are redirected to another
host; 503 with a page of HTML while it starts; many empty objects in `actions`. `tree` selects the list of builds and its slice, and
else nothing: the answers hold more than was asked for."""

import base64
import json
import re
import urllib.parse

from store import Store

SLICE = re.compile(r'(builds|allBuilds)\[[^\]]*\](?:\{(\d+),(\d+)\})?')


class Build:
    def __init__(self, number, timestamp, artifacts=(), console=b'nothing to see\n', result='SUCCESS', actions=(), node=''):
        self.number = number
        self.timestamp = timestamp  # ms since 1970 UTC
        self.artifacts = dict(artifacts)  # relative path -> bytes
        self.console = console
        self.result = result  # None while it runs
        self.actions = list(actions)
        self.node = node

    def brief(self):
        is_running = self.result is None
        duration = 0 if is_running else 1000
        return {'number': self.number, 'timestamp': self.timestamp, 'building': is_running, 'result': self.result, 'duration': duration}

    def whole(self, url):
        artifacts = [{'fileName': path.rpartition('/')[2], 'relativePath': path} for path in self.artifacts]
        actions = [{}, *self.actions, {}]
        return self.brief() | {
            'url': url,
            'displayName': f'#{self.number}',
            'builtOn': self.node,
            'artifacts': artifacts,
            'actions': actions,
        }


class Jenkins(Store):
    """`jobs` maps names to lists of builds, or to folders: a dict, in which '' may say its _class. Names are as Jenkins has them."""

    PUBLIC = 'https://jenkins.example/'  # what it thinks that its address is

    def __init__(self, jobs, user='', token=''):
        super().__init__()
        self.jobs = jobs
        self.credentials = 'Basic ' + base64.b64encode(f'{user}:{token}'.encode()).decode() if user else None
        self.elsewhere = None  # a Store that artifacts are redirected to
        self.is_starting = False
        self.routes = self

    def get(self, path):
        return lambda handler: self.answer(handler, path)

    def answer(self, handler, path):
        if self.is_starting:
            return handler.reply(503, b'<html>Please wait while Jenkins is getting ready to work</html>', 'text/html')
        if self.credentials and handler.headers.get('Authorization') != self.credentials:
            return handler.reply(403, b'<html>Authentication required</html>', 'text/html', X_Jenkins='2.426')
        return self.find(handler, path.lstrip('/').split('/'), self.jobs, '', self.PUBLIC)

    def find(self, handler, parts, item, name, url):
        while len(parts) > 1 and parts[0] == 'job':
            key = urllib.parse.unquote(parts[1])
            if not isinstance(item, dict) or key not in item:
                return handler.reply(404, b'<html>Not Found</html>', 'text/html')
            item, name, url = item[key], f'{name}/{key}'.lstrip('/'), f'{url}job/{parts[1]}/'
            parts = parts[2:]
        tree = urllib.parse.parse_qs(urllib.parse.urlsplit(handler.path).query).get('tree', [''])[0]
        if parts == ['api', 'json']:
            return handler.reply(200, json.dumps(self.describe(item, name, url, tree)).encode(), X_Jenkins='2.426')
        build = next((build for build in item if str(build.number) == parts[0]), None) if isinstance(item, list) else None
        if build is None:
            return handler.reply(404, b'<html>Not Found</html>', 'text/html')
        return self.answer_build(handler, build, parts[1:], f'{url}{build.number}/')

    def answer_build(self, handler, build, parts, url):
        if parts == ['api', 'json']:
            return handler.reply(200, json.dumps(build.whole(url)).encode())
        if parts == ['consoleText']:
            return handler.reply(200, build.console, 'text/plain;charset=utf-8')
        data = build.artifacts.get(urllib.parse.unquote('/'.join(parts[1:]))) if parts[0] == 'artifact' else None
        if data is None:
            return handler.reply(404, b'<html>Not Found</html>', 'text/html')
        if self.elsewhere is None:
            return handler.reply(200, data, 'application/octet-stream')
        self.elsewhere.routes['/static-files/key'] = lambda other: other.reply(200, data, 'application/octet-stream')
        return handler.reply(302, b'', Location=f'{self.elsewhere.url}static-files/key?x={build.number}')

    def describe(self, item, name, url, tree):
        if isinstance(item, dict):
            jobs = [
                self.describe(below, f'{name}/{key}'.lstrip('/'), f'{url}job/{urllib.parse.quote(key, safe="")}/', '')
                for key, below in item.items()
                if key
            ]
            return {'_class': item.get('', 'com.cloudbees.hudson.plugins.folder.Folder'), **self.names(name, url), 'jobs': jobs}
        builds = sorted(item, key=lambda build: -build.number)
        done = [build for build in builds if build.result is not None]
        found = {
            '_class': 'hudson.model.FreeStyleProject',
            **self.names(name, url),
            'lastBuild': builds[0].brief() if builds else None,
            'lastCompletedBuild': done[0].brief() | {'url': f'{url}{done[0].number}/'} if done else None,
            'lastSuccessfulBuild': next((b.brief() for b in done if b.result in ('SUCCESS', 'UNSTABLE')), None),
        }
        wanted = SLICE.search(tree)
        if wanted:
            shown = builds[:100] if wanted[1] == 'builds' else builds
            found[wanted[1]] = [b.brief() for b in shown[int(wanted[2] or 0) : int(wanted[3] or 10**9)]]
        return found

    def names(self, name, url):
        return {'name': name.rpartition('/')[2], 'fullName': name, 'url': url}
