/** The flags of `naru up`. */
import { describe, expect, test } from '@jest/globals';
import { parseUpOptions, UsageError } from './options.ts';

const dashboardOf = (...argv: string[]) => {
  const { dashboardPort, dashboardPortAsked } = parseUpOptions(argv, 0);
  return { dashboardPort, dashboardPortAsked };
};

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
