/** The loops that run, and starting them. */
import type { Client } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import { alertControllers, type AlertsConfig } from './alerts/alerts.ts';
import { cronJob } from './cron-job/reconcile.ts';
import { daemonSet } from './daemon-set/reconcile.ts';
import { deployment } from './deployment/reconcile.ts';
import { disruption } from './disruption/reconcile.ts';
import { endpointSlice } from './endpoint-slice/reconcile.ts';
import { endpoints } from './endpoints/reconcile.ts';
import { garbageCollector } from './garbage-collector/garbage-collector.ts';
import { job, orphanedJobPods } from './job/reconcile.ts';
import { namespace } from './namespace/reconcile.ts';
import { nodeIpam } from './node-ipam/reconcile.ts';
import { nodeLifecycle } from './node-lifecycle/reconcile.ts';
import { taintEviction } from './node-lifecycle/taint-eviction.ts';
import { claimBinder } from './persistent-volume/claims.ts';
import { localPathProvisioner } from './persistent-volume/local-path-provisioner.ts';
import { volumeBinder } from './persistent-volume/volumes.ts';
import { podGarbageCollector } from './pod-garbage-collector/reconcile.ts';
import { replicaSet, replicationController } from './replica-set/reconcile.ts';
import { resourceQuota } from './resource-quota/reconcile.ts';
import type { ControllerConfig } from './runtime/controller-config.ts';
import type { Controller } from './runtime/define-controller.ts';
import { eventRecorder } from './runtime/event-recorder.ts';
import type { Log } from './runtime/log.ts';
import { readingOwnWrites } from './runtime/own-writes.ts';
import { SharedInformers } from './runtime/shared-informers.ts';
import { scheduler } from './scheduler/scheduler.ts';
import { statefulSet } from './stateful-set/reconcile.ts';
import { ttlAfterFinished } from './ttl-after-finished/reconcile.ts';
import { claimProtection, volumeProtection } from './volume-protection/reconcile.ts';
import { defaultServiceAccount } from './service-account/default-service-account.ts';
import { rootCertificate } from './service-account/root-certificate.ts';

/** New ones each time: some keep state between reconciles. */
const controllers = (alerts: AlertsConfig | undefined): Controller[] => [
  namespace,
  defaultServiceAccount,
  rootCertificate,
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
  claimBinder,
  volumeBinder,
  localPathProvisioner,
  claimProtection,
  volumeProtection,
  endpointSlice,
  endpoints,
  resourceQuota,
  ...alertControllers(alerts),
];

export interface ControllersOptions {
  /** A client with the identity of one component. */
  clientFor(user: string): Client;
  clock: Clock;
  log: Log;
  /** Ends everything. */
  signal: AbortSignal;
  config: ControllerConfig;
  alerts?: AlertsConfig;
}

/** Starts every loop; each begins its work when it has seen the first state of its kinds. Returns at once. */
export function startControllers({ clientFor, clock, log, signal, config, alerts }: ControllersOptions): void {
  const reader = clientFor('system:kube-controller-manager');
  const informers = new SharedInformers({ client: reader, catalog: config.catalog, clock, log, signal });
  for (const controller of controllers(alerts)) {
    const { name, user, component } = controller;
    const own = clientFor(user);
    const asked = informers.recording();
    const events = eventRecorder({ client: own, clock, log, component, instance: `${component}-${config.hostName}` });
    const client = readingOwnWrites(own, informers, clock);
    const start = controller.setup({ client, informers: asked, events, clock, log, signal, config });
    void asked.synced().then(() => {
      if (signal.aborted) return;
      log.debug({ controller: name }, 'controller started');
      start();
    });
  }
}
