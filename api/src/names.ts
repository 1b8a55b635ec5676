/** Checks of names, labels, keys and ports; each answers upstream's messages, and none for a good value. */
// Like apimachinery pkg/util/validation and pkg/api/validation. Patterns look for what is wrong: one pass, no backtracking.

/** Answers what is wrong with a value. */
export type Check = (value: string) => string[];

const none: string[] = [];

export const maxLengthMessage = (limit: number) => `must be no more than ${limit} characters`;
export const maxBytesMessage = (limit: number) => `must be no more than ${limit} bytes`;
export const rangeMessage = (low: number, high: number) => `must be between ${low} and ${high}, inclusive`;

/** Upstream's sentence about a pattern and examples that match it. */
export function patternMessage(sentence: string, pattern: string, ...examples: string[]): string {
  const such = examples.map((example) => `'${example}', `).join(' or ');
  return `${sentence} (${examples.length ? `e.g. ${such}` : ''}regex used for validation is '${pattern}')`;
}

const longerThan = (value: string, bytes: number) =>
  value.length > bytes || (value.length * 3 > bytes && Buffer.byteLength(value) > bytes);

const labelPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomainPattern = `${labelPattern}(\\.${labelPattern})*`;
const underscorePattern = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';

const subdomainMessage = patternMessage(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  subdomainPattern,
  'example.com',
);
const labelMessage = patternMessage(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  labelPattern,
  'my-name',
  '123-abc',
);
const dns1035Message = patternMessage(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  '[a-z]([-a-z0-9]*[a-z0-9])?',
  'my-name',
  'abc-123',
);
const wildcardMessage = patternMessage(
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  `\\*\\.${subdomainPattern}`,
  '*.example.com',
);
const underscoreMessage = patternMessage(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  `${underscorePattern}(\\.${underscorePattern})*`,
  'example.com',
);

const isLabel = (value: string) => value !== '' && !/[^-a-z0-9]|^-|-$/.test(value);
const isSubdomain = (value: string) => value !== '' && !/[^-a-z0-9.]|^[-.]|[-.]$|\.[-.]|-\./.test(value);
const isUnderscoreSubdomain = (value: string) =>
  value !== '' && !/[^-_a-z0-9.]|^_?[-_.]|^_$|[-_.]$|\._?[-_.]|[-_]\./.test(value);

export const checkDNS1123Subdomain: Check = (value) => {
  const long = longerThan(value, 253);
  if (!long && isSubdomain(value)) return none;
  return [...(long ? [maxLengthMessage(253)] : []), ...(isSubdomain(value) ? [] : [subdomainMessage])];
};

export const checkDNS1123SubdomainWithUnderscore: Check = (value) => [
  ...(longerThan(value, 253) ? [maxLengthMessage(253)] : []),
  ...(isUnderscoreSubdomain(value) ? [] : [underscoreMessage]),
];

export const checkDNS1123Label: Check = (value) => {
  const long = longerThan(value, 63);
  if (!long && isLabel(value)) return none;
  const messages = long ? [maxLengthMessage(63)] : [];
  if (!isLabel(value)) messages.push(isSubdomain(value) ? 'must not contain dots' : labelMessage);
  return messages;
};

export const checkDNS1035Label: Check = (value) => [
  ...(longerThan(value, 63) ? [maxLengthMessage(63)] : []),
  ...(isLabel(value) && /^[a-z]/.test(value) ? [] : [dns1035Message]),
];

export const checkWildcardDNS1123Subdomain: Check = (value) => [
  ...(longerThan(value, 253) ? [maxLengthMessage(253)] : []),
  ...(value.startsWith('*.') && isSubdomain(value.slice(2)) ? [] : [wildcardMessage]),
];

/** A name that may become part of a path, and nothing more. Used for RBAC kinds. */
export const checkPathSegment: Check = (value) => {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%'].filter((illegal) => value.includes(illegal)).map((illegal) => `may not contain '${illegal}'`);
};

const nameCharacters = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const namePartMessage = patternMessage(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  nameCharacters,
  'MyName',
  'my.name',
  '123-abc',
);
const labelValueMessage = patternMessage(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  `(${nameCharacters})?`,
  'MyValue',
  'my_value',
  '12345',
);

const isNamePart = (value: string) => value !== '' && !/[^-A-Za-z0-9_.]|^[-_.]|[-_.]$/.test(value);

