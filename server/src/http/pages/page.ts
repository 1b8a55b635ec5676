/** What a page is: something that is answered without naming a resource. */
import type { Exchange } from '../exchange.ts';
import type { HttpServer } from '../server.ts';

export type Page = (exchange: Exchange, server: HttpServer) => void | Promise<void>;
