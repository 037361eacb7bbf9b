#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds of a Jenkins become runs."""

import re
import sys
import threading
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import tap  # noqa: E402
from jenkins import Build, Jenkins  # noqa: E402
from perfdashd import Daemon, native, wait_for  # noqa: E402
from store import Store  # noqa: E402

OFTEN = 'poll-every=1s..2s'
NOON = 1764072000000  # ms since 1970 UTC: 2025-11-25, 12:00
HOUR = 3600 * 1000


def source(jenkins, *lines):
    return '\n'.join(['[source lab]', 'type=jenkins', f'url={jenkins.url}', OFTEN, 'labels=lab=dfw', *lines])


def poll_now(daemon):
    assert daemon.request('POST', '/api/v1/sources/lab/poll').status == 200


def bare(value):
    """A log that says nothing of its run."""
    return native(value, started_at=None).replace(b'"started_at": null, ', b'')


def build(number, value=None, **more):
    artifacts = {'out/run.json': bare(value or number), 'out/big.bin': b'\0' * 100}
    return Build(number, NOON + number * HOUR, artifacts, **more)


def git(url, sha, branch):
    return {'lastBuiltRevision': {'SHA1': sha, 'branch': [{'SHA1': sha, 'name': branch}]}, 'remoteUrls': [url]}


def runs(daemon):
    items = daemon.json('/api/v1/runs?limit=1000')['items']
    return {item['build']: item for item in (daemon.json(f'/api/v1/runs/{item["id"]}') for item in items)}


def status(daemon):
    return next(item for item in daemon.json('/api/v1/sources')['items'] if item['name'] == 'lab')


def count_logs(daemon):
    return daemon.json('/api/v1/logs?limit=1000')['items']


def wait_for_runs(daemon, n):
    return wait_for(lambda: len(found := runs(daemon)) >= n and found, f'{n} runs')


def what_a_build_says_becomes_fields_and_labels():
    actions = [
        {'parameters': [{'name': 'Users', 'value': 40}, {'name': 'API_TOKEN', 'value': 'x'}, {'name': 'EMPTY', 'value': 'null'}]},
        {'causes': [{'shortDescription': 'Started by user joe', 'userId': 'joe'}, {'upstreamProject': 'nightly', 'upstreamBuild': 7}]},
        git('https://git.example/shop.git', '77be01c', 'refs/remotes/origin/main'),
    ]
    jobs = {'perf': {'checkout': [build(3, 3.25, actions=actions, node='bare-7', result='UNSTABLE')]}}
    with Jenkins(jobs) as jenkins, Daemon(source=source(jenkins, 'files=out/*.json', 'jobs=perf/*')) as daemon:
        run = wait_for_runs(daemon, 1)['3']
        assert run['labels']['suite'] == 'checkout' and run['labels']['branch'] == 'main', run
        assert run['labels']['lab'] == 'dfw' and run['revision'] == '77be01c', run
        assert run['url'] == 'https://jenkins.example/job/perf/job/checkout/3/', run
        assert run['started_at'] == '2025-11-25T15:00:00.000Z', run
        assert run['environment'] == {'node': 'bare-7', 'jenkins_result': 'UNSTABLE', 'upstream': 'nightly#7'}, run
        assert run['parameters'] == {'users': '40'}, run
        assert run['results'][0]['value'] == 0.00325, run
        assert len(count_logs(daemon)) == 1, count_logs(daemon)
        assert 'joe' not in str(run)


def the_console_is_read_when_no_files_are_named():
    console = b'Started by timer\n[Pipeline] sh\n' + bare(5) + b'\nFinished: SUCCESS\n'
    with Jenkins({'job': [build(1, console=console)]}) as jenkins, Daemon(source=source(jenkins)) as daemon:
        assert wait_for_runs(daemon, 1)['1']['results'][0]['value'] == 0.005


