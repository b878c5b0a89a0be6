import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { readSources } from '../../../../shared/webhooks/readSources';
import type { Source } from '../../../../shared/webhooks/source';
import { timestampMs, verify } from '../../../../shared/webhooks/verify';

const KEY = 'a-secret-of-more-than-16-characters';
const NEXT = 'the-secret-that-comes-after-that-one';
const NOW = new Date('2026-12-01T09:00:00Z');
const BODY = Buffer.from('{"a":"é"}');

function sourceWith(verification: object, environment: Record<string, string> = { KEY, NEXT }): Source {
  const source = readSources(JSON.stringify({ s: { verification, mapping: '{}' } }), environment).get('s');
  if (!source) throw new Error('There is no source.');
  return source;
}

const check = (source: Source, headers: Record<string, string>, rawBody: Uint8Array = BODY) =>
  verify(source, { headers: new Headers(headers), rawBody, now: NOW });

const hex = (key: string, ...parts: (string | Buffer)[]): string => {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
};

describe('verify', () => {
  describe('of Standard Webhooks', () => {
    const secret = `whsec_${Buffer.from('standard-webhooks-secret').toString('base64')}`;
    const source = sourceWith({ type: 'standardWebhooks', secrets: ['KEY'] }, { KEY: secret });
    const headers = (signature: string) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1796115600',
      'webhook-signature': signature,
    });
    const signed = new Webhook(secret).sign('msg_1', NOW, BODY.toString());

    it('takes what the standard’s own library signs', () => {
      expect(check(source, headers(signed))).toEqual({ ok: true });
    });

    it('takes it among other signatures, of other keys and versions', () => {
      expect(check(source, headers(`v1a,abc v1,d3Jvbmc= ${signed}`))).toEqual({ ok: true });
    });

    it('takes no signature of another version', () => {
      expect(check(source, headers(signed.replace('v1,', 'v2,')))).toEqual({ ok: false, reason: 'missingSignature' });
    });

    it('refuses it under another id', () => {
      const other = { ...headers(signed), 'webhook-id': 'msg_2' };
      expect(check(source, other)).toEqual({ ok: false, reason: 'wrongSignature' });
    });
  });

  describe('with several secrets', () => {
    const source = sourceWith({ type: 'gitHub', secrets: ['KEY', 'NEXT'] });

    it.each([KEY, NEXT])('takes what is signed with %s', (key) => {
      expect(check(source, { 'x-hub-signature-256': `sha256=${hex(key, BODY)}` })).toEqual({ ok: true });
    });

    it('takes nothing that is signed with the one before', () => {
      const before = { 'x-hub-signature-256': `sha256=${hex('the-secret-that-was-there-before', BODY)}` };
      expect(check(source, before)).toEqual({ ok: false, reason: 'wrongSignature' });
    });
  });

  it('looks at the bytes, not at the text that they would be read as', () => {
    const source = sourceWith({ type: 'gitHub', secrets: ['KEY'] });
    const one = Buffer.from([0x22, 0xff, 0x22]);
    const other = Buffer.from([0x22, 0xfe, 0x22]);
    const headers = { 'x-hub-signature-256': `sha256=${hex(KEY, one)}` };
    expect(check(source, headers, one)).toEqual({ ok: true });
    expect(check(source, headers, other)).toEqual({ ok: false, reason: 'wrongSignature' });
  });

  it('takes hex in capitals', () => {
    const source = sourceWith({ type: 'gitHub', secrets: ['KEY'] });
    expect(check(source, { 'x-hub-signature-256': `sha256=${hex(KEY, BODY).toUpperCase()}` })).toEqual({ ok: true });
  });

  it('takes signature and timestamp out of one header, as Stripe sends them', () => {
    const source = sourceWith({
      type: 'hmac',
      header: 'stripe-signature',
      separator: ',',
      prefix: 'v1=',
      timestamp: { header: 'stripe-signature', separator: ',', prefix: 't=' },
      signedContent: '{timestamp}.{body}',
      secrets: ['KEY'],
    });
    const signature = hex(KEY, '1796115500.', BODY);
    expect(check(source, { 'stripe-signature': `t=1796115500,v1=${signature},v0=old` })).toEqual({ ok: true });
    expect(check(source, { 'stripe-signature': `t=1796115501,v1=${signature}` })).toEqual({
      ok: false,
      reason: 'wrongSignature',
    });
  });

  it('takes exactly the tolerance and nothing beyond', () => {
    const source = sourceWith({ type: 'bambooHr', secrets: ['KEY'], tolerance: 'PT1M' });
    const sentAt = (timestamp: string) =>
      check(source, { 'x-bamboohr-timestamp': timestamp, 'x-bamboohr-signature': hex(KEY, BODY, timestamp) });
    expect(sentAt('2026-12-01T08:59:00Z')).toEqual({ ok: true });
    expect(sentAt('2026-12-01T08:58:59.999Z')).toEqual({ ok: false, reason: 'tooOld' });
    expect(sentAt('2026-12-01T09:01:00Z')).toEqual({ ok: true });
    expect(sentAt('2026-12-01T09:01:00.001Z')).toEqual({ ok: false, reason: 'tooNew' });
    expect(sentAt('yesterday')).toEqual({ ok: false, reason: 'unreadableTimestamp' });
  });

  it('says nothing of the time of a request that is not signed', () => {
    const source = sourceWith({ type: 'bambooHr', secrets: ['KEY'] });
    const headers = { 'x-bamboohr-timestamp': '1', 'x-bamboohr-signature': hex('no-secret-of-this-source', BODY, '1') };
    expect(check(source, headers)).toEqual({ ok: false, reason: 'wrongSignature' });
  });

  it.each([
    ['another name', `other:${KEY}`],
    ['another password', 'hr:wrong'],
    ['the password alone', KEY],
  ])('refuses Basic with %s', (_what, credentials) => {
    const source = sourceWith({ type: 'basic', username: 'hr', secrets: ['KEY'] });
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    expect(check(source, { authorization })).toEqual({ ok: false, reason: 'wrongCredentials' });
  });

  it('takes a token behind its prefix only', () => {
    const source = sourceWith({ type: 'token', header: 'authorization', prefix: 'Bearer ', secrets: ['KEY'] });
    expect(check(source, { authorization: `Bearer ${KEY}` })).toEqual({ ok: true });
    expect(check(source, { authorization: KEY })).toEqual({ ok: false, reason: 'missingCredentials' });
  });
});

describe('timestampMs', () => {
  it.each([
    ['1796115600', 1_796_115_600_000],
    ['1796115600123', 1_796_115_600_123],
    ['2026-12-01T09:00:00Z', 1_796_115_600_000],
    ['2026-12-01T10:00:00.5+01:00', 1_796_115_600_500],
    ['2026-12-01T09:00:00+0000', 1_796_115_600_000],
    ['2026-12-01T09:00:00', undefined],
    ['2026-13-01T09:00:00Z', undefined],
    ['-1', undefined],
    ['1e9', undefined],
    ['', undefined],
  ])('reads %p as %p', (text, ms) => {
    expect(timestampMs(text)).toBe(ms);
  });
});
