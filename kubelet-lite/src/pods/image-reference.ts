/** Image references: whether a name is one, and the tag it means. */
// Like distribution/reference.ParseNormalizedNamed, by hand: its regular expression backtracks in JavaScript.

const longestName = 255;
const longestTag = 128;

const isLower = (code: number) => code >= 97 && code <= 122;
const isUpper = (code: number) => code >= 65 && code <= 90;
const isDigit = (code: number) => code >= 48 && code <= 57;

/** The reference with `:latest` where it names neither tag nor digest. Throws in upstream's words when it is none. */
export function withDefaultTag(image: string): string {
  const { name, tag, digest } = split(image);
  const problem = nameProblem(name) ?? (tag === undefined ? undefined : tagProblem(tag)) ?? digestProblem(digest);
  if (problem !== undefined)
    throw new Error(`couldn't parse image name "${image}": invalid reference format${problem}`);
  return tag === undefined && digest === undefined ? `${image}:latest` : image;
}

function split(image: string): { name: string; tag?: string; digest?: string } {
  const at = image.indexOf('@');
  const beforeDigest = at === -1 ? image : image.slice(0, at);
  const digest = at === -1 ? {} : { digest: image.slice(at + 1) };
  const colon = beforeDigest.lastIndexOf(':');
  // A colon before a slash belongs to the registry's port.
  if (colon === -1 || beforeDigest.indexOf('/', colon) !== -1) return { name: beforeDigest, ...digest };
  return { name: beforeDigest.slice(0, colon), tag: beforeDigest.slice(colon + 1), ...digest };
}

/** undefined: it is one; else what to add to the message. */
function nameProblem(name: string): string | undefined {
  if (!name || name.length > longestName) return '';
  const parts = name.split('/');
  const [first = ''] = parts;
  const hasRegistry =
    parts.length > 1 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  if (hasRegistry && !isRegistry(first)) return '';
  const path = hasRegistry ? parts.slice(1) : parts;
  const repository = path.join('/');
  if (repository !== repository.toLowerCase())
    return `: repository name (${hasRegistry || path.length > 1 ? repository : `library/${repository}`}) must be lowercase`;
  return path.every(isPathComponent) ? undefined : '';
}

function isRegistry(text: string): boolean {
  const colon = text.lastIndexOf(':');
  const host = colon === -1 ? text : text.slice(0, colon);
  if (colon !== -1 && !/^\d{1,5}$/.test(text.slice(colon + 1))) return false;
  const labels = host.split('.');
  return labels.every((label) => {
    const inner = [...label].every((character) => isWord(character) || character === '-');
    return label !== '' && inner && !label.startsWith('-') && !label.endsWith('-');
  });
}

const isWord = (character: string) => {
  const code = character.charCodeAt(0);
  return isLower(code) || isUpper(code) || isDigit(code);
};

/** Lower-case letters and digits, parted by `.`, `_`, `__` or any number of `-`. */
function isPathComponent(text: string): boolean {
  const isAlphanumeric = (index: number) => {
    const code = text.charCodeAt(index);
    return isLower(code) || isDigit(code);
  };
  if (!text || !isAlphanumeric(0) || !isAlphanumeric(text.length - 1)) return false;
  for (let i = 1; i < text.length;) {
    if (isAlphanumeric(i)) {
      i++;
      continue;
    }
    const start = i;
    while (i < text.length && text[i] === text[start]) i++;
    const separator = text.slice(start, i);
    const fits = separator === '.' || separator === '_' || separator === '__' || separator[0] === '-';
    if (!fits || !isAlphanumeric(i)) return false;
  }
  return true;
}

function tagProblem(tag: string): string | undefined {
  const fits =
    tag.length > 0 && tag.length <= longestTag && [...tag].every((each) => isWord(each) || '_.-'.includes(each));
  return fits && !tag.startsWith('.') && !tag.startsWith('-') ? undefined : '';
}

function digestProblem(digest: string | undefined): string | undefined {
  if (digest === undefined) return undefined;
  const colon = digest.indexOf(':');
  const hex = digest.slice(colon + 1);
  const lengths = new Map([
    ['sha256', 64],
    ['sha384', 96],
    ['sha512', 128],
  ]);
  const length = lengths.get(digest.slice(0, Math.max(colon, 0)));
  return length === hex.length && [...hex].every((each) => '0123456789abcdef'.includes(each)) ? undefined : '';
}

/** The registry a reference is pulled from, as credentials name it. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return hasRegistry ? first : 'docker.io';
}
