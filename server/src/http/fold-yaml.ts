/** Breaks long lines of YAML where Go's emitter does: at the first space beyond the eightieth column, not the last before it. */
// Like yaml_emitter_write_plain_scalar and its quoted siblings of go-yaml.

const width = 80;
const blockHeader = /(?:: |^ *(?:- )+)[|>][+-]?\d*$/;

/** `text` as it is written without any breaks: one line for each scalar that is no block. */
export function foldLines(text: string): string {
  const lines: string[] = [];
  /** How far the keys of a block's surroundings stand in; its own lines stand further. */
  let block: number | undefined;
  for (const line of text.split('\n')) {
    const indent = line.length - line.trimStart().length;
    if (block !== undefined && (line.trim() === '' || indent > block)) {
      lines.push(line);
      continue;
    }
    block = blockHeader.test(line) ? placeOf(line).column - 1 : undefined;
    lines.push(line.length > width ? folded(line) : line);
  }
  return lines.join('\n');
}

/** Where a line's key stands, after the dashes of the lists it begins, and where its value begins. */
function placeOf(line: string): { column: number; value: number } {
  const column = /^ *(?:- )*/.exec(line)![0].length;
  const rest = line.slice(column);
  const quoted = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.exec(rest)?.[0];
  const key = quoted === undefined ? rest.indexOf(': ') : rest.startsWith(': ', quoted.length) ? quoted.length : -1;
  return { column, value: key < 0 ? column : column + key + 2 };
}

function folded(line: string): string {
  const { column, value } = placeOf(line);
  const quote = line[value] === "'" || line[value] === '"';
  // An item of a list hangs from its dash.
  const hanging = ' '.repeat(value === column ? column : column + 2);
  const [first, last] = quote ? [value + 1, line.length - 2] : [value, line.length - 1];
  let out = line.slice(0, value);
  let written = out.length;
  for (let place = value; place < line.length; place++) {
    const letter = line[place]!;
    const breaks = letter === ' ' && written > width && place > first && place < last;
    if (breaks && line[place - 1] !== ' ' && line[place + 1] !== ' ') {
      out += `\n${hanging}`;
      written = hanging.length;
    } else {
      out += letter;
      written += 1;
    }
  }
  return out;
}
