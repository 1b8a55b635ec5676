/** Carries out a plan. What fails is kept as the reason why a container waits; the rest of the plan goes on where it can. */
import type { Container, RegistryCredentials, Sandbox } from '../runtime/container-runtime.ts';
import type { PreparedVolumes } from '../volumes/pod-volumes.ts';
import { GracePeriod, graceSeconds } from './grace-period.ts';
import { identityOf } from './make-container-spec.ts';
import type { Action } from './plan.ts';
import type { PodContext } from './pod-context.ts';
import { podNames } from './pod-hostname.ts';
import type { PodMemory } from './pod-memory.ts';
import { podLabel, uidOf, type Pod } from './pod.ts';
import type { PodView } from './pod-view.ts';
import { pullSecrets } from './pull-secrets.ts';
import { containerResources } from './qos.ts';
import { hostPortsOf, sandboxLabelsOf } from './sandbox-labels.ts';
import { startContainer } from './start-container.ts';
import { StartFailure } from './start-failure.ts';
import { stopContainer } from './stop-container.ts';
import { reportedAsStopped } from './stopped-containers.ts';

export interface Acting {
  pod: Pod;
  view: PodView;
  memory: PodMemory;
  volumes: PreparedVolumes;
  signal: AbortSignal;
  context: PodContext;
}

/** Answers whether everything went well. Throws only for what leaves nothing to go on with. */
export async function act(actions: readonly Action[], acting: Acting): Promise<boolean> {
  const { view, signal } = acting;
  const run: Run = { ...acting, sandbox: view.sandbox, credentials: undefined };
  const stops = actions.filter((action) => action.do === 'stopContainer');
  await Promise.all(stops.map((action) => stop(action, run)));
  let well = true;
  for (const action of actions) {
    if (signal.aborted) return well;
    if (action.do === 'stopContainer') continue;
    if (action.do === 'startContainer') well = (await start(action, run)) && well;
    else await perform(action, run);
  }
  return well;
}

// Like upstream's pause: the last to go.
const sandboxOomScore = -998;

interface Run extends Acting {
  sandbox: Sandbox | undefined;
  credentials: readonly RegistryCredentials[] | undefined;
}

type Of<Kind extends Action['do']> = Extract<Action, { do: Kind }>;

async function perform(action: Exclude<Action, Of<'stopContainer' | 'startContainer'>>, run: Run): Promise<void> {
  const { context } = run;
  switch (action.do) {
    case 'removeSandbox':
      return context.runtime.removeSandbox(action.id);
    case 'createSandbox':
      return createSandbox(action, run);
    case 'backOff':
      return backOff(action, run);
    case 'holdContainer':
      return hold(action, run);
    case 'resizeContainer':
      return context.runtime.updateResources(
        action.container.id,
        containerResources(action.member.definition.resources),
      );
    case 'removeContainer':
      return context.runtime.removeContainer(action.container.id);
  }
}

async function stop(action: Of<'stopContainer'>, run: Run): Promise<void> {
  const { container, member, message, grace, byHand } = action;
  const { pod, memory, context } = run;
  if (byHand) memory.stoppedByHand.add(container.id);
  const { definition } = member;
  const probe =
    grace === 'liveness' ? definition.livenessProbe : grace === 'startup' ? definition.startupProbe : undefined;
  const seconds = probe?.terminationGracePeriodSeconds ?? graceSeconds(pod);
  const period = new GracePeriod(context.clock, seconds);
  await stopContainer({ pod, definition, container, podIp: addressOf(run), message, grace: period }, context);
}

function addressOf({ pod, context }: Run): string {
  return pod.spec.hostNetwork ? context.node.ip : (context.network.addressOf(uidOf(pod)) ?? '');
}

