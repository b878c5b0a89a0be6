import { readEvents } from '../../../../shared/webhooks/events';

const JSON_FORMAT = { format: { type: 'json' as const } };
const CLOUD = { format: { type: 'cloudEvents' as const, allowedOrigins: ['eventgrid.azure.net'] } };
const GRID = { format: { type: 'eventGrid' as const } };

const read = (source: Parameters<typeof readEvents>[0], body: string | Buffer, headers: Record<string, string> = {}) =>
  readEvents(source, { headers: new Headers(headers), rawBody: Buffer.from(body as string) });

describe('readEvents', () => {
  it('takes a JSON body for one event, an array too', () => {
    expect(read(JSON_FORMAT, '{ "a": 1 }')).toEqual({ ok: true, events: ['{"a":1}'] });
    expect(read(JSON_FORMAT, '[1, 2]')).toEqual({ ok: true, events: ['[1,2]'] });
  });

  it('keeps every digit of a number that JSONata would round, as a text', () => {
    expect(read(JSON_FORMAT, '{"id":3332883854254932743,"n":1.5}')).toEqual({
      ok: true,
      events: ['{"id":"3332883854254932743","n":1.5}'],
    });
  });

  it.each([
    ['{', 'notJson'],
    ['', 'notJson'],
    [Buffer.from([0x22, 0xff, 0x22]), 'notUtf8'],
  ])('refuses %p', (body, reason) => {
    expect(read(JSON_FORMAT, body)).toEqual({ ok: false, reason });
  });

  it.each([GRID, CLOUD])('takes a batch apart: %p', (source) => {
    expect(read(source, '[{"id":"1"},{"id":"2"}]')).toEqual({ ok: true, events: ['{"id":"1"}', '{"id":"2"}'] });
    expect(read(source, '[]')).toEqual({ ok: false, reason: 'noEvents' });
    expect(read(source, JSON.stringify(new Array(1001).fill(0)))).toEqual({ ok: false, reason: 'tooManyEvents' });
  });

  it('puts CloudEvents’ binary mode into the structured form', () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': 'A-1',
      'ce-source': '/contoso/hr',
      'ce-type': 'com.contoso.hr.hired',
      'ce-subject': 'Z%C3%BCrich',
      'content-type': 'application/json',
    };
    const read1 = read(CLOUD, '{"email":"a@fabrikam.com"}', headers);
    expect(read1.ok && JSON.parse(read1.events[0]!)).toEqual({
      specversion: '1.0',
      id: 'A-1',
      source: '/contoso/hr',
      type: 'com.contoso.hr.hired',
      subject: 'Zürich',
      datacontenttype: 'application/json',
      data: { email: 'a@fabrikam.com' },
    });
  });

  it('takes binary data that is no JSON as a text', () => {
    const read1 = read(CLOUD, 'plain', { 'ce-specversion': '1.0', 'ce-id': '%' });
    expect(read1.ok && JSON.parse(read1.events[0]!)).toEqual({ specversion: '1.0', id: '%', data: 'plain' });
  });
});
