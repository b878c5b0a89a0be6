import type { Access } from '../auth/access';
import type { ErrorCode } from '../errorCodes';
import type { ComponentName } from './components';
import type { JsonSchema } from './jsonSchemas';

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description: string;
  schema: JsonSchema;
  isRequired?: true;
}

export type AnswerHeader =
  | 'Location'
  | 'Retry-After'
  | 'ETag'
  | 'Link'
  | 'Vary'
  | 'Preference-Applied'
  | 'Cache-Control'
  | 'Allow'
  | 'WebHook-Allowed-Origin'
  | 'WebHook-Allowed-Rate';

/** What may come back that is no error. */
export interface Answer {
  description: string;
  /** None: there is no body. Several: any of them. */
  schemas?: readonly ComponentName[];
  headers?: readonly AnswerHeader[];
  /** Media types beside application/json, with a text as an example. */
  texts?: Readonly<Record<string, string>>;
  /** Some who ask get no body. */
  isBodyOptional?: true;
}

export interface RequestBody {
  schema: ComponentName;
  isOptional?: true;
  /** Media types beside application/json, with a text as an example. */
  texts?: Readonly<Record<string, string>>;
}

/** One method of one route: all that /openapi.json says of it. */
export interface Operation {
  /** The name of the function, where it has one method. */
  id: string;
  functionName: string;
  method: 'get' | 'post' | 'patch' | 'delete' | 'options';
  path: string;
  tag: 'Invitations' | 'Decisions' | 'Subscriptions' | 'Webhooks' | 'App';
  summary: string;
  description: string;
  /** `proof`: anybody may call, and shows in the request itself where it comes from. */
  access: Access | 'anybody' | 'proof';
  parameters?: readonly Parameter[];
  body?: RequestBody;
  answers: Readonly<Record<number, Answer>>;
  /** Without those that every operation may give: `errorCodesOf`. */
  errors: readonly ErrorCode[];
  /** It works without tables and settings, so nothing of them can fail it. */
  isStatic?: true;
}

/** Every code that an operation may answer with. */
export const errorCodesOf = ({ access, errors, isStatic }: Operation): ErrorCode[] => [
  ...errors,
  ...(typeof access === 'string'
    ? []
    : (['noToken', 'invalidToken', 'missingRole', 'signingKeysUnavailable'] as const)),
  ...(isStatic ? [] : (['tablesUnavailable', 'misconfigured'] as const)),
];
