import { type ErrorAnswer, errorAnswer } from '../errors';
import { type Access, neededRoles } from './access';

/** https://www.rfc-editor.org/rfc/rfc6750#section-3: a request without a token is told the scheme and no error. */
export const noToken = (): ErrorAnswer =>
  challenging(
    'Bearer',
    errorAnswer(401, 'noToken', 'Send an access token of Entra for this API: Authorization: Bearer <token>.'),
  );

export const badToken = (reason: string): ErrorAnswer =>
  challenging(
    `Bearer error="invalid_token", error_description="${reason}"`,
    errorAnswer(401, 'invalidToken', `The access token was refused: ${reason}.`, { target: 'Authorization' }),
  );

export const missingRole = (access: Access): ErrorAnswer =>
  errorAnswer(
    403,
    'missingRole',
    `The caller needs the app role ${neededRoles(access)}. An administrator assigns it in Entra; the next token holds it.`,
  );

const challenging = (challenge: string, answer: ErrorAnswer): ErrorAnswer => ({
  ...answer,
  headers: { ...answer.headers, 'WWW-Authenticate': challenge },
});
