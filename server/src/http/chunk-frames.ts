/** HTTP chunks, framed once for all who get the same lines. */
const newline = '\r\n';

/** One chunk of the lines. */
export function frame(lines: readonly Buffer[]): Buffer {
  const size = lines.reduce((sum, line) => sum + line.length, 0);
  const head = size.toString(16) + newline;
  const framed = Buffer.allocUnsafe(head.length + size + 2);
  let at = framed.write(head, 'latin1');
  for (const line of lines) at += line.copy(framed, at);
  framed.write(newline, at, 'latin1');
  return framed;
}

/** Milliseconds; however many streams there are, what is new goes out so soon. */
const longestRest = 20;

/**
 * Streams that have lines to send send them together, once what is at hand has been done. What sending took it rests
 * afterwards: so with few streams lines go out at once, and with many they go out in fuller chunks, which cost no more
 * than half of the time there is.
 */
export class Flusher {
  readonly #elapsed: () => number;
  #waiting: { flush(frames: Frames): void }[] = [];
  #restsUntil = 0;

  /** `elapsed`: milliseconds since some moment. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  schedule(stream: { flush(frames: Frames): void }): void {
    if (this.#waiting.push(stream) > 1) return;
    const rest = this.#restsUntil - this.#elapsed();
    // A timer knows no less than a millisecond.
    if (rest >= 1) setTimeout(() => this.#flush(), rest);
    else setImmediate(() => this.#flush());
  }

  #flush(): void {
    const streams = this.#waiting;
    this.#waiting = [];
    const begun = this.#elapsed();
    const frames = new Frames();
    for (const stream of streams) stream.flush(frames);
    const ended = this.#elapsed();
    this.#restsUntil = ended + Math.min(ended - begun, longestRest);
  }
}

/** Frames of one flush: watchers of the same selection have the same lines one after the other. */
export class Frames {
  #lines: readonly Buffer[] = [];
  #framed: Buffer | undefined;

  of(lines: readonly Buffer[]): Buffer {
    const isSame = lines.length === this.#lines.length && lines.every((line, index) => line === this.#lines[index]);
    if (!isSame || !this.#framed) this.#framed = frame(lines);
    this.#lines = lines;
    return this.#framed;
  }
}
