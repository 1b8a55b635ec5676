/** The part of dns-packet that is used here; the package has no types of its own. */
declare module 'dns-packet' {
  export interface Question {
    name: string;
    type: string;
    class?: string;
  }

  export type DnsRecord = { name: string; ttl?: number; class?: string } & (
    | { type: 'A' | 'AAAA' | 'CNAME' | 'NS' | 'PTR'; data: string }
    | { type: 'TXT'; data: string[] }
    | { type: 'SRV'; data: { priority: number; weight: number; port: number; target: string } }
    | {
        type: 'SOA';
        data: {
          mname: string;
          rname: string;
          serial: number;
          refresh: number;
          retry: number;
          expire: number;
          minimum: number;
        };
      }
  );

  export interface OptRecord {
    type: 'OPT';
    name: '.';
    udpPayloadSize: number;
    flags?: number;
    options?: [];
  }

  export interface Packet {
    id?: number;
    type?: 'query' | 'response';
    flags?: number;
    opcode?: string;
    rcode?: string;
    questions?: Question[];
    answers?: DnsRecord[];
    authorities?: DnsRecord[];
    additionals?: (DnsRecord | OptRecord)[];
  }

  const dnsPacket: {
    encode(packet: Packet): Buffer;
    /** Throws on what is no DNS message. */
    decode(message: Buffer): Required<Packet>;
    AUTHORITATIVE_ANSWER: number;
    TRUNCATED_RESPONSE: number;
    RECURSION_DESIRED: number;
    RECURSION_AVAILABLE: number;
  };
  export default dnsPacket;
}
