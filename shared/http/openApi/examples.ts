import type { z } from 'zod';
import type { COMPONENTS, ComponentName } from './components';

interface Example<T> {
  summary: string;
  value: T;
}

type Examples = { [Name in ComponentName]?: Record<string, Example<z.input<(typeof COMPONENTS)[Name]>>> };

const ID = '0199c6f0-7a31-7c55-9c1e-7b2f6c1e5a0b';
const USER_ID = '243b1de4-ad9f-421c-a933-d55305fb165d';

const OF_REQUEST = {
  id: ID,
  createdAt: '2026-12-01T09:00:00.000Z',
  kind: 'guest',
  graphVersion: 'v1.0',
  invitedUserEmailAddress: 'ann@fabrikam.com',
  inviteRedirectUrl: 'https://myapp.contoso.com',
  invitedUserType: 'Guest',
  sendInvitationMessage: true,
  resetRedemption: false,
  reminders: { after: ['P3D', 'P7D'], timeZone: 'UTC' },
  expireAfter: 'P30D',
  source: 'hr',
  warnings: [],
} as const satisfies Partial<z.input<(typeof COMPONENTS)['GuestInvitation']>>;

const QUEUED: z.input<(typeof COMPONENTS)['GuestInvitation']> = {
  ...OF_REQUEST,
  reminders: { ...OF_REQUEST.reminders, after: ['P3D', 'P7D'] },
  warnings: [],
  status: 'queued',
  nextAt: '2026-12-01T09:00:00.000Z',
  sends: [],
};

const PENDING: z.input<(typeof COMPONENTS)['GuestInvitation']> = {
  ...QUEUED,
  status: 'pendingAcceptance',
  firstSentAt: '2026-12-01T09:00:02.000Z',
  expiresAt: '2026-12-31T09:00:02.000Z',
  nextAt: '2026-12-02T09:00:02.000Z',
  sends: [{ number: 0, cause: 'first', status: 'sent', at: '2026-12-01T09:00:02.000Z' }],
  graph: {
    id: '3f1a3a7e-6d3c-4a0e-9a54-0d4b3a6d7f10',
    status: 'PendingAcceptance',
    invitedUser: { id: USER_ID },
    externalUserState: 'PendingAcceptance',
  },
};

const SUBSCRIPTION: z.input<(typeof COMPONENTS)['Subscription']> = {
  id: '7d2c1b8e-3f4a-4c5d-8e9f-0a1b2c3d4e5f',
  url: 'https://hooks.contoso.com/invitations?…',
  events: ['invitation.accepted'],
  filters: { source: 'hr' },
  status: 'active',
  createdBy: 'functionKey',
  createdAt: '2026-12-01T09:00:00.000Z',
  activeFrom: '2026-12-01T09:01:00.000Z',
  failures: 0,
};

const OK = { status: 'ok' } as const;

