/** The loops that run, and starting them. */
import { alertControllers, type AlertsConfig } from './alerts/alerts.ts';
import { certificates, type CertificatesConfig } from './certificates/reconcile.ts';
import { clusterRoleAggregation } from './cluster-role-aggregation/reconcile.ts';
import { cronJob } from './cron-job/reconcile.ts';
import { daemonSet } from './daemon-set/reconcile.ts';
import { deployment } from './deployment/reconcile.ts';
import { disruption } from './disruption/reconcile.ts';
import { endpointSlice } from './endpoint-slice/reconcile.ts';
import { endpointSliceMirroring } from './endpoint-slice-mirroring/reconcile.ts';
import { endpoints } from './endpoints/reconcile.ts';
import { garbageCollector } from './garbage-collector/garbage-collector.ts';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler/reconcile.ts';
import { job, orphanedJobPods } from './job/reconcile.ts';
import { namespace } from './namespace/reconcile.ts';
import { nodeIpam } from './node-ipam/reconcile.ts';
import { nodeLifecycle } from './node-lifecycle/reconcile.ts';
import { taintEviction } from './node-lifecycle/taint-eviction.ts';
import { claimBinder } from './persistent-volume/claims.ts';
import { ephemeralVolumes } from './persistent-volume/ephemeral-volumes.ts';
import { localPathProvisioner } from './persistent-volume/local-path-provisioner.ts';
import { volumeBinder } from './persistent-volume/volumes.ts';
import { podGarbageCollector } from './pod-garbage-collector/reconcile.ts';
import { replicaSet, replicationController } from './replica-set/reconcile.ts';
import { resourceQuota } from './resource-quota/reconcile.ts';
import type { Controller } from './runtime/define-controller.ts';
import { runControllers, type RunOptions } from './runtime/run-controllers.ts';
import { scheduler } from './scheduler/scheduler.ts';
import { serviceAddresses } from './service-addresses/reconcile.ts';
import { serviceLoadBalancer } from './service/reconcile.ts';
import { statefulSet } from './stateful-set/reconcile.ts';
import { ttlAfterFinished } from './ttl-after-finished/reconcile.ts';
import { claimProtection, volumeProtection } from './volume-protection/reconcile.ts';
import { defaultServiceAccount } from './service-account/default-service-account.ts';
import { tokenSecrets } from './service-account/token-secrets.ts';
import { rootCertificate } from './service-account/root-certificate.ts';

/** New ones each time: some keep state between reconciles. */
const controllers = (alerts: AlertsConfig | undefined, signing: CertificatesConfig | undefined): Controller[] => [
  namespace,
  defaultServiceAccount,
  rootCertificate,
  clusterRoleAggregation,
  tokenSecrets,
  garbageCollector,
  nodeIpam(),
  nodeLifecycle(),
  taintEviction,
  podGarbageCollector(),
  scheduler,
  replicaSet,
  replicationController,
  deployment,
  daemonSet(),
  statefulSet,
  job,
  orphanedJobPods,
  cronJob,
  ttlAfterFinished,
  disruption,
  horizontalPodAutoscaler,
  claimBinder,
  volumeBinder,
  localPathProvisioner,
  ephemeralVolumes,
  claimProtection,
  volumeProtection,
  endpointSlice,
  endpoints,
  endpointSliceMirroring,
  serviceLoadBalancer,
  serviceAddresses,
  resourceQuota,
  ...(signing ? [certificates(signing)] : []),
  ...alertControllers(alerts),
];

export interface ControllersOptions extends RunOptions {
  alerts?: AlertsConfig;
  /** Absent: nobody signs certificates. */
  signing?: CertificatesConfig;
}

/** Starts every loop; each begins its work when it has seen the first state of its kinds. Returns at once. */
export const startControllers = ({ alerts, signing, ...options }: ControllersOptions): void =>
  runControllers(controllers(alerts, signing), options);
