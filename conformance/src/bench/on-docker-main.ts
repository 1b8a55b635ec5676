/** The rows that need containers, run inside the network of the host whose cluster NARU_KUBECONFIG names. */
import { inWords } from './row.ts';
import { serviceNetwork } from './rows/service-network.ts';

for (const result of await serviceNetwork()) process.stdout.write(`${inWords(result)}\n`);
process.exit(0); // kept-alive connections would hold the process
