/** The colours of the terminal, taken from the page's own. */
import type { ITheme } from '@xterm/xterm';
import { resolvedColour } from '../ui/resolved-colour';

export function terminalTheme(element: HTMLElement): ITheme {
  const colour = (name: string) => resolvedColour(element, name);
  return {
    background: colour('--surface'),
    foreground: colour('--text'),
    cursor: colour('--accent'),
    cursorAccent: colour('--surface'),
    selectionBackground: colour('--accent-tint'),
    black: colour('--muted'),
    red: colour('--bad'),
    green: colour('--ok'),
    yellow: colour('--warn'),
    blue: colour('--info'),
    cyan: colour('--accent'),
    white: colour('--text'),
  };
}
