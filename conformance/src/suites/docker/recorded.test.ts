/** What controllers, the scheduler and the agent do, with containers that run, as a real Kubernetes did it. */
// Not here, of workloads/: what waits out a minute or a deadline (cronjob-every-minute, cronjob-history-limit,
// deployment-progress-deadline-exceeded), the autoscaler's (hpa-…), whose suite is another, what names no default
// class (pvc-default-class-and-immutable), and two texts that tell an empty map from none (deployment-selector-immutable,
// pv-validation). Of pods/: what waits for a registry's answer or for long back-offs (image-pull-backoff,
// image-pull-secret-missing, logs-errors, init-crash-loop, restart-always-on-success), what needs a container to be quicker
// than a busy machine can promise (liveness-http-restart, readiness-http-status, share-process-namespace,
// startup-probe-fails), security-privileged, for which some virtual machines lack a capability, and
// service-account-token-use, which needs an authorizer.
import { holdFolder } from '../../recorded/hold-folder.ts';

for (const folder of ['workloads', 'pods']) holdFolder(folder, { settleSeconds: 5 });
