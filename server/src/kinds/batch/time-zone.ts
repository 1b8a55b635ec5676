/** Names of time zones. */
// Like validateTimeZone of pkg/apis/batch/validation, which asks Go for the zone.
import type { FieldErrors } from '@naru/api/field-errors';

const longestName = 64;

export function validateTimeZone(zone: string | undefined, path: string, errors: FieldErrors): void {
  if (zone === undefined) return;
  if (zone === '') return errors.invalid(path, zone, 'timeZone must be nil or non-empty string');
  if (zone.toLowerCase() === 'local')
    errors.invalid(path, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones');
  if (zone !== 'Local' && !isKnown(zone)) errors.invalid(path, zone, `unknown time zone ${zone}`);
}

// Files of zones have exact names, where ECMAScript takes any case and offsets such as +01:00 too.
function isKnown(zone: string): boolean {
  if (zone.length > longestName || !/^[A-Z][-+/_A-Za-z0-9]*$/.test(zone)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions();
    return timeZone === zone || timeZone.toLowerCase() !== zone.toLowerCase();
  } catch {
    return false;
  }
}
