import { type WholeApp, errorOf, invitationOf, startWholeApp } from '../../support/wholeApp';

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({
    ALLOWED_REDIRECT_ORIGINS: 'https://myapp.contoso.com,https://other.contoso.com',
    ALLOWED_EMAIL_DOMAINS: 'fabrikam.com,*.fabrikam.com',
    BLOCKED_EMAIL_DOMAINS: 'blocked.fabrikam.com',
  });
});
afterAll(() => app.stop());

const plain = (email: string) => ({
  invitedUserEmailAddress: email,
  inviteRedirectUrl: 'https://myapp.contoso.com',
});

describe('an invitation that is taken', () => {
  it('takes Graph’s plain body, answers 202 and where to look, and mails once', async () => {
    const answer = await app.post(plain('admin@fabrikam.com'));
    expect(answer.status).toBe(202);
    const invitation = invitationOf(answer);
    expect(answer.headers.get('location')).toBe(app.host.url(`/api/invitations/${invitation.id}`));
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(invitation).toMatchObject({
      status: 'queued',
      kind: 'guest',
      invitedUserEmailAddress: 'admin@fabrikam.com',
      inviteRedirectUrl: 'https://myapp.contoso.com',
      invitedUserType: 'Guest',
      sendInvitationMessage: true,
      resetRedemption: false,
      reminders: { after: ['P3D', 'P7D'], timeZone: 'UTC' },
      expireAfter: 'P30D',
      sends: [],
      warnings: [],
    });

    const sent = await app.until(invitation.id, 'pendingAcceptance');
    expect(sent.sends).toMatchObject([{ number: 0, cause: 'first', status: 'sent' }]);
    expect(sent.history).toMatchObject([{ what: 'requested', by: 'functionKey' }, { what: 'sent' }]);
    expect(sent.graph).toMatchObject({ status: 'PendingAcceptance', invitedUser: { id: matching(/^[0-9a-f-]{36}$/) } });
    expect(await app.graph.mailCount('admin@fabrikam.com')).toBe(1);
    expect(app.graph.invitationsFor('admin@fabrikam.com')).toEqual([
      { ...plain('admin@fabrikam.com'), sendInvitationMessage: true },
    ]);
  });

  it('keeps the redeem URL, which is a secret, out of answers and logs', async () => {
    const { id } = await app.invite('secret@fabrikam.com');
    const sent = await app.until(id, 'pendingAcceptance');
    const [mail] = await app.graph.mailsTo('secret@fabrikam.com');
    // Up to the next parameter: a ticket may begin with a character that is percent-encoded itself.
    const ticket = /ticket(?:=|%3d)(.+?)(?:&|%26|$)/i.exec(mail!.redeemUrl)![1]!;
    expect(JSON.stringify(sent)).not.toMatch(/redeem\?|ticket/i);
    expect(JSON.stringify(sent)).not.toContain(ticket);
    expect(JSON.stringify(app.host.logs)).not.toContain(ticket);
    expect(JSON.stringify(app.host.logs)).not.toContain('secret@fabrikam.com');
  });

  it('hands every property that may be sent to Graph unchanged, and none of its own', async () => {
    const body = {
      ...plain('everything@fabrikam.com'),
      invitedUserDisplayName: 'Érica Thing',
      invitedUserType: 'Member',
      sendInvitationMessage: true,
      invitedUserMessageInfo: {
        messageLanguage: 'de-DE',
        ccRecipients: [{ emailAddress: { name: 'Boss', address: 'boss@fabrikam.com' } }],
        customizedMessageBody: 'Welcome!\nSee you on Monday.',
      },
      invitedUserSponsors: [{ '@odata.type': '#microsoft.graph.user', id: 'b0c1a1f4-0c2b-4b7a-9d6e-0d5d3f6f2a11' }],
    };
    const ours = {
      kind: 'guest',
      reminders: { after: ['P14D', 'P1D'], timeZone: 'Europe/Berlin' },
      expireAfter: 'P60D',
      source: 'workday',
      externalId: '4711',
      metadata: { costCentre: '12' },
    };
    const invitation = await app.invite('everything@fabrikam.com', { ...body, ...ours });
    expect(invitation).toMatchObject({ ...body, ...ours, reminders: { after: ['P1D', 'P14D'] } });
    await app.until(invitation.id, 'pendingAcceptance');
    expect(app.graph.invitationsFor('everything@fabrikam.com')).toEqual([body]);
    expect(await app.graph.mailsTo('everything@fabrikam.com')).toMatchObject([
      { cc: ['boss@fabrikam.com'], messageLanguage: 'de-DE' },
    ]);
  });

  it('resets the redemption of a person who has accepted, under the same user', async () => {
    const userId = await app.graph.seed('again@fabrikam.com', 'Accepted');
    const reset = { resetRedemption: true, invitedUser: { id: userId } };
    const { id } = await app.invite('again@fabrikam.com', reset);
    const sent = await app.until(id, 'pendingAcceptance');
    expect(sent.graph?.invitedUser?.id).toBe(userId);
    expect(app.graph.invitationsFor('again@fabrikam.com')).toEqual([
      { ...plain('again@fabrikam.com'), sendInvitationMessage: true, ...reset },
    ]);
  });

  it('invites an address with an apostrophe', async () => {
    const { id } = await app.invite("miles.o'brien@fabrikam.com");
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount("miles.o'brien@fabrikam.com")).toBe(1);
  });

  it('waits for notBefore', async () => {
    const inAnHour = new Date(Date.now() + 3600_000).toISOString();
    const { id, status } = await app.invite('later@fabrikam.com', { notBefore: inAnHour });
    expect(status).toBe('scheduled');
    await app.jump(3500_000);
    expect((await app.until(id, 'scheduled')).sends).toEqual([]);
    await app.jump(200_000);
    await app.until(id, 'pendingAcceptance');
    expect(await app.graph.mailCount('later@fabrikam.com')).toBe(1);
  });

  it('warns that Graph leaves a custom text out of its mail', async () => {
    const { warnings } = await app.invite('custom@fabrikam.com', {
      invitedUserMessageInfo: { customizedMessageBody: 'Hello' },
    });
    expect(warnings).toMatchObject([
      { code: 'customizedMessageBodyNotMailed', target: 'invitedUserMessageInfo.customizedMessageBody' },
    ]);
  });
});

