/**
 * The dialect of the beta page "Create invitation", namespace Microsoft.AADInviteMgr: annotated types and
 * `InvitedUserMessageInfo` with a capital I. A body that names the namespace is answered in it.
 */
export const speaksBeta = (version: string, body: object): boolean =>
  version === 'beta' && '@odata.type' in body && /^#Microsoft\.AADInviteMgr\./.test(String(body['@odata.type']));

/** The body under v1.0's names; the annotations are passed over like all others. */
export function fromBetaBody(body: object): object {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name === 'InvitedUserMessageInfo' ? 'invitedUserMessageInfo' : name,
      value,
    ]),
  );
}

interface V1Answer {
  invitedUserMessageInfo: { ccRecipients: { emailAddress: object }[] };
}

/** The answer as the page's example shows it: annotated, and without the user, whom the page does not know. */
export function toBetaAnswer(answer: V1Answer & Record<string, unknown>): object {
  const { invitedUserMessageInfo: info, ...rest } = answer;
  delete rest['invitedUser'];
  delete rest['@odata.context'];
  return {
    '@odata.type': '#Microsoft.AADInviteMgr.invitation',
    ...rest,
    InvitedUserMessageInfo: {
      '@odata.type': 'Microsoft.AADInviteMgr.invitedUserMessageInfo',
      ...info,
      ccRecipients: info.ccRecipients.map(({ emailAddress }) => ({
        '@odata.type': 'Microsoft.AADInviteMgr.recipient',
        emailAddress: { '@odata.type': 'Microsoft.AADInviteMgr.emailAddress', ...emailAddress },
      })),
    },
  };
}
