/** The kubectl commands that do what the wizard does; pure. */
import { type RunRequest } from './run-request';

/** One command a line, for a POSIX shell. */
export function kubectlCommands(request: RunRequest): string[] {
  const { image, name, port, replicas, variables, memoryLimit, cpuRequest, publicAddress } = request;
  const scope = `-n ${shellWord(request.project)}`;
  const target = `deployment/${shellWord(name)}`;
  const create = [
    `kubectl ${scope} create deployment ${shellWord(name)}`,
    `--image=${shellWord(image)}`,
    ...(replicas === 1 ? [] : [`--replicas=${replicas}`]),
    ...(port === undefined ? [] : [`--port=${port}`]),
  ];
  const commands = [onLines(create)];
  if (variables.length > 0)
    commands.push(
      `kubectl ${scope} set env ${target} ${variables.map((one) => shellWord(`${one.name}=${one.value}`)).join(' ')}`,
    );
  if (memoryLimit || cpuRequest)
    commands.push(
      onLines([
        `kubectl ${scope} set resources ${target}`,
        ...(memoryLimit ? [`--limits=memory=${memoryLimit}`] : []),
        ...(cpuRequest ? [`--requests=cpu=${cpuRequest}`] : []),
      ]),
    );
  if (port !== undefined)
    commands.push(`kubectl ${scope} expose ${target} --port=${port}${publicAddress ? ' --type=NodePort' : ''}`);
  return commands;
}

/** One line while it is short. */
function onLines(parts: readonly string[]): string {
  const line = parts.join(' ');
  return line.length <= 64 ? line : parts.join(' \\\n  ');
}

/** Quoted when a shell would read it as more than one plain word. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