def branches_and_their_revision():
    name = 'users%2Fjack%2Flogin'
    both = [git('https://git.example/library', 'aaa', 'master'), git('https://git.example/shop', 'bbb', 'users/jack/login')]
    jobs = {'shop': {'': 'org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject', name: [build(1, actions=both)]}}
    with Jenkins(jobs) as jenkins, Daemon(source=source(jenkins, 'files=*.json')) as daemon:
        run = wait_for_runs(daemon, 1)['1']
        assert (run['labels']['suite'], run['labels']['branch'], run['revision']) == ('shop', 'users/jack/login', 'bbb'), run
        assert any('users%252Fjack' in path for path in jenkins.paths()), jenkins.paths()


def of_several_repositories_the_named_one_counts_and_none_is_guessed():
    both = [git('https://git.example/library', 'aaa', 'origin/main'), git('https://git.example/shop', 'bbb', 'origin/main')]
    with Jenkins({'job': [build(1, actions=both)]}) as jenkins:
        with Daemon(source=source(jenkins, 'files=*.json')) as daemon:
            run = wait_for_runs(daemon, 1)['1']
            assert run['revision'] in ('', None) and run['environment']['revision'] == 'ambiguous', run
        with Daemon(source=source(jenkins, 'files=*.json', 'repository=*/shop')) as daemon:
            assert wait_for_runs(daemon, 1)['1']['revision'] == 'bbb'


def a_mapping_of_ones_own():
    actions = [{'parameters': [{'name': 'GIT_SHA', 'value': 'c0ffee'}, {'name': 'Lab', 'value': 'ord'}]}]
    rules = 'map=revision=param:GIT_SHA;lab=param:Lab;project=folder;host=node;build=name'
    jobs = {'shop': {'perf': [build(4, actions=actions, node='n1')]}}
    with Jenkins(jobs) as jenkins, Daemon(source=source(jenkins, 'files=*.json', rules)) as daemon:
        run = wait_for_runs(daemon, 1)['#4']
        assert run['revision'] == 'c0ffee' and run['labels']['lab'] == 'ord', run
        assert run['labels']['project'] == 'shop' and run['labels']['host'] == 'n1', run


def lists(paths):
    """Requests for lists of builds."""
    return [path for path in paths if re.search(r'(builds|allBuilds)%5B', path)]


def poll_and_wait(daemon, jenkins):
    """One poll as a whole: the next one begins when it has ended."""
    for _ in range(2):
        before = jenkins.count_polls()
        poll_now(daemon)
        wait_for(lambda: jenkins.count_polls() > before, 'a poll')


class Slow(Jenkins):
    """One of which some artifacts do not come until they may, and some only when they are asked for again."""

    def __init__(self, jobs, slow, broken):
        super().__init__(jobs)
        self.may_come = threading.Event()
        self.slow = slow  # numbers of builds
        self.broken = broken  # likewise
        self.fetched = Counter()

    def answer_build(self, handler, build, parts, url):
        if parts[0] == 'artifact':
            if build.number in self.slow:
                self.may_come.wait(60)
            self.fetched[build.number] += 1
            if build.number in self.broken and self.fetched[build.number] == 1:
                return handler.reply(500, b'')
        return super().answer_build(handler, build, parts, url)

    def count_polls(self):
        return sum(path.startswith('/api/json') for path in self.paths())


def years_of_history_come_in_slices_and_only_once():
    job = [build(n) for n in range(1, 160) if n % 7]
    with Slow({'job': job}, slow=(120, 124), broken=(5, 120)) as jenkins:
        daemon = Daemon(source=source(jenkins, 'files=*.json'))
        with daemon:
            wait_for(lambda: any('/job/1/api' in path for path in jenkins.paths()), 'the oldest build')
            for _ in range(3):
                poll_and_wait(daemon, jenkins)
            # what is on its way is not asked for again, only what is new
            slices = lists(jenkins.paths())
            assert len(slices) == (len(job) + 49) // 50, slices
            job.append(build(160))
            poll_and_wait(daemon, jenkins)
            assert len(lists(jenkins.paths())) == len(slices) + 1, lists(jenkins.paths())
            jenkins.may_come.set()
            wait_for_runs(daemon, len(job))
            builds = Counter(re.findall(r'/job/job/(\d+)/api', ' '.join(jenkins.paths())))
            for n in jenkins.broken:
                assert builds.pop(str(n)) == jenkins.fetched.pop(n) == 2, builds
            assert set(builds.values()) == set(jenkins.fetched.values()) == {1} and len(builds) == len(job) - 2, builds
            assert len(lists(jenkins.paths())) == len(slices) + 1, lists(jenkins.paths())
            wait_for(lambda: status(daemon)['logs'] == len(job), 'all to be seen')
            daemon.stop()
            before = len(jenkins.requests)
            daemon.start()
            poll_and_wait(daemon, jenkins)
            assert not lists(jenkins.paths()[before:]), jenkins.paths()[before:]
            job.append(build(161))
            wait_for_runs(daemon, len(job))
            after = jenkins.paths()[before:]
            assert not any('allBuilds' in path for path in after), after
            assert sum('/artifact/' in path for path in after) == 1, after