async function createSandbox({ attempt, replaces }: Of<'createSandbox'>, run: Run): Promise<void> {
  const { pod, context } = run;
  const { events, runtime, node } = context;
  const { spec } = pod;
  if (replaces) {
    const message = 'Pod sandbox changed, it will be killed and re-created.';
    events.pod(pod, 'Normal', 'SandboxChanged', message);
  }
  try {
    run.sandbox = await runtime.runSandbox({
      pod: identityOf(pod),
      hostname: podNames(pod, node.clusterDomain).kernelHostname,
      hostNetwork: spec.hostNetwork ?? false,
      hostPid: spec.hostPID ?? false,
      hostIpc: spec.hostIPC ?? false,
      shareProcessNamespace: spec.shareProcessNamespace ?? false,
      sysctls: Object.fromEntries((spec.securityContext?.sysctls ?? []).map(({ name, value }) => [name, value])),
      attempt,
      labels: sandboxLabelsOf(pod),
      oomScoreAdj: Math.max(sandboxOomScore, node.leastOomScoreAdj),
    });
    await attachSandbox(pod, run.sandbox, context);
    run.memory.podIp = addressOf(run);
  } catch (error) {
    const message = `Failed to create pod sandbox: ${(error as Error).message}`;
    events.pod(pod, 'Warning', 'FailedCreatePodSandBox', message);
    throw error;
  }
}

/** Puts the pod on the network; one of the host's network is there already. */
export async function attachSandbox(pod: Pod, { pid, labels }: Sandbox, { network }: PodContext): Promise<void> {
  if (pod.spec.hostNetwork) return;
  await network.attach({ ...identityOf(pod), pid, labels, hostPorts: hostPortsOf(pod) });
}

function backOff({ member, container }: Of<'backOff'>, { pod, memory, context }: Run): Promise<void> {
  const { name } = member.definition;
  const seconds = formatWait(context.restarts.waitOf(backoffKey(container)));
  const failed = `failed container ${name} in pod ${podLabel(pod)}`;
  context.events.container(pod, member.definition, 'Warning', 'BackOff', `Back-off restarting ${failed}`);
  memory.waiting.set(name, {
    reason: 'CrashLoopBackOff',
    message: `back-off ${seconds} restarting failed container=${name} pod=${podLabel(pod)}`,
  });
  return Promise.resolve();
}

/** What it failed at before it was stopped by hand is forgotten. */
function hold({ member }: Of<'holdContainer'>, { pod, memory, context }: Run): Promise<void> {
  const { name } = member.definition;
  memory.waiting.delete(name);
  context.restarts.forget(`${uidOf(pod)}/${name}/`);
  return Promise.resolve();
}

/** As Go prints it: `10s`, `2m40s`. */
function formatWait(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

export const backoffKey = ({ pod, name, specHash }: { pod: { uid: string }; name: string; specHash: string }) =>
  `${pod.uid}/${name}/${specHash}`;

async function start({ member, attempt, after }: Of<'startContainer'>, run: Run): Promise<boolean> {
  const { pod, view, memory, volumes, signal, context, sandbox } = run;
  const { name } = member.definition;
  if (!sandbox) return false;
  if (after && !isByHand(after, memory)) context.restarts.next(backoffKey(after), failedAt(after));
  run.credentials ??= await credentialsFor(run);
  const podIp = addressOf(run);
  const { seenAt } = memory;
  const { credentials } = run;
  try {
    await startContainer(
      { pod, view, member, attempt, sandboxId: sandbox.id, podIp, seenAt, volumes, credentials, signal },
      context,
    );
    memory.waiting.delete(name);
    return true;
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    memory.waiting.set(name, { reason: error.reason, ...(error.message && { message: error.message }) });
    return false;
  }
}

const isByHand = (container: Container, { status }: PodMemory) => reportedAsStopped(container, status ?? {});

/** When a container ended, as far as the engine knows; milliseconds since 1970. */
export const failedAt = ({ finishedAt, createdAt }: { finishedAt: string; createdAt: string }): number =>
  Date.parse(finishedAt || createdAt);

async function credentialsFor({ pod, context }: Run): Promise<readonly RegistryCredentials[]> {
  const { credentials, missing } = await pullSecrets(pod, context.source);
  if (missing.length > 0) {
    const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`;
    context.events.pod(pod, 'Warning', 'FailedToRetrieveImagePullSecret', message);
  }
  return credentials;
}
