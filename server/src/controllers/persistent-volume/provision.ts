/** Asks the provisioner of a claim's class for a volume. */
// Like provisionClaimOperationExternal.
import type { ControllerContext } from '../runtime/define-controller.ts';
import { persistentVolumeClaims } from '../runtime/resources.ts';
import { withAnnotation } from './bind.ts';
import { classOf, storageProvisioner, storageProvisionerBeta, type StorageClass, type VolumeClaim } from './volume.ts';

export async function provision(
  claim: VolumeClaim,
  storageClass: StorageClass | undefined,
  { events, client }: ControllerContext,
): Promise<void> {
  const failed = (message: string) =>
    events.event(claim, persistentVolumeClaims, 'Warning', 'ProvisioningFailed', message);
  if (!storageClass) return failed(`storageclass.storage.k8s.io "${classOf(claim)}" not found`);
  const { provisioner } = storageClass;
  if (provisioner.startsWith('kubernetes.io/')) return failed(`no volume plugin matched name: ${provisioner}`);
  const beta = withAnnotation(claim, storageProvisionerBeta, provisioner);
  const marked = withAnnotation(beta, storageProvisioner, provisioner);
  const written = marked === claim ? claim : await client.for<VolumeClaim>(persistentVolumeClaims).update(marked);
  const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
  events.event(written, persistentVolumeClaims, 'Normal', 'ExternalProvisioning', message);
}