def the_first_import_may_be_short():
    now = int(time.time() * 1000)
    job = [Build(n, now - (20 - n) * 24 * HOUR, {'run.json': bare(n)}) for n in range(1, 20)]
    with Jenkins({'job': job}) as jenkins, Daemon(source=source(jenkins, 'files=*.json', 'first-import=5d')) as daemon:
        wait_for_runs(daemon, 4)
        time.sleep(2)
        assert len(runs(daemon)) == 4, sorted(runs(daemon))


def running_builds_are_taken_when_they_end():
    slow = build(5, result=None)
    job = [build(4), slow, build(6)]
    with Jenkins({'job': job}) as jenkins, Daemon(source=source(jenkins, 'files=*.json')) as daemon:
        wait_for_runs(daemon, 2)
        time.sleep(2)
        assert sorted(runs(daemon)) == ['4', '6'], sorted(runs(daemon))
        slow.result = 'SUCCESS'
        assert sorted(wait_for_runs(daemon, 3)) == ['4', '5', '6']
        fetched = [path for path in jenkins.paths() if '/artifact/' in path]
        assert len(fetched) == 3, fetched


def a_job_that_is_made_anew_begins_with_1_again():
    jobs = {'job': [build(n) for n in (1, 2, 3)]}
    with Jenkins(jobs) as jenkins, Daemon(source=source(jenkins, 'files=*.json')) as daemon:
        wait_for_runs(daemon, 3)
        del jobs['job']
        time.sleep(2)
        jobs['job'] = [Build(1, NOON + 100 * HOUR, {'run.json': bare(99)})]
        wait_for(lambda: len(count_logs(daemon)) == 4, 'the new build 1')


def credentials_are_sent_at_once_and_to_nobody_else():
    with Store() as elsewhere, Jenkins({'job': [build(1)]}, 'joe', 's3cret') as jenkins:
        jenkins.elsewhere = elsewhere
        daemon = Daemon()
        token = daemon.folder / 'token'
        token.write_text('wrong')
        lines = source(jenkins, 'files=*.json', 'user=joe', f'token-file={token}')
        daemon.config.write_text(daemon.config.read_text() + lines + '\n')
        with daemon:
            told = wait_for(lambda: (s := status(daemon))['cause'] == 'refused' and s, 'to be refused')
            assert '403' in told['error'] and 'token-file' in told['error'], told
            daemon.stop()
            token.write_text('s3cret\n')
            daemon.start()
            wait_for_runs(daemon, 1)
            assert all('Authorization' not in headers for _, _, headers, _ in elsewhere.requests), elsewhere.requests
            assert all('Authorization' in headers for _, _, headers, _ in jenkins.requests)
            said = daemon.errors.read_text()
            assert 's3cret' not in said and 'static-files' not in said, said


def a_jenkins_that_starts_is_waited_for():
    with Jenkins({'job': [build(1)]}) as jenkins:
        jenkins.is_starting = True
        with Daemon(source=source(jenkins, 'files=*.json')) as daemon:
            wait_for(lambda: status(daemon)['cause'] == 'busy', 'busy')
            jenkins.is_starting = False
            wait_for_runs(daemon, 1)


