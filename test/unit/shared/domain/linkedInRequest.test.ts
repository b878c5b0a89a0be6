import { HttpRequest } from '@azure/functions';
import { parsePatch } from '../../../../shared/domain/patchInvitation';
import { parseRequest } from '../../../../shared/domain/parseRequest';
import {
  addressOf,
  groupIdsOf,
  isMailed,
  isRedemptionKnown,
  limitOf,
  thingOf,
  userIdOf,
} from '../../../../shared/domain/request';
import { readJson } from '../../../../shared/http/readJson';
import { aPendingLinkedIn } from '../../../support/kinds';
import { askedFor, rules } from '../../../support/requests';

/** The example of the page "Add invitations", as it stands there. */
const PAGE = {
  '@odata.type': '#microsoft.graph.InvitationV2',
  created: 7,
  lastModified: 12,
  inviter: 'Inviter value',
  invitee: 'Invitee value',
  message: {
    '@odata.type': 'microsoft.graph.InvitationV2Message',
    invitationTemplateID: 'Invitation Template ID value',
    invitationMessage: { '@odata.type': 'microsoft.graph.InvitationMessage', body: 'Body value' },
  },
  trackingId: 'Tracking Id value',
};

const on = rules({ linkedInInvitations: 'on' });
const body = (changes: object = {}) => ({ kind: 'linkedIn', ...PAGE, ...changes });
const asked = (changes: object = {}) => askedFor(body(changes), on);

const faultsOf = (changes: object, by = on) => {
  const parsed = parseRequest(body(changes), by);
  if (parsed.ok) throw new Error('Nothing was refused.');
  return parsed.faults;
};

/** What a body of this JSON text asks for, read as the HTTP function reads it. */
async function askedByText(json: string): Promise<unknown> {
  const read = await readJson(
    new HttpRequest({
      method: 'POST',
      url: 'http://127.0.0.1/api/invitations',
      headers: { 'Content-Type': 'application/json' },
      body: { string: json },
    }),
  );
  if (!read.ok) throw new Error('unread');
  const parsed = parseRequest(read.body, on);
  if (!parsed.ok) return parsed.faults.map(({ message }) => message);
  return parsed.asked[0]?.request;
}

const text = (created: string): string => JSON.stringify(body({ created: '@' })).replace('"@"', created);

it('understands the page’s example as it stands, without its annotations', () => {
  const { request, person, warnings } = asked();
  expect(request).toEqual({
    kind: 'linkedIn',
    created: '7',
    lastModified: '12',
    inviter: 'Inviter value',
    invitee: 'Invitee value',
    message: {
      invitationTemplateID: 'Invitation Template ID value',
      invitationMessage: { body: 'Body value' },
    },
    trackingId: 'Tracking Id value',
    reminders: { after: [], timeZone: 'UTC' },
    expireAfter: 'P30D',
  });
  expect(person).toBe('linkedIn:Invitee value');
  expect(warnings).toEqual([]);
});

it('is refused unless it was switched on, and says why, whatever else is wrong', () => {
  expect(faultsOf({ created: 'x' }, rules())).toEqual([
    {
      code: 'kindIsOff',
      target: 'kind',
      message:
        'kind: linkedIn is switched off here (LINKEDIN_INVITATIONS), because Microsoft Graph publishes no such API today.',
    },
  ]);
});

describe('Int64', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['7', '7'],
    ['"007"', '7'],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740992', '9007199254740992'],
    ['9007199254740993', '9007199254740993'],
    ['"9007199254740993"', '9007199254740993'],
    ['1000000000000000000', '1000000000000000000'],
    ['9223372036854775807', '9223372036854775807'],
    ['"9223372036854775807"', '9223372036854775807'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['"-9223372036854775808"', '-9223372036854775808'],
  ])('%s keeps every digit from the body’s text on', async (written, kept) => {
    expect(await askedByText(text(written))).toMatchObject({ created: kept, lastModified: '12' });
  });

  it.each([
    '9223372036854775808',
    '"9223372036854775808"',
    '-9223372036854775809',
    '99999999999999999999',
    '"99999999999999999999"',
    '1.5',
    '9007199254740993.0',
    '1e30',
    '"7n"',
    '" 7"',
    '"+7"',
    '"1e3"',
    '"0x7"',
    '""',
    '"Integer"',
    'true',
    'null',
    '[7]',
  ])('%s is no whole number of 64 bits', async (written) => {
    expect(await askedByText(text(written))).toEqual(['created must be a whole number of 64 bits.']);
  });
});

it('requires what the page requires', () => {
  const parsed = parseRequest({ kind: 'linkedIn' }, on);
  expect(parsed.ok ? [] : parsed.faults).toEqual(
    ['created', 'lastModified', 'inviter', 'invitee', 'message', 'trackingId'].map((target) => ({
      code: 'required',
      target,
      message: `${target} is required.`,
    })),
  );
});

it.each<[string, object, string]>([
  ['reminders, for none are known', { reminders: { after: ['P3D'] } }, 'unknownProperty'],
  ['an id, which is Graph’s to give', { id: 'x' }, 'readOnlyProperty'],
  ['another annotation', { '@odata.type': '#microsoft.graph.invitation' }, 'unknownProperty'],
  ['a message of another shape', { message: { body: 'x' } }, 'unknownProperty'],
  ['an empty invitee', { invitee: '' }, 'invalidValue'],
])('refuses %s', (_what, changes, code) => {
  expect(faultsOf(changes)).toMatchObject([{ code }]);
});

it('tells the rest of the workflow that nothing is mailed, looked up or redeemed', () => {
  const { request } = asked();
  expect([isMailed(request), isRedemptionKnown(request)]).toEqual([false, false]);
  expect([limitOf(request), thingOf(request)]).toEqual(['linkedIn', 'linkedIn']);
  expect([addressOf(request), userIdOf(request), groupIdsOf(request)]).toEqual([undefined, undefined, undefined]);
});

describe('the page "Update invitations"', () => {
  /** Its example; the placeholders of Int64 are replaced by such, because "Integer" is none. */
  const UPDATE = {
    '@odata.type': '#microsoft.graph.InvitationV2',
    created: 9007199254740993n,
    lastModified: '9007199254740995',
    inviter: 'String',
    invitee: 'String',
    message: { '@odata.type': 'microsoft.graph.InvitationV2Message' },
    trackingId: 'String',
  };

  it('is understood as it stands, with Graph’s id in the body or without', () => {
    const invitation = aPendingLinkedIn();
    for (const more of [{}, { id: 'linkedIn-1' }]) {
      const parsed = parsePatch({ ...UPDATE, ...more }, invitation, rules());
      expect(parsed.ok && parsed.request).toEqual({
        ...invitation.request,
        created: '9007199254740993',
        lastModified: '9007199254740995',
        inviter: 'String',
        invitee: 'String',
        message: {},
        trackingId: 'String',
      });
    }
  });

  it('is refused with the id of another', () => {
    const parsed = parsePatch({ ...UPDATE, id: 'linkedIn-2' }, aPendingLinkedIn(), rules());
    expect(parsed.ok ? [] : parsed.faults).toEqual([
      {
        code: 'invalidValue',
        target: 'id',
        message: 'id is not the one that Microsoft Graph gave this invitation. Leave it out; the URL already names it.',
      },
    ]);
  });
});
