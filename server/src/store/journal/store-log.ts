/** Where the store tells what an operator should know; a pino logger is one. */
export interface StoreLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export const silent: StoreLog = { info: () => {}, warn: () => {}, error: () => {} };
