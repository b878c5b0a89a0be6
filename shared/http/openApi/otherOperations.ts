import { toCreate, toManage } from '../auth/access';
import type { Operation } from './operation';
import { SOURCE, SUBSCRIPTION_ID } from './parameters';

export const SUBSCRIPTION_OPERATIONS: readonly Operation[] = [
  {
    id: 'createSubscription',
    functionName: 'createSubscription',
    method: 'post',
    path: '/subscriptions',
    tag: 'Subscriptions',
    summary: 'Subscribe to events',
    description:
      'From a minute later on, events are posted to the URL, signed as Standard Webhooks, with retries for a day. DELETE on `Location` ends it.',
    access: toManage,
    body: { schema: 'SubscriptionRequest' },
    answers: {
      201: {
        description: 'The subscription, and its secret for the only time.',
        schemas: ['CreatedSubscription'],
        headers: ['Location', 'Cache-Control'],
      },
    },
    errors: ['invalidJson', 'invalidRequest', 'bodyTooLarge', 'unsupportedMediaType', 'tooManySubscriptions'],
  },
  {
    id: 'listSubscriptions',
    functionName: 'listSubscriptions',
    method: 'get',
    path: '/subscriptions',
    tag: 'Subscriptions',
    summary: 'List subscriptions',
    description: 'All of them on one page, the oldest first.',
    access: toManage,
    answers: { 200: { description: 'The subscriptions.', schemas: ['SubscriptionList'] } },
    errors: [],
  },
  {
    id: 'getSubscription',
    functionName: 'getSubscription',
    method: 'get',
    path: '/subscriptions/{id}',
    tag: 'Subscriptions',
    summary: 'Get a subscription',
    description: 'Where its events go, and whether they arrive.',
    access: toManage,
    parameters: [SUBSCRIPTION_ID],
    answers: { 200: { description: 'The subscription.', schemas: ['Subscription'] } },
    errors: ['notFound'],
  },
  {
    id: 'deleteSubscription',
    functionName: 'deleteSubscription',
    method: 'delete',
    path: '/subscriptions/{id}',
    tag: 'Subscriptions',
    summary: 'Unsubscribe',
    description: 'Nothing is posted any more, what waits included.',
    access: toManage,
    parameters: [SUBSCRIPTION_ID],
    answers: { 204: { description: 'It is gone.' } },
    errors: ['notFound'],
  },
];

const RECEIVED = {
  202: { description: 'Every event that counts is stored.', schemas: ['ReceivedWebhook'] },
  200: {
    description: 'A ping of the sender, or Event Grid’s validation of the URL.',
    schemas: ['EventGridValidation'],
    isBodyOptional: true,
  },
} as const;

export const WEBHOOK_OPERATIONS: readonly Operation[] = [
  {
    id: 'receiveWebhook',
    functionName: 'receiveWebhook',
    method: 'post',
    path: '/webhooks/{source}',
    tag: 'Webhooks',
    summary: 'Receive a webhook',
    description:
      'Any JSON that its source sends. The request shows by itself where it comes from: a signature, name and password, or a token, as the source is configured.',
    access: 'proof',
    parameters: [SOURCE],
    body: { schema: 'WebhookPayload' },
    answers: RECEIVED,
    errors: ['invalidJson', 'notVerified', 'unknownSource', 'bodyTooLarge'],
  },
  {
    id: 'answerWebhookHandshake',
    functionName: 'receiveWebhook',
    method: 'options',
    path: '/webhooks/{source}',
    tag: 'Webhooks',
    summary: 'Answer the handshake of CloudEvents',
    description: 'https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md#4-abuse-protection',
    access: 'proof',
    parameters: [SOURCE],
    answers: {
      200: {
        description: 'Events may be sent here.',
        headers: ['Allow', 'WebHook-Allowed-Origin', 'WebHook-Allowed-Rate'],
      },
      403: { description: 'The origin is none of those that are configured.', headers: ['Allow'] },
    },
    errors: ['unknownSource', 'bodyTooLarge'],
  },
  {
    id: 'receiveCallersWebhook',
    functionName: 'receiveCallersWebhook',
    method: 'post',
    path: '/webhooks/{source}/asCaller',
    tag: 'Webhooks',
    summary: 'Receive a webhook of a caller',
    description: 'The same for sources of type `caller`, whose sender has a function key or an access token.',
    access: toCreate,
    parameters: [SOURCE],
    body: { schema: 'WebhookPayload' },
    answers: RECEIVED,
    errors: ['invalidJson', 'notVerified', 'unknownSource', 'bodyTooLarge'],
  },
];

export const APP_OPERATIONS: readonly Operation[] = [
  {
    id: 'getHealth',
    functionName: 'getHealth',
    method: 'get',
    path: '/health',
    tag: 'App',
    summary: 'Look whether the app is well',
    description:
      'For probes and alerts. Anybody may ask; with AUTH=entra only Read.All and Manage are told why something is not well.',
    access: 'anybody',
    answers: {
      200: { description: 'Well, or degraded.', schemas: ['Health'], headers: ['Cache-Control'] },
      503: {
        description: 'Something is not well: `checks` says what.',
        schemas: ['Health'],
        headers: ['Cache-Control'],
      },
    },
    errors: [],
  },
  {
    id: 'getOpenApi',
    functionName: 'getOpenApi',
    method: 'get',
    path: '/openapi.json',
    tag: 'App',
    summary: 'Get this document',
    description: 'OpenAPI 3.1.',
    access: 'anybody',
    answers: { 200: { description: 'The document.', schemas: ['OpenApiDocument'], headers: ['Cache-Control'] } },
    errors: [],
    isStatic: true,
  },
];
