/** Bytes that went through the network interfaces a process sees. */

export interface InterfaceUsage {
  name: string;
  receivedBytes: number;
  receiveErrors: number;
  sentBytes: number;
  sendErrors: number;
}

/** Reads `/proc/<pid>/net/dev`, whose two heading lines have no colon before the figures; the loopback is left out. */
export function interfaceUsage(text: string): InterfaceUsage[] {
  return text
    .split('\n')
    .map((line) => /^\s*([^:\s|]+):\s*(.*)$/.exec(line))
    .filter((match) => match !== null)
    .filter(([, name]) => name !== 'lo')
    .map(([, name = '', figures = '']) => {
      const columns = figures.trim().split(/\s+/).map(Number);
      return {
        name,
        receivedBytes: columns[0] ?? 0,
        receiveErrors: columns[2] ?? 0,
        sentBytes: columns[8] ?? 0,
        sendErrors: columns[10] ?? 0,
      };
    });
}
