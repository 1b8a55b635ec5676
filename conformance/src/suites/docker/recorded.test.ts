/** What controllers and the scheduler do, with containers that run, as a real Kubernetes did it. */
import { holdFolder } from '../../recorded/hold-folder.ts';

holdFolder('workloads');
