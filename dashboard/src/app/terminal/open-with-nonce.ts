/** Opens a terminal under a strict Content-Security-Policy. */
import type { Terminal } from '@xterm/xterm';

/**
 * The terminal makes its style elements by itself, and the policy wants a nonce on each. So for the moment of opening,
 * and only then, elements of that name are given the nonce of the page.
 */
export function openWithNonce(terminal: Terminal, parent: HTMLElement): void {
  const nonce =
    document.querySelector('[ngCspNonce]')?.getAttribute('ngCspNonce') ??
    document.querySelector<HTMLElement>('style[nonce]')?.nonce ??
    '';
  const original = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = original(name, options);
    if (name === 'style') element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
  try {
    terminal.open(parent);
  } finally {
    // The method of the prototype is used again.
    delete (document as Partial<Document>).createElement;
  }
}
