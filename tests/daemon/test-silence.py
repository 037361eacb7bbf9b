#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is said when no results come: one line for each cause, with the labs that are silent."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import shapes  # noqa: E402
import tap  # noqa: E402
from jenkins import Build, Jenkins  # noqa: E402
from perfdashd import Daemon, native, wait_for  # noqa: E402

HOUR = 3600 * 1000
OFTEN = 'poll-every=1s..1s'


def text_of(ms):
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(ms / 1000))


def bare(value):
    return native(value, started_at=None).replace(b'"started_at": null, ', b'')


def answer(daemon):
    found = daemon.json('/api/v1/sources')
    problems = list(shapes.problems(found, shapes.SOURCES))
    assert not problems, problems
    return found


def silence(daemon, cause):
    return next((one for one in answer(daemon)['silences'] if one['cause'] == cause), None)


def item(daemon, name='lab'):
    return next(one for one in answer(daemon)['items'] if one['name'] == name)


def history(newest, **labels):
    """A log with sixty runs, six hours from one to the next, the last `newest` hours ago."""
    now = int(time.time() * 1000)
    result = {'benchmark': 'login', 'metric': 'latency', 'unit': 'ms', 'value': newest}
    starts = [text_of(now - (newest + 6 * i) * HOUR) for i in range(60)]
    runs = [{'started_at': start, 'labels': labels, 'results': [result]} for start in starts]
    return json.dumps({'format': 'perfdash', 'version': 1, 'runs': runs}).encode()


def labs_that_push_are_told_when_they_stop():
    with Daemon() as daemon:
        daemon.push(history(1, lab='lon'))
        daemon.push(history(61, lab='dfw'))
        told = silence(daemon, 'stopped')
        assert told['labs'] == ['dfw'] and told['sources'] == [], told
        assert re.fullmatch(r'lab dfw has been silent for ([6-9]|1[01]) of its usual intervals \(2 d\): nothing was pushed', told['sentence']), told
        assert 21500 < told['usual_seconds'] < 21700, told
        assert daemon.metric('perfdash_silences{cause="stopped"}') == 1
        assert daemon.metric('perfdash_silences{cause="job red"}') == 0


def labs_among_others_of_a_directory_are_told():
    now = time.time()
    with Daemon() as daemon:
        for lab, newest in (('dfw', 62), ('muc', 61), ('lon', 1)):
            daemon.drop(f'{lab}/shop/cart/main/1_a/runs.json', history(newest))
        for i in range(12):
            path = daemon.drop(f'.{i}', native(i))
            os.utime(path, (now - i * 3600,) * 2)
            (target := daemon.logs / f'lon/shop/cart/main/{i}_b/run.json').parent.mkdir()
            path.rename(target)
        wait_for(lambda: item(daemon, 'demo')['logs'] == 15, '15 logs')
        told = wait_for(lambda: (s := silence(daemon, 'stopped')) and len(s['labs']) > 1 and s, 'the silence')
        assert told['labs'] == ['dfw', 'muc'] and told['sources'] == ['demo'], told
        assert 'labs dfw and muc have been silent for at least' in told['sentence'], told
        assert 'source demo can be read, but nothing new comes' in told['sentence'], told
        # the list of labs holds for five seconds
        demo = wait_for(lambda: (d := item(daemon, 'demo'))['labs'] == ['dfw', 'lon', 'muc'] and d, 'the third lab')
        assert 3500 < demo['usual_seconds'] < 3700, demo
        assert len(demo['days']) == 14 and sum(day['results'] for day in demo['days']) == 192, demo
        daemon.stop()
        (daemon.folder / 'empty').mkdir()
        config = daemon.config.read_text().replace('[source demo]', '[source shop]').replace(f'path={daemon.logs}', f'path={daemon.folder}/empty')
        daemon.config.write_text(config)
        daemon.start()
        told = silence(daemon, 'stopped')
        assert told['labs'] == ['dfw', 'muc'] and told['sentence'].endswith(': nothing came from demo'), told


def the_failures_of_a_source_are_listed_with_their_line():
    with Daemon() as daemon:
        daemon.drop('dfw/p/s/b/1_a/good.json', native())
        wait_for(lambda: item(daemon, 'demo')['logs'] == 1, 'the good log')
        for i in range(7):
            broken = b'{"format": "perfdash", "version": 1, "runs": [{"results": [{"benchmark": "a%d"}]}]}' % i
            daemon.drop(f'dfw/p/s/b/{i}_b/bad{i}.json', broken)
        wait_for(lambda: item(daemon, 'demo')['failed'] == 7, '7 failures')
        demo = item(daemon, 'demo')
        assert len(demo['failures']) == 5 and demo['failed_week'] == 7, demo
        newest = demo['failures'][0]
        assert newest['error'] == {'class': 'broken', 'message': 'perfdash-json: runs[0].results[0]: "metric" is missing or not a string'}, newest
        assert daemon.get(f'/api/v1/logs/{newest["digest"]}/raw').status == 200
        assert demo['days'][-1]['failed'] + demo['days'][-2]['failed'] == 7, demo
        for i in range(3):
            daemon.drop(f'dfw/p/s/b/{i}_c/noise{i}.json', b'noise %d' % i)
        told = wait_for(lambda: silence(daemon, 'no parser'), 'no parser')
        assert told['sources'] == ['demo'] and 'the last could not be read' in told['sentence'], told
        # a source that holds more than logs: such a row is nothing new
        daemon.drop('dfw/p/s/b/2_a/good.json', native(2))
        wait_for(lambda: item(daemon, 'demo')['cause'] is None, 'a log that can be read')
        for i in range(4):
            daemon.drop(f'dfw/p/s/b/{i}_d/noise{i}.json', b'more noise %d' % i)
        wait_for(lambda: item(daemon, 'demo')['failed'] == 14, '14 failures')
        assert silence(daemon, 'no parser') is None


