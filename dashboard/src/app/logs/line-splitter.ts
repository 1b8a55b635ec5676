/** Turns bytes that arrive in any pieces into whole lines; a letter of several bytes may be cut anywhere. */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #rest = '';

  /** The lines that are complete with this piece. */
  push(bytes: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.map(withoutReturn);
  }

  /** What was left without an end of line. */
  end(): string[] {
    const last = this.#rest + this.#decoder.decode();
    this.#rest = '';
    return last === '' ? [] : [withoutReturn(last)];
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
