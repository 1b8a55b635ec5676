/** Puts together what the runtime is asked to create for a container of a pod. */
import { expand } from '../environment/expand.ts';
import { makeEnvironment } from '../environment/make-environment.ts';
import { serviceLinks } from '../environment/service-links.ts';
import type { Container, ContainerSpec, Image, Namespaces } from '../runtime/container-runtime.ts';
import type { PreparedVolumes } from '../volumes/pod-volumes.ts';
import type { EphemeralContainerDefinition } from './container-definition.ts';
import { containerSecurity, verifyNonRoot } from './container-security.ts';
import type { PodContext } from './pod-context.ts';
import { uidOf, type Pod } from './pod.ts';
import type { Member } from './pod-view.ts';
import { containerResources, oomScoreAdjust } from './qos.ts';
import { specHash } from './spec-hash.ts';

export interface ContainerPlan {
  pod: Pod;
  member: Member;
  attempt: number;
  sandboxId: string;
  podIp: string;
  /** RFC 3339. */
  seenAt: string;
  image: Image;
  reference: string;
  volumes: PreparedVolumes;
  /** The running instance of another container of the pod, for one that joins its processes. */
  running(name: string): Container | undefined;
}

/** Throws an Error whose message upstream shows as CreateContainerConfigError. */
export async function makeContainerSpec(plan: ContainerPlan, context: PodContext): Promise<ContainerSpec> {
  const { pod, member, attempt, image, volumes, podIp } = plan;
  const { definition, role } = member;
  const { node } = context;
  verifyNonRoot(pod, definition, image.user);
  const environment = await environmentOf(plan, context);
  const lookup = (name: string) => environment.get(name);
  const { stdin = false, stdinOnce = false, tty = false, lifecycle } = definition;
  return {
    pod: identityOf(pod),
    sandboxId: plan.sandboxId,
    name: definition.name,
    kind: role === 'container' || role === 'ephemeral' ? role : 'init',
    image: plan.reference,
    command: (definition.command ?? []).map((word) => expand(word, lookup)),
    args: (definition.args ?? []).map((word) => expand(word, lookup)),
    workingDir: workingDirOf(definition.workingDir ?? ''),
    env: [...environment].map(([name, value]) => ({ name, value })),
    mounts: await context.files.mounts({ pod, container: definition, attempt, volumes, lookup, podIp }),
    stdin,
    stdinOnce,
    tty,
    attempt,
    specHash: specHash(definition),
    resources: containerResources(definition.resources),
    namespaces: namespacesOf(plan),
    ...(lifecycle?.stopSignal && { stopSignal: lifecycle.stopSignal }),
    security: await containerSecurity(pod, definition, (name) => context.files.seccompProfile(name)),
    oomScoreAdj: Math.max(oomScoreAdjust(pod, definition, node.memoryCapacity), node.leastOomScoreAdj),
    terminationMessagePath: definition.terminationMessagePath ?? '',
    runsToCompletion: role === 'init' || (role === 'container' && pod.spec.restartPolicy !== 'Always'),
    labels: {},
  };
}

export const identityOf = (pod: Pod) => ({
  uid: uidOf(pod),
  name: pod.metadata.name ?? '',
  namespace: pod.metadata.namespace ?? '',
});

/** What the downward API of this pod tells on this node. */
export const factsOf = ({ node }: PodContext, { podIp, seenAt }: { podIp: string; seenAt: string }) => ({
  nodeName: node.name,
  hostIp: node.ip,
  podIp,
  seenAt,
  allocatable: node.allocatable,
});

function environmentOf(plan: ContainerPlan, context: PodContext): Promise<Map<string, string>> {
  const { pod, member, volumes } = plan;
  const links = serviceLinks(context.services(), {
    namespace: pod.metadata.namespace ?? '',
    links: pod.spec.enableServiceLinks ?? true,
  });
  return makeEnvironment({
    pod,
    container: member.definition,
    serviceLinks: links,
    facts: factsOf(context, plan),
    source: context.source,
    readVolumeFile: (volume, path) => context.files.readVolumeFile(volumes, volume, path),
  });
}

// Old versions of runc let such a path keep a door to the host open (CVE-2024-21626).
function workingDirOf(path: string): string {
  if (path.startsWith('/proc/self/fd')) throw new Error(`working directory ${path} is refused`);
  return path;
}

function namespacesOf({ pod, member, running }: ContainerPlan): Namespaces {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace } = pod.spec;
  const target = (member.definition as EphemeralContainerDefinition).targetContainerName;
  const joined = target ? running(target) : undefined;
  if (target && !joined) throw new Error(`target container ${target} of ${member.definition.name} is not running`);
  const own = hostPID ? 'host' : shareProcessNamespace ? 'sandbox' : 'container';
  return {
    network: hostNetwork ? 'host' : 'sandbox',
    ipc: hostIPC ? 'host' : 'sandbox',
    pid: own === 'container' && joined ? { containerId: joined.id } : own,
  };
}
