/** Files of `NAME=value` lines, from which fileKeyRef reads a variable. */
// Like pkg/kubelet/util/env.ParseEnv: values may be quoted; quoted ones may run over several lines.

const longestFile = 64 * 1024;

/** Throws when the text is no such file. The last value of a name counts. */
export function parseEnvFile(text: string): Map<string, string> {
  if (text.length > longestFile) throw new Error(`environment file is longer than ${longestFile} bytes`);
  const variables = new Map<string, string>();
  for (let position = 0; position < text.length;) {
    const lineEnd = endOfLine(text, position);
    const line = text.slice(position, lineEnd);
    const trimmed = line.trim();
    if (!trimmed || trimmed.startsWith('#')) {
      position = lineEnd + 1;
      continue;
    }
    const equals = line.indexOf('=');
    if (equals === -1) throw new Error(`invalid environment variable format: ${JSON.stringify(trimmed)}`);
    const name = line.slice(0, equals).trim();
    if (!name) throw new Error('environment variable without a name');
    const { value, next } = readValue(text, position + equals + 1);
    variables.set(name, value);
    position = next;
  }
  return variables;
}

const endOfLine = (text: string, from: number) => {
  const newline = text.indexOf('\n', from);
  return newline === -1 ? text.length : newline;
};

function readValue(text: string, start: number): { value: string; next: number } {
  let position = start;
  while (text[position] === ' ' || text[position] === '\t') position++;
  const quote = text[position];
  if (quote === "'") {
    const close = text.indexOf("'", position + 1);
    if (close === -1) throw new Error('unterminated quote in environment file');
    return { value: text.slice(position + 1, close), next: endOfLine(text, close) + 1 };
  }
  const end = endOfLine(text, position);
  return { value: text.slice(position, end).trim(), next: end + 1 };
}
