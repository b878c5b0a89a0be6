import { z } from 'zod';
import { commentSchema } from '../../domain/comment';
import { driveItemBodySchema } from '../../domain/driveItemRequest';
import { guestBodySchema } from '../../domain/guestRequest';
import { linkedInBodySchema } from '../../domain/linkedInRequest';
import { patchSchemas } from '../../domain/patchInvitation';
import { subscriptionBodySchema } from '../../domain/subscriptionRequest';
import * as answers from './answerSchemas';
import * as bulk from './bulkSchemas';
import * as invitations from './invitationSchemas';

/**
 * The schemas of the document by their names in it. Those of requests are the very ones that requests are held to, those of
 * answers are what the tests hold every answer to.
 */
export const COMPONENTS = {
  InvitationRequest: bulk.invitationRequest,
  GuestInvitationRequest: guestBodySchema,
  DriveItemInvitationRequest: driveItemBodySchema,
  LinkedInInvitationRequest: linkedInBodySchema,
  BulkRequest: bulk.bulkRequest,
  InvitationChange: z.union([patchSchemas.guest, patchSchemas.driveItem, patchSchemas.linkedIn]),
  GuestInvitationChange: patchSchemas.guest,
  DriveItemInvitationChange: patchSchemas.driveItem,
  LinkedInInvitationChange: patchSchemas.linkedIn,
  ApprovalComment: commentSchema,
  SubscriptionRequest: subscriptionBodySchema,
  Invitation: invitations.invitation,
  GuestInvitation: invitations.guestInvitation,
  DriveItemInvitation: invitations.driveItemInvitation,
  LinkedInInvitation: invitations.linkedInInvitation,
  InvitationList: invitations.invitationList,
  InvitationBatch: answers.batch,
  BulkResult: bulk.bulkResult,
  BulkForeseen: bulk.bulkForeseen,
  RefusedEntry: bulk.refusedEntry,
  Send: invitations.send,
  HistoryEntry: invitations.historyEntry,
  GraphRecord: invitations.graphRecord,
  Warning: invitations.warning,
  RedeemUrl: answers.redeemUrl,
  ErasedPerson: answers.erasedPerson,
  Subscription: answers.subscription,
  CreatedSubscription: answers.createdSubscription,
  SubscriptionList: answers.subscriptionList,
  InvitationEvent: answers.event,
  Health: answers.health,
  WebhookPayload: z.unknown(),
  ReceivedWebhook: answers.receivedWebhook,
  EventGridValidation: answers.eventGridValidation,
  HealthCheck: answers.healthCheck,
  OpenApiDocument: z.looseObject({ openapi: z.string() }),
  Error: answers.error,
  ErrorBody: answers.errorBody,
} as const satisfies Record<string, z.ZodType>;

export type ComponentName = keyof typeof COMPONENTS;
