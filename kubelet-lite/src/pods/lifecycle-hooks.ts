/** postStart and preStop. */
// Like pkg/kubelet/lifecycle/handlers.go.
import type { Container } from '../runtime/container-runtime.ts';
import { runCommand } from '../probes/exec-probe.ts';
import { probeHttp } from '../probes/http-probe.ts';
import { resolvePort } from '../probes/prober.ts';
import type { ContainerDefinition, Handler } from './container-definition.ts';
import type { GracePeriod } from './grace-period.ts';
import type { PodContext } from './pod-context.ts';

/** A postStart hook may take as long as it likes; this only bounds what is never right. */
const longestSeconds = 24 * 3600;
const httpSeconds = 30;

export interface HookTarget {
  definition: ContainerDefinition;
  container: Pick<Container, 'id'>;
  podIp: string;
}

/** Throws when the hook fails. Ends early when `signal` aborts or `grace` is over. */
export async function runHook(
  handler: Handler,
  { definition, container, podIp }: HookTarget,
  context: PodContext,
  { signal, grace }: { signal?: AbortSignal; grace?: GracePeriod },
): Promise<void> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  signal?.addEventListener('abort', stop, { once: true });
  const limit = grace ? Math.max(1, grace.left) : longestSeconds;
  void grace?.wait(limit, controller.signal).then(stop);
  try {
    if (handler.exec) await execHook(handler.exec.command ?? [], container.id, limit, context, controller.signal);
    else if (handler.httpGet) await httpHook(handler.httpGet, definition, podIp, controller.signal);
    else if (handler.sleep) await pause(context, handler.sleep.seconds, controller.signal);
    // tcpSocket is accepted for old manifests' sake and fails, as it does upstream.
    else throw new Error('invalid handler');
  } finally {
    stop();
    signal?.removeEventListener('abort', stop);
  }
}

async function execHook(
  command: string[],
  containerId: string,
  timeoutSeconds: number,
  { runtime }: PodContext,
  signal: AbortSignal,
): Promise<void> {
  const { exitCode, output, timedOut } = await runCommand(runtime, containerId, command, { timeoutSeconds, signal });
  if (timedOut) throw new Error(`command '${command.join(' ')}' did not end in time`);
  if (exitCode !== 0) throw new Error(`command '${command.join(' ')}' exited with ${exitCode}: ${output}`);
}

async function httpHook(
  { scheme, host, port, path, httpHeaders }: NonNullable<Handler['httpGet']>,
  definition: ContainerDefinition,
  podIp: string,
  signal: AbortSignal,
): Promise<void> {
  const { result, output } = await probeHttp({
    scheme: scheme ?? 'HTTP',
    host: host || podIp,
    port: resolvePort(port, definition),
    path: path || '/',
    headers: httpHeaders ?? [],
    timeoutSeconds: httpSeconds,
    signal,
  });
  // Any answer will do: a hook only asks that its request is taken.
  if (result === 'failure' && !output.startsWith('HTTP probe failed')) throw new Error(output);
}

function pause({ clock }: PodContext, seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(seconds * 1000, resolve);
    signal.addEventListener('abort', () => (cancel(), resolve()), { once: true });
  });
}
