/** What a field of a log line holds. docs/telemetry.md says more of each; none is an address, a name, a token or a redeem URL. */
interface FieldTypes {
  invitationId: string;
  /** Of the one try at Graph; Graph has it as client-request-id. */
  attemptId: string;
  kind: string;
  /** A webhook source's name, or `api`, `bulk`, `csv`, `cli`. */
  source: string;
  status: string;
  /** Graph's code, or ours where Graph said nothing. */
  errorCode: string;
  statusCode: number;
  ms: number;
  secondsToSend: number;
  secondsToRedeem: number;
  /** Of Graph: `invitations`, `shares`, `sharingMails`, `linkedIn` or `users`. */
  limit: string;
  perSecond: number;
  closedUntil: string;
  timer: string;
  found: number;
  overdue: number;
  oldestOverdueSeconds: number;
  open: number;
  subscriptionId: string;
}
export type FieldName = keyof FieldTypes;

/** Of every line that is written while a function runs. */
export const COMMON_FIELDS = ['messageId', 'traceparent'] as const;

type Level = 'log' | 'warn' | 'error';

interface EventShape {
  level: Level;
  fields: readonly FieldName[];
}

const OF_INVITATION = ['invitationId', 'kind', 'source'] as const;

/**
 * Every event that is logged, with its level and its own fields. Alerts and workbook read them by these names, so a name
 * or a field is never changed, only added.
 */
export const EVENTS = {
  requested: { level: 'log', fields: OF_INVITATION },
  sent: { level: 'log', fields: [...OF_INVITATION, 'attemptId', 'secondsToSend'] },
  reminded: { level: 'log', fields: [...OF_INVITATION, 'attemptId'] },
  accepted: { level: 'log', fields: [...OF_INVITATION, 'secondsToRedeem'] },
  failed: { level: 'warn', fields: [...OF_INVITATION, 'attemptId', 'errorCode'] },
  needsReview: { level: 'warn', fields: [...OF_INVITATION, 'attemptId', 'errorCode'] },
  awaitingApproval: { level: 'log', fields: OF_INVITATION },
  expired: { level: 'log', fields: OF_INVITATION },
  revoked: { level: 'log', fields: OF_INVITATION },
  rejected: { level: 'log', fields: OF_INVITATION },

  throttled: { level: 'warn', fields: ['limit', 'errorCode', 'statusCode'] },
  consentLost: { level: 'error', fields: ['limit', 'errorCode'] },
  /** A timer's request was refused: somebody has to look. */
  graphRefused: { level: 'error', fields: ['limit', 'errorCode'] },
  graphAway: { level: 'warn', fields: ['limit', 'errorCode'] },
  gatePace: { level: 'log', fields: ['limit', 'perSecond', 'closedUntil'] },
  timerRan: { level: 'log', fields: ['timer', 'found', 'overdue', 'oldestOverdueSeconds', 'open', 'ms'] },

  lookedAt: { level: 'log', fields: ['invitationId', 'status', 'ms'] },
  nothingDue: { level: 'log', fields: ['invitationId', 'status'] },
  invitationUnknown: { level: 'warn', fields: ['invitationId'] },
  messageUnreadable: { level: 'warn', fields: [] },
  hintsNotSent: { level: 'warn', fields: [] },
  deadLettered: { level: 'error', fields: ['invitationId', 'source', 'errorCode'] },

  webhookRefused: { level: 'warn', fields: ['source', 'errorCode'] },
  webhookDone: { level: 'log', fields: ['source'] },
  webhookPutOff: { level: 'warn', fields: ['source'] },
  mappingFailed: { level: 'error', fields: ['source'] },
  webhookGivenUp: { level: 'error', fields: ['source'] },

  eventDelivered: { level: 'log', fields: ['invitationId', 'subscriptionId'] },
  eventDropped: { level: 'log', fields: ['invitationId', 'subscriptionId'] },
  eventPutOff: { level: 'warn', fields: ['invitationId', 'subscriptionId'] },
  eventGivenUp: { level: 'error', fields: ['invitationId', 'subscriptionId'] },
  subscriptionGone: { level: 'warn', fields: ['invitationId', 'subscriptionId'] },

  /** Traces and figures, that is: lines are logged. */
  telemetryOff: { level: 'error', fields: [] },
  unavailable: { level: 'error', fields: ['invitationId', 'errorCode'] },
  misconfigured: { level: 'error', fields: ['invitationId'] },
} as const satisfies Record<string, EventShape>;

export type EventName = keyof typeof EVENTS;

/** What may be told of an event; what is not known is left out of the line. */
export type FieldsOf<Name extends EventName> = {
  [Field in (typeof EVENTS)[Name]['fields'][number]]?: FieldTypes[Field] | undefined;
};
