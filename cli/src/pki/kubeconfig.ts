/** The text of a kubeconfig file with everything in it, as kubectl reads it. */

export interface KubeconfigSource {
  /** https://host:port */
  server: string;
  clusterName: string;
  userName: string;
  /** PEM texts. */
  authority: string;
  certificate: string;
  key: string;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

export function kubeconfig({ server, clusterName, userName, authority, certificate, key }: KubeconfigSource): string {
  const context = `${userName}@${clusterName}`;
  return `apiVersion: v1
kind: Config
clusters:
- name: ${clusterName}
  cluster:
    server: ${server}
    certificate-authority-data: ${base64(authority)}
users:
- name: ${userName}
  user:
    client-certificate-data: ${base64(certificate)}
    client-key-data: ${base64(key)}
contexts:
- name: ${context}
  context:
    cluster: ${clusterName}
    user: ${userName}
current-context: ${context}
`;
}
