import { z } from 'zod';

/**
 * What Graph's answers look like, after Microsoft's OpenAPI description of Graph v1.0 (github.com/microsoftgraph/msgraph-metadata):
 * schemas microsoft.graph.invitation, invitedUserMessageInfo, recipient, emailAddress, user, userCollectionResponse and
 * ODataErrors.ODataError. Strict: a property that Microsoft doesn't have is a fault. The pattern of instants is theirs.
 */
const dateTime = z
  .string()
  .regex(
    /^[0-9]{4,}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,12})?(Z|[+-][0-9][0-9]:[0-9][0-9])$/,
  );
const text = z.string().nullable();

const userProperties = {
  id: z.string(),
  deletedDateTime: dateTime.nullable(),
  accountEnabled: z.boolean().nullable(),
  companyName: text,
  createdDateTime: dateTime.nullable(),
  creationType: text,
  department: text,
  displayName: text,
  externalUserState: text,
  externalUserStateChangeDateTime: dateTime.nullable(),
  givenName: text,
  jobTitle: text,
  mail: text,
  mailNickname: text,
  otherMails: z.array(z.string()),
  preferredLanguage: text,
  proxyAddresses: z.array(z.string()),
  surname: text,
  usageLocation: text,
  userPrincipalName: text,
  userType: text,
  '@odata.type': z.string(),
};

const user = z.strictObject(userProperties).partial();

const emailAddress = z.strictObject({ address: text, name: text }).partial();
const recipient = z.strictObject({ emailAddress: emailAddress.nullable() }).partial();

const invitedUserMessageInfo = z
  .strictObject({ ccRecipients: z.array(recipient), customizedMessageBody: text, messageLanguage: text })
  .partial();

/** Of `POST /invitations`. Microsoft marks nothing as required: what its documented answers always hold is, here. */
export const invitationSchema = z.strictObject({
  '@odata.context': z.string(),
  id: z.string(),
  invitedUserDisplayName: text,
  invitedUserEmailAddress: z.string(),
  invitedUserMessageInfo: invitedUserMessageInfo.nullable(),
  invitedUserType: text,
  inviteRedeemUrl: z.url(),
  inviteRedirectUrl: z.string(),
  resetRedemption: z.boolean().nullable(),
  sendInvitationMessage: z.boolean().nullable(),
  status: z.enum(['PendingAcceptance', 'Completed', 'InProgress', 'Error']),
  invitedUser: user.extend({ id: z.string() }),
});

/** Of `GET /users/{id}`. */
export const userSchema = user.extend({ '@odata.context': z.string() });

/** Of `GET /users`. */
export const userCollectionSchema = z.strictObject({
  '@odata.context': z.string(),
  '@odata.count': z.number().int().optional(),
  '@odata.nextLink': z.url().optional(),
  value: z.array(user),
});

/** Of everything that failed. */
export const errorSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    target: text.optional(),
    details: z.array(z.strictObject({ code: z.string(), message: z.string(), target: text.optional() })).optional(),
    innerError: z.strictObject({
      date: dateTime.nullable(),
      'request-id': text,
      'client-request-id': text,
    }),
  }),
});
