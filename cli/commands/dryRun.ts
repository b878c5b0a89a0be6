import type { ExitCode } from '../cliFault';
import type { RequestOptions } from '../people/requestOptions';
import type { Session } from '../session';

export function dryRun(_session: Session, _what: string, _options: RequestOptions): Promise<ExitCode> {
  throw new Error('being written');
}
