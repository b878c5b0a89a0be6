import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { findLeaks } from '../../support/leaks';

const run = promisify(execFile);
const COMMAND = path.join(__dirname, '../../../dist/local/trace.js');

const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.looseObject({ 'invitation.id': z.string().optional() }),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })),
});
type Span = z.output<typeof span>;

const printed = z.object({
  invitationId: z.string(),
  spans: z.array(span),
  figures: z.array(z.tuple([z.string(), z.number()])),
});

/** Names from the first span of its trace down to this one. */
function wayTo(to: Span, spans: Span[]): string[] {
  const parent = spans.find(({ traceId, spanId }) => traceId === to.traceId && spanId === to.parentSpanId);
  return [...(parent ? wayTo(parent, spans) : []), to.name];
}

let text: string;
let told: z.output<typeof printed>;
beforeAll(async () => {
  text = (await run(process.execPath, [COMMAND, '--json'])).stdout;
  told = printed.parse(JSON.parse(text));
}, 90_000);

describe('npm run trace', () => {
  it('shows one connected trace from the request to Graph', () => {
    const { spans, invitationId } = told;
    const [first] = spans.filter(({ name }) => name === 'POST /invitations');
    expect(wayTo(first!, spans)).toEqual([
      'requestInvitation',
      'send invitations',
      'advanceInvitation',
      'look at invitation',
      'POST /invitations',
    ]);
    const ofTrace = spans.filter(({ traceId }) => traceId === first!.traceId);
    const ids = new Set(ofTrace.map(({ spanId }) => spanId));
    const unconnected = ofTrace.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId));
    // Its parent is the caller, or the host.
    expect(unconnected.map(({ name }) => name)).toEqual(['requestInvitation']);
    expect(ofTrace.filter(({ name }) => name === 'POST /invitations')).toHaveLength(1);
    expect(ofTrace.find(({ name }) => name === 'look at invitation')?.attributes['invitation.id']).toBe(invitationId);
  });

  it('shows the reminder as a trace of its own, linked to the request', () => {
    const { spans } = told;
    const [first, reminder] = spans.filter(({ name }) => name === 'POST /invitations');
    const request = spans.find(({ traceId, name }) => traceId === first!.traceId && name === 'requestInvitation');
    const look = spans.find(
      ({ traceId, spanId }) => traceId === reminder!.traceId && spanId === reminder!.parentSpanId,
    );
    expect(reminder!.traceId).not.toBe(first!.traceId);
    expect(look?.links).toEqual([{ traceId: first!.traceId, spanId: request!.spanId }]);
  });

  it('shows what was counted', () => {
    const figures = Object.fromEntries(told.figures);
    expect(figures).toMatchObject({
      'invitations.requested guest, api': 1,
      'invitations.sent guest, api': 1,
      'invitations.accepted guest, api': 1,
      'invitations.open guest, api': 0,
      'invitations.time_to_redeem guest, api': 1,
      'gate.pace invitations': expect.closeTo(25, 0) as number,
    });
    expect(figures['invitations.reminded guest, api']).toBeGreaterThanOrEqual(1);
  });

  it('names nobody', () => {
    expect(findLeaks([{ where: 'stdout', text }], { tickets: [], addresses: ['admin@fabrikam.com'] })).toEqual([]);
    expect(text).not.toMatch(/redeemUrl|redeem\?|ticket|token/i);
  });
});
