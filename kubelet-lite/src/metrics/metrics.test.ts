import { describe, expect, test } from '@jest/globals';
import { cgroupPaths } from './cgroup-paths.ts';
import { containerUsage } from './container-usage.ts';
import { interfaceUsage } from './network-usage.ts';
import { nodeUsage } from './node-usage.ts';

const reading = (files: Record<string, string>) => async (path: string) => {
  const text = files[path];
  if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
  return text;
};

describe('cgroupPaths', () => {
  test('version 1, beside an empty version 2 hierarchy', () => {
    const text = '4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n2:blkio:/docker/abc\n0::/system.slice\n';
    expect(cgroupPaths(text)).toEqual({
      version: 1,
      cpu: '/sys/fs/cgroup/cpuacct/docker/abc',
      memory: '/sys/fs/cgroup/memory/docker/abc',
      io: '/sys/fs/cgroup/blkio/docker/abc',
    });
  });

  test('version 2, with a colon in the path', () => {
    expect(cgroupPaths('0::/kubepods/a:b\n')).toEqual({ version: 2, unified: '/sys/fs/cgroup/kubepods/a:b' });
  });
});

describe('containerUsage', () => {
  test('version 1: the working set leaves inactive file pages out', async () => {
    const usage = await containerUsage(
      { version: 1, cpu: '/c', memory: '/m', io: '/i' },
      reading({
        '/c/cpuacct.usage': '123456789\n',
        '/m/memory.usage_in_bytes': '5000000\n',
        '/m/memory.stat':
          'rss 1\ntotal_rss 3000000\ntotal_inactive_file 1500000\ntotal_pgfault 7\ntotal_pgmajfault 2\n',
        '/i/blkio.throttle.io_service_bytes': '8:0 Read 4096\n8:0 Write 8192\n8:16 Read 4\nTotal 12292\n',
      }),
    );
    expect(usage).toEqual({
      cpuNanoseconds: 123456789,
      memoryBytes: 5000000,
      workingSetBytes: 3500000,
      rssBytes: 3000000,
      pageFaults: 7,
      majorPageFaults: 2,
      readBytes: 4100,
      writtenBytes: 8192,
    });
  });

  test('version 2', async () => {
    const usage = await containerUsage(
      { version: 2, unified: '/u' },
      reading({
        '/u/cpu.stat': 'usage_usec 1500\nuser_usec 1000\n',
        '/u/memory.current': '100\n',
        '/u/memory.stat': 'anon 60\ninactive_file 150\n',
        '/u/io.stat': '8:0 rbytes=10 wbytes=20 rios=1\n',
      }),
    );
    expect(usage).toMatchObject({
      cpuNanoseconds: 1_500_000,
      workingSetBytes: 0,
      rssBytes: 60,
      readBytes: 10,
      writtenBytes: 20,
    });
  });

  test('a container that ended meanwhile has none', async () => {
    expect(await containerUsage({ version: 2, unified: '/gone' }, reading({}))).toBeUndefined();
  });
});

test('interfaceUsage leaves the loopback and the headings out', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0
  eth0: 2345678      99    3    0    0     0          0         0   987654      88    4    0    0     0       0          0
`;
  expect(interfaceUsage(text)).toEqual([
    { name: 'eth0', receivedBytes: 2345678, receiveErrors: 3, sentBytes: 987654, sendErrors: 4 },
  ]);
});

test('nodeUsage leaves idle time and time waiting for disks out', () => {
  const stat = 'cpu  100 20 30 5000 600 7 8 9 0 0\ncpu0 1 2 3\n';
  const meminfo =
    'MemTotal:       1000 kB\nMemFree:         200 kB\nMemAvailable:    500 kB\nInactive(file):  300 kB\n';
  expect(nodeUsage(stat, meminfo)).toEqual({
    cpuNanoseconds: (100 + 20 + 30 + 7 + 8 + 9) * 10_000_000,
    totalBytes: 1000 * 1024,
    availableBytes: 500 * 1024,
    workingSetBytes: 500 * 1024,
  });
});
