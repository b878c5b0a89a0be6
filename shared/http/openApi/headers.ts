import type { AnswerHeader } from './operation';

const text = (description: string) => ({ description, schema: { type: 'string' } });

export const HEADERS: Record<AnswerHeader | 'WWW-Authenticate', object> = {
  Location: { description: 'Where to look.', schema: { type: 'string', format: 'uri' } },
  'Retry-After': {
    description: 'Seconds after which to look, or to try again.',
    schema: { type: 'integer', minimum: 1 },
  },
  ETag: text('Changes whenever the invitation does.'),
  Link: text('Of a CSV: the next page, with `rel="next"`.'),
  Vary: text('Accept.'),
  'Preference-Applied': text('The page size of a Prefer header.'),
  'Cache-Control': text('Who may keep the answer, and for how long.'),
  Allow: text('POST.'),
  'WebHook-Allowed-Origin': text('The origin that may send events.'),
  'WebHook-Allowed-Rate': text('How many events a minute it may send, or `*`.'),
  'WWW-Authenticate': text('What credentials to send.'),
};
