/** `Warning:` headers, as clients print them. */
// Like apimachinery pkg/util/net.NewWarningHeader and apiserver pkg/endpoints/filters/warning.go.
const longestItem = 256;
const longestTogether = 4096;

/** Header values for the texts; long ones are cut, then left out, once they are too much together. */
export function warningHeaders(texts: Iterable<string>): string[] {
  const all = [...texts];
  const together = all.reduce((sum, text) => sum + text.length, 0);
  let left = longestTogether;
  const headers: string[] = [];
  for (const text of all) {
    const shown = together > longestTogether ? [...text].slice(0, longestItem).join('') : text;
    if (shown.length > left) break;
    left -= shown.length;
    headers.push(`299 - "${quote(shown)}"`);
  }
  return headers;
}

/** Header values are bytes; anything else than visible ASCII is written as UTF-8. */
function quote(text: string): string {
  const escaped = text.replace(/[\\"]/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, ' ');
  return Buffer.from(escaped).toString('latin1');
}
