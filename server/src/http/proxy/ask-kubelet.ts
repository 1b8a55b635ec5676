/** A page of a node's kubelet, for our own use. */
import { request as httpsRequest } from 'node:https';
import type { Api } from '../../verbs/api.ts';
import type { Kubelets } from './kubelets.ts';

export interface KubeletPage {
  readonly nodeName: string;
  readonly path: string;
  readonly signal: AbortSignal;
}

/** Throws when the node is not known, its kubelet does not answer, or answers with an error. */
export function askKubelet({ nodeName, path, signal }: KubeletPage, kubelets: Kubelets, api: Api): Promise<string> {
  const options = kubelets.requestOptions(nodeName, api);
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ ...options, path, signal }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (answer.statusCode === 200) resolve(text);
        else reject(new Error(`the kubelet answered ${answer.statusCode} to ${path}: ${text.slice(0, 200)}`));
      });
    });
    request.on('error', reject);
    request.end();
  });
}
