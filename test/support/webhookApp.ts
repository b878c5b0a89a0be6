import { randomBytes } from 'node:crypto';
import { addMs } from '../../shared/domain/time';
import { makeIdempotencyKeys } from '../../shared/tables/idempotencyKeys';
import { makeInvitations } from '../../shared/tables/invitations';
import type { Tables } from '../../shared/tables/openTables';
import { makeSourceLinks } from '../../shared/tables/sourceLinks';
import { makeWebhookEvents } from '../../shared/tables/webhookEvents';
import type { WebhookHint } from '../../shared/queue/webhookHints';
import type { Sandbox } from '../../shared/webhooks/sandbox';
import { makeDecide } from '../../shared/workflow/decide';
import { makeRequestInvitation } from '../../shared/workflow/requestInvitation';
import { connectWebhooks } from '../../shared/workflow/webhooks/connectWebhooks';
import { everyGate } from './advanceParts';
import { HASH_KEY } from './azurite';
import { aPolicy } from './invitations';
import { rules } from './requests';

const TOKEN = 'a-token-of-these-tests';

export interface WebhookAppOptions {
  /** By name: mapping, filter, eventId. */
  sources: Record<string, object>;
  sandbox: Sandbox;
  /** How far the clock of the tables is ahead. */
  aheadMs?: () => number;
}

/** The workflow of webhooks over real tables, without a host, a queue or Graph: hints are noted and nobody is mailed. */
export function webhookApp(given: Tables, { sources, sandbox, aheadMs = () => 0 }: WebhookAppOptions) {
  const now = () => addMs(given.clock.now(), aheadMs());
  const tables: Tables = { ...given, clock: { ...given.clock, now } };
  const invitations = makeInvitations(tables, aPolicy());
  const sourceLinks = makeSourceLinks(tables, HASH_KEY);
  const nobodyListens = { send: () => Promise.resolve(true), check: () => Promise.resolve() };
  const hints: WebhookHint[] = [];
  const shared = {
    invitations,
    sourceLinks,
    hints: nobodyListens,
    tickMs: 60_000,
    rules: rules({ inviteRedirectUrl: 'https://myapp.contoso.com' }),
    hashKey: HASH_KEY,
    partitions: 16,
    policy: aPolicy(),
    now,
  };
  const described = Object.entries(sources).map(([name, source]) => [
    name,
    { verification: { type: 'token', header: 'x-token', secrets: ['TOKEN'] }, eventId: 'id', ...source },
  ]);
  const webhooks = connectWebhooks({
    ...shared,
    tables,
    sandbox,
    sources: JSON.stringify(Object.fromEntries(described)),
    environment: { TOKEN },
    hints: {
      check: nobodyListens.check,
      send: (sent) => {
        hints.push(...sent);
        return Promise.resolve(true);
      },
    },
    callHost: () => Promise.resolve({ ok: false, reason: 'is not there' }),
    requestInvitation: makeRequestInvitation({
      ...shared,
      gates: everyGate({ estimate: () => Promise.resolve(now()) }),
      idempotencyKeys: makeIdempotencyKeys(tables),
      randomBytes,
    }),
    decide: makeDecide(shared),
    retainMs: 24 * 3600_000,
    monotonicMs: () => performance.now(),
    sleep: () => Promise.reject(new Error('So few hints wait for nothing.')),
  });

  const receive = (source: string, event: object) =>
    webhooks.receiveWebhook(source, {
      method: 'POST',
      headers: new Headers({ 'x-token': TOKEN }),
      rawBody: Buffer.from(JSON.stringify(event)),
      isCallerKnown: false,
    });

  return {
    ...webhooks,
    invitations,
    sourceLinks,
    hints,
    receive,
    webhookEvents: makeWebhookEvents(tables, HASH_KEY),
    now,
  };
}
