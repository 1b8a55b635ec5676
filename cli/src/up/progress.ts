/** Lines for the person who waits: what is being done, and how long it took when it was long. */

export interface Progress {
  step<T>(what: string, work: () => Promise<T>): Promise<T>;
  say(line: string): void;
}

/** Writes to `output`; a step that lasts over two seconds shows the seconds as they pass when the output is a terminal. */
export function showProgress(output: NodeJS.WriteStream, now: () => number): Progress {
  return {
    say: (line) => void output.write(`${line}\n`),
    async step(what, work) {
      const started = now();
      const seconds = () => Math.round((now() - started) / 1000);
      output.write(`· ${what}`);
      const ticking = output.isTTY ? setInterval(() => output.write(`\r· ${what} (${seconds()} s)`), 1000) : undefined;
      try {
        return await work();
      } finally {
        clearInterval(ticking);
        output.write(seconds() >= 2 && !output.isTTY ? ` (${seconds()} s)\n` : '\n');
      }
    },
  };
}
