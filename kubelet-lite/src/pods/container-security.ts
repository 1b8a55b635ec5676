/** A container's security settings: its own before the pod's, and what must not start at all. */
// Like pkg/securitycontext.DetermineEffectiveSecurityContext and kuberuntime's verifyRunAsNonRoot.
import type { ContainerSpec } from '../runtime/container-runtime.ts';
import type { AppArmorProfile, SeccompProfile } from './container-definition.ts';
import type { Pod } from './pod.ts';
import { podLabel } from './pod.ts';
import type { ContainerDefinition } from './container-definition.ts';

type Security = ContainerSpec['security'];

/** Text of a seccomp profile among the node's own. Throws when there is none of the name. */
export type ReadSeccompProfile = (name: string) => Promise<string>;

export async function containerSecurity(
  pod: Pod,
  container: ContainerDefinition,
  readProfile: ReadSeccompProfile,
): Promise<Security> {
  const own = container.securityContext ?? {};
  const shared = pod.spec.securityContext ?? {};
  const runAsUser = own.runAsUser ?? shared.runAsUser;
  const runAsGroup = own.runAsGroup ?? shared.runAsGroup;
  const { fsGroup, supplementalGroups = [] } = shared;
  const appArmor = appArmorOf(own.appArmorProfile ?? shared.appArmorProfile);
  const seLinux = own.seLinuxOptions ?? shared.seLinuxOptions;
  if (runAsGroup !== undefined && runAsUser === undefined)
    throw new Error(`runAsGroup of container "${container.name}" needs a runAsUser`);
  const groups = fsGroup === undefined ? supplementalGroups : [...supplementalGroups, fsGroup];
  return {
    ...(runAsUser !== undefined && { user: runAsGroup === undefined ? `${runAsUser}` : `${runAsUser}:${runAsGroup}` }),
    supplementalGroups: [...new Set(groups)],
    privileged: own.privileged ?? false,
    readOnlyRootFilesystem: own.readOnlyRootFilesystem ?? false,
    allowPrivilegeEscalation: own.allowPrivilegeEscalation ?? true,
    addCapabilities: own.capabilities?.add ?? [],
    dropCapabilities: own.capabilities?.drop ?? [],
    seccomp: await seccompOf(own.privileged ? undefined : (own.seccompProfile ?? shared.seccompProfile), readProfile),
    ...(appArmor && { appArmor }),
    ...(seLinux && { seLinux }),
    ...(own.procMount === 'Unmasked' && { unmaskedProc: true }),
  };
}

/** Without a profile, and without the node asking for one by default, there is none. */
async function seccompOf(profile: SeccompProfile | undefined, read: ReadSeccompProfile): Promise<Security['seccomp']> {
  if (!profile || profile.type === 'Unconfined') return 'Unconfined';
  if (profile.type === 'RuntimeDefault') return 'RuntimeDefault';
  return { localhost: await read(profile.localhostProfile ?? '') };
}

function appArmorOf(profile: AppArmorProfile | undefined): Security['appArmor'] {
  if (!profile) return undefined;
  return profile.type === 'Localhost' ? { localhost: profile.localhostProfile ?? '' } : profile.type;
}

/** Throws, in upstream's words, when runAsNonRoot cannot be kept. `imageUser`: USER of the image, empty for root. */
export function verifyNonRoot(pod: Pod, container: ContainerDefinition, imageUser: string): void {
  const own = container.securityContext ?? {};
  const shared = pod.spec.securityContext ?? {};
  if (!(own.runAsNonRoot ?? shared.runAsNonRoot)) return;
  const about = `(pod: "${podLabel(pod)}", container: ${container.name})`;
  const runAsUser = own.runAsUser ?? shared.runAsUser;
  if (runAsUser === 0) throw new Error(`container's runAsUser breaks non-root policy ${about}`);
  if (runAsUser !== undefined) return;
  const [user = ''] = imageUser.split(':');
  if (user === '' || user === '0') throw new Error(`container has runAsNonRoot and image will run as root ${about}`);
  if (!/^\d+$/.test(user))
    throw new Error(
      `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${about}`,
    );
}
