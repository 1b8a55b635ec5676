/** Which names and passwords an account may have. */

export const shortestPassword = 8;
const longestPassword = 1024;

/** What people choose when they are told to choose eight characters. */
const commonest = new Set([
  'password',
  'passw0rd',
  'password1',
  'password123',
  '12345678',
  '123456789',
  '1234567890',
  '87654321',
  'qwertyui',
  'qwertyuiop',
  'qwer1234',
  'asdf1234',
  'asdfghjkl',
  '1q2w3e4r',
  '1q2w3e4r5t',
  'abcd1234',
  'abc12345',
  'iloveyou',
  'sunshine',
  'football',
  'baseball',
  'adminadmin',
  'administrator',
  'changeme',
  'letmein1',
  'welcome1',
  'kubernetes',
]);

/** Whether a password may be taken for the account. */
export function isStrong(password: string, name: string): boolean {
  const characters = [...password.normalize('NFC')];
  if (characters.length < shortestPassword || Buffer.byteLength(password) > longestPassword) return false;
  if (new Set(characters).size < 4) return false;
  const lower = password.toLowerCase();
  return !commonest.has(lower) && lower !== name.toLowerCase() && lower !== `${name}${name}`.toLowerCase();
}

/** Letters and digits of any script, and a few marks; never the colon of upstream's own names. */
export const isAccountName = (name: string): boolean =>
  name.length <= 64 && /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@-]*$/u.test(name);
