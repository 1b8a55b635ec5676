/** A claim's volume on this node: local and hostPath volumes; others need drivers that do not run here. */
import type { KubeObject } from '@naru/api/object';
import type { HostPathType } from '../pods/volume.ts';

export interface PersistentVolumeClaim extends KubeObject {
  spec?: { volumeName?: string };
  status?: { phase?: string };
}

export interface PersistentVolume extends KubeObject {
  spec?: {
    hostPath?: { path: string; type?: HostPathType };
    local?: { path: string };
    claimRef?: { uid?: string; name?: string; namespace?: string };
  };
}

export interface ClaimSource {
  claim(namespace: string, name: string): Promise<PersistentVolumeClaim | undefined>;
  volume(name: string): Promise<PersistentVolume | undefined>;
}

/** Where the claim's data stands on this node. Throws, in upstream's words where it has them, while it has none. */
export async function claimedPath(
  source: ClaimSource,
  namespace: string,
  name: string,
): Promise<{ path: string; type: HostPathType }> {
  const claim = await source.claim(namespace, name);
  if (!claim) throw new Error(`persistentvolumeclaim "${name}" not found`);
  const volumeName = claim.spec?.volumeName;
  if (!volumeName)
    throw new Error(
      `PVC ${namespace}/${name} has non-bound phase ("${claim.status?.phase ?? ''}") or empty pvc.Spec.VolumeName`,
    );
  const volume = await source.volume(volumeName);
  if (!volume) throw new Error(`persistentvolume "${volumeName}" not found`);
  if (volume.spec?.claimRef?.uid !== claim.metadata.uid)
    throw new Error(`PV ${volumeName} claimRef.UID does not match pvc.UID ("${claim.metadata.uid}")`);
  const { hostPath, local } = volume.spec ?? {};
  if (hostPath) return { path: hostPath.path, type: hostPath.type ?? '' };
  if (local) return { path: local.path, type: 'Directory' };
  throw new Error(`PersistentVolume ${volumeName}: this node serves volumes of type hostPath and local only`);
}
