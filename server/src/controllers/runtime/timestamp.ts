/** Times as they stand in objects. */

/** RFC 3339 with seconds, as metav1.Time is written. */
export const timestamp = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** RFC 3339 with six fraction digits, as metav1.MicroTime is written. */
export const microTimestamp = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/Z$/, '000Z');
