/** What the Table service refuses a request with: https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes */
const REFUSALS = {
  TableAlreadyExists: [409, 'The table specified already exists.'],
  TableNotFound: [404, 'The table specified does not exist.'],
  EntityAlreadyExists: [409, 'The specified entity already exists.'],
  ResourceNotFound: [404, 'The specified resource does not exist.'],
  UpdateConditionNotSatisfied: [412, 'The update condition specified in the request was not satisfied.'],
  PropertiesNeedValue: [400, 'The values are not specified for all properties in the entity.'],
  PropertyValueTooLarge: [400, 'The property value exceeds the maximum allowed size (64KB).'],
  TooManyProperties: [400, 'The entity contains more properties than allowed.'],
  EntityTooLarge: [400, 'The entity is larger than the maximum allowed size (1MB).'],
  KeyValueTooLarge: [400, 'The key of the entity is larger than the maximum allowed size (1KB).'],
  OutOfRangeInput: [400, 'One of the request inputs is out of range.'],
  InvalidInput: [400, 'One of the request inputs is not valid.'],
  InvalidDuplicateRow: [400, 'The batch request contains multiple changes with same row key.'],
  CommandsInBatchActOnDifferentPartitions: [400, 'All commands in a batch must operate on same entity group.'],
  NotImplemented: [501, 'The requested operation is not implemented on the specified resource.'],
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** A refusal of the Table service. `index`: which command of a transaction it is about. */
export class TableError extends Error {
  readonly status: number;

  constructor(
    readonly code: RefusalCode,
    readonly index?: number,
  ) {
    const [status, text] = REFUSALS[code];
    super(text);
    this.name = 'TableError';
    this.status = status;
  }
}

/** The body of a refusal, as JSON. */
export const errorBody = ({ code, message, index }: TableError): string =>
  JSON.stringify({
    'odata.error': {
      code,
      message: { lang: 'en-US', value: `${index === undefined ? '' : `${index}:`}${message}` },
    },
  });
