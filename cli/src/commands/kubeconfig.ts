/** `naru kubeconfig`: prints the administrator's kubeconfig. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../up/options.ts';

export function showKubeconfig(dataDirectory: string, output: NodeJS.WritableStream): void {
  const path = join(dataDirectory, 'admin.kubeconfig');
  if (!existsSync(path)) throw new UsageError(`there is no ${path}: run ./naru up first, or name another --data-dir`);
  output.write(readFileSync(path, 'utf8'));
}