describe('a request that is refused', () => {
  const refused = async (body: object) => {
    const answer = await app.post(body);
    const { code, details } = errorOf(answer);
    expect([answer.status, code, answer.headers.get('x-ms-error-code')]).toEqual([
      400,
      'invalidRequest',
      'invalidRequest',
    ]);
    return details?.map(({ code: fault, target }) => `${fault} ${String(target)}`).sort();
  };

  it('names unknown and read-only properties', async () => {
    const body = { ...plain('names@fabrikam.com'), invitedUserEmail: 'x', id: '1', status: 'Completed' };
    expect(
      await refused({ ...body, inviteRedeemUrl: 'https://x', invitedUser: { id: PERSON, mail: 'a@b.c' } }),
    ).toEqual([
      'readOnlyProperty id',
      'readOnlyProperty inviteRedeemUrl',
      'readOnlyProperty invitedUser.mail',
      'readOnlyProperty status',
      'unknownProperty invitedUserEmail',
    ]);
    expect(await refused({ ...plain('names@fabrikam.com'), invitedUser: { id: PERSON } })).toEqual([
      'readOnlyProperty invitedUser',
    ]);
  });

  it('lists every fault at once, those of the settings’ rules too', async () => {
    expect(
      await refused({
        invitedUserEmailAddress: 'new+hire@fabrikam.com',
        inviteRedirectUrl: 'https://evil.example/',
        invitedUserDisplayName: 'two\nlines',
        invitedUserType: 'Admin',
        sendInvitationMessage: 'yes',
        resetRedemption: true,
        invitedUserMessageInfo: {
          messageLanguage: 'english please',
          ccRecipients: [{ emailAddress: { address: 'nobody' } }],
        },
        invitedUserSponsors: [{ id: 'me' }],
        notBefore: 'tomorrow',
        reminders: { after: ['3 days'], timeZone: 'Mars/Olympus' },
        expireAfter: 'P0D',
        onDuplicate: 'maybe',
        metadata: { '1st': 'x' },
      }),
    ).toEqual([
      'invalidValue expireAfter',
      'invalidValue invitedUserDisplayName',
      'invalidValue invitedUserEmailAddress',
      'invalidValue invitedUserMessageInfo.ccRecipients.0.emailAddress.address',
      'invalidValue invitedUserMessageInfo.messageLanguage',
      'invalidValue invitedUserSponsors.0.id',
      'invalidValue invitedUserType',
      'invalidValue metadata.1st',
      'invalidValue notBefore',
      'invalidValue onDuplicate',
      'invalidValue reminders.after.0',
      'invalidValue reminders.timeZone',
      'invalidValue sendInvitationMessage',
      'redirectNotAllowed inviteRedirectUrl',
      'required invitedUser.id',
    ]);
  });

  it.each([
    ['an empty object', {}, ['required invitedUserEmailAddress']],
    ['a list', [], ['invalidBody body']],
    [
      'two people in copy',
      {
        ...plain('a@fabrikam.com'),
        invitedUserMessageInfo: {
          ccRecipients: ['b', 'c'].map((name) => ({ emailAddress: { address: `${name}@fabrikam.com` } })),
        },
      },
      ['invalidValue invitedUserMessageInfo.ccRecipients'],
    ],
    ['a blocked domain', plain('a@blocked.fabrikam.com'), ['domainNotAllowed invitedUserEmailAddress']],
    ['a domain that is not allowed', plain('a@woodgrove.com'), ['domainNotAllowed invitedUserEmailAddress']],
    [
      'a redirect to an origin that only begins like an allowed one',
      { ...plain('a@fabrikam.com'), inviteRedirectUrl: 'https://myapp.contoso.com.evil.example' },
      ['redirectNotAllowed inviteRedirectUrl'],
    ],
  ])('says what is wrong with %s', async (_, body, faults) => {
    expect(await refused(body)).toEqual(faults);
  });

  it('answers 415 to another content type', async () => {
    const answer = await app.post('invitedUserEmailAddress=a', { 'Content-Type': 'application/x-www-form-urlencoded' });
    expect([answer.status, errorOf(answer).code]).toEqual([415, 'unsupportedMediaType']);
  });

  it('answers 413 to a body above 64 KiB, and takes one of just that size as far as its content', async () => {
    const ofSize = (bytes: number) => app.post(JSON.stringify({ padding: 'é'.repeat((bytes - 14) / 2) }));
    const tooLarge = await ofSize(64 * 1024 + 2);
    expect([tooLarge.status, errorOf(tooLarge).code]).toEqual([413, 'bodyTooLarge']);
    expect((await ofSize(64 * 1024)).status).toBe(400);
  });

  it.each([
    ['{"a": 1,\n "b": }', /line 2, column 7/],
    ['', /it is empty/],
    ['{"a": "b"', /line 1, column 10/],
  ])('says where the JSON %j is broken', async (text, where) => {
    const answer = await app.post(text);
    expect([answer.status, errorOf(answer).code]).toEqual([400, 'invalidJson']);
    expect(errorOf(answer).message).toMatch(where);
  });

  it('answers 400 to an Idempotency-Key that is none', async () => {
    const answer = await app.post(plain('key@fabrikam.com'), { 'Idempotency-Key': 'two words' });
    expect([answer.status, errorOf(answer).code, errorOf(answer).target]).toEqual([
      400,
      'invalidHeader',
      'Idempotency-Key',
    ]);
  });
});

