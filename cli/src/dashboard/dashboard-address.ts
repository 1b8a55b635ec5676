/** Where the dashboard is, kept in the data directory for `announce` and `status`. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { writePrivateFile } from '../pki/private-files.ts';

export interface DashboardAddress {
  port: number;
  /** Of this machine, for others; a loopback address when there is none. */
  address: string;
}

const fileOf = (dataDirectory: string) => join(dataDirectory, 'run/dashboard.json');

/** `0`: there is no dashboard. */
export function writeDashboardAddress(dataDirectory: string, address: DashboardAddress | 0): void {
  if (address) writePrivateFile(fileOf(dataDirectory), JSON.stringify(address));
  else rmSync(fileOf(dataDirectory), { force: true });
}

/** Undefined when there is no dashboard. */
export function readDashboardAddress(dataDirectory: string): DashboardAddress | undefined {
  const path = fileOf(dataDirectory);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as DashboardAddress) : undefined;
}

/** The code for the first visit, as long as there is no administrator. */
export function readFirstRunCode(dataDirectory: string): string | undefined {
  const path = join(dataDirectory, 'run/first-run-code');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

/** Whether it answers at all; the page itself may still be being built. */
export function dashboardAnswers({ port }: DashboardAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/auth/session', timeout: 2000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 || response.statusCode === 401);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/** As lines for a person: the addresses, and how to get in for the first time. */
export function describeDashboard(dataDirectory: string, { port, address }: DashboardAddress): string[] {
  const code = readFirstRunCode(dataDirectory);
  const outside = address.startsWith('127.') ? '' : ` (from elsewhere https://${address}:${port})`;
  return [
    `  dashboard    http://127.0.0.1:${port}${outside}`,
    ...(code ? [`  first visit  code ${code} makes the administrator's account`] : []),
  ];
}
