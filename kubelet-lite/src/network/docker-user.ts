/** Lets our packets through the host's own iptables rules, where they would drop what is forwarded. */
// An accept in a table of our own does not overrule a drop in another: it must stand in the chain that drops.
import { readFileSync } from 'node:fs';
import { podInterfacePrefix, ruleComment } from './names.ts';
import type { RunCommand } from './run-command.ts';
import { isMissingProgram } from './run-command.ts';

export interface FirewallFacts {
  clusterId: string;
  clusterDns: string;
  /** TCP ports of this node that pods must reach: the API server's, when it runs here. */
  openPorts: readonly number[];
}

/** A chain of the filter table, as `iptables -S` prints it. */
interface ChainListing {
  policy?: string;
  rules: string[];
}

export function parseListing(listing: string): Map<string, ChainListing> {
  const chains = new Map<string, ChainListing>();
  for (const line of listing.split('\n')) {
    const [verb, name = '', rest] = line.split(' ', 3);
    if (verb === '-P') chains.set(name, { policy: rest ?? '', rules: [] });
    else if (verb === '-N') chains.set(name, { rules: [] });
    else if (verb === '-A') chains.get(name)?.rules.push(line.slice(`-A ${name} `.length));
  }
  return chains;
}

/** Whether the chain may drop or reject what it is given. */
const filters = (chain: ChainListing | undefined) =>
  chain !== undefined && (chain.policy !== 'ACCEPT' || chain.rules.length > 0);

interface Rule {
  chain: string;
  match: string[];
}

/** The rules this host needs: in Docker's chain for users where there is one, else in FORWARD itself; and in INPUT for what pods ask of the node. */
function wantedRules(chains: Map<string, ChainListing>, { clusterId, clusterDns, openPorts }: FirewallFacts): Rule[] {
  const pods = `${podInterfacePrefix(clusterId)}+`;
  const forward = chains.get('FORWARD');
  const toDockerUser = forward?.rules.some((rule) => rule.split(' ').includes('DOCKER-USER'));
  const chain = toDockerUser && chains.has('DOCKER-USER') ? 'DOCKER-USER' : 'FORWARD';
  const rules: Rule[] = [];
  if (filters(forward)) {
    rules.push({ chain, match: ['-i', pods] }, { chain, match: ['-o', pods] });
  }
  if (filters(chains.get('INPUT'))) {
    for (const protocol of clusterDns ? ['udp', 'tcp'] : [])
      rules.push({
        chain: 'INPUT',
        match: ['-d', `${clusterDns}/32`, '-i', pods, '-p', protocol, '-m', protocol, '--dport', '53'],
      });
    for (const port of openPorts)
      rules.push({ chain: 'INPUT', match: ['-i', pods, '-p', 'tcp', '-m', 'tcp', '--dport', String(port)] });
  }
  return rules;
}

/** Arguments of the iptables calls that are missing. Pure; `listing` is the output of `iptables -S`. */
export function firewallCommands(listing: string, facts: FirewallFacts): string[][] {
  const chains = parseListing(listing);
  const comment = ['-m', 'comment', '--comment', ruleComment(facts.clusterId)];
  return wantedRules(chains, facts).flatMap(({ chain, match }) => {
    const rule = [...match, ...comment, '-j', 'ACCEPT'];
    const stands = chains.get(chain)?.rules.includes(rule.join(' '));
    return stands ? [] : [['-w', '-I', chain, '1', ...rule]];
  });
}

/** Arguments of the iptables calls that take away every rule of the cluster. Pure. */
export function firewallRemovals(listing: string, clusterId: string): string[][] {
  const mark = `--comment ${ruleComment(clusterId)} `;
  return [...parseListing(listing)].flatMap(([chain, { rules }]) =>
    rules.filter((rule) => `${rule} `.includes(mark)).map((rule) => ['-w', '-D', chain, ...rule.split(' ')]),
  );
}

/** The iptables programs whose tables are in use. Asking the old one would load its modules, so the kernel is asked first. */
function programs(): string[] {
  let legacy = '';
  try {
    legacy = readFileSync('/proc/net/ip_tables_names', 'utf8');
  } catch {
    // The kernel has never heard of it.
  }
  return legacy.split('\n').includes('filter') ? ['iptables-nft', 'iptables-legacy'] : ['iptables-nft'];
}

async function forEachFirewall(run: RunCommand, commandsFor: (listing: string) => string[][]): Promise<void> {
  for (const program of programs()) {
    try {
      const listing = await run([program, '-w', '-S']);
      for (const command of commandsFor(listing)) await run([program, ...command]);
    } catch (error) {
      if (!isMissingProgram(error)) throw error; // without the program nobody filters with it
    }
  }
}

/** Adds what is missing. Called again from time to time: a firewall that reloads forgets our rules. */
export const openFirewall = (run: RunCommand, facts: FirewallFacts): Promise<void> =>
  forEachFirewall(run, (listing) => firewallCommands(listing, facts));

export const closeFirewall = (run: RunCommand, clusterId: string): Promise<void> =>
  forEachFirewall(run, (listing) => firewallRemovals(listing, clusterId));
