/** /version: which Kubernetes this server speaks. */
import { methodNotAllowed, notAcceptable } from '@naru/api/status';
import { sendValue } from '../write-response.ts';
import type { Page } from './page.ts';

export interface VersionInfo {
  readonly naruVersion: string;
  readonly buildDate: string;
}

const speaks = { major: '1', minor: '36', patch: '3' };

/** `v1.36.3+naru.0.1.0`. */
export const gitVersion = (naruVersion: string): string =>
  `v${speaks.major}.${speaks.minor}.${speaks.patch}+naru.${naruVersion}`;

export function versionPage({ naruVersion, buildDate }: VersionInfo): Page {
  const { major, minor } = speaks;
  const document = {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: gitVersion(naruVersion),
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate,
    goVersion: `node${process.versions.node}`,
    compiler: 'v8',
    platform: `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`,
  };
  return (exchange, server) => {
    if (exchange.method !== 'GET') throw methodNotAllowed();
    const accepted = server.negotiator.negotiate(exchange.request.headers.accept);
    if (accepted.mediaType === 'application/vnd.kubernetes.protobuf')
      throw notAcceptable(['application/json', 'application/yaml']);
    return sendValue(exchange, 200, document, { mediaType: accepted.mediaType }, server.toProtobuf);
  };
}
