import { expect, test } from '@jest/globals';
import { firewallCommands, firewallRemovals } from './docker-user.ts';

const facts = { clusterId: 'abcd1234', clusterDns: '10.96.0.10', openPorts: [6443] };
const open = '-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n';
const docker =
  '-P INPUT ACCEPT\n-P FORWARD DROP\n-P OUTPUT ACCEPT\n-N DOCKER\n-N DOCKER-USER\n-A FORWARD -j DOCKER-USER\n-A DOCKER-USER -j RETURN\n';
const commands = (listing: string) => firewallCommands(listing, facts).map((command) => command.join(' '));
const accept = '-m comment --comment naru-abcd1234 -j ACCEPT';

test('a host that filters nothing is left alone', () => expect(commands(open)).toEqual([]));

test('where Docker filters, its chain for users takes our rules, once', () => {
  expect(commands(docker)).toEqual([
    `-w -I DOCKER-USER 1 -i nrabcd+ ${accept}`,
    `-w -I DOCKER-USER 1 -o nrabcd+ ${accept}`,
  ]);
  const one = docker + `-A DOCKER-USER -i nrabcd+ ${accept}\n`;
  expect(commands(one)).toEqual([`-w -I DOCKER-USER 1 -o nrabcd+ ${accept}`]);
});

test('without Docker, FORWARD itself does; a closed INPUT is opened for names and the API server', () => {
  const closed = '-P INPUT DROP\n-P FORWARD DROP\n-P OUTPUT ACCEPT\n';
  expect(commands(closed)).toEqual([
    `-w -I FORWARD 1 -i nrabcd+ ${accept}`,
    `-w -I FORWARD 1 -o nrabcd+ ${accept}`,
    `-w -I INPUT 1 -d 10.96.0.10/32 -i nrabcd+ -p udp -m udp --dport 53 ${accept}`,
    `-w -I INPUT 1 -d 10.96.0.10/32 -i nrabcd+ -p tcp -m tcp --dport 53 ${accept}`,
    `-w -I INPUT 1 -i nrabcd+ -p tcp -m tcp --dport 6443 ${accept}`,
  ]);
});

test('only the rules of the cluster are removed', () => {
  const other = accept.replace('abcd1234', 'ffff0000');
  const listing = `${docker}-A DOCKER-USER -i nrabcd+ ${accept}\n-A DOCKER-USER -i nrffff+ ${other}\n`;
  expect(firewallRemovals(listing, 'abcd1234')).toEqual([`-w -D DOCKER-USER -i nrabcd+ ${accept}`.split(' ')]);
});
