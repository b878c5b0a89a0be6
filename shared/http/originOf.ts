import type { HttpRequest } from '@azure/functions';
import type { Origin } from '../domain/invitation';
import { originIn } from '../telemetry/origin';

/** Our own command line says who it is (cli/api/callApi.ts). Anybody else may say so too: it is for statistics alone. */
const COMMAND_LINE = /^b2b-invite\b/;

export const originOf = ({ headers }: Pick<HttpRequest, 'headers'>, by: 'api' | 'bulk' | 'csv'): Origin =>
  originIn(COMMAND_LINE.test(headers.get('user-agent') ?? '') ? 'cli' : by);
