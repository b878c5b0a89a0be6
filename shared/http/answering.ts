import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { MisconfiguredError } from '../misconfiguredError';
import { TablesUnavailableError } from '../tables/tablesError';
import { logEvent } from '../telemetry/log';
import { SigningKeysUnavailableError } from './auth/signingKeys';
import { errorAnswer } from './errors';

const RETRY_AFTER_SECONDS = 5;

type Answer = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;

/**
 * Runs a handler and answers in its place when the app itself is at fault: 503 with Retry-After when Tables or Entra's
 * keys are away or the configuration is wrong. The log says what to do; anything unknown is thrown on and becomes the
 * host's 500.
 */
export const answering =
  (handler: Answer): Answer =>
  async (request, context) => {
    try {
      return await handler(request, context);
    } catch (error) {
      if (error instanceof TablesUnavailableError) {
        logEvent('unavailable', error.message, { errorCode: error.code });
        const message = 'Table Storage does not answer at the moment. Nothing was lost: send the same request again.';
        return errorAnswer(503, error.code, message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
      if (error instanceof SigningKeysUnavailableError) {
        logEvent('unavailable', error.message, { errorCode: error.code });
        const message = 'Entra gave no keys to check the access token with. Nothing was done: send the request again.';
        return errorAnswer(503, error.code, message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
      if (error instanceof MisconfiguredError) {
        logEvent('misconfigured', error.message);
        const message = 'The app is not configured right; its log names the settings.';
        return errorAnswer(503, error.code, message, { retryAfterSeconds: 60 });
      }
      throw error;
    }
  };
