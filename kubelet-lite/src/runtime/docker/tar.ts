/** The one shape of tar archive that the agent makes: a file in the root. */

const block = 512;

/** A ustar archive of one executable file. `name` has at most 100 bytes. */
export function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(block);
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  header.write(name, 0, 100, 'latin1');
  octal(0o755, 100, 8);
  octal(0, 108, 8); // owner
  octal(0, 116, 8); // group
  octal(content.length, 124, 12);
  octal(0, 136, 12); // time: the image is the same whenever it is made
  header.write('        0', 148, 'latin1'); // the checksum counts as blanks; type: file
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  const padding = Buffer.alloc((block - (content.length % block)) % block);
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * block)]);
}
