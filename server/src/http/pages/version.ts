/** /version: which Kubernetes this server speaks. */
import { methodNotAllowed, notAcceptable } from '@naru/api/status';
import { sendValue } from '../write-response.ts';
import type { Page } from './page.ts';

export interface VersionInfo {
  readonly naruVersion: string;
  readonly buildDate: string;
}

const speaks = { major: '1', minor: '36', patch: '3' };

export function versionPage({ naruVersion, buildDate }: VersionInfo): Page {
  const { major, minor, patch } = speaks;
  const document = {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: `v${major}.${minor}.${patch}+naru.${naruVersion}`,
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
