/** Cuts a stream of bytes into lines of text. */

const newline = 0x0a;

/** Yields each line without its end; an unfinished last line is left out, because it is a broken message. */
export async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      rest.push(Buffer.from(chunk.buffer, chunk.byteOffset + start, end - start));
      yield Buffer.concat(rest).toString('utf8');
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(Buffer.from(chunk.subarray(start)));
  }
}