def red_jobs_are_named_with_their_build():
    begin = int(time.time() * 1000) - 5 * HOUR
    good = [Build(n, begin + n * 60000, {'run.json': bare(n)}) for n in (1, 2)]
    once = [Build(1, begin, {'run.json': bare(8)}), Build(2, begin + 60000, result='FAILURE')]
    jobs = {'perf': {'cart': good, 'once': once, 'wide': [Build(1, begin, result='FAILURE')], 'strict': [Build(1, begin, {'run.json': bare(9)})]}}
    with Jenkins(jobs) as jenkins:
        source = f'[source lab]\ntype=jenkins\nurl={jenkins.url}\n{OFTEN}\nlabels=lab=dfw\nfiles=*.json\n'
        daemon = Daemon(source=source)
        with daemon:
            wait_for(lambda: item(daemon)['logs'] == 4, '4 logs')
            # one red build alone is no cause
            wait_for(lambda: [job['job'] for job in item(daemon)['red_jobs']] == ['perf/once'], 'its red build')
            assert item(daemon)['cause'] is None
            good += [Build(n, begin + n * 60000, result='FAILURE') for n in (3, 4)]
            # one that fails its limits, and leaves its results all the same
            jobs['perf']['strict'] += [Build(n, begin + n * 60000, {'run.json': bare(90 + n)}, result='FAILURE') for n in (2, 3)]
            told = wait_for(lambda: silence(daemon, 'job red'), 'the red job')
            assert told['sentence'] == 'job perf/cart of source lab is red (build 4 FAILURE, 2 in a row)', told
            (job,) = told['red_jobs']
            assert job['url'] == 'https://jenkins.example/job/perf/job/cart/4/', job
            assert job in item(daemon)['red_jobs'] and item(daemon)['cause'] == 'job red'
            command = [os.environ['PERFDASH'], 'sources', f'--server=http://127.0.0.1:{daemon.port}']
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            assert said.startswith(f'{told["sentence"]}\n  {job["url"]}\n\nSOURCE'), said
            daemon.stop()
            daemon.start()
            assert wait_for(lambda: silence(daemon, 'job red'), 'it after a start')['red_jobs'] == [job]
            good.append(Build(5, begin + 5 * 60000, {'run.json': bare(5)}))
            wait_for(lambda: not answer(daemon)['silences'], 'it to be well again')


def one_red_build_is_told_where_a_lab_is_silent():
    now = int(time.time() * 1000)
    builds = [Build(1, now - 61 * HOUR, {'run.json': history(61)}), Build(2, now - HOUR, result='FAILURE')]
    with Jenkins({'cart': builds}) as jenkins:
        source = f'[source lab]\ntype=jenkins\nurl={jenkins.url}\n{OFTEN}\nlabels=lab=dfw\nfiles=*.json\n'
        with Daemon(source=source) as daemon:
            # the list of labs holds for some seconds
            told = wait_for(lambda: silence(daemon, 'job red'), 'the red job')
            assert told['labs'] == ['dfw'] and told['sources'] == ['lab'], told
            assert told['sentence'].endswith(': job cart of source lab is red (build 2 FAILURE)'), told
            assert 21500 < told['usual_seconds'] < 21700, told


def only_sources_that_are_silent_are_named_so():
    now = time.time()
    lines = ''
    with Daemon() as daemon:
        daemon.stop()
        for name, newest in (('fresh', 0), ('old', 61)):
            lines += f'[source {name}]\npath={daemon.folder}/{name}\nlayout={{name}}\n'
            (folder := daemon.folder / name).mkdir()
            for i in range(12):
                (path := folder / f'{i}.json').write_bytes(b'noise %d of %s' % (i, name.encode()))
                os.utime(path, (now - (newest + i) * 3600,) * 2)
        daemon.config.write_text(daemon.config.read_text() + lines)
        daemon.start()
        told = wait_for(lambda: (s := silence(daemon, 'no parser')) and len(s['sources']) == 2 and s['since'] and s, 'both')
        assert re.match('source old has been silent for .*: logs of sources fresh and old come, but', told['sentence']), told


def what_cannot_be_reached_is_one_line():
    # nothing listens there: the port of a server that is gone
    with Jenkins({}) as jenkins:
        url = jenkins.url
    lines = ''.join(f'[source {name}]\ntype=jenkins\nurl={url}{name}\n{OFTEN}\n' for name in ('ord', 'sfo'))
    with Daemon(source=lines) as daemon:
        told = wait_for(lambda: (s := silence(daemon, 'unreachable')) and len(s['sources']) == 2 and s, 'both')
        assert told['sentence'] == 'sources ord and sfo are unreachable', told
        assert len(answer(daemon)['silences']) == 1


CHECKS = (
    labs_that_push_are_told_when_they_stop,
    labs_among_others_of_a_directory_are_told,
    the_failures_of_a_source_are_listed_with_their_line,
    red_jobs_are_named_with_their_build,
    one_red_build_is_told_where_a_lab_is_silent,
    only_sources_that_are_silent_are_named_so,
    what_cannot_be_reached_is_one_line,
)


if __name__ == '__main__':
    tap.run_functions(CHECKS, at_once=4)
