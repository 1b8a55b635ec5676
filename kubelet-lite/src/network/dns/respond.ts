/** A DNS message in, a DNS message out: the cluster's names from `answer`, everything else from the forwarder. */
import type { DnsRecord, Packet, Question } from 'dns-packet';
import dnsPacket from 'dns-packet';
import type { Zone } from './answer.ts';
import { answer, startOfAuthority } from './answer.ts';
import type { ClusterNames } from './cluster-names.ts';
import type { Forwarder } from './forward.ts';
import { refusal } from './message.ts';

export interface ResponderOptions {
  zone: Zone;
  names: ClusterNames;
  forwarder: Forwarder;
  random?: () => number;
}

/** undefined: what came was no query, and is not answered. */
export type Responder = (message: Buffer, transport: 'udp' | 'tcp') => Promise<Buffer | undefined>;

const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
/** An alias of an alias of an alias: enough. */
const longestChain = 8;
const largestUdp = 4096;
const smallestUdp = 512;
const ownPayloadSize = 1232;

export function responder({ zone, names, forwarder, random = Math.random }: ResponderOptions): Responder {
  /** The records behind an alias, in the cluster or outside. */
  async function follow(target: string, { type }: Question, depth: number): Promise<DnsRecord[]> {
    if (depth > longestChain) return [];
    const question = { name: target, type, class: 'IN' };
    const found = answer(question, zone, names);
    if (!found) return askOutside(forwarder, question);
    if (!('answers' in found)) return [];
    const further = 'follow' in found ? await follow(found.follow, question, depth + 1) : [];
    return [...found.answers, ...further];
  }

  async function given(question: Question): Promise<Given | undefined> {
    const found = answer(question, zone, names);
    if (!found) return undefined;
    if (!('answers' in found)) return { rcode: found.rcode, answers: [], additionals: [] };
    const followed = 'follow' in found ? await follow(found.follow, question, 1) : [];
    const additionals = ('additionals' in found ? found.additionals : undefined) ?? [];
    return { rcode: found.rcode, answers: shuffled([...found.answers, ...followed], random), additionals };
  }

  return async (message, transport) => {
    const query = read(message);
    if (!query) return refusal(message, rcodes.FORMERR);
    if (query.type !== 'query') return undefined;
    const [question] = query.questions;
    if (query.opcode !== 'QUERY') return refusal(message, rcodes.NOTIMP);
    if (!question || query.questions.length > 1) return refusal(message, rcodes.FORMERR);
    if (question.class !== 'IN') return refusal(message, rcodes.REFUSED);
    try {
      const own = await given(question);
      return own ? respond(query, own, { zone, transport }) : await forwarder.ask(message, transport);
    } catch {
      return refusal(message, rcodes.SERVFAIL); // no resolver answered; the client asks the next one
    }
  };
}

interface Given {
  rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL';
  answers: DnsRecord[];
  additionals: DnsRecord[];
}

async function askOutside(forwarder: Forwarder, question: Question): Promise<DnsRecord[]> {
  const flags = dnsPacket.RECURSION_DESIRED;
  const message = dnsPacket.encode({ type: 'query', id: 0, flags, questions: [question] });
  const response = await forwarder.ask(message, 'udp');
  const isTruncated = (response.readUInt16BE(2) & dnsPacket.TRUNCATED_RESPONSE) !== 0;
  return dnsPacket.decode(isTruncated ? await forwarder.ask(message, 'tcp') : response).answers;
}

function respond(
  { id, flags, questions, additionals: asked }: Required<Packet>,
  { rcode, answers, additionals }: Given,
  { zone, transport }: { zone: Zone; transport: 'udp' | 'tcp' },
): Buffer {
  const edns = asked.find((record) => record.type === 'OPT');
  const isNegative = rcode !== 'SERVFAIL' && answers.length === 0;
  const packet: Packet = {
    ...{ id, type: 'response', questions, answers },
    flags: (flags & dnsPacket.RECURSION_DESIRED) | dnsPacket.AUTHORITATIVE_ANSWER | rcodes[rcode],
    authorities: isNegative ? [startOfAuthority(zone)] : [],
    additionals: [
      ...additionals,
      ...(edns ? [{ type: 'OPT', name: '.', udpPayloadSize: ownPayloadSize } as const] : []),
    ],
  };
  const offered = edns?.type === 'OPT' ? edns.udpPayloadSize : smallestUdp;
  return transport === 'tcp' ? dnsPacket.encode(packet) : fitting(packet, Math.max(smallestUdp, offered));
}

function read(message: Buffer): Required<Packet> | undefined {
  try {
    return dnsPacket.decode(message);
  } catch {
    return undefined;
  }
}

/** As much as fits into a datagram; the client asks again over TCP when answers are missing. */
function fitting(packet: Packet, offered: number): Buffer {
  const limit = Math.min(offered, largestUdp);
  const whole = dnsPacket.encode(packet);
  if (whole.length <= limit) return whole;
  const additionals = (packet.additionals ?? []).filter(({ type }) => type === 'OPT');
  const bare = dnsPacket.encode({ ...packet, additionals });
  if (bare.length <= limit) return bare;
  const answers = packet.answers ?? [];
  const flags = (packet.flags ?? 0) | dnsPacket.TRUNCATED_RESPONSE;
  const perAnswer = Math.ceil((bare.length - 12) / Math.max(1, answers.length));
  const kept = answers.slice(0, Math.max(0, Math.floor((limit - 300) / perAnswer)));
  return dnsPacket.encode({ ...packet, flags, additionals, answers: kept });
}

/** Addresses in a new order each time, so that clients that take the first one spread; aliases stay in front. */
function shuffled(records: DnsRecord[], random: () => number): DnsRecord[] {
  const isAddress = ({ type }: DnsRecord) => type === 'A' || type === 'AAAA';
  const addresses = records.filter(isAddress);
  for (let last = addresses.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [addresses[last], addresses[other]] = [addresses[other]!, addresses[last]!];
  }
  return [...records.filter((record) => !isAddress(record)), ...addresses];
}
