import { z } from 'zod';

/**
 * What Graph's answers look like, after Microsoft's OpenAPI description of Graph v1.0 (github.com/microsoftgraph/msgraph-metadata):
 * schemas microsoft.graph.invitation, invitedUserMessageInfo, recipient, emailAddress, user, userCollectionResponse,
 * permission with all it holds, permissionCollectionResponse, driveRecipient, the parameters of the action
 * drives.drive.items.driveItem.invite, and ODataErrors.ODataError. Strict: a property that Microsoft doesn't have is a fault.
 * The pattern of instants is theirs.
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

const annotated = { '@odata.type': z.string() };

const identity = z.strictObject({ displayName: text, id: text, ...annotated }).partial();
const identitySet = z
  .strictObject({
    application: identity.nullable(),
    device: identity.nullable(),
    user: identity.nullable(),
    ...annotated,
  })
  .partial();
const sharePointIdentity = identity.extend({ loginName: text.optional() });
const sharePointIdentitySet = identitySet.extend({
  group: identity.nullable().optional(),
  siteGroup: sharePointIdentity.nullable().optional(),
  siteUser: sharePointIdentity.nullable().optional(),
  sharePointGroup: identity.extend({ principalId: text.optional(), title: text.optional() }).nullable().optional(),
});

const itemReference = z
  .strictObject({
    driveId: text,
    driveType: text,
    id: text,
    name: text,
    path: text,
    shareId: text,
    sharepointIds: z.looseObject({}).nullable(),
    siteId: text,
    ...annotated,
  })
  .partial();

const sharingInvitation = z
  .strictObject({
    email: text,
    invitedBy: identitySet.nullable(),
    redeemedBy: text,
    signInRequired: z.boolean().nullable(),
    ...annotated,
  })
  .partial();

const sharingLink = z
  .strictObject({
    application: identity.nullable(),
    preventsDownload: z.boolean().nullable(),
    scope: text,
    type: text,
    webHtml: text,
    webUrl: text,
    ...annotated,
  })
  .partial();

/** Microsoft marks nothing as required, and nor does this: an id alone is what its documented answers always hold. */
const permission = z
  .strictObject({
    expirationDateTime: dateTime.nullable(),
    grantedTo: identitySet.nullable(),
    grantedToIdentities: z.array(identitySet),
    grantedToIdentitiesV2: z.array(sharePointIdentitySet),
    grantedToV2: sharePointIdentitySet.nullable(),
    hasPassword: z.boolean().nullable(),
    inheritedFrom: itemReference.nullable(),
    invitation: sharingInvitation.nullable(),
    link: sharingLink.nullable(),
    roles: z.array(z.string().nullable()),
    shareId: text,
    ...annotated,
  })
  .partial()
  .extend({ id: z.string() });

/** Of `GET …/permissions/{id}`. */
export const permissionSchema = permission.extend({ '@odata.context': z.string() });

const collectionOf = <T extends z.ZodType>(entry: T) =>
  z.strictObject({
    '@odata.context': z.string().optional(),
    '@odata.count': z.number().int().nullable().optional(),
    '@odata.nextLink': z.url().nullable().optional(),
    value: z.array(entry),
  });

/** Of `GET …/permissions`, and of `POST …/invite` when it answers 200. */
export const permissionCollectionSchema = collectionOf(permission);

/**
 * Of `POST …/invite` when it answers 207. The OpenAPI description has no `error` of an entry: this is the example
 * "partial success" of https://learn.microsoft.com/graph/api/driveitem-invite, `innererror` in small letters and all.
 */
export const partialSuccessSchema = collectionOf(
  permission.extend({
    error: z
      .strictObject({
        code: z.string(),
        message: z.string(),
        innererror: z.strictObject({ code: z.string() }).optional(),
      })
      .optional(),
  }),
);

const driveRecipient = z.strictObject({ alias: text, email: text, objectId: text, ...annotated }).partial();

/** The body of `POST …/invite`. */
export const inviteBodySchema = z
  .strictObject({
    requireSignIn: z.boolean().nullable(),
    roles: z.array(z.string().nullable()),
    sendInvitation: z.boolean().nullable(),
    message: text,
    recipients: z.array(driveRecipient),
    retainInheritedPermissions: z.boolean().nullable(),
    expirationDateTime: text,
    password: text,
  })
  .partial();

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