/** Examples of the document by schema. The tests validate each with the schema, and post those that are requests. */
export const EXAMPLES: Examples = {
  InvitationRequest: {
    guest: {
      summary: 'The body of Microsoft Graph’s page “Create invitation”',
      value: { invitedUserEmailAddress: 'admin@fabrikam.com', inviteRedirectUrl: 'https://myapp.contoso.com' },
    },
    guestWithOptions: {
      summary: 'With a date, reminders, approval and an expiry',
      value: {
        invitedUserEmailAddress: 'ann@fabrikam.com',
        invitedUserDisplayName: 'Ann Example',
        inviteRedirectUrl: 'https://myapp.contoso.com',
        sendInvitationMessage: true,
        notBefore: '2026-12-01T09:00:00+01:00',
        reminders: { after: ['P3D', 'P7D'], timeZone: 'Europe/Berlin' },
        expireAfter: 'P30D',
        approval: { required: true },
        source: 'hr',
        externalId: 'E-1001',
        metadata: { department: 'Research' },
      },
    },
    driveItem: {
      summary: 'A file that is shared with two people',
      value: {
        kind: 'driveItem',
        target: '/drives/b!1/items/01ABC',
        recipients: [{ email: 'ann@fabrikam.com' }, { email: 'ben@fabrikam.com' }],
        roles: ['read'],
        message: 'The figures for our talk.',
        requireSignIn: true,
        sendInvitation: true,
        inviteRedirectUrl: 'https://myapp.contoso.com',
      },
    },
  },
  BulkRequest: {
    two: {
      summary: 'Two guests',
      value: {
        invitations: [
          { invitedUserEmailAddress: 'ann@fabrikam.com', inviteRedirectUrl: 'https://myapp.contoso.com' },
          { invitedUserEmailAddress: 'ben@fabrikam.com', inviteRedirectUrl: 'https://myapp.contoso.com' },
        ],
      },
    },
  },
  InvitationChange: {
    guest: {
      summary: 'Another expiry and other reminders',
      value: { expireAfter: 'P14D', reminders: { after: ['P2D'] } },
    },
  },
  ApprovalComment: { comment: { summary: 'With a comment', value: { comment: 'She starts on Monday.' } } },
  SubscriptionRequest: {
    all: { summary: 'All events', value: { url: 'https://hooks.contoso.com/invitations' } },
    some: {
      summary: 'Some events of one source',
      value: {
        url: 'https://hooks.contoso.com/invitations',
        events: ['invitation.accepted', 'invitation.failed'],
        filters: { source: 'hr' },
      },
    },
  },
  WebhookPayload: {
    joiner: { summary: 'What a source may send', value: { event: 'joined', email: 'ann@fabrikam.com' } },
  },
  Invitation: {
    queued: { summary: 'Right after the request', value: QUEUED },
    pendingAcceptance: { summary: 'Once the mail is out', value: PENDING },
  },
  InvitationList: { page: { summary: 'The only page', value: { value: [PENDING] } } },
  InvitationBatch: {
    partly: {
      summary: 'One taken, one refused',
      value: {
        batchId: ID,
        value: [
          { status: 202, location: `https://app.contoso.com/api/invitations/${ID}`, invitation: QUEUED },
          { status: 409, error: { code: 'duplicate', message: 'This person has an open invitation already.' } },
        ],
      },
    },
  },
  BulkResult: {
    partly: {
      summary: 'One taken, one refused',
      value: {
        batchId: ID,
        accepted: 1,
        alreadyInvited: 0,
        refused: 1,
        value: [
          { index: 0, status: 202, id: ID, location: `https://app.contoso.com/api/invitations/${ID}` },
          {
            index: 1,
            status: 400,
            error: {
              code: 'invalidRequest',
              message: 'The request is not valid; details names every fault.',
              details: [
                {
                  code: 'required',
                  target: 'invitedUserEmailAddress',
                  message: 'invitedUserEmailAddress is required.',
                },
              ],
            },
          },
        ],
      },
    },
  },
  BulkForeseen: {
    one: {
      summary: 'One guest',
      value: {
        dryRun: true,
        accepted: 1,
        alreadyInvited: 0,
        refused: 0,
        value: [
          {
            index: 0,
            status: 202,
            invitation: {
              status: 'queued',
              sendAt: '2026-12-01T09:00:00.000Z',
              reminders: ['2026-12-04T09:00:00.000Z', '2026-12-08T09:00:00.000Z'],
              expiresAt: '2026-12-31T09:00:00.000Z',
            },
          },
        ],
      },
    },
  },
  RedeemUrl: {
    url: { summary: 'A URL', value: { inviteRedeemUrl: 'https://login.microsoftonline.com/redeem?rd=abc' } },
  },
  ErasedPerson: {
    partly: {
      summary: 'One erased, one open',
      value: {
        value: [
          { id: ID, erased: true },
          {
            id: '0199c6f0-7a31-7c55-9c1e-7b2f6c1e5a0c',
            erased: false,
            reason: 'An invitation that is pendingAcceptance can’t be erased; revoke it first.',
          },
        ],
      },
    },
  },
  Subscription: { active: { summary: 'A subscription', value: SUBSCRIPTION } },
  CreatedSubscription: {
    created: {
      summary: 'A new one',
      value: { ...SUBSCRIPTION, secret: 'whsec_bm90IGEgc2VjcmV0LCBvbmx5IGFuIGV4YW1wbGU=' },
    },
  },
  SubscriptionList: { one: { summary: 'One', value: { value: [SUBSCRIPTION] } } },
  InvitationEvent: {
    sent: {
      summary: 'A first mail went out',
      value: {
        type: 'invitation.sent',
        timestamp: '2026-12-01T09:00:02.000Z',
        sequence: 2,
        status: 'pendingAcceptance',
        data: PENDING,
      },
    },
  },
  Health: {
    healthy: {
      summary: 'All is well',
      value: {
        status: 'healthy',
        checks: { tables: OK, queue: OK, graphToken: OK, gate: OK, events: OK, webhooks: OK },
      },
    },
  },
  ReceivedWebhook: { one: { summary: 'One event', value: { accepted: 1, ignored: 0 } } },
};