def what_no_longer_exists_keeps_nothing_from_being_read():
    lost = build(2)
    lost.artifacts['out/gone.json'] = bare(7)
    with Jenkins({'job': [build(1), lost, build(3)]}) as jenkins:
        find = jenkins.answer_build

        def answer(handler, build, parts, url):
            if parts[-1] == 'gone.json':
                return handler.reply(404, b'', 'text/html')
            return find(handler, build, parts, url)

        jenkins.answer_build = answer
        with Daemon(source=source(jenkins, 'files=*.json')) as daemon:
            wait_for_runs(daemon, 3)
            told = wait_for(lambda: (s := status(daemon))['failed'] == 1 and s, 'the lost one to be told')
            assert 'gone.json' in told['error'], told


def hostile_paths_are_not_followed():
    evil = Build(1, NOON, {'../../../etc/passwd.json': bare(1), '/abs.json': bare(2), 'fine/ü x.json': bare(3)})
    with Jenkins({'job': [evil]}) as jenkins, Daemon(source=source(jenkins, 'files=*.json')) as daemon:
        wait_for_runs(daemon, 1)
        time.sleep(1.5)
        assert [log['name'] for log in count_logs(daemon)] == ['ü x.json'], count_logs(daemon)


def what_is_no_jenkins_is_told():
    with Store({'/api/json': lambda h: h.reply(200, b'{"hello": 1}')}) as store, Daemon(source=source(store)) as daemon:
        told = wait_for(lambda: (s := status(daemon))['cause'] == 'broken' and s, 'an error')
        assert 'is it a Jenkins?' in told['error'], told


def red_jobs_outlast_an_outage():
    """And what they are called does nothing to a terminal."""
    name = 'perf\x1b[2J\x9b'
    jobs = {name: [build(1), Build(2, NOON + 2 * HOUR, result='FAILURE')]}
    with Jenkins(jobs) as jenkins, Daemon(source=source(jenkins, 'files=*.json')) as daemon:
        (red,) = wait_for(lambda: status(daemon)['red_jobs'], 'the red job')
        assert (red['job'], red['build']) == ('perf[2J', 2), red
        jenkins.is_starting = True
        wait_for(lambda: status(daemon)['poll_failures'] > 1, 'an outage')
        assert status(daemon)['red_jobs'] == [red], status(daemon)
        jenkins.is_starting = False
        jobs[name].append(build(3))
        wait_for(lambda: not status(daemon)['red_jobs'], 'it to be well again')


def builds_of_no_possible_time_are_nothing():
    jobs = {'job': [build(1)]}
    with Jenkins(jobs) as jenkins, Daemon(source=source(jenkins, 'files=*.json')) as daemon:
        wait_for_runs(daemon, 1)
        for number, start in enumerate((2**62, -1, 253402300800000), 2):
            jobs['job'].append(Build(number, start, {'run.json': bare(number)}, result='FAILURE'))
            jobs[f'other {number}'] = [build(number)]
            wait_for_runs(daemon, number)
            assert not status(daemon)['red_jobs'], status(daemon)
        jobs['job'].append(build(9))
        assert sorted(wait_for_runs(daemon, 5)) == ['1', '2', '3', '4', '9']
        assert len(count_logs(daemon)) == 5, count_logs(daemon)


CHECKS = (
    what_a_build_says_becomes_fields_and_labels,
    the_console_is_read_when_no_files_are_named,
    branches_and_their_revision,
    of_several_repositories_the_named_one_counts_and_none_is_guessed,
    a_mapping_of_ones_own,
    years_of_history_come_in_slices_and_only_once,
    the_first_import_may_be_short,
    running_builds_are_taken_when_they_end,
    a_job_that_is_made_anew_begins_with_1_again,
    credentials_are_sent_at_once_and_to_nobody_else,
    a_jenkins_that_starts_is_waited_for,
    red_jobs_outlast_an_outage,
    builds_of_no_possible_time_are_nothing,
    what_no_longer_exists_keeps_nothing_from_being_read,
    hostile_paths_are_not_followed,
    what_is_no_jenkins_is_told,
)


if __name__ == '__main__':
    tap.run_functions(CHECKS, at_once=4)
