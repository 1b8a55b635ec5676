/** What is wrong with a YAML text, in the words of go-yaml where we know which of its errors it would be. */
import type { LineCounter, YAMLParseError } from 'yaml';

/** Text that is no YAML upstream takes. */
export class YamlError extends Error {
  override name = 'YamlError';
}

const misplacedValue = 'mapping values are not allowed in this context';

type Source = 'scanner' | 'parser';

/** go-yaml's scanner counts the line it stands in, its parser the one before. */
const texts: Partial<Record<YAMLParseError['code'], [Source, string]>> = {
  BAD_ALIAS: ['scanner', 'did not find expected alphabetic or numeric character'],
  BAD_DIRECTIVE: ['scanner', 'found unknown directive name'],
  BAD_DQ_ESCAPE: ['scanner', 'found unknown escape character'],
  BAD_INDENT: ['parser', 'did not find expected key'],
  BAD_SCALAR_START: ['scanner', 'found character that cannot start any token'],
  BLOCK_AS_IMPLICIT_KEY: ['scanner', misplacedValue],
  BLOCK_IN_FLOW: ['scanner', 'block sequence entries are not allowed in this context'],
  KEY_OVER_1024_CHARS: ['scanner', "could not find expected ':'"],
  MISSING_CHAR: ['parser', 'did not find expected node content'],
  MULTILINE_IMPLICIT_KEY: ['scanner', misplacedValue],
  TAB_AS_INDENT: ['scanner', 'found character that cannot start any token'],
  UNEXPECTED_TOKEN: ['parser', 'did not find expected node content'],
};

function described(error: YAMLParseError, text: string): [Source, string] {
  const { code, message, pos } = error;
  if (code === 'MISSING_CHAR') {
    if (/closing .quote/.test(message)) return ['scanner', 'found unexpected end of stream'];
    if (/implicit map key|must be followed by a :/.test(message) || /implicit key/i.test(message)) {
      return ['scanner', "could not find expected ':'"];
    }
    const inside = pos[0] < text.length && text[pos[0]] !== '\n';
    if (inside && /flow (map|seq|coll)/i.test(message))
      return ['parser', `did not find expected ',' or '${closing(message)}'`];
  }
  if (code === 'UNEXPECTED_TOKEN' && /^[@`%]/.test(text.slice(pos[0]))) {
    return ['scanner', 'found character that cannot start any token'];
  }
  return texts[code] ?? ['parser', message.split('\n')[0]!];
}

/** go-yaml notices at the colon. */
function colonAfter(text: string, start: number): number {
  const found = text.slice(start).search(/:(?:\s|$)/);
  return found < 0 ? start : start + found;
}

const closing = (message: string) => (/map/i.test(message) ? '}' : ']');

/** `yaml: line 5: mapping values are not allowed in this context`; the first line is not named. */
export function yamlErrorText(error: YAMLParseError, text: string, lines: LineCounter): string {
  const [source, what] = described(error, text);
  const position = lines.linePos(what === misplacedValue ? colonAfter(text, error.pos[0]) : error.pos[0]);
  const atEnd = error.pos[0] >= text.length && position.col > 1;
  const line = position.line - 1 + (atEnd ? 1 : 0);
  const named = line === 0 ? '' : `line ${source === 'scanner' ? line + 1 : line}: `;
  return `yaml: ${named}${what}`;
}
