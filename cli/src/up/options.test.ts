/** The flags of `naru up`. */
import { describe, expect, test } from '@jest/globals';
import { parseUpOptions, UsageError } from './options.ts';

const dashboardOf = (...argv: string[]) => {
  const { dashboardPort, dashboardPortAsked } = parseUpOptions(argv, 0);
  return { dashboardPort, dashboardPortAsked };
};

describe('the ranges', () => {
  test('are upstream’s, or those that were asked for, with the addresses that follow', () => {
    expect(parseUpOptions([], 0).ranges).toEqual({
      ...{ pods: '10.244.0.0/16', services: '10.96.0.0/16', apiService: '10.96.0.1', clusterDns: '10.96.0.10' },
    });
    const { ranges } = parseUpOptions(['--pod-cidr', '10.245.0.0/20', '--service-cidr', '172.20.4.0/24'], 0);
    expect(ranges).toMatchObject({ pods: '10.245.0.0/20', apiService: '172.20.4.1', clusterDns: '172.20.4.10' });
  });

  test('have a place for every fake node', () => {
    const pods = (nodes: string) => parseUpOptions(['--runtime', 'fake', '--nodes', nodes], 0).ranges.pods;
    expect(pods('256')).toBe('10.244.0.0/16');
    expect(pods('5000')).toBe('10.128.0.0/9');
  });

  test.each([
    ['--pod-cidr', '10.244.0.0/25'],
    ['--pod-cidr', '10.244.0.1/16'],
    ['--pod-cidr', 'fd00::/64'],
    ['--pod-cidr', '10.96.128.0/17'],
    ['--service-cidr', '10.0.0.0/8'],
    ['--service-cidr', 'x'],
  ])('%s %s is refused', (flag, value) => {
    expect(() => parseUpOptions([flag, value], 0)).toThrow(UsageError);
  });
});

test('the demo is for containers', () => {
  expect(parseUpOptions(['--demo'], 0).demo).toBe(true);
  expect(() => parseUpOptions(['--demo', '--runtime', 'fake'], 0)).toThrow(/--demo/);
});

describe('the dashboard', () => {
  test('has a port of its own, which gives way', () => {
    expect(dashboardOf()).toEqual({ dashboardPort: 8443, dashboardPortAsked: false });
  });

  test('has the very port that was asked for', () => {
    expect(dashboardOf('--dashboard-port', '9000')).toEqual({ dashboardPort: 9000, dashboardPortAsked: true });
  });

  test.each([[['--no-dashboard']], [['--dashboard-port', '0']], [['--no-dashboard', '--dashboard-port', '0']]])(
    'is left out with %j',
    (argv) => {
      expect(dashboardOf(...argv).dashboardPort).toBe(0);
    },
  );

  test.each([
    [['--dashboard-port', '65536']],
    [['--dashboard-port', 'x']],
    [['--no-dashboard', '--dashboard-port', '1']],
  ])('is refused with %j', (argv) => {
    expect(() => dashboardOf(...argv)).toThrow(UsageError);
  });
});
