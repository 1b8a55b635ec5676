/** What scripts/up is to run, as shell functions. */

export interface UpPlan {
  dataDirectory: string;
  server: readonly string[];
  agent: readonly string[];
  /** Waits until the API answers, then tells the person where everything is. */
  announce: readonly string[];
  /** Makes the dashboard's page; absent when it is there, or when there is no dashboard. */
  buildDashboard?: readonly string[] | undefined;
}

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
const functionOf = (name: string, command: readonly string[]) =>
  `${name}() { exec ${command.map(quote).join(' ')}; }\n`;
const nothing = ['true'];

export function shellPlan({ dataDirectory, server, agent, announce, buildDashboard }: UpPlan): string {
  return [
    `data=${quote(dataDirectory)}\n`,
    functionOf('start_server', server),
    functionOf('start_agent', agent),
    functionOf('announce', announce),
    functionOf('build_dashboard', buildDashboard ?? nothing),
  ].join('');
}
