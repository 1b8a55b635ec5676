/** A yardstick: node:https alone, answering every request with the same bytes. Run as a process: bare-https.ts PKI-DIRECTORY PORT BYTES. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';

const [pki = '', port = '0', size = '2048'] = process.argv.slice(2);
const body = Buffer.alloc(Number(size), 'x');
const chunk = 256 * 1024;

createServer(
  { cert: readFileSync(join(pki, 'apiserver.crt')), key: readFileSync(join(pki, 'apiserver.key')) },
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    if (body.length > chunk) send(0);
    else response.end(body);

    // In pieces and with back-pressure, as a server that minds its memory has to.
    function send(from: number): void {
      let at = from;
      while (at < body.length) {
        const piece = body.subarray(at, at + chunk);
        at += piece.length;
        if (!response.write(piece) && at < body.length) {
          response.once('drain', () => send(at));
          return;
        }
      }
      response.end();
    }
  },
).listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));
