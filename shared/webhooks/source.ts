import type { KeyObject } from 'node:crypto';
import type { HmacScheme } from './presets';
import type { SignedContent } from './signedContent';
import type { FetchDescription, WrittenSource } from './sourceSchema';

/** How a request shows that it comes from the source. Secrets are key objects: no log and no JSON shows them. */
export type Verification =
  | {
      type: 'hmac';
      scheme: HmacScheme;
      signedContent: SignedContent;
      toleranceMs: number;
      keys: KeyObject[];
    }
  /** `keys` are the texts `username:password`. */
  | { type: 'basic'; keys: KeyObject[] }
  | {
      type: 'token';
      header?: string | undefined;
      prefix?: string | undefined;
      query?: string | undefined;
      keys: KeyObject[];
    }
  | { type: 'caller' };

/** A named system that sends webhooks, ready for use. */
export interface Source {
  name: string;
  verification: Verification;
  format: WrittenSource['format'];
  /** Answered with 200 before anything else: bodies that a sender tries an address out with. */
  pings: string[];
  filter?: string;
  /** A JSONata expression, or the header that holds the id. Without it the body's hash stands for the event. */
  eventId?: string | { header: string };
  fetch?: FetchDescription;
  mapping: string;
}

export type Sources = ReadonlyMap<string, Source>;