describe('looking at an invitation', () => {
  it('answers 200 with an ETag while nothing is decided, and 304 until it changes', async () => {
    const { id } = await app.invite('etag@fabrikam.com', { notBefore: '2999-01-01T00:00:00Z' });
    const first = await app.get(id);
    const etag = first.headers.get('etag')!;
    expect([first.status, etag.length > 0]).toEqual([200, true]);
    const unchanged = await app.get(id, { 'If-None-Match': etag });
    expect([unchanged.status, unchanged.body, unchanged.headers.get('etag')]).toEqual([304, undefined, etag]);

    await app.act(id, 'revoke');
    const changed = await app.get(id, { 'If-None-Match': etag });
    expect([changed.status, invitationOf(changed).status]).toEqual([200, 'revoked']);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  it('shows no history that is newer than the rest, when it changes while it is read', async () => {
    const { id } = await app.invite('torn@fabrikam.com', { notBefore: '2999-01-01T00:00:00Z' });
    let isRead = false;
    app.tables.breakCalls(async ({ method, path }) => {
      if (isRead || method !== 'GET' || !path.includes(`h-${id}-`)) return undefined;
      isRead = true;
      await app.act(id, 'revoke');
      return undefined;
    });
    const torn = invitationOf(await app.get(id));
    app.tables.breakCalls(() => undefined);
    expect([isRead, torn.status, torn.history.map(({ what }) => what)]).toEqual([true, 'scheduled', ['requested']]);
    const whole = invitationOf(await app.get(id));
    expect([whole.status, whole.history.map(({ what }) => what)]).toEqual(['revoked', ['requested', 'revoked']]);
  });

  it('finds an id written in capitals', async () => {
    const { id } = await app.invite('capitals@fabrikam.com');
    expect(invitationOf(await app.get(id.toUpperCase())).id).toBe(id);
  });

  it.each(['no-id', '01900000-0000-7000-8000-000000000000', "01900000-0000-7000-8000-0000000000'0"])(
    'answers 404 for %s',
    async (id) => {
      for (const answer of [await app.get(id), await app.act(id, 'resend'), await app.act(id, 'revoke')]) {
        expect([answer.status, errorOf(answer).code]).toEqual([404, 'notFound']);
      }
    },
  );
});

const PERSON = 'b0c1a1f4-0c2b-4b7a-9d6e-0d5d3f6f2a11';

/** Jest types its matchers as any. */
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
