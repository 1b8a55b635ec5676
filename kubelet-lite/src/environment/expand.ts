/** `$(NAME)` in commands, arguments and values: replaced by what NAME stands for, kept when it stands for nothing. */
// Like third_party/forked/golang/expansion.

/** What a name stands for; undefined: nothing, and the reference stays as it is written. */
export type Lookup = (name: string) => string | undefined;

/** `$$` is a dollar sign that begins nothing. */
export function expand(input: string, lookup: Lookup): string {
  let output = '';
  let start = 0;
  // After the last parenthesis no reference can end, and none needs to be looked for.
  const lastClose = input.lastIndexOf(')');
  for (let dollar = input.indexOf('$'); dollar !== -1; dollar = input.indexOf('$', start)) {
    output += input.slice(start, dollar);
    const next = input[dollar + 1];
    if (next === '$') {
      output += '$';
      start = dollar + 2;
      continue;
    }
    const end = next === '(' && dollar < lastClose ? input.indexOf(')', dollar + 2) : -1;
    if (end === -1) {
      // An open reference and a dollar before anything else stand for themselves.
      const length = next === '(' ? 2 : 1;
      output += input.slice(dollar, dollar + length);
      start = dollar + length;
      continue;
    }
    output += lookup(input.slice(dollar + 2, end)) ?? input.slice(dollar, end + 1);
    start = end + 1;
  }
  return output + input.slice(start);
}

/** Like `expand`, for subPathExpr: a name that stands for nothing is an error. */
export function expandStrictly(input: string, lookup: Lookup): string {
  let missing: string | undefined;
  const output = expand(input, (name) => {
    const value = lookup(name);
    if (value === undefined) missing ??= name;
    return value;
  });
  if (missing !== undefined) throw new Error(`missing value for ${missing}`);
  return output;
}