/** A label key: an optional DNS subdomain and '/', then a name of at most 63 bytes. */
export const checkQualifiedName: Check = (value) => {
  const slash = value.indexOf('/');
  if (slash >= 0 && value.includes('/', slash + 1))
    return [
      `a valid label key ${namePartMessage} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const messages: string[] = [];
  if (slash === 0) messages.push('prefix part must be non-empty');
  else if (slash > 0)
    messages.push(...checkDNS1123Subdomain(value.slice(0, slash)).map((text) => `prefix part ${text}`));
  const name = slash < 0 ? value : value.slice(slash + 1);
  if (name === '') messages.push('name part must be non-empty');
  else if (longerThan(name, 63)) messages.push(`name part ${maxBytesMessage(63)}`);
  if (!isNamePart(name)) messages.push(`name part ${namePartMessage}`);
  return messages;
};

export const checkLabelValue: Check = (value) => {
  if (value === '') return none;
  return [...(longerThan(value, 63) ? [maxBytesMessage(63)] : []), ...(isNamePart(value) ? [] : [labelValueMessage])];
};

const dotMessages = (value: string): string[] => {
  if (value === '.') return ["must not be '.'"];
  if (value === '..') return ["must not be '..'"];
  return value.startsWith('..') ? ["must not start with '..'"] : [];
};

export const checkConfigMapKey: Check = (value) => [
  ...(longerThan(value, 253) ? [maxLengthMessage(253)] : []),
  ...(value === '' || /[^-._a-zA-Z0-9]/.test(value)
    ? [
        patternMessage(
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
          '[-._a-zA-Z0-9]+',
          'key.name',
          'KEY_NAME',
          'key-name',
        ),
      ]
    : []),
  ...dotMessages(value),
];

/** The strict form, still used where upstream asks for it. */
export const checkEnvVarName: Check = (value) => [
  ...(value === '' || /[^-._a-zA-Z0-9]|^[0-9]/.test(value)
    ? [
        patternMessage(
          "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
          '[-._a-zA-Z][-._a-zA-Z0-9]*',
          'my.env-name',
          'MY_ENV.NAME',
          'MyEnvName1',
        ),
      ]
    : []),
  ...dotMessages(value),
];

export const checkRelaxedEnvVarName: Check = (value) => {
  if (value === '') return ['environment variable name must be non-empty'];
  if (/[^ -~]|=/.test(value))
    return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
  return none;
};

export const checkCIdentifier: Check = (value) =>
  value === '' || /[^A-Za-z0-9_]|^[0-9]/.test(value)
    ? [
        patternMessage(
          "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
          '[A-Za-z_][A-Za-z0-9_]*',
          'my_name',
          'MY_NAME',
          'MyName',
        ),
      ]
    : none;

export const checkHTTPHeaderName: Check = (value) =>
  value === '' || /[^-A-Za-z0-9]/.test(value)
    ? [
        patternMessage(
          "a valid HTTP header must consist of alphanumeric characters or '-'",
          '[-A-Za-z0-9]+',
          'X-Header-Name',
        ),
      ]
    : none;

export const checkPercent: Check = (value) =>
  /^[0-9]+%$/.test(value)
    ? none
    : [
        patternMessage(
          "a valid percent string must be a numeric string followed by an ending '%'",
          '[0-9]+%',
          '1%',
          '93%',
        ),
      ];

export const checkPortName: Check = (value) => [
  ...(longerThan(value, 15) ? [maxLengthMessage(15)] : []),
  ...(value === '' || /[^-a-z0-9]/.test(value)
    ? ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']
    : []),
  ...(/[a-z]/.test(value) ? [] : ['must contain at least one letter (a-z)']),
  ...(value.includes('--') ? ['must not contain consecutive hyphens'] : []),
  ...(value.startsWith('-') || value.endsWith('-') ? ['must not begin or end with a hyphen'] : []),
];

export const checkInRange = (value: number, low: number, high: number): string[] =>
  value >= low && value <= high ? none : [rangeMessage(low, high)];

export const checkPortNumber = (value: number): string[] => checkInRange(value, 1, 65535);
/** User and group ids alike. */
export const checkUserId = (value: number): string[] => checkInRange(value, 0, 0x7fffffff);

/** How a kind's names are checked: with `generateName` the value is a prefix that may end in '-'. */
export type NameCheck = (name: string, context: { generateName: boolean }) => string[];

// A prefix gets five characters more, so that its last dash is as good as a letter. Like maskTrailingDash.
const forPrefixesToo =
  (check: Check): NameCheck =>
  (name, { generateName }) =>
    check(generateName && name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name);

export const subdomainName: NameCheck = forPrefixesToo(checkDNS1123Subdomain);
/** Of kinds whose names are checked by their declared format, which counts in bytes. */
export const declaredSubdomainName: NameCheck = (name, context) =>
  subdomainName(name, context).map((message) => (message === maxLengthMessage(253) ? maxBytesMessage(253) : message));
export const labelName: NameCheck = forPrefixesToo(checkDNS1123Label);
export const dns1035Name: NameCheck = forPrefixesToo(checkDNS1035Label);
export const pathSegmentName: NameCheck = (name) => checkPathSegment(name);
