/** The rows that need containers, run inside the network of the host whose cluster NARU_KUBECONFIG names. */
import { inWords, type Measure } from './row.ts';
import { podStart } from './rows/pod-start.ts';
import { serviceNetwork } from './rows/service-network.ts';

const rows = new Map<string, () => Promise<Measure[]>>([
  ['pod-start', podStart],
  ['service-network', serviceNetwork],
]);

for (const name of process.argv.slice(2))
  for (const result of (await rows.get(name)?.()) ?? []) process.stdout.write(`${inWords(result)}\n`);
process.exit(0); // kept-alive connections would hold the process
