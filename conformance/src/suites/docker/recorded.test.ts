/** What controllers and the scheduler do, with containers that run, as a real Kubernetes did it. */
// Not here: what waits out a minute or a deadline (cronjob-every-minute, cronjob-history-limit,
// deployment-progress-deadline-exceeded), the autoscaler's (hpa-…), whose suite is another, what names no default
// class (pvc-default-class-and-immutable), and two texts that tell an empty map from none (deployment-selector-immutable,
// pv-validation).
import { holdFolder } from '../../recorded/hold-folder.ts';

holdFolder('workloads');
