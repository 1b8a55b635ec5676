/** Reads colour codes of terminals; the text comes out as spans, never as markup. */
export interface Span {
  readonly text: string;
  /** Classes such as `ansi-31 ansi-bold`; empty for plain text. */
  readonly style: string;
}

interface Style {
  readonly colour: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underlined: boolean;
}

const plain: Style = { colour: undefined, bold: false, dim: false, underlined: false };

/** A control sequence; only those that end in `m` set a style, all others are left out. */
const sequence = /\u001b(?:\[([0-9;:]{0,64})([@-~])|\][^\u0007\u001b]{0,256}(?:\u0007|\u001b\\)|[@-Z\\^_])/g;
const otherControls = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** The spans of one line. A style does not go on into the next line. */
export function parseAnsi(line: string): Span[] {
  const spans: Span[] = [];
  let style = plain;
  let end = 0;
  const push = (text: string) => {
    const clean = text.replace(otherControls, '');
    if (clean !== '') spans.push({ text: clean, style: classesOf(style) });
  };
  for (const match of line.matchAll(sequence)) {
    push(line.slice(end, match.index));
    end = match.index + match[0].length;
    if (match[2] === 'm') style = afterCodes(style, match[1] ?? '');
  }
  push(line.slice(end));
  return spans;
}

/** The line without its codes: what search looks in. */
export function withoutAnsi(line: string): string {
  return parseAnsi(line)
    .map(({ text }) => text)
    .join('');
}

function afterCodes(style: Style, text: string): Style {
  const codes = text.split(/[;:]/).map(Number);
  let next = style;
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0;
    if (code === 38 || code === 48) {
      // An extended colour: `5;n` or `2;r;g;b`. Its first sixteen are the common ones, the rest stay plain.
      const indexed = codes[index + 1] === 5;
      const colour = codes[index + 2] ?? 0;
      if (code === 38 && indexed && colour < 16) next = { ...next, colour: colour < 8 ? 30 + colour : 82 + colour };
      index += indexed ? 2 : 4;
    } else next = afterCode(next, code);
  }
  return next;
}

function afterCode(style: Style, code: number): Style {
  if (code === 0) return plain;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 4) return { ...style, underlined: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 24) return { ...style, underlined: false };
  if (code === 39) return { ...style, colour: undefined };
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) return { ...style, colour: code };
  return style;
}

function classesOf({ colour, bold, dim, underlined }: Style): string {
  const classes = [
    colour === undefined ? '' : `ansi-${colour >= 90 ? colour - 60 : colour}`,
    bold ? 'ansi-bold' : '',
    dim ? 'ansi-dim' : '',
    underlined ? 'ansi-underlined' : '',
  ];
  return classes.filter((name) => name !== '').join(' ');
}
