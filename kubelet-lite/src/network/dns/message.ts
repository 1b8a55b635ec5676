/** Looks into DNS messages without taking them apart, so that what is forwarded stays as it came. */

const headerLength = 12;

/** Offset after the name at `from`; -1 when the message ends before it does. */
function skipName(message: Buffer, from: number): number {
  let at = from;
  while (at < message.length) {
    const length = message[at] ?? 0;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += length + 1;
  }
  return -1;
}

/** Offset after the questions; -1 when there is not as much as the header says. */
function skipQuestions(message: Buffer): number {
  let at = headerLength;
  for (let count = message.readUInt16BE(4); count > 0; count--) {
    at = skipName(message, at);
    if (at < 0 || at + 4 > message.length) return -1;
    at += 4;
  }
  return at;
}

const optType = 41;

/** Offsets of the time to live of every record but OPT, which has flags there. */
export function findTimeToLives(message: Buffer): number[] {
  const offsets: number[] = [];
  if (message.length < headerLength) return offsets;
  let at = skipQuestions(message);
  const records = message.readUInt16BE(6) + message.readUInt16BE(8) + message.readUInt16BE(10);
  for (let count = 0; count < records && at >= 0; count++) {
    at = skipName(message, at);
    if (at < 0 || at + 10 > message.length) break;
    if (message.readUInt16BE(at) !== optType) offsets.push(at + 4);
    at += 10 + message.readUInt16BE(at + 8);
  }
  return offsets;
}

/** Whether `response` is an answer to `query`: same id, same question. */
export function sameQuestion(query: Buffer, response: Buffer): boolean {
  if (response.length < headerLength || !response.subarray(0, 2).equals(query.subarray(0, 2))) return false;
  const isResponse = ((response[2] ?? 0) & 0x80) !== 0;
  const [asked, answered] = [skipQuestions(query), skipQuestions(response)];
  if (!isResponse || asked < 0 || answered !== asked) return false;
  const question = (message: Buffer) => message.toString('latin1', headerLength, asked).toLowerCase();
  return question(query) === question(response);
}

/** A response without records: the question comes back with the code. For queries that cannot be read at all, undefined. */
export function refusal(query: Buffer, rcode: number): Buffer | undefined {
  if (query.length < headerLength || ((query[2] ?? 0) & 0x80) !== 0) return undefined;
  const end = skipQuestions(query);
  const response = Buffer.from(query.subarray(0, end < 0 ? headerLength : end));
  const [opcode, recursionDesired] = [(query[2] ?? 0) & 0x78, (query[2] ?? 0) & 0x01];
  response[2] = 0x80 | opcode | recursionDesired;
  response[3] = rcode;
  if (end < 0) response.writeUInt16BE(0, 4);
  for (const counter of [6, 8, 10]) response.writeUInt16BE(0, counter);
  return response;
}
