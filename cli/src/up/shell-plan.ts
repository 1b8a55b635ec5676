/** What scripts/up is to run, as shell functions. */

export interface UpPlan {
  dataDirectory: string;
  server: readonly string[];
  agent: readonly string[];
  /** Waits until the API answers, then tells the person where everything is. */
  announce: readonly string[];
}

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
const functionOf = (name: string, command: readonly string[]) =>
  `${name}() { exec ${command.map(quote).join(' ')}; }\n`;

export function shellPlan({ dataDirectory, server, agent, announce }: UpPlan): string {
  return [
    `data=${quote(dataDirectory)}\n`,
    functionOf('start_server', server),
    functionOf('start_agent', agent),
    functionOf('announce', announce),
  ].join('');
}
